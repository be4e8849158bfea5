//! `ers-fhir validate` and `explain` from outside: statuses, streams, formats, masking.

mod support;

use serde_json::Value;
use support::{ers_fhir, ers_fhir_with_input, folder, write};

const GOOD: &str =
    r#"{ "resourceType": "Patient", "active": true, "animal": { "species": { "text": "cat" } } }"#;
const FAULTY: &str = "{\n  \"resourceType\": \"Patient\",\n  \"nickname\": \"Annie Secret\",\n  \"birthDate\": \"1970-33-03\"\n}";

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in {text}"))
}

#[test]
fn the_exit_status_says_how_a_run_ended() {
    let at = folder("exit-status");
    write(&at, "good.json", GOOD);
    write(&at, "faulty.json", FAULTY);
    write(&at, "marked.json", format!("\u{feff}{GOOD}"));
    let cases: [(&[&str], i32); 11] = [
        (&["good.json"], 0),
        (&["faulty.json"], 1),
        (&["good.json", "faulty.json"], 1),
        (&["marked.json"], 0),
        (&["marked.json", "--fail-on", "warning"], 1),
        (&["absent.json"], 2),
        (&["faulty.json", "absent.json"], 2),
        (&["good.json", "--fhir-version", "5.0"], 2),
        (&["good.json", "--fhir-version", "4.0", "--endpoint", "A010"], 2),
        (&["good.json", "--format", "xml"], 2),
        (&["good.json", "--ig", "absent.tgz"], 2),
    ];
    for (args, status) in cases {
        let run = ers_fhir(&at, &[&["validate"], args].concat());
        assert_eq!(run.status, status, "{args:?}\n{}{}", run.out, run.err);
    }
    assert_eq!(ers_fhir(&at, &["--version"]).status, 0);
    assert_eq!(ers_fhir(&at, &["no-such-command"]).status, 2);
}

#[test]
fn a_finding_shows_its_line_its_rule_and_its_demand() {
    let at = folder("text");
    write(&at, "faulty.json", FAULTY);
    let run = ers_fhir(&at, &["validate", "faulty.json"]);
    for expected in [
        "error[unknown-element]: ",
        " --> faulty.json:3:3",
        "3 |   \"***\": ",
        "  |   ^^^^^",
        "= at: Patient.`***`",
        "= demanded by: http://hl7.org/fhir/StructureDefinition/Patient",
        "= at: Patient.birthDate",
        "1 payload checked, 1 failed: 2 errors",
    ] {
        assert!(run.out.contains(expected), "{expected} in:\n{}", run.out);
    }
}

#[test]
fn values_are_masked_in_every_format_unless_they_are_asked_for() {
    let at = folder("masking");
    write(&at, "faulty.json", FAULTY);
    write(
        &at,
        "faulty.xml",
        "<Patient xmlns=\"http://hl7.org/fhir\"><nickname value=\"Annie Secret\"/><birthDate value=\"1970-33-03\"/></Patient>",
    );
    for format in ["text", "json", "operation-outcome"] {
        for file in ["faulty.json", "faulty.xml"] {
            let args = ["validate", file, "--format", format];
            let masked = ers_fhir(&at, &args).out;
            assert!(!masked.contains("Secret") && !masked.contains("1970"), "{format}: {masked}");
            assert!(masked.contains("birthDate"), "{format}: {masked}");
            let shown = ers_fhir(&at, &[&args[..], &["--show-values"]].concat()).out;
            assert!(shown.contains("1970-33-03"), "{format}: {shown}");
        }
    }
}

#[test]
fn standard_input_is_read_where_it_is_named_or_nothing_else_is() {
    let at = folder("stdin");
    for args in [&["validate"][..], &["validate", "-"]] {
        let run = ers_fhir_with_input(&at, args, FAULTY.as_bytes());
        assert_eq!(run.status, 1);
        assert!(run.out.contains(" --> <stdin>:3:3"), "{}", run.out);
        assert_eq!(ers_fhir_with_input(&at, args, GOOD.as_bytes()).status, 0);
    }
}

#[test]
fn folders_are_searched_in_order_and_what_is_not_fhir_is_said_and_skipped() {
    let at = folder("folders");
    write(&at, "in/b.json", FAULTY);
    write(&at, "in/a/c.XML", "<Patient xmlns=\"http://hl7.org/fhir\"><nickname/></Patient>");
    write(&at, "in/package.json", r#"{ "name": "a-package" }"#);
    write(&at, "in/layout.xml", "<project><target name=\"x\"/></project>");
    write(&at, "in/notes.txt", "not looked at");
    write(&at, "in/.hidden/d.json", FAULTY);
    let run = ers_fhir(&at, &["validate", "in", "--format", "json"]);
    let found = json(&run.out);
    let names: Vec<_> =
        found["payloads"].as_array().expect("payloads").iter().map(|payload| &payload["name"]).collect();
    assert_eq!(names, ["in/a/c.XML", "in/b.json"]);
    assert_eq!(found["summary"]["skipped"], 2);
    assert!(run.err.contains("in/package.json is not FHIR") && run.err.contains("in/layout.xml is not FHIR"));
    // Named by hand, the same file is a finding.
    assert_eq!(ers_fhir(&at, &["validate", "in/package.json"]).status, 1);
}

#[test]
fn many_files_come_out_in_their_order() {
    let at = folder("order");
    let names: Vec<String> = (0..150).map(|number| format!("p{number:03}.json")).collect();
    for name in &names {
        write(&at, name, FAULTY);
    }
    let run = ers_fhir(&at, &["validate", ".", "--format", "json"]);
    let found = json(&run.out);
    let reported: Vec<_> = found["payloads"]
        .as_array()
        .expect("payloads")
        .iter()
        .filter_map(|payload| payload["name"].as_str())
        .collect();
    assert_eq!(reported, names.iter().map(|name| format!("./{name}")).collect::<Vec<_>>());
}

#[test]
fn an_operation_outcome_is_one_for_a_run_and_never_empty() {
    let at = folder("operation-outcome");
    write(&at, "good.json", GOOD);
    write(&at, "faulty.json", FAULTY);
    let validate = |args: &[&str]| {
        json(
            &ers_fhir(
                &at,
                &[&["validate", "--format", "operation-outcome", "--fhir-version", "3.0"], args].concat(),
            )
            .out,
        )
    };
    let clean = validate(&["good.json"]);
    assert_eq!(clean["issue"].as_array().map(Vec::len), Some(1));
    assert_eq!(clean["issue"][0]["severity"], "information");

    let outcome = validate(&["good.json", "faulty.json", "absent.json"]);
    assert_eq!(outcome["resourceType"], "OperationOutcome");
    let issues = outcome["issue"].as_array().expect("issues");
    let unknown = issues
        .iter()
        .find(|issue| issue["details"]["coding"][0]["code"] == "unknown-element")
        .expect("an issue");
    assert_eq!(unknown["severity"], "error");
    assert_eq!(unknown["code"], "structure");
    // A key that FHIR does not have may be data.
    assert_eq!(unknown["expression"][0], "Patient.`***`");
    let place: Vec<_> = unknown["extension"]
        .as_array()
        .expect("extensions")
        .iter()
        .map(|part| {
            (
                part["url"].as_str().and_then(|url| url.rsplit('-').next()),
                part.get("valueString"),
                part.get("valueInteger"),
            )
        })
        .collect();
    assert_eq!(place[0], (Some("file"), Some(&Value::from("faulty.json")), None));
    assert_eq!(place[1], (Some("line"), None, Some(&Value::from(3))));
    assert_eq!(place[2], (Some("col"), None, Some(&Value::from(3))));
    assert!(issues.iter().any(|issue| issue["code"] == "exception"), "the absent file is an issue too");
}

#[test]
fn quiet_leaves_only_what_fails() {
    let at = folder("quiet");
    write(&at, "marked.json", format!("\u{feff}{FAULTY}"));
    let loud = ers_fhir(&at, &["validate", "marked.json"]).out;
    assert!(loud.contains("byte-order-mark") && loud.contains("1 payload checked"));
    let quiet = ers_fhir(&at, &["validate", "marked.json", "--quiet"]).out;
    assert!(quiet.contains("unknown-element"), "{quiet}");
    assert!(!quiet.contains("byte-order-mark") && !quiet.contains("checked"), "{quiet}");
}

#[test]
fn colours_are_for_terminals_and_those_who_ask() {
    let at = folder("colors");
    write(&at, "faulty.json", FAULTY);
    assert!(!ers_fhir(&at, &["validate", "faulty.json"]).out.contains('\u{1b}'));
    assert!(ers_fhir(&at, &["validate", "faulty.json", "--color", "always"]).out.contains('\u{1b}'));
    assert!(!ers_fhir(&at, &["validate", "faulty.json", "--color", "never"]).out.contains('\u{1b}'));
}

#[test]
fn the_release_is_decided_from_the_payload_and_the_reason_is_said() {
    let at = folder("release");
    let cases = [
        (r#"{"resourceType":"ReferralRequest","x":1}"#, "STU3", "only this release has the resource type"),
        (r#"{"resourceType":"ServiceRequest","x":1}"#, "R4", "only this release has the resource type"),
        (r#"{"resourceType":"Patient","x":1}"#, "R4", "assumed"),
    ];
    for (payload, version, reason) in cases {
        let run = ers_fhir_with_input(&at, &["validate"], payload.as_bytes());
        assert!(run.out.contains(&format!("checked as FHIR {version} ({reason}")), "{payload}: {}", run.out);
    }
    let run = ers_fhir_with_input(
        &at,
        &["validate", "--fhir-version", "3.0"],
        br#"{"resourceType":"ServiceRequest"}"#,
    );
    assert_eq!(run.status, 1, "{}", run.out);
}

#[test]
fn every_rule_can_be_explained() {
    let at = folder("explain");
    let list = ers_fhir(&at, &["explain"]);
    assert_eq!(list.status, 0);
    let codes: Vec<_> = list.out.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert!(codes.contains(&"unknown-element") && codes.contains(&"invalid-json"), "{codes:?}");
    for code in codes {
        let page = ers_fhir(&at, &["explain", code]);
        assert_eq!(page.status, 0);
        for part in [code, "Wrong (", "Right (", "Specification: http"] {
            assert!(page.out.contains(part), "{part} in {}", page.out);
        }
    }
    let unknown = ers_fhir(&at, &["explain", "unknown-elemnt"]);
    assert_eq!(unknown.status, 2);
    assert!(unknown.err.contains("Did you mean unknown-element?"), "{}", unknown.err);
}
