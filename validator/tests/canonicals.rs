//! Canonicals name definitions of a type that is allowed there.

use std::sync::LazyLock;

use ers_fhir_profiles::{Definitions, FhirVersion};
use ers_fhir_validator::{Options, Validator};

static R4: LazyLock<Validator> = LazyLock::new(|| Validator::new(Definitions::embedded(FhirVersion::R4)));

const GENDER: &str = "http://hl7.org/fhir/ValueSet/administrative-gender";
const PATIENT: &str = "http://hl7.org/fhir/StructureDefinition/Patient";

/// Checks that a payload has these findings, without those that follow from them.
#[track_caller]
fn expect(payload: &str, expected: &[&str]) {
    let report = R4.check(payload.as_bytes(), &Options::default());
    let found = report.diagnostics.iter().map(|found| format!("{} {}", found.rule.code, found.location));
    assert_eq!(found.collect::<Vec<_>>(), expected, "{payload}\n{report:#?}");
}

fn plan(url: &str) -> String {
    format!(
        r#"{{ "resourceType": "CarePlan", "status": "draft", "intent": "plan", "subject": {{ "display": "a" }},
  "instantiatesCanonical": ["{url}"] }}"#
    )
}

#[test]
fn a_definition_of_the_type_or_unknown_is_taken() {
    for url in
        ["http://example.org/PlanDefinition/a", "http://hl7.org/fhir/OperationDefinition/Resource-validate"]
    {
        expect(&plan(url), &[]);
    }
}

#[test]
fn a_definition_of_another_type_is_refused() {
    let wrong = ["canonical-type CarePlan.instantiatesCanonical[0]"];
    expect(&plan(GENDER), &wrong);
    expect(&plan(&format!("{PATIENT}|4.0.1")), &wrong);
}

#[test]
fn a_declared_profile_that_is_none_is_told_once() {
    let declared = format!(r#"{{ "resourceType": "Patient", "meta": {{ "profile": ["{GENDER}"] }} }}"#);
    expect(&declared, &["canonical-type Patient.meta.profile[0]"]);
}

#[test]
fn an_imported_value_set_that_is_none_is_told_once() {
    let importing = |url: &str| {
        format!(
            r#"{{ "resourceType": "ValueSet", "status": "draft", "compose": {{ "include": [{{ "valueSet": ["{url}"] }}] }} }}"#
        )
    };
    let place = "ValueSet.compose.include[0].valueSet[0]";
    expect(&importing(PATIENT), &[&format!("canonical-type {place}")]);
    let system = "http://hl7.org/fhir/administrative-gender";
    expect(&importing(system), &[&format!("value-set-import {place}")]);
}

#[test]
fn what_an_element_of_a_definition_names_is_told_once() {
    let bound = format!(
        r#"{{ "resourceType": "StructureDefinition", "url": "http://example.org/StructureDefinition/a", "name": "A",
  "status": "draft", "kind": "resource", "abstract": false, "type": "Patient", "derivation": "constraint",
  "baseDefinition": "{PATIENT}", "differential": {{ "element": [
    {{ "id": "Patient", "path": "Patient" }},
    {{ "id": "Patient.gender", "path": "Patient.gender", "binding": {{ "strength": "required", "valueSet": "{PATIENT}" }} }},
    {{ "id": "Patient.managingOrganization", "path": "Patient.managingOrganization",
      "type": [{{ "code": "Reference", "targetProfile": ["{GENDER}"] }}] }}
  ] }} }}"#
    );
    let element = "StructureDefinition.differential.element";
    expect(
        &bound,
        &[
            &format!("canonical-type {element}[1].binding.valueSet"),
            &format!("canonical-type {element}[2].type[0].targetProfile[0]"),
        ],
    );
}

#[test]
fn a_fragment_leads_to_a_contained_definition() {
    let response = |id: &str| {
        format!(
            r##"{{ "resourceType": "QuestionnaireResponse", "status": "completed", "questionnaire": "#form",
  "contained": [{{ "resourceType": "Questionnaire", "id": "{id}", "status": "active" }}] }}"##
        )
    };
    let has_error = |id: &str| !R4.check(response(id).as_bytes(), &Options::default()).is_valid();
    assert!(!has_error("form") && has_error("other"));
}

#[test]
fn a_contained_resource_of_another_type_is_refused() {
    let payload = r##"{ "resourceType": "QuestionnaireResponse", "status": "completed", "questionnaire": "#p",
  "contained": [{ "resourceType": "Patient", "id": "p", "active": true }] }"##;
    expect(payload, &["canonical-type QuestionnaireResponse.questionnaire"]);
}
