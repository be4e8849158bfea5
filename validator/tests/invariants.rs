//! Invariants of profiles: met only if true, and reported if they cannot be evaluated.

use ers_fhir_profiles::package::Package;
use ers_fhir_profiles::{Definitions, FhirVersion};
use ers_fhir_validator::{Options, Validator};

const PROFILE: &str = "http://example.org/StructureDefinition/a";

/// Severity and code of the findings on an invariant with that expression on a Patient.
fn found(version: FhirVersion, expression: &str) -> Vec<String> {
    let profile = format!(
        r#"{{ "resourceType": "StructureDefinition", "url": "{PROFILE}", "name": "A", "status": "active",
  "kind": "resource", "abstract": false, "type": "Patient", "derivation": "constraint",
  "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient",
  "differential": {{ "element": [{{ "id": "Patient", "path": "Patient", "constraint": [{{ "key": "own-1",
    "severity": "error", "human": "own", "expression": "{expression}" }}] }}] }} }}"#
    );
    let payload = r##"{ "resourceType": "Patient", "contained": [{ "resourceType": "Organization", "id": "o", "name": "O" }],
        "gender": "male", "name": [{ "family": "Quince", "given": ["Ann", "Bob"] }],
        "generalPractitioner": [{ "reference": "#o" }, { "reference": "Practitioner/1" }] }"##;
    let mut definitions = Definitions::embedded(version);
    definitions.add(Package::from_resource("a.json", profile.as_bytes()).expect("the profile can be read"));
    let options = Options { profiles: vec![PROFILE.to_owned()], lists_effects: true, ..Options::default() };
    let report = Validator::new(definitions).check(payload.as_bytes(), &options);
    let own = report.diagnostics.iter().filter(|d| d.key.as_deref() == Some("own-1"));
    own.map(|d| format!("{} {}", d.severity, d.rule.code)).collect()
}

#[test]
fn an_invariant_is_met_only_when_it_is_true() {
    for version in [FhirVersion::Stu3, FhirVersion::R4] {
        for (expression, is_met) in [
            ("name.exists()", true),
            ("birthDate.exists()", false),
            ("birthDate > @1900", false),
            ("birthDate", false),
            ("active.not()", false),
            ("birthDate.exists() implies birthDate > @1900", true),
            ("{}", false),
            ("name", true),
            ("name.given.startsWith('A')", false),
        ] {
            let found = found(version, expression);
            let is_found = found.contains(&"error invariant".to_owned());
            // Two names have no start: that is a fault of the expression.
            let is_not_evaluated = found.contains(&"warning invariant-not-evaluated".to_owned());
            assert_eq!(!is_found && !is_not_evaluated, is_met, "{version} {expression}: {found:?}");
        }
    }
}

#[test]
fn what_is_not_at_hand_decides_only_what_hangs_on_it() {
    const UNKNOWN: &str = "gender.memberOf('http://example.com/unknown')";
    const MET: [&str; 0] = [];
    let said = ["information invariant-not-evaluated"];
    let broken = ["error invariant"];
    for version in [FhirVersion::Stu3, FhirVersion::R4] {
        for (expression, expected) in [
            (UNKNOWN.to_owned(), &said[..]),
            (format!("{UNKNOWN}.not()"), &said),
            (format!("{UNKNOWN} and name.exists()"), &said),
            (format!("{UNKNOWN} and name.empty()"), &broken),
            (format!("name.empty() and {UNKNOWN}"), &broken),
            (format!("{UNKNOWN} or name.exists()"), &MET),
            (format!("{UNKNOWN} or name.empty()"), &said),
            (format!("{UNKNOWN} implies name.exists()"), &MET),
            ("gender.all(memberOf('http://example.com/unknown'))".to_owned(), &said),
            ("gender.where(memberOf('http://example.com/unknown')).exists()".to_owned(), &said),
            ("gender.exists(memberOf('http://example.com/unknown'))".to_owned(), &said),
            ("gender.where(memberOf('http://example.com/unknown')).empty()".to_owned(), &said),
            ("name.given.all($this = 'Eve' and memberOf('http://example.com/unknown'))".to_owned(), &broken),
            ("conformsTo('http://example.com/unknown')".to_owned(), &said),
            ("generalPractitioner.resolve().name.exists()".to_owned(), &MET),
            ("generalPractitioner.resolve().active.exists()".to_owned(), &said),
            (
                "generalPractitioner.all(resolve() is Practitioner or resolve() is Organization)".to_owned(),
                &MET,
            ),
            ("generalPractitioner.all(resolve() is Practitioner)".to_owned(), &broken),
        ] {
            assert_eq!(found(version, &expression), expected, "{version} {expression}");
        }
    }
}

#[test]
fn each_of_several_events_of_a_timing_is_asked() {
    for version in [FhirVersion::Stu3, FhirVersion::R4] {
        let validator = Validator::new(Definitions::embedded(version));
        for (when, keys) in [(r#""ACM", "HS""#, &[][..]), (r#""ACM", "C""#, &["tim-9"])] {
            let payload = format!(
                r#"{{ "resourceType": "MedicationRequest", "status": "active", "intent": "order",
                    "medicationCodeableConcept": {{ "text": "m" }}, "subject": {{ "display": "s" }},
                    "dosageInstruction": [{{ "timing": {{ "repeat": {{ "when": [{when}], "offset": 30 }} }} }}] }}"#
            );
            let report = validator.check(payload.as_bytes(), &Options::default());
            let found: Vec<_> = report.diagnostics.iter().filter_map(|found| found.key.as_deref()).collect();
            assert_eq!(found, keys, "{version} {when}: {report:#?}");
        }
    }
}
