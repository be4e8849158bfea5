//! The page: one file, no network.

use std::fmt::Write;

use ers_fhir_ers::service::Header;
use ers_fhir_report::render::printable;
use ers_fhir_report::{Diagnostic, mask};
use ers_fhir_validator::tree::Syntax;
use ers_fhir_values::Temporal;
use ers_fhir_values::markup::Escaped;

use super::cases::{Case, Evidence, Run, Side, Verdict};

const STYLE: &str = include_str!("page.css");

/// The whole page.
pub(super) fn page(evidence: &Evidence<'_>, masks: bool) -> String {
    let made = Temporal::now_utc().map(|now| now.date().to_string()).unwrap_or_default();
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>e-RS onboarding evidence</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <h1>e-RS onboarding evidence</h1>\n<p>Made by ers-fhir {} on {made}, from captured calls. {}</p>\n",
        env!("CARGO_PKG_VERSION"),
        if masks {
            "Values are hidden."
        } else {
            "Values are shown: treat this page as patient-identifiable data."
        },
    );
    coverage(&mut page, evidence);
    operations(&mut page, evidence);
    for operation in evidence.operations.iter().filter(|operation| operation.is_seen()) {
        let endpoint = operation.endpoint;
        let _ = writeln!(page, "<h2 id=\"{0}\">{0} {1}</h2>", endpoint.id, escaped(endpoint.name));
        for case in operation.cases.iter().filter(|case| !case.runs.is_empty()) {
            let _ = writeln!(page, "<h3>{} {}</h3>", escaped(&case.name), badge(case.verdict()));
            case.runs.iter().for_each(|run| call(&mut page, run, masks));
        }
    }
    rules(&mut page, evidence);
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

fn coverage(page: &mut String, evidence: &Evidence<'_>) {
    let (reached, rules) = evidence.rules_reached();
    let rows = [
        ("Calls", evidence.calls().to_string()),
        ("Operations called", format!("{} of {}", evidence.operations_seen(), evidence.operations.len())),
        ("Rules of e-RS whose operation was called", format!("{reached} of {rules}")),
    ];
    page.push_str("<h2>Coverage</h2>\n<table>\n<caption>What the calls cover</caption>\n<tbody>\n");
    for (name, value) in rows {
        let _ = writeln!(page, "<tr><th scope=\"row\">{name}</th><td>{value}</td></tr>");
    }
    for verdict in [Verdict::Passed, Verdict::Failed, Verdict::NotRun, Verdict::NotApplicable] {
        let _ = writeln!(
            page,
            "<tr><th scope=\"row\">Cases {}</th><td>{}</td></tr>",
            verdict.word(),
            evidence.count(verdict)
        );
    }
    page.push_str("</tbody>\n</table>\n");
}

fn operations(page: &mut String, evidence: &Evidence<'_>) {
    page.push_str(
        "<h2>Cases</h2>\n<table>\n<caption>Every operation, with the answers that were shown</caption>\n<thead>\n\
         <tr><th scope=\"col\">Operation</th><th scope=\"col\">Case</th><th scope=\"col\">Result</th>\
         <th scope=\"col\">Calls</th><th scope=\"col\">Callers, or why not</th></tr>\n</thead>\n<tbody>\n",
    );
    for operation in &evidence.operations {
        let endpoint = operation.endpoint;
        let name = format!("{} {}", endpoint.id, escaped(endpoint.name));
        let name =
            if operation.is_seen() { format!("<a href=\"#{}\">{name}</a>", endpoint.id) } else { name };
        let callers: Vec<&str> = operation.callers.iter().map(String::as_str).collect();
        for case in operation.cases.iter().filter(|case| case.verdict() != Verdict::NotSeen) {
            let remark = match case.verdict() {
                Verdict::NotApplicable => case.reason.unwrap_or_default().to_owned(),
                Verdict::NotRun => String::new(),
                _ => callers.join(", "),
            };
            let _ = writeln!(
                page,
                "<tr><td>{name}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
                escaped(&case.name),
                badge(case.verdict()),
                case.runs.len(),
                escaped(&remark),
            );
        }
        let unseen = operation.cases.iter().filter(|case| case.verdict() == Verdict::NotSeen);
        let unseen: Vec<&str> = unseen.map(|case: &Case<'_>| case.name.as_str()).collect();
        if operation.is_seen() && !unseen.is_empty() {
            let _ = writeln!(
                page,
                "<tr><td>{name}</td><td colspan=\"4\">errors that were not shown: {}</td></tr>",
                escaped(&unseen.join(", "))
            );
        }
    }
    page.push_str("</tbody>\n</table>\n");
}

fn badge(verdict: Verdict) -> String {
    let word = verdict.word();
    format!("<span class=\"{}\">{word}</span>", word.replace(' ', "-"))
}

fn call(page: &mut String, run: &Run, masks: bool) {
    let verdict = if run.fails() { Verdict::Failed } else { Verdict::Passed };
    let _ = writeln!(
        page,
        "<details{}>\n<summary>Call {} of {} {}</summary>",
        if run.fails() { " open" } else { "" },
        run.number,
        escaped(&run.capture),
        badge(verdict)
    );
    match &run.request {
        Some(request) => side(page, "Request", request, masks),
        None => page.push_str("<p>The capture has no request.</p>\n"),
    }
    match &run.answer {
        Some(answer) => side(page, "Answer", answer, masks),
        None => page.push_str("<p>The capture has no answer.</p>\n"),
    }
    page.push_str("</details>\n");
}

fn side(page: &mut String, title: &str, side: &Side, masks: bool) {
    let context = &side.context;
    let _ = writeln!(page, "<h4>{title}</h4>");
    let (first, headers) = if let Some(status) = context.status {
        (format!("Status {status}"), &context.answer_headers)
    } else {
        // The path template says as much as the address, but nothing about a patient.
        let path = if masks { context.endpoint.path } else { context.url.as_deref().unwrap_or_default() };
        (format!("{} {path}", context.endpoint.method), &context.headers)
    };
    let mut head = first;
    for (name, value) in headers {
        let is_secret = name.eq_ignore_ascii_case(Header::AUTHORIZATION.name)
            || name.to_ascii_lowercase().contains("cookie");
        let value = if is_secret || masks { "***" } else { value.as_str() };
        let name = if masks && !is_known(context.endpoint, name) { "***" } else { name.as_str() };
        let _ = write!(head, "\n{name}: {value}");
    }
    let _ = writeln!(
        page,
        "<pre tabindex=\"0\" aria-label=\"{title}, first line and headers\">{}</pre>",
        lines(&head)
    );
    match side.body.as_deref() {
        None => page.push_str("<p>The body is not in the capture.</p>\n"),
        Some([]) => page.push_str("<p>No body.</p>\n"),
        Some(body) => {
            let shown = shown(body, side, masks);
            let _ =
                writeln!(page, "<pre tabindex=\"0\" aria-label=\"{title}, body\">{}</pre>", lines(&shown));
        }
    }
    if side.findings.is_empty() {
        page.push_str("<p>No findings.</p>\n");
        return;
    }
    page.push_str("<ul>\n");
    for found in &side.findings {
        let _ = writeln!(page, "<li>{}</li>", escaped(&printable(&said(found, masks))));
    }
    page.push_str("</ul>\n");
}

fn is_known(endpoint: &ers_fhir_ers::service::Endpoint, name: &str) -> bool {
    let mut known = endpoint.headers().into_iter().map(|header| header.name).chain(endpoint.answer_headers());
    known.any(|known| known.eq_ignore_ascii_case(name))
}

/// A body as text; of a binary file, only the size is shown.
fn shown(body: &[u8], side: &Side, masks: bool) -> String {
    let Ok(text) = std::str::from_utf8(body) else { return format!("{} bytes of binary data", body.len()) };
    let syntax = Syntax::of(body);
    let is_fhir = !side.context.is_without_fhir(body);
    match (masks, is_fhir) {
        (true, true) => mask::masked(text, syntax, understood(side, text)),
        (true, false) => format!("{} bytes", body.len()),
        (false, _) => text.to_owned(),
    }
}

/// How many bytes of a body could be read.
fn understood(side: &Side, text: &str) -> usize {
    let fatal = side.findings.iter().filter(|found| found.severity == ers_fhir_validator::Severity::Fatal);
    fatal.map(|found| found.span.start).min().unwrap_or(text.len())
}

/// A finding on one line.
pub(super) fn said(found: &Diagnostic, masks: bool) -> String {
    let shown = |message: &ers_fhir_report::Message| {
        if masks { message.masked() } else { message.revealed().to_owned() }
    };
    let mut text = format!("{} {}", found.severity, found.rule.code);
    let location = if masks { mask::location(&found.location) } else { found.location.clone() };
    match found.part {
        Some(part) => _ = write!(text, " at {part}"),
        None if location.is_empty() => {}
        None => _ = write!(text, " at {location}"),
    }
    let _ = write!(text, ": {}", shown(&found.message));
    if let Some(help) = &found.suggestion {
        let _ = write!(text, " (help: {})", shown(help));
    }
    text
}

fn rules(page: &mut String, evidence: &Evidence<'_>) {
    page.push_str(
        "<h2>Rules</h2>\n<details>\n<summary>Every rule of e-RS, by operation</summary>\n<table>\n\
         <caption>Rules, whether their operation was called, and the findings</caption>\n<thead>\n\
         <tr><th scope=\"col\">Rule</th><th scope=\"col\">What is wrong</th><th scope=\"col\">Operation</th>\
         <th scope=\"col\">Called</th><th scope=\"col\">Findings</th></tr>\n</thead>\n<tbody>\n",
    );
    for (rule, endpoint, is_reached, findings) in evidence.rules() {
        let _ = writeln!(
            page,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{findings}</td></tr>",
            rule.code,
            escaped(rule.summary),
            endpoint.id,
            if is_reached { "yes" } else { "no" },
        );
    }
    page.push_str("</tbody>\n</table>\n</details>\n");
}

/// Text of several lines, as HTML.
fn lines(text: &str) -> String {
    text.lines().map(|line| escaped(&printable(line))).collect::<Vec<_>>().join("\n")
}

fn escaped(text: &str) -> String {
    Escaped(text).to_string()
}
