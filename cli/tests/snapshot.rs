//! `ers-fhir snapshot`: definitions with their snapshots, and what keeps one from being made.

mod support;

use serde_json::Value;
use support::{ers_fhir, folder, write};

const PROFILE: &str = r#"{ "resourceType": "StructureDefinition", "url": "https://example.org/StructureDefinition/born",
  "version": "1.0.0", "name": "Born", "status": "draft", "fhirVersion": "4.0.1", "kind": "resource", "abstract": false,
  "type": "Patient", "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient", "derivation": "constraint",
  "differential": { "element": [{ "id": "Patient.birthDate", "path": "Patient.birthDate", "min": 1,
    "minValueDate": "1850-01-01" }, { "id": "Patient.multipleBirth[x]", "path": "Patient.multipleBirth[x]",
    "type": [{ "code": "integer" }], "maxValueInteger": 9 }] } }"#;

fn element<'a>(definition: &'a Value, id: &str) -> &'a Value {
    let elements = definition["snapshot"]["element"].as_array().expect("elements");
    elements.iter().find(|element| element["id"] == id).unwrap_or_else(|| panic!("no {id}"))
}

#[test]
fn a_snapshot_has_all_elements_with_the_differential_laid_over() {
    let at = folder("snapshot");
    write(&at, "born.json", PROFILE);
    let url = "https://example.org/StructureDefinition/born";
    let mut outputs = Vec::new();
    for args in [&["born.json"][..], &[url, "--ig", "born.json"], &["Born", "--ig", "born.json"]] {
        let run = ers_fhir(&at, &[&["snapshot"], args].concat());
        assert_eq!((run.status, run.err.as_str()), (0, ""), "{args:?}");
        outputs.push(run.out);
    }
    assert!(outputs.iter().all(|output| *output == outputs[0]), "the same however it is named");
    let made: Value = serde_json::from_str(&outputs[0]).expect("JSON");
    assert_eq!(made["url"], url);
    let born = element(&made, "Patient.birthDate");
    assert_eq!(
        (&born["min"], &born["max"], &born["minValueDate"]),
        (&1.into(), &"1".into(), &"1850-01-01".into())
    );
    assert_eq!(born["base"], serde_json::json!({ "path": "Patient.birthDate", "min": 0, "max": "1" }));
    assert_eq!(element(&made, "Patient.multipleBirth[x]")["maxValueInteger"], 9);
    assert_eq!(element(&made, "Patient.gender")["binding"]["strength"], "required");
}

#[test]
fn what_is_printed_is_valid() {
    let at = folder("snapshot-valid");
    write(&at, "born.json", PROFILE);
    for (number, args) in [
        &["born.json"][..],
        &["CreateReferralParameters"],
        &["eRS-ReferralRequest-1"],
        &["eRS-HealthcareService"],
        &["http://hl7.org/fhir/StructureDefinition/Patient", "--fhir-version", "3.0"],
        &["http://hl7.org/fhir/StructureDefinition/bp", "--fhir-version", "4.0"],
        &["Observation", "--fhir-version", "4.0"],
        &["Extension", "--fhir-version", "3.0"],
    ]
    .into_iter()
    .enumerate()
    {
        let run = ers_fhir(&at, &[&["snapshot"], args].concat());
        assert_eq!((run.status, run.err.as_str()), (0, ""), "{args:?}");
        let file = format!("{number}.json");
        write(&at, &file, run.out);
        let run = ers_fhir(&at, &["validate", &file, "--show-values"]);
        assert_eq!(run.status, 0, "{args:?}: {}", run.out);
    }
}

#[test]
fn what_keeps_a_snapshot_from_being_made_is_said() {
    let at = folder("snapshot-errors");
    write(&at, "lost.json", PROFILE.replace("fhir/StructureDefinition/Patient", "lost"));
    write(&at, "patient.json", r#"{ "resourceType": "Patient" }"#);
    write(&at, "silent.json", PROFILE.replace(r#""fhirVersion": "4.0.1","#, ""));
    write(
        &at,
        "two.json",
        format!(
            r#"{{ "resourceType": "Bundle", "type": "collection", "entry": [{{ "resource": {PROFILE} }}, {{ "resource": {} }}] }}"#,
            PROFILE.replace("/born", "/died")
        ),
    );
    for (args, expected) in [
        (&["lost.json"][..], "http://hl7.org/lost, which is not in any loaded package"),
        (&["patient.json"], "contains no StructureDefinition"),
        (&["two.json"], "several StructureDefinitions"),
        (&["silent.json"], "--fhir-version"),
        (&["born.json", "--ig", "absent.tgz"], "absent.tgz"),
        (&["https://example.org/StructureDefinition/none"], "no package defines"),
        (&["Patient"], "STU3 and in R4"),
    ] {
        let run = ers_fhir(&at, &[&["snapshot"], args].concat());
        assert_eq!((run.status, run.out.as_str()), (2, ""), "{args:?}: {}", run.err);
        assert!(run.err.starts_with("error: ") && run.err.contains(expected), "{args:?}: {}", run.err);
    }
}
