//! What puts an element into a slice, where that is harder than one value.

use ers_fhir_profiles::package::Package;
use ers_fhir_profiles::{Definitions, FhirVersion};
use ers_fhir_validator::{Gap, Options, Validator};

const PROFILE: &str = "http://example.org/StructureDefinition/a";

/// What is found in an Observation under a profile with these elements, and whether it was said that a slice
/// could not be decided.
fn check(elements: &str, rest: &str) -> (Vec<String>, bool) {
    let profile = format!(
        r#"{{ "resourceType": "StructureDefinition", "url": "{PROFILE}", "name": "A", "status": "active",
  "kind": "resource", "abstract": false, "type": "Observation", "derivation": "constraint",
  "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Observation",
  "differential": {{ "element": [{elements}] }} }}"#
    );
    let payload = format!(
        r#"{{ "resourceType": "Observation", "status": "final", "code": {{ "text": "a" }}, {rest} }}"#
    );
    let mut definitions = Definitions::embedded(FhirVersion::R4);
    definitions.add(Package::from_resource("a.json", profile.as_bytes()).expect("the profile can be read"));
    let options = Options { profiles: vec![PROFILE.to_owned()], ..Options::default() };
    let report = Validator::new(definitions).check(payload.as_bytes(), &options);
    let of_slices = report.diagnostics.iter().filter(|d| d.profile.as_deref() == Some(PROFILE));
    let found = of_slices.map(|d| format!("{} {}", d.rule.code, d.location)).collect();
    (found, report.gaps.iter().any(|(gap, _)| gap == Gap::Slicing))
}

/// A component with these codings, under a profile whose only slice has one of system `a` and code `y`.
fn component(codings: &str) -> (Vec<String>, bool) {
    let elements = r#"
        { "id": "Observation.component", "path": "Observation.component",
          "slicing": { "discriminator": [{ "type": "value", "path": "code" }], "rules": "closed" } },
        { "id": "Observation.component:a", "path": "Observation.component", "sliceName": "a", "min": 0 },
        { "id": "Observation.component:a.code.coding", "path": "Observation.component.code.coding", "min": 1 },
        { "id": "Observation.component:a.code.coding.system", "path": "Observation.component.code.coding.system",
          "min": 1, "fixedUri": "http://example.org/a" },
        { "id": "Observation.component:a.code.coding.code", "path": "Observation.component.code.coding.code",
          "min": 1, "fixedCode": "y" }"#;
    check(elements, &format!(r#""component": [{{ "code": {{ "coding": [{codings}] }} }}]"#))
}

#[test]
fn one_repeat_has_all_the_parts_that_a_slice_demands() {
    let coding = |system: &str, code: &str| {
        format!(r#"{{ "system": "http://example.org/{system}", "code": "{code}" }}"#)
    };
    assert_eq!(component(&coding("a", "y")).0, [""; 0]);
    let apart = component(&[coding("a", "x"), coding("b", "y")].join(",")).0;
    assert_eq!(apart, ["slice-unmatched Observation.component[0]"]);
}

/// A member, under a profile whose only slice refers to answered questionnaires.
fn member(reference: &str) -> (Vec<String>, bool) {
    let elements = r#"
        { "id": "Observation.hasMember", "path": "Observation.hasMember",
          "slicing": { "discriminator": [{ "type": "type", "path": "resolve()" }], "rules": "closed" } },
        { "id": "Observation.hasMember:a", "path": "Observation.hasMember", "sliceName": "a", "min": 1,
          "type": [{ "code": "Reference",
            "targetProfile": ["http://hl7.org/fhir/StructureDefinition/QuestionnaireResponse"] }] }"#;
    check(elements, &format!(r#""hasMember": [{{ {reference} }}]"#))
}

#[test]
fn a_reference_that_leads_outside_is_in_a_slice_as_far_as_it_names_a_type() {
    for known in [
        r#""reference": "QuestionnaireResponse/1""#,
        r#""reference": "http://example.org/1", "type": "QuestionnaireResponse""#,
        r#""identifier": { "value": "1" }, "type": "QuestionnaireResponse""#,
    ] {
        assert_eq!(member(known), (Vec::new(), false), "{known}");
    }
    let (found, is_undecided) = member(r#""reference": "Observation/1""#);
    assert_eq!(found, ["cardinality-min Observation", "slice-unmatched Observation.hasMember[0]"]);
    assert!(!is_undecided);
}

#[test]
fn a_reference_of_an_unknown_type_decides_nothing() {
    for unknown in [r#""reference": "http://example.org/1""#, r#""identifier": { "value": "1" }"#] {
        assert_eq!(member(unknown), (Vec::new(), true), "{unknown}");
    }
}
