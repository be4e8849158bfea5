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
    assert!(run.out.contains("4 findings in the baseline left out"), "{}", run.out);
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
            r#"{"formatVersion": 2, "findings": [{"file": "a", "rule": "b", "place": "c", "count": 1}]}"#,
            "is not a baseline",
        ),
        (r#"{"formatVersion": 9, "findings": []}"#, "use a later version"),
        (r#"{"formatVersion": 1, "findings": []}"#, "write the file again with --write-baseline"),
        ("[]", "it has no formatVersion"),
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

#[test]
fn what_is_put_right_makes_no_room_for_something_new() {
    let at = folder("baseline-room");
    let unknown = |name: &str| format!("{{ \"resourceType\": \"Patient\", \"{name}\": true }}");
    let uses = |first: &str, second: &str| {
        json!({ "resourceType": "Patient", "name": [{ "use": first }, { "use": second }] }).to_string()
    };
    let lines = |faulty: usize| {
        let line = |at: usize| {
            let gender = if at == faulty { "Male" } else { "male" };
            json!({ "resourceType": "Patient", "id": at.to_string(), "gender": gender }).to_string() + "\n"
        };
        (0..3).map(line).collect::<String>()
    };
    for (name, known, new) in [
        ("a.json", unknown("activ"), unknown("deceesed")),
        ("b.json", uses("usual", "often"), uses("often", "usual")),
        ("c.ndjson", lines(0), lines(2)),
    ] {
        write(&at, name, known);
        let run = validate(&at, &[name, "--write-baseline", "known.json"]);
        assert_eq!(run.status, 0, "{}{}", run.out, run.err);
        assert!(
            run.out.is_empty() && run.err.contains("1 finding written to known.json"),
            "{}{}",
            run.out,
            run.err
        );
        assert_eq!(validate(&at, &[name, "--baseline", "known.json"]).status, 0, "{name}");
        let text = fs::read_to_string(at.join("known.json")).expect("it is there");
        assert!(!text.contains("activ"), "a name may be anything: {text}");
        write(&at, name, new);
        assert_eq!(validate(&at, &[name, "--baseline", "known.json"]).status, 1, "{name}");
    }
    // Lines may move, and be laid out anew.
    write(&at, "c.ndjson", lines(0));
    validate(&at, &["c.ndjson", "--write-baseline", "known.json"]);
    let moved: Vec<String> = lines(0).lines().rev().map(|line| line.replace("\":", "\" : ")).collect();
    write(&at, "c.ndjson", moved.join("\n\n"));
    assert_eq!(validate(&at, &["c.ndjson", "--baseline", "known.json"]).status, 0);
}

#[test]
fn a_run_that_could_not_be_done_leaves_the_baseline_as_it_is() {
    let at = folder("baseline-undone");
    write(&at, "in/a.json", patient(1, "1970-01-01"));
    assert_eq!(validate(&at, &["in", "--write-baseline", "known.json"]).status, 0);
    let before = fs::read_to_string(at.join("known.json")).expect("it is there");
    fs::create_dir(at.join("empty")).expect("a folder");
    for paths in [&["absent"][..], &["in", "absent"], &["empty"]] {
        let run = validate(&at, &[paths, &["--write-baseline", "known.json"]].concat());
        assert_eq!(run.status, 2, "{paths:?}: {}", run.err);
        assert!(run.err.contains("known.json is not written"), "{paths:?}: {}", run.err);
        assert_eq!(fs::read_to_string(at.join("known.json")).expect("it is there"), before);
    }
}

#[test]
fn what_the_tool_wrote_is_no_payload() {
    let at = folder("baseline-among-payloads");
    write(&at, "a.json", patient(1, "1970-01-01"));
    write(&at, "package.json", r#"{ "name": "web" }"#);
    write(&at, "pom.xml", "<project/>");
    assert_eq!(validate(&at, &[".", "--write-baseline", "known.json"]).status, 0);
    let reports = ["json=r.json", "gitlab=gl.json", "junit=r.xml", "sarif=s.json"];
    let formats: Vec<&str> = reports.iter().flat_map(|report| ["--format", report]).collect();
    for _ in 0..2 {
        let run = validate(&at, &[&[".", "--baseline", "known.json"], &formats[..]].concat());
        assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    }
    let run = validate(&at, &[".", "--baseline", "known.json", "--profile", "Patient"]);
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
}
