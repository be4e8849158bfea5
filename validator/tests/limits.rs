//! Constraints of a profile on the children of a choice with several types, and on minimum and maximum
//! values.

use ers_fhir_profiles::package::Package;
use ers_fhir_profiles::{Definitions, FhirVersion};
use ers_fhir_report::{Gap, Report};
use ers_fhir_validator::{Options, Validator};

const PROFILE: &str = "http://example.org/StructureDefinition/a";

/// A report on an Observation with that value under a profile of these elements.
fn report(version: FhirVersion, elements: &str, value: &str) -> Report {
    let definition = format!(
        r#"{{ "resourceType": "StructureDefinition", "url": "{PROFILE}", "name": "A", "status": "active",
  "kind": "resource", "abstract": false, "type": "Observation", "derivation": "constraint",
  "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Observation",
  "differential": {{ "element": [{elements}] }} }}"#
    );
    let package = Package::from_resource("a.json", definition.as_bytes()).expect("the profile can be read");
    let mut known = Definitions::embedded(version);
    known.add(package);
    let options = Options {
        profiles: vec![PROFILE.to_owned()],
        now: Some("2026-05-01T10:00:00Z".parse().expect("an instant")),
        ..Options::default()
    };
    let payload = format!(
        r#"{{ "resourceType": "Observation", "status": "final", "code": {{ "text": "x" }}, {value} }}"#
    );
    Validator::new(known).check(payload.as_bytes(), &options)
}

fn found(report: &Report) -> Vec<String> {
    let shown = report.diagnostics.iter().filter(|d| d.key.is_none());
    shown.map(|d| format!("{} {} {}", d.severity, d.rule.code, d.location)).collect()
}

fn limits(report: &Report) -> usize {
    report.gaps.iter().filter(|(gap, _)| *gap == Gap::Limit).map(|(_, count)| count).sum()
}

const BOTH: [FhirVersion; 2] = [FhirVersion::Stu3, FhirVersion::R4];

#[test]
fn a_child_of_a_choice_with_several_types_is_said_and_the_rest_checked() {
    for (version, child) in BOTH.into_iter().flat_map(|version| [(version, "nonsense"), (version, "unit")]) {
        let elements = format!(
            r#"{{ "path": "Observation.value[x].{child}", "id": "Observation.value[x].{child}", "min": 1 }},
               {{ "path": "Observation.subject", "id": "Observation.subject", "min": 1 }}"#
        );
        let report = report(version, &elements, r#""valueString": "x""#);
        let codes: Vec<_> = report.diagnostics.iter().map(|d| d.rule.code).collect();
        assert!(codes.contains(&"unusable-definition") && codes.contains(&"cardinality-min"), "{codes:?}");
    }
}

#[test]
fn a_quantity_with_a_unit_in_words_is_not_checked_and_one_of_another_kind_is_no_match() {
    let least = r#"{ "path": "Observation.value[x]", "id": "Observation.value[x]", "type": [{ "code": "Quantity" }],
        "minValueQuantity": { "value": 2, "system": "http://unitsofmeasure.org", "code": "kg" } }"#;
    let value = |rest: &str| format!(r#""valueQuantity": {{ {rest} }}"#);
    let ucum = |number: &str, code: &str| {
        value(&format!(r#""value": {number}, "system": "http://unitsofmeasure.org", "code": "{code}""#))
    };
    for version in BOTH {
        let outcome = |value: &str| {
            let report = report(version, least, value);
            (found(&report).iter().any(|line| line.contains("min-value")), limits(&report))
        };
        assert_eq!(outcome(&ucum("1", "kg")), (true, 0));
        assert_eq!(outcome(&ucum("2", "kg")), (false, 0));
        assert_eq!(outcome(&ucum("1999", "g")), (true, 0));
        assert_eq!(outcome(&ucum("2000", "g")), (false, 0));
        assert_eq!(outcome(&ucum("1", "m")), (true, 0), "a length is no mass");
        assert_eq!(outcome(&value(r#""value": 1, "unit": "kilo""#)), (false, 1), "a unit in words");
        assert_eq!(outcome(&value(r#""unit": "kg""#)), (false, 0), "there is no number");
    }
}

#[test]
fn a_moment_less_precise_than_its_limit_is_not_checked() {
    let greatest = r#"{ "path": "Observation.value[x]", "id": "Observation.value[x]", "type": [{ "code": "dateTime" }],
        "maxValueDateTime": "2026-05-31" }"#;
    for version in BOTH {
        let outcome = |value: &str| {
            let report = report(version, greatest, &format!(r#""valueDateTime": "{value}""#));
            (found(&report).iter().any(|line| line.contains("max-value")), limits(&report))
        };
        assert_eq!(outcome("2026-06-01"), (true, 0));
        assert_eq!(outcome("2026-05-31"), (false, 0));
        assert_eq!(outcome("2026-05"), (false, 0), "it ends with the limit");
        assert_eq!(outcome("2026"), (false, 1));
        assert_eq!(outcome("2027"), (true, 0));
    }
}
