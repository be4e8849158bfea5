//! Rules on invariants.

use ers_fhir_report::Severity;
use ers_fhir_report::{Example, Issue, Rule};

/// The rules of this family.
pub(super) static RULES: &[&Rule] = &[&INVARIANT, &INVARIANT_NOT_EVALUATED];

const BROKEN: &str = r#"{ "resourceType": "StructureDefinition", "url": "https://example.org/fhir/StructureDefinition/broken",
  "name": "Example", "status": "active", "fhirVersion": "4.0.1", "kind": "resource", "abstract": false, "type": "Patient",
  "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient", "derivation": "constraint",
  "differential": { "element": [ { "id": "Patient", "path": "Patient" }, { "id": "Patient.gender", "path": "Patient.gender", "constraint": [{ "key": "bad-1", "severity": "error", "human": "cannot be parsed", "expression": "this is (not FHIRPath" }] } ] } }"#;

/// An invariant does not hold.
pub static INVARIANT: Rule = Rule {
    code: "invariant",
    severity: Severity::Error,
    issue: Issue::Invariant,
    summary: "An invariant of the definition does not hold",
    explanation: "Definitions state rules between elements as FHIRPath. The message says what is wrong; the key of \
                  the rule, and the profile or type that states it, are named with it, and `ers-fhir explain KEY` says more.",
    bad: Example::r4(r#"{ "resourceType": "Patient", "contact": [{ "gender": "male" }] }"#),
    good: Example::r4(r#"{ "resourceType": "Patient", "contact": [{ "name": { "family": "Jones" } }] }"#),
    source: "http://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.constraint",
};

/// An invariant that cannot be evaluated.
pub static INVARIANT_NOT_EVALUATED: Rule = Rule {
    code: "invariant-not-evaluated",
    severity: Severity::Warning,
    issue: Issue::NotSupported,
    summary: "An invariant could not be evaluated",
    explanation: "The expression in the definition is not valid FHIRPath, or needs something that is not available \
                  offline. Nothing is known about the payload; tell the author of the definition.",
    bad: Example::r4(r#"{ "resourceType": "Patient", "gender": "male" }"#)
        .with(&[BROKEN])
        .against(&["https://example.org/fhir/StructureDefinition/broken"]),
    good: Example::r4(r#"{ "resourceType": "Patient", "gender": "male" }"#),
    source: "http://hl7.org/fhirpath/N1/",
};
