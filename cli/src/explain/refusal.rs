//! The page of a code by which e-RS refuses a call.

use std::fmt::Write;

use ers_fhir_ers::refusal::Refusal;
use ers_fhir_ers::rule::{self, Rule};
use ers_fhir_ers::service::{Duty, Endpoint};

use super::wrapped::{sentence, wrapped};

/// What it means; with an operation, what it means there.
pub(super) fn page(refusal: &Refusal, endpoint: Option<&Endpoint>) -> String {
    let Refusal { code, wrong, mend } = refusal;
    let mut text = format!(
        "{code} (an answer of e-RS)\n{}\n\n{}\n",
        wrapped(&sentence(wrong)),
        wrapped(&sentence(mend))
    );
    let answering: Vec<String> = refusal
        .endpoints()
        .filter(|(found, _)| endpoint.is_none_or(|asked| asked.id == found.id))
        .map(|(endpoint, statuses)| {
            let statuses: Vec<String> = statuses.iter().map(u16::to_string).collect();
            format!("{} {} ({})", endpoint.id, endpoint.name, statuses.join(", "))
        })
        .collect();
    match endpoint {
        Some(endpoint) if answering.is_empty() => {
            let _ = writeln!(text, "\n{} is not documented to answer it.", endpoint.id);
        }
        _ => section(&mut text, "Answered by", answering),
    }
    let rules = rules(refusal, endpoint).map(|rule| format!("{}: {}", rule.code, rule.summary)).collect();
    section(&mut text, "Found beforehand, as these rules", rules);
    let duties = duties(refusal, endpoint).map(|duty| format!("{}: {}", duty.code, duty.says)).collect();
    section(&mut text, "What only the service can tell, or the caller see to", duties);
    text
}

/// The rules that speak of it; with an operation, those that are not of others alone.
pub(super) fn rules(refusal: &Refusal, endpoint: Option<&Endpoint>) -> impl Iterator<Item = &'static Rule> {
    refusal.rules().filter(move |rule| endpoint.is_none_or(|asked| is_of(rule, asked)))
}

/// The duties that it is answered to; with an operation, those of that one.
pub(super) fn duties(refusal: &Refusal, endpoint: Option<&Endpoint>) -> impl Iterator<Item = &'static Duty> {
    refusal.duties().filter(move |duty| {
        endpoint.is_none_or(|asked| duty.endpoints.is_empty() || duty.endpoints.contains(&asked.id))
    })
}

/// Whether a rule may be of an operation: what its example and its text name are then not only others.
fn is_of(rule: &Rule, endpoint: &Endpoint) -> bool {
    let named = |id: &str| rule.explanation.contains(id);
    let names_any = ers_fhir_ers::service::endpoints().into_iter().any(|endpoint| named(endpoint.id));
    let example = rule::call_of(&rule.bad).map(|call| call.endpoint);
    named(endpoint.id) || !names_any && example.is_none_or(|id| id == endpoint.id)
}

fn section(text: &mut String, title: &str, lines: Vec<String>) {
    if lines.is_empty() {
        return;
    }
    let _ = write!(text, "\n{title}:\n");
    for line in lines {
        let _ = writeln!(text, "  {line}");
    }
}
