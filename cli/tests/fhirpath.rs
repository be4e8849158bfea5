//! `ers-fhir fhirpath`: what an expression selects, one at a time and many in a run.

mod support;

use serde_json::{Value, json};
use support::{ers_fhir, ers_fhir_with_input, folder, write};

const PATIENT: &str =
    r#"{ "resourceType": "Patient", "name": [{ "given": ["Ann", "May"] }], "birthDate": "1970-01-02" }"#;

#[test]
fn what_is_selected_is_shown_with_its_place() {
    let at = folder("fhirpath");
    write(&at, "patient.json", PATIENT);
    let run = ers_fhir(&at, &["fhirpath", "name.given", "patient.json"]);
    assert_eq!((run.status, run.err.as_str()), (0, ""));
    assert_eq!(run.out, "Patient.name[0].given[0]: Ann\nPatient.name[0].given[1]: May\n");
    let run = ers_fhir_with_input(
        &at,
        &["fhirpath", "name | birthDate", "-", "--format", "json"],
        PATIENT.as_bytes(),
    );
    let items: Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(items[0], json!({ "type": "HumanName", "value": null, "location": "Patient.name[0]" }));
    assert_eq!(items[1], json!({ "type": "date", "value": "1970-01-02", "location": "Patient.birthDate" }));
    let run = ers_fhir(&at, &["fhirpath", "1 + 1"]);
    assert_eq!((run.status, run.out.as_str()), (0, "2\n"));
}

#[test]
fn what_cannot_be_evaluated_says_why() {
    let at = folder("fhirpath-wrong");
    write(&at, "patient.json", PATIENT);
    write(&at, "broken.json", "{ \"resourceType\": ");
    for (args, said) in [
        (&["fhirpath", "name.", "patient.json"][..], "byte 5"),
        (&["fhirpath", "name", "broken.json"], "line 1"),
        (&["fhirpath", "name", "absent.json"], "absent.json"),
        (&["fhirpath", "name.given + 1", "patient.json"], "single item"),
        (&["fhirpath"], "EXPRESSION"),
    ] {
        let run = ers_fhir(&at, args);
        assert_eq!((run.status, run.out.as_str()), (2, ""), "{args:?}");
        assert!(run.err.contains(said), "{args:?}: {}", run.err);
    }
}

#[test]
fn many_are_answered_line_by_line() {
    let at = folder("fhirpath-batch");
    write(&at, "patient.json", PATIENT);
    write(
        &at,
        "jobs.jsonl",
        r#"{ "id": "a", "expression": "name.given.count()", "file": "patient.json" }
{ "id": 2, "expression": "1 +", "file": null }

{ "id": "c", "expression": "birthDate", "file": "absent.json" }
"#,
    );
    let run = ers_fhir(&at, &["fhirpath", "--batch", "jobs.jsonl", "--fhir-version", "4.0"]);
    assert_eq!((run.status, run.err.as_str()), (0, ""));
    let answers: Vec<Value> = run.out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(answers.len(), 3);
    assert_eq!(
        answers[0],
        json!({ "id": "a", "result": [{ "type": "System.Integer", "value": "2", "location": null }] })
    );
    assert!(answers[1]["id"] == 2 && answers[1]["error"].is_string());
    assert!(answers[2]["error"].as_str().is_some_and(|error| error.contains("absent.json")));
    write(&at, "jobs.jsonl", "no job");
    let run = ers_fhir(&at, &["fhirpath", "--batch", "jobs.jsonl"]);
    assert_eq!((run.status, run.out.as_str()), (2, ""));
    assert!(run.err.contains("line 1"), "{}", run.err);
}
