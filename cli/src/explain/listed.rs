//! Everything that can be explained, for programs.

use ers_fhir_ers::rule::{self as rules, Example, Rule};
use ers_fhir_ers::service::{Duty, duties, errors};
use serde_json::{Value, json};

use super::{answer, invariant};

/// One object for each code.
pub(super) fn all() -> Value {
    let mut all: Vec<Value> = rules::all().chain(ers_fhir_lint::rule::all()).map(rule).collect();
    all.extend(duties().iter().map(duty));
    all.extend(errors().iter().map(|error| answer::described(error, None)));
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
