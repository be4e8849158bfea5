//! `ers-fhir scenario`: pathways as files, played as a process.

#![cfg(all(unix, feature = "client", feature = "mock"))]

#[path = "support/mock.rs"]
mod mock;
mod support;

use std::path::PathBuf;

use mock::Mock;
use serde_json::Value;
use support::{ers_fhir, folder, write};

/// A scenario of the examples.
fn example(name: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../examples/scenarios");
    folder.join(name).display().to_string()
}

#[test]
fn the_pathways_of_the_examples_hold_and_leave_evidence() {
    let folder = folder("scenario-examples");
    let files = ["book-and-triage.toml", "advice.toml", "no-slots.toml"].map(example);
    let mut args = vec!["scenario", "run", "--har", "calls.har", "--evidence", "evidence"];
    args.extend(files.iter().map(String::as_str));
    let run = ers_fhir(&folder, &args);
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    assert!(!run.out.contains("FAILS"), "{}", run.out);
    for end in [
        "200, CANCELLED_REFERRAL",
        "reply, elsewhere",
        "422 UNABLE_TO_CONFIRM_APPOINTMENT",
        "TRIAGE_RESPONSE",
    ] {
        assert!(run.out.contains(end), "{end}: {}", run.out);
    }
    let har = std::fs::read(folder.join("calls.har")).expect("it is written");
    let har: Value = serde_json::from_slice(&har).expect("it is JSON");
    assert_eq!(har["log"]["entries"].as_array().map(Vec::len), Some(38));
    let page = std::fs::read_to_string(folder.join("evidence/index.html")).expect("it is written");
    assert!(page.contains("A034") && !page.contains("9994827162"), "cases, and values masked");
    assert!(folder.join("evidence/junit.xml").is_file());
    assert!(run.out.contains(" 0 failed"), "{}", run.out);
}

#[test]
fn a_pathway_is_played_against_a_service_that_runs() {
    let folder = folder("scenario-service");
    let service = Mock::start(&folder, &["--clock", "2026-03-02T09:00:00Z", "--time-scale", "10"]);
    let run = ers_fhir(&folder, &["scenario", "run", &example("no-slots.toml"), "--env", &service.url]);
    let advice = ers_fhir(&folder, &["scenario", "run", &example("advice.toml"), "--env", &service.url]);
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    // Nobody is there to take the step that no operation takes.
    assert_eq!(advice.status, 2, "{}{}", advice.out, advice.err);
    assert!(advice.err.contains("press Enter"), "{}", advice.err);
}

const REFERRER: &str =
    "title = \"One\"\n[who.referrer]\nrole = \"REFERRING_CLINICIAN\"\norganisation = \"X26\"\n[[step]]\n";

#[test]
fn what_does_not_hold_is_said_with_its_line() {
    let folder = folder("scenario-wrong");
    let list = "call = \"A004\"\nas = \"referrer\"\npath.codeSystemType = \"PRIORITY\"\n";
    for (steps, status, words) in [
        ("call = \"A999\"\n", 2, "one.toml:5: e-RS has no operation 'A999'"),
        ("call = \"A004\"\n", 2, "one.toml:5: name the caller"),
        ("call = \"A004\"\nas = \"nobody\"\n", 2, "one.toml:5: there is no [who.nobody]"),
        ("call = \"A004\"\nas = \"referrer\"\n", 2, "one.toml:5: A004 needs path.codeSystemType"),
        ("call = \"A004\"\nwait = 3\n", 2, "one.toml:5: a step needs exactly one of"),
        ("call = 4\n", 2, "one.toml:6: invalid type"),
        ("call = \"A004\"\ncolour = \"red\"\n", 2, "one.toml:7: unknown field `colour`"),
        (&format!("{list}expect = 404\n"), 1, "one.toml:5: A004 answers 200, but 404 was expected"),
        (&format!("{list}expect = \"x\"\n"), 2, "one.toml:5: expect: 'x' is not a status"),
        (&format!("{list}state = \"BOOKED\"\n"), 1, "one.toml:5: the state is none, but BOOKED was expected"),
        (
            &format!("{list}holds = [\n  \"true\",\n  \"concept.empty()\",\n]\n"),
            1,
            "one.toml:11: it does not hold",
        ),
        (&format!("{list}holds = [\"concept.(\"]\n"), 1, "one.toml:9: "),
        (&format!("{list}holds = \"concept.empty()\"\n"), 1, "one.toml:9: it does not hold"),
        (&format!("{list}holds = 5\n"), 2, "expected a FHIRPath expression, or a list of them"),
        (
            &format!("{list}keep.code = \"concept.code\"\n"),
            1,
            "one.toml:9: keep.code: concept.code selects 3 values",
        ),
        (
            &format!("{list}keep.etag = \"header ETag\"\n"),
            1,
            "one.toml:9: keep.etag: there is no header ETag",
        ),
        (&format!("{list}query.x = \"${{ubrn}}\"\n"), 2, "one.toml:5: nothing was kept as 'ubrn'"),
        (
            &format!("{list}headers.Authorization = \"Bearer x\"\n"),
            2,
            "one.toml:5: a token comes from a profile",
        ),
        ("elsewhere = \"fly\"\nubrn = \"000049900001\"\n", 2, "one.toml:5: unknown variant `fly`"),
        (
            "elsewhere = \"close\"\nubrn = \"000049900001\"\n",
            2,
            "one.toml:5: there is no such advice request",
        ),
    ] {
        write(&folder, "one.toml", format!("{REFERRER}{steps}"));
        let run = ers_fhir(&folder, &["scenario", "run", "one.toml"]);
        let said = format!("{}{}", run.out, run.err);
        assert_eq!(run.status, status, "{steps}: {said}");
        assert!(said.contains(words), "{steps}: {said}");
    }
    let run = ers_fhir(&folder, &["scenario", "run", "none.toml"]);
    assert_eq!((run.status, run.err.contains("cannot read none.toml")), (2, true), "{}", run.err);
}

#[test]
fn values_are_those_of_the_command_line_where_it_says_some() {
    let folder = folder("scenario-values");
    let steps = "call = \"A004\"\nas = \"referrer\"\npath.codeSystemType = \"${list}\"\nholds = [\"id = '${list}'\"]\n";
    write(&folder, "one.toml", REFERRER.replace("[who", "[values]\nlist = \"NONE\"\n[who") + steps);
    assert_eq!(ers_fhir(&folder, &["scenario", "run", "one.toml"]).status, 1);
    let run = ers_fhir(&folder, &["scenario", "run", "one.toml", "--set", "list=PRIORITY"]);
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
}

#[test]
fn an_application_calls_on_its_own() {
    let folder = folder("scenario-application");
    let text = "title = \"One\"\n[who.imaging]\napplication = \"aire-and-wharfe-imaging\"\nside = \"provider\"\n\
        [[step]]\ncall = \"A004\"\nas = \"imaging\"\npath.codeSystemType = \"PRIORITY\"\n";
    write(&folder, "one.toml", text);
    let run = ers_fhir(&folder, &["scenario", "run", "one.toml"]);
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
}
