//! Pages of rules and error codes.

use ers_fhir_ers::service::{self, Endpoint, Repeat};
use ers_fhir_ers::{example, rule};
use ers_fhir_report::{Example, Payload, Rule as Declared};

use super::operation::link;
use super::section::{ERRORS, RULES, page};
use crate::anchors::file_name;
use crate::page::{Content, ErrorCode, Link, Listed, Page, Rule};

/// Maximum length of an example that is shown in full.
const LONGEST: usize = 6000;

/// The page of every rule.
pub(super) fn rules() -> Vec<(Page, String)> {
    let made = rule::all().map(|rule| {
        let operations = service::endpoints().into_iter().filter(|endpoint| !endpoint.is_versioned());
        let operations = operations.filter(|endpoint| is_about(rule, endpoint)).map(link);
        let source = if rule.source.starts_with("https://") || rule.source.starts_with("http://") {
            Link::out(rule.source, rule.source)
        } else {
            Link::plain(rule.source)
        };
        let content = Rule {
            code: rule.code.to_owned(),
            severity: rule.severity.to_string(),
            explanation: rule.explanation.to_owned(),
            bad: payload(&rule.bad),
            good: payload(&rule.good),
            source,
            operations: operations.collect(),
        };
        let group = if rule.code.starts_with("ers-") { "Rules of e-RS" } else { "Rules of FHIR" };
        (page(path(rule.code), rule.code, rule.summary, Content::Rule(content)), group.to_owned())
    });
    let mut made: Vec<(Page, String)> = made.collect();
    made.sort_by(|(a, group_a), (b, group_b)| (group_a, &a.title).cmp(&(group_b, &b.title)));
    made
}

fn path(code: &str) -> String {
    format!("{}/{}", RULES.0, file_name(code))
}

/// A rule in a list.
pub(super) fn listed(rule: &'static Declared) -> Listed {
    Listed {
        link: Link::to(rule.code, path(rule.code)),
        summary: rule.summary.to_owned(),
        group: String::new(),
    }
}

/// Whether a rule is about an operation: it says so, or its example is a call of it.
pub(super) fn is_about(rule: &'static Declared, endpoint: &Endpoint) -> bool {
    let is_of_service = rule.code.starts_with("ers-");
    is_of_service
        && (rule.explanation.contains(endpoint.id)
            || example::homes(rule).is_some_and(|(home, _)| home.id == endpoint.id))
}

/// A payload, with long repetitions shortened.
fn payload(example: &Example) -> String {
    match &example.payload {
        Payload::Repeated(text, times) if text.len() * times > LONGEST => {
            format!("{} … ({times} times)", text.repeat(20))
        }
        Payload::Framed(before, text, times, behind) => {
            format!("{before}{text}, {text}, … {behind}({text} {times} times)")
        }
        payload => String::from_utf8_lossy(&payload.bytes()).chars().take(LONGEST).collect(),
    }
}

/// The page of every error code.
pub(super) fn errors() -> Vec<(Page, String)> {
    let made = service::errors().iter().map(|error| {
        let operations = error.answered_by().into_iter().map(|(status, endpoint)| Listed {
            link: link(endpoint),
            summary: String::new(),
            group: status.to_string(),
        });
        let content = ErrorCode {
            code: error.code.to_owned(),
            cause: error.cause.to_owned(),
            next: error.next.to_owned(),
            repeat: repeat(error.repeat).to_owned(),
            operations: operations.collect(),
        };
        (page(error_path(error.code), error.code, error.cause, Content::ErrorCode(content)), String::new())
    });
    made.collect()
}

fn error_path(code: &str) -> String {
    format!("{}/{}", ERRORS.0, file_name(code))
}

/// An error code, with its page if it has one.
pub(super) fn error_link(code: &str) -> Link {
    if service::error(code).is_some() { Link::to(code, error_path(code)) } else { Link::plain(code) }
}

fn repeat(repeat: Repeat) -> &'static str {
    match repeat {
        Repeat::Never => "No: the same call would fail again.",
        Repeat::Corrected => "Once it has been corrected.",
        Repeat::Later => "Yes, unchanged, after a wait that grows with each attempt.",
        Repeat::ReadFirst => {
            "A read, yes. Before you send a change again, read the record to see whether the first one took effect."
        }
    }
}
