//! `explain`: rules, invariants, operations and answers of e-RS.

#[expect(dead_code, reason = "what it explains needs no payload")]
mod support;

use serde_json::Value;
use support::{Run, ers_fhir, folder};

fn explain(test: &str, args: &[&str]) -> Run {
    ers_fhir(&folder(test), &[&["explain"], args].concat())
}

#[test]
fn an_invariant_is_explained_in_words() {
    let run = explain("an_invariant_is_explained_in_words", &["dom-3"]);
    assert_eq!(run.status, 0, "{}", run.err);
    for part in [
        "A contained resource is never referred to.",
        "DomainResource (STU3)",
        "DomainResource (R4)",
        "contained.where",
    ] {
        assert!(run.out.contains(part), "{part}: {}", run.out);
    }
    let service = explain("an_invariant_is_explained_in_words", &["ers-rule-23-check"]);
    assert!(service.out.contains("its check digit is wrong"), "{}", service.out);
}

#[test]
fn an_operation_is_explained() {
    let run = explain("an_operation_is_explained", &["A011"]);
    assert!(run.out.contains("ers.createReferral") && run.out.contains("DUPLICATE_SERVICE"), "{}", run.out);
    let read = explain("an_operation_is_explained", &["A005"]);
    assert!(read.out.contains("/_history/"), "both reads: {}", read.out);
}

#[test]
fn an_answer_is_explained_for_all_and_for_one_operation() {
    let test = "an_answer_is_explained";
    let all = explain(test, &["UNEXPECTED_FIELD"]);
    assert!(all.out.contains("A011") && all.out.contains("A014"), "{}", all.out);
    let one = explain(test, &["UNEXPECTED_FIELD", "--endpoint", "A011"]);
    assert!(one.out.contains("A011") && !one.out.contains("A014"), "{}", one.out);
    let never = explain(test, &["SLOT_NOT_AVAILABLE", "--endpoint", "A011"]);
    assert!(never.err.contains("A011 is not documented to answer with SLOT_NOT_AVAILABLE"), "{}", never.err);
    let unknown = explain(test, &["NO_SUCH_ANSWER"]);
    assert_eq!((unknown.status, unknown.out.as_str()), (2, ""));
}

#[test]
fn everything_is_listed_for_programs() {
    let run = explain("everything_is_listed_for_programs", &["--format", "json"]);
    let all: Value = serde_json::from_str(&run.out).expect("it is JSON");
    let all = all.as_array().expect("an array");
    for (kind, code) in [
        ("rule", "no-profile"),
        ("rule", "ers-rule-42"),
        ("duty", "ers-rule-16"),
        ("answer", "PATIENT_ERROR"),
        ("invariant", "dom-3"),
    ] {
        assert!(all.iter().any(|item| item["kind"] == kind && item["code"] == code), "{kind} {code}");
    }
    let one = explain("everything_is_listed_for_programs", &["no-profile", "--format", "json"]);
    let one: Value = serde_json::from_str(&one.out).expect("it is JSON");
    assert_eq!(one["code"], "no-profile");
}
