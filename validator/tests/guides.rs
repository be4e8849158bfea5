//! Profiles that a loaded guide requires for every resource of a type.

use ers_fhir_profiles::package::Package;
use ers_fhir_profiles::{Definitions, FhirVersion};
use ers_fhir_validator::{Options, Validator};

const NONE: [&str; 0] = [];

const PATIENT: &str = r#"{ "resourceType": "StructureDefinition", "url": "http://example.org/StructureDefinition/p",
  "name": "P", "status": "active", "kind": "resource", "abstract": false, "type": "Patient",
  "derivation": "constraint", "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient",
  "differential": { "element": [{ "id": "Patient.gender", "path": "Patient.gender", "min": 1 }] } }"#;

fn guide(global: &str) -> String {
    format!(
        r#"{{ "resourceType": "ImplementationGuide", "url": "http://example.org/ImplementationGuide/g",
  "name": "G", "status": "active", "global": [{global}] }}"#
    )
}

fn validator(version: FhirVersion, definitions: &[&str]) -> Validator {
    let bundled: Vec<String> =
        definitions.iter().map(|resource| format!(r#"{{ "resource": {resource} }}"#)).collect();
    let bundle =
        format!(r#"{{ "resourceType": "Bundle", "type": "collection", "entry": [{}] }}"#, bundled.join(","));
    let package = Package::from_resource("guide.json", bundle.as_bytes()).expect("the guide can be read");
    let mut known = Definitions::embedded(version);
    known.add(package);
    Validator::new(known)
}

fn found(validator: &Validator, payload: &str) -> Vec<String> {
    let report = validator.check(payload.as_bytes(), &Options::default());
    let shown = report.diagnostics.iter().filter(|d| d.key.is_none());
    shown.map(|d| format!("{} {} {}", d.severity, d.rule.code, d.location)).collect()
}

const GLOBAL: &str = r#"{ "type": "Patient", "profile": "http://example.org/StructureDefinition/p" }"#;

#[test]
fn every_resource_of_the_type_is_held_to_the_profile() {
    let guide = guide(GLOBAL);
    let validator = validator(FhirVersion::R4, &[PATIENT, &guide]);
    let missing = |location: &str| format!("error cardinality-min {location}");
    assert_eq!(found(&validator, r#"{ "resourceType": "Patient" }"#), [missing("Patient")]);
    assert_eq!(found(&validator, r#"{ "resourceType": "Patient", "gender": "other" }"#), NONE);
    let bundle = r#"{ "resourceType": "Bundle", "type": "collection", "entry": [{
        "fullUrl": "urn:uuid:7d2e9f1c-3b4a-4c5d-8e6f-0a1b2c3d4e5f",
        "resource": { "resourceType": "Patient", "active": true } }] }"#;
    assert_eq!(found(&validator, bundle), [missing("Bundle.entry[0].resource")]);
    let xml = r#"<Patient xmlns="http://hl7.org/fhir"><active value="true"/></Patient>"#;
    assert_eq!(found(&validator, xml), [missing("Patient")]);
    assert_eq!(found(&validator, r#"{ "resourceType": "Basic", "code": { "text": "x" } }"#), NONE);
}

#[test]
fn what_is_found_names_the_guide_unless_the_profile_is_declared() {
    let guide = guide(GLOBAL);
    let validator = validator(FhirVersion::R4, &[PATIENT, &guide]);
    let message = |payload: &str| {
        let report = validator.check(payload.as_bytes(), &Options::default());
        report.diagnostics.iter().map(|d| d.message.revealed()).collect::<String>()
    };
    let named = "(the guide http://example.org/ImplementationGuide/g requires every Patient to conform to this profile)";
    assert!(message(r#"{ "resourceType": "Patient" }"#).contains(named));
    let declared = r#"{ "resourceType": "Patient",
        "meta": { "profile": ["http://example.org/StructureDefinition/p"] } }"#;
    let declared = message(declared);
    assert!(declared.contains("gender") && !declared.contains(named), "{declared}");
}

#[test]
fn a_guide_of_stu3_refers_to_the_profile() {
    for reference in ["http://example.org/StructureDefinition/p", "StructureDefinition/p"] {
        let guide =
            guide(&format!(r#"{{ "type": "Patient", "profile": {{ "reference": "{reference}" }} }}"#));
        let validator = validator(FhirVersion::Stu3, &[PATIENT, &guide]);
        let found = found(&validator, r#"{ "resourceType": "Patient" }"#);
        assert_eq!(found, ["error cardinality-min Patient"], "{reference}");
    }
}

#[test]
fn a_profile_that_cannot_be_held_to_is_said_once() {
    let bundle = r#"{ "resourceType": "Bundle", "type": "collection", "entry": [
        { "fullUrl": "urn:uuid:7d2e9f1c-3b4a-4c5d-8e6f-0a1b2c3d4e5f", "resource": { "resourceType": "Patient", "active": true } },
        { "fullUrl": "urn:uuid:7d2e9f1c-3b4a-4c5d-8e6f-0a1b2c3d4e50", "resource": { "resourceType": "Patient", "active": true } }] }"#;
    let unknown = guide(r#"{ "type": "Patient", "profile": "http://example.org/StructureDefinition/x" }"#);
    let unknown = validator(FhirVersion::R4, &[&unknown]);
    assert_eq!(found(&unknown, bundle), ["warning unknown-profile Bundle.entry[0].resource"]);
    let other = guide(r#"{ "type": "Basic", "profile": "http://example.org/StructureDefinition/p" }"#);
    let other = validator(FhirVersion::R4, &[PATIENT, &other]);
    let basic = found(&other, r#"{ "resourceType": "Basic", "code": { "text": "x" } }"#);
    assert_eq!(basic.len(), 1, "{basic:?}");
    assert!(basic[0].contains("unusable-definition"), "{basic:?}");
}

#[test]
fn a_profile_of_all_resources_holds_for_each_type() {
    let any = r#"{ "resourceType": "StructureDefinition", "url": "http://example.org/StructureDefinition/r",
  "name": "R", "status": "active", "kind": "resource", "abstract": true, "type": "Resource",
  "derivation": "constraint", "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Resource",
  "differential": { "element": [{ "id": "Resource.id", "path": "Resource.id", "min": 1 }] } }"#;
    let guide = guide(r#"{ "type": "Resource", "profile": "http://example.org/StructureDefinition/r" }"#);
    let validator = validator(FhirVersion::R4, &[any, &guide]);
    let found = found(&validator, r#"{ "resourceType": "Patient", "active": true }"#);
    assert_eq!(found, ["error cardinality-min Patient"]);
}
