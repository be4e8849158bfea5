//! The page of a rule, from the registry of rules.

use std::fmt::Write;

use ers_fhir_ers::rule::{self, Call, Example, Payload, Rule};
use ers_fhir_ers::service::Duty;

use super::wrapped::{indented, wrapped};

/// The longest repeated text in an example that is written out.
const MAX_EXAMPLE: usize = 4000;

/// Lines shown before and after the place where a bad example differs from its good one.
const AROUND: usize = 6;

/// Every rule, one line each.
pub(super) fn list() -> String {
    let width = rule::all().map(|rule| rule.code.len()).max().unwrap_or(0);
    let mut text = String::new();
    for rule in rule::all().chain(ers_fhir_lint::rule::all()) {
        let _ = writeln!(text, "{:width$}  {:11}  {}", rule.code, rule.severity.to_string(), rule.summary);
    }
    text
}

/// The page of a rule.
pub(super) fn page(rule: &Rule) -> String {
    let Rule { code, severity, summary, explanation, source, .. } = rule;
    let mut text = format!("{code} ({severity})\n{summary}\n\n{}\n", wrapped(explanation));
    for (title, example) in [("Wrong", &rule.bad), ("Right", &rule.good)] {
        let _ = write!(text, "\n{title} ({}", example.version);
        for profile in example.profiles {
            let _ = write!(text, ", against {profile}");
        }
        if let Some(call) = rule::call_of(example) {
            let _ = write!(text, ", {}", called(call));
        }
        let _ = write!(text, "):\n{}", indented(&shown(rule, example)));
    }
    let _ = write!(text, "\nSpecification: {source}\n");
    text
}

/// A rule that is not checked here, and the answer of the service.
pub(super) fn told(duty: &Duty) -> String {
    let Duty { code, says, .. } = duty;
    let about =
        if duty.endpoints.is_empty() { "every operation".to_owned() } else { duty.endpoints.join(", ") };
    let mut text = format!(
        "{code} (not checked: only the service can check it, or only the caller can follow \
         it)\n"
    );
    let _ = write!(text, "About {about}\n\n{}\n", wrapped(says));
    if !duty.answers.is_empty() {
        let _ = write!(text, "\nOtherwise the service answers {}\n", duty.answers.join(", "));
    }
    text
}

/// The call of an example: `request of A011 by REFERRING_CLINICIAN, If-Match: W/"4"`.
fn called(call: &Call) -> String {
    let mut text = format!("{} of {}", call.direction, call.endpoint);
    if let Some(role) = call.role {
        let _ = write!(text, " by {role}");
    }
    if let Some(access) = call.access {
        let _ = write!(text, ", access: {access}");
    }
    for (name, value) in call.headers {
        let _ = write!(text, ", {name}: {value}");
    }
    for name in call.without {
        let _ = write!(text, ", without {name}");
    }
    if let Some(url) = call.url {
        let _ = write!(text, ", at {url}");
    }
    text
}

/// An example as shown on a page: for a long one whose bad form differs in one place, only that
/// place.
fn shown(rule: &Rule, example: &Example) -> String {
    let whole = payload(example);
    if whole.is_empty() {
        return "no body".to_owned();
    }
    let Payload::Edited { text, find, .. } = rule.bad.payload else { return whole };
    let place = text.find(find).map(|at| text[..at].lines().count());
    let (Some(line), true) = (place, whole.lines().count() > 2 * AROUND) else { return whole };
    let first = line.saturating_sub(AROUND);
    let lines: Vec<&str> = whole.lines().skip(first).take(2 * AROUND).collect();
    let before = if first > 0 { "…\n" } else { "" };
    format!("{before}{}\n…", lines.join("\n"))
}

/// The payload of an example, shortened where it is long.
pub(super) fn payload(example: &Example) -> String {
    match &example.payload {
        Payload::Repeated(text, times) if text.len() * times > MAX_EXAMPLE / 4 => {
            format!("{} … ({times} times)", text.repeat(20))
        }
        Payload::Framed(before, text, times, behind) => {
            format!("{before}{text}, {text}, … {behind}({text} {times} times)")
        }
        payload => String::from_utf8_lossy(&payload.bytes()).chars().take(MAX_EXAMPLE).collect(),
    }
}
