//! `--write-baseline` and `--baseline`: what is wrong today passes, what is new fails.

mod support;

use std::fs;

use serde_json::{Value, json};
use support::{Run, ers_fhir, folder, write};

/// A patient with this many faulty names.
fn patient(faulty: usize, birth_date: &str) -> String {
    let names = vec![json!({ "family": 1 }); faulty];
    json!({ "resourceType": "Patient", "birthDate": birth_date, "name": names }).to_string()
}

fn validate(at: &std::path::Path, args: &[&str]) -> Run {
    ers_fhir(at, &[&["validate", "--fhir-version", "4.0"], args].concat())
}

#[test]
fn what_is_known_passes_and_what_is_new_fails() {
    let at = folder("baseline-known");
    write(&at, "in/a.json", patient(2, "1970-33-01"));
    write(&at, "in/b.json", patient(1, "1970-01-01"));
    assert_eq!(validate(&at, &["in"]).status, 1);
    let run = validate(&at, &["in", "--write-baseline", "known.json"]);
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    let baseline = fs::read_to_string(at.join("known.json")).expect("the baseline");
    assert!(!baseline.contains("1970"), "no value of a payload is in it: {baseline}");

    let run = validate(&at, &["in", "--baseline", "known.json"]);
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    assert!(run.out.contains("4 findings of the baseline passed over"), "{}", run.out);
    // Another layout, another order of items, another value.
    let text = serde_json::from_str::<Value>(&patient(2, "1970-44-01")).expect("JSON");
    write(&at, "in/a.json", format!("\n\n{text:#}"));
    assert_eq!(validate(&at, &["in", "--baseline", "known.json"]).status, 0);
    // From another folder, by another name of the same file.
    assert_eq!(validate(&at.join("in"), &["a.json", "./b.json", "--baseline", "../known.json"]).status, 0);

    for (name, payload) in [
        ("in/b.json", patient(2, "1970-01-01")),
        ("in/b.json", patient(1, "1970-13-01")),
        ("in/c.json", patient(1, "1970-01-01")),
    ] {
        write(&at, name, payload);
        let run = validate(&at, &["in", "--baseline", "known.json", "--format", "json"]);
        let new: Value = serde_json::from_str(&run.out).expect("JSON");
        assert_eq!((run.status, &new["summary"]["errors"]), (1, &json!(1)), "{name}: {}", run.out);
        write(&at, "in/b.json", patient(1, "1970-01-01"));
        let _ = fs::remove_file(at.join("in/c.json"));
    }
}

#[test]
fn what_no_longer_occurs_is_said() {
    let at = folder("baseline-gone");
    write(&at, "a.json", patient(2, "1970-33-01"));
    write(&at, "b.json", patient(2, "1970-33-01"));
    assert_eq!(validate(&at, &["a.json", "b.json", "--write-baseline", "known.json"]).status, 0);
    write(&at, "a.json", patient(1, "1970-01-01"));
    // Of files that are not checked nothing is said.
    let run = validate(&at, &["a.json", "--baseline", "known.json"]);
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    assert!(run.err.contains("2 findings of the baseline do not occur any more"), "{}", run.err);
    let written = ["a.json", "b.json", "--baseline", "known.json", "--write-baseline", "known.json"];
    assert_eq!(validate(&at, &written).status, 0);
    let run = validate(&at, &["a.json", "b.json", "--baseline", "known.json"]);
    assert_eq!((run.status, run.err.as_str()), (0, ""), "{}", run.out);
}

#[test]
fn a_broken_baseline_is_an_error_and_stays_as_it_is() {
    let at = folder("baseline-broken");
    write(&at, "a.json", patient(1, "1970-01-01"));
    for (text, said) in [
        ("{", "is not a baseline"),
        (
            r#"{"formatVersion": 1, "findings": [{"file": "a", "rule": "b", "place": "c", "count": 1}]}"#,
            "is not a baseline",
        ),
        (r#"{"formatVersion": 9, "findings": []}"#, "use a later one"),
    ] {
        write(&at, "known.json", text);
        let run = validate(&at, &["a.json", "--baseline", "known.json"]);
        assert_eq!(run.status, 2, "{text}: {}", run.out);
        assert!(run.err.contains(said), "{text}: {}", run.err);
        assert_eq!(fs::read_to_string(at.join("known.json")).expect("it is there"), text);
    }
    let run = validate(&at, &["a.json", "--baseline", "absent.json"]);
    assert_eq!(run.status, 2);
    let run = validate(&at, &["a.json", "--write-baseline", "absent/known.json"]);
    assert_eq!(run.status, 2, "{}", run.err);
    assert!(run.err.contains("absent/known.json"), "{}", run.err);
}
