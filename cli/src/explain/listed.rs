//! Everything that can be explained, for programs.

use ers_fhir_ers::refusal::{Refusal, refusals};
use ers_fhir_ers::rule::{self as rules, Example, Rule};
use ers_fhir_ers::service::{Duty, Endpoint, duties};
use serde_json::{Value, json};

use super::{invariant, refusal as refusal_page};

/// One object for each code.
pub(super) fn all() -> Value {
    let mut all: Vec<Value> = rules::all().map(rule).collect();
    all.extend(duties().iter().map(duty));
    all.extend(refusals().iter().map(|of| refusal(of, None)));
    all.extend(invariant::all());
    Value::Array(all)
}

/// A rule.
pub(super) fn rule(rule: &Rule) -> Value {
    json!({
        "kind": "rule",
        "code": rule.code,
        "severity": rule.severity.to_string(),
        "issue": rule.issue.code(),
        "summary": rule.summary,
        "explanation": rule.explanation,
        "wrong": example(&rule.bad),
        "right": example(&rule.good),
        "specification": rule.source,
    })
}

fn example(example: &Example) -> Value {
    json!({
        "fhirVersion": example.version.number(),
        "profiles": example.profiles,
        "payload": super::rule::payload(example),
    })
}

/// A rule that is not checked here.
pub(super) fn duty(duty: &Duty) -> Value {
    json!({
        "kind": "duty",
        "code": duty.code,
        "endpoints": duty.endpoints,
        "explanation": duty.says,
        "answers": duty.answers,
    })
}

/// A code by which a call is refused.
pub(super) fn refusal(refusal: &Refusal, endpoint: Option<&Endpoint>) -> Value {
    let endpoints =
        refusal.endpoints().filter(|(found, _)| endpoint.is_none_or(|asked| asked.id == found.id));
    json!({
        "kind": "answer",
        "code": refusal.code,
        "summary": refusal.wrong,
        "explanation": refusal.mend,
        "endpoints": endpoints.map(|(of, statuses)| json!({ "id": of.id, "statuses": statuses })).collect::<Vec<_>>(),
        "rules": refusal_page::rules(refusal, endpoint).map(|rule| rule.code).collect::<Vec<_>>(),
        "duties": refusal_page::duties(refusal, endpoint).map(|duty| duty.code).collect::<Vec<_>>(),
    })
}
