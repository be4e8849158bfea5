//! Captured traffic: each call is checked in its context, and the calls are compared with each
//! other.

use std::collections::BTreeMap;
use std::fmt::Write;

use ers_fhir_ers::Context;
use ers_fhir_ers::service::Access;
use ers_fhir_report::render::Checked;

use crate::capture;
use crate::traffic::{Strange, Stranger, Traffic, traffic};

/// The calls of a file that is a capture, made by whom `access` says; `None` if it is not a
/// capture.
pub fn of(bytes: &[u8], access: Option<Access>) -> Option<Result<Traffic, String>> {
    let exchanges = capture::read(bytes)?.map_err(|error| error.to_string());
    Some(exchanges.map(|exchanges| {
        let traffic = traffic(exchanges);
        match access {
            Some(access) => traffic.by(access),
            None => traffic,
        }
    }))
}

/// The findings in each request and answer, given a function that checks one payload in a call.
pub fn checked(
    name: &str,
    traffic: &Traffic,
    check: impl Fn(String, &Context, Vec<u8>) -> Checked,
) -> Vec<Checked> {
    let mut all: Vec<(usize, Checked)> = Vec::new();
    for judged in &traffic.judged {
        let label = format!("{name}, {}", judged.label());
        let mut checked = match &judged.body {
            Some(body) => check(label, &judged.context, body.clone()),
            None => empty(label, &judged.context),
        };
        checked.report.diagnostics.retain(|found| judged.is_own(found));
        checked.report.diagnostics.extend(judged.findings());
        all.push((judged.number, checked));
    }
    for stranger in &traffic.strangers {
        let mut checked = Checked::blank(format!("{name}, {}", stranger.label()));
        checked.report.diagnostics.push(stranger.finding());
        all.push((stranger.number, checked));
    }
    all.sort_by_key(|(number, _)| *number);
    let within = Some(name.to_owned());
    all.into_iter().map(|(_, checked)| Checked { within: within.clone(), ..checked }).collect()
}

/// A call whose body was not captured can only be checked against the session.
fn empty(name: String, context: &Context) -> Checked {
    Checked {
        version: Some(context.endpoint.release),
        operation: Some(context.endpoint.id),
        ..Checked::blank(name)
    }
}

/// A summary: how often each operation was called, how it was answered, and how many findings there
/// are.
pub fn summary(name: &str, traffic: &Traffic, checked: &[Checked]) -> String {
    #[derive(Default)]
    struct Line {
        calls: usize,
        answers: BTreeMap<u16, usize>,
        findings: usize,
    }
    let found = |checked: &Checked| (checked.name.clone(), checked.report.diagnostics.len());
    let found: BTreeMap<String, usize> = checked.iter().map(found).collect();
    let mut lines: BTreeMap<&str, Line> = BTreeMap::new();
    for judged in &traffic.judged {
        let line = lines.entry(judged.context.endpoint.id).or_default();
        match judged.context.status {
            Some(status) => *line.answers.entry(status).or_default() += 1,
            None => line.calls += 1,
        }
        let label = format!("{name}, {}", judged.label());
        line.findings += found.get(&label).copied().unwrap_or_default();
    }
    let mut text = format!("{name}:\n");
    for (id, line) in &lines {
        let answers: Vec<String> =
            line.answers.iter().map(|(status, count)| format!("{count} × {status}")).collect();
        let answers = if answers.is_empty() { "no answers".to_owned() } else { answers.join(", ") };
        let (calls, findings) = (count(line.calls, "call"), count(line.findings, "finding"));
        let _ = writeln!(text, "  {id}  {calls}  {answers}  {findings}");
    }
    let kinds = [
        "similar to calls of e-RS, but matching no operation",
        "to the file store, with the token",
        "to the file store, too late",
    ];
    let kind = |stranger: &Stranger| match stranger.is {
        Strange::Near(_) | Strange::Likely(_) => kinds[0],
        Strange::Token => kinds[1],
        Strange::Late => kinds[2],
    };
    for what in kinds {
        let number = traffic.strangers.iter().filter(|stranger| kind(stranger) == what).count();
        if number > 0 {
            let _ = writeln!(text, "  {} {what}", count(number, "call"));
        }
    }
    if traffic.others > 0 {
        let _ = writeln!(text, "  {} ignored", count(traffic.others, "other call"));
    }
    text
}

fn count(number: usize, thing: &str) -> String {
    if number == 1 { format!("1 {thing}") } else { format!("{number} {thing}s") }
}
