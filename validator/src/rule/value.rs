//! Rules on fixed and pattern values.

use ers_fhir_report::Severity;
use ers_fhir_report::{Example, Issue, Rule};

/// The rules of this family.
pub(super) static RULES: &[&Rule] = &[&FIXED_VALUE, &PATTERN_VALUE, &MISSING_VALUE];

const FEMALE: &str = r#"{ "resourceType": "StructureDefinition", "url": "https://example.org/fhir/StructureDefinition/female",
  "name": "Example", "status": "active", "fhirVersion": "4.0.1", "kind": "resource", "abstract": false, "type": "Patient",
  "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient", "derivation": "constraint",
  "differential": { "element": [ { "id": "Patient", "path": "Patient" }, { "id": "Patient.gender", "path": "Patient.gender", "fixedCode": "female" } ] } }"#;

const MARRIED: &str = r#"{ "resourceType": "StructureDefinition", "url": "https://example.org/fhir/StructureDefinition/married",
  "name": "Example", "status": "active", "fhirVersion": "4.0.1", "kind": "resource", "abstract": false, "type": "Patient",
  "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient", "derivation": "constraint",
  "differential": { "element": [ { "id": "Patient", "path": "Patient" }, { "id": "Patient.maritalStatus", "path": "Patient.maritalStatus", "patternCodeableConcept": { "coding": [{ "code": "M" }] } } ] } }"#;

const ACTIVE: &str = r#"{ "resourceType": "StructureDefinition", "url": "https://example.org/fhir/StructureDefinition/active",
  "name": "Example", "status": "active", "fhirVersion": "4.0.1", "kind": "resource", "abstract": false, "type": "Patient",
  "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient", "derivation": "constraint",
  "differential": { "element": [ { "id": "Patient", "path": "Patient" }, { "id": "Patient.active", "path": "Patient.active",
    "extension": [{ "url": "http://hl7.org/fhir/5.0/StructureDefinition/extension-ElementDefinition.mustHaveValue",
                    "valueBoolean": true }] } ] } }"#;

/// Not the fixed value.
pub static FIXED_VALUE: Rule = Rule {
    code: "fixed-value",
    severity: Severity::Error,
    issue: Issue::Value,
    summary: "The value is not the one that the profile fixes",
    explanation: "The profile allows exactly one value here, including every part of it.",
    bad: Example::r4(r#"{ "resourceType": "Patient", "gender": "male" }"#)
        .with(&[FEMALE])
        .against(&["https://example.org/fhir/StructureDefinition/female"]),
    good: Example::r4(r#"{ "resourceType": "Patient", "gender": "female" }"#)
        .with(&[FEMALE])
        .against(&["https://example.org/fhir/StructureDefinition/female"]),
    source: "http://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.fixed_x_",
};

/// Not the pattern.
pub static PATTERN_VALUE: Rule = Rule {
    code: "pattern-value",
    severity: Severity::Error,
    issue: Issue::Value,
    summary: "The value does not match the pattern that the profile prescribes",
    explanation: "The profile gives a pattern: the value must have everything that the pattern has, and may have more.",
    bad: Example::r4(r#"{ "resourceType": "Patient", "maritalStatus": { "coding": [{ "code": "S" }] } }"#)
        .with(&[MARRIED])
        .against(&["https://example.org/fhir/StructureDefinition/married"]),
    good: Example::r4(r#"{ "resourceType": "Patient", "maritalStatus": { "coding": [{ "code": "M" }], "text": "married" } }"#)
        .with(&[MARRIED])
        .against(&["https://example.org/fhir/StructureDefinition/married"]),
    source: "http://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.pattern_x_",
};

/// An extension instead of a value.
pub static MISSING_VALUE: Rule = Rule {
    code: "missing-value",
    severity: Severity::Error,
    issue: Issue::Required,
    summary: "A primitive has extensions but no value, and must have one",
    explanation: "A primitive may have extensions instead of a value. A profile can rule that out, or name the \
                  extensions that may stand in for the value (mustHaveValue and valueAlternatives, which releases \
                  before R5 write as extensions). The URL of an extension is an attribute in XML and has no extensions.",
    bad: Example::r4(
        r#"{ "resourceType": "Patient", "_active": { "extension": [{
  "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown" }] } }"#,
    )
    .with(&[ACTIVE])
    .against(&["https://example.org/fhir/StructureDefinition/active"]),
    good: Example::r4(r#"{ "resourceType": "Patient", "active": true }"#)
        .with(&[ACTIVE])
        .against(&["https://example.org/fhir/StructureDefinition/active"]),
    source: "http://hl7.org/fhir/R5/elementdefinition-definitions.html#ElementDefinition.mustHaveValue",
};
