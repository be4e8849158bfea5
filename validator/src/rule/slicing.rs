//! Rules on slices.

use ers_fhir_report::Severity;
use ers_fhir_report::{Example, Issue, Rule};

/// The rules of this family.
pub(super) static RULES: &[&Rule] = &[&SLICE_UNMATCHED, &SLICE_ORDER, &SLICE_AMBIGUOUS, &SLICING_NOT_CHECKED];

const UNTOLD: &str = r#"{ "resourceType": "StructureDefinition", "url": "https://example.org/fhir/StructureDefinition/untold",
  "name": "Example", "status": "active", "fhirVersion": "4.0.1", "kind": "resource", "abstract": false, "type": "Patient",
  "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient", "derivation": "constraint",
  "differential": { "element": [ { "id": "Patient", "path": "Patient" }, { "id": "Patient.telecom", "path": "Patient.telecom", "slicing": { "discriminator": [{ "type": "value", "path": "value" }], "rules": "open" } },
    { "id": "Patient.telecom:work", "path": "Patient.telecom", "sliceName": "work", "min": 0, "max": "*" },
    { "id": "Patient.telecom:work.system", "path": "Patient.telecom.system", "min": 1 } ] } }"#;

const TELECOMS: &str = r#"{ "resourceType": "StructureDefinition", "url": "https://example.org/fhir/StructureDefinition/telecoms",
  "name": "Example", "status": "active", "fhirVersion": "4.0.1", "kind": "resource", "abstract": false, "type": "Patient",
  "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient", "derivation": "constraint",
  "differential": { "element": [ { "id": "Patient", "path": "Patient" }, { "id": "Patient.telecom", "path": "Patient.telecom", "slicing": { "discriminator": [{ "type": "value", "path": "system" }], "ordered": true, "rules": "closed" } },
    { "id": "Patient.telecom:phone", "path": "Patient.telecom", "sliceName": "phone", "min": 0, "max": "*" },
    { "id": "Patient.telecom:phone.system", "path": "Patient.telecom.system", "min": 1, "fixedCode": "phone" },
    { "id": "Patient.telecom:email", "path": "Patient.telecom", "sliceName": "email", "min": 0, "max": "*" },
    { "id": "Patient.telecom:email.system", "path": "Patient.telecom.system", "min": 1, "fixedCode": "email" } ] } }"#;

const SAME_TWICE: &str = r#"{ "resourceType": "StructureDefinition", "url": "https://example.org/fhir/StructureDefinition/same-twice",
  "name": "Example", "status": "active", "fhirVersion": "4.0.1", "kind": "resource", "abstract": false, "type": "Patient",
  "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient", "derivation": "constraint",
  "differential": { "element": [ { "id": "Patient", "path": "Patient" }, { "id": "Patient.telecom", "path": "Patient.telecom", "slicing": { "discriminator": [{ "type": "value", "path": "system" }], "ordered": false, "rules": "open" } },
    { "id": "Patient.telecom:phone", "path": "Patient.telecom", "sliceName": "phone", "min": 0, "max": "*" },
    { "id": "Patient.telecom:phone.system", "path": "Patient.telecom.system", "min": 1, "fixedCode": "phone" },
    { "id": "Patient.telecom:email", "path": "Patient.telecom", "sliceName": "email", "min": 0, "max": "*" },
    { "id": "Patient.telecom:email.system", "path": "Patient.telecom.system", "min": 1, "fixedCode": "phone" } ] } }"#;

/// In no slice, where slicing is closed.
pub static SLICE_UNMATCHED: Rule = Rule {
    code: "slice-unmatched",
    severity: Severity::Error,
    issue: Issue::Structure,
    summary: "An element fits none of the slices, and the slicing is closed",
    explanation: "The profile lists every kind of repeat it allows, told apart by a discriminator. This one matches \
                  none of them, often because of a misspelt name, URL or system.",
    bad: Example::r4(r#"{ "resourceType": "Patient", "telecom": [{ "system": "fax", "value": "1" }] }"#)
        .with(&[TELECOMS])
        .against(&["https://example.org/fhir/StructureDefinition/telecoms"]),
    good: Example::r4(r#"{ "resourceType": "Patient", "telecom": [{ "system": "phone", "value": "1" }] }"#)
        .with(&[TELECOMS])
        .against(&["https://example.org/fhir/StructureDefinition/telecoms"]),
    source: "http://hl7.org/fhir/R4/profiling.html#slicing",
};

/// Slices out of order.
pub static SLICE_ORDER: Rule = Rule {
    code: "slice-order",
    severity: Severity::Error,
    issue: Issue::Structure,
    summary: "A slice comes after one that it should precede",
    explanation: "The profile requires the slices to be in its own order, or all other elements to come at the end.",
    bad: Example::r4(r#"{ "resourceType": "Patient", "telecom": [{ "system": "email", "value": "a" }, { "system": "phone", "value": "1" }] }"#)
        .with(&[TELECOMS])
        .against(&["https://example.org/fhir/StructureDefinition/telecoms"]),
    good: Example::r4(r#"{ "resourceType": "Patient", "telecom": [{ "system": "phone", "value": "1" }, { "system": "email", "value": "a" }] }"#)
        .with(&[TELECOMS])
        .against(&["https://example.org/fhir/StructureDefinition/telecoms"]),
    source: "http://hl7.org/fhir/R4/profiling.html#slicing",
};

/// In two slices.
pub static SLICE_AMBIGUOUS: Rule = Rule {
    code: "slice-ambiguous",
    severity: Severity::Error,
    issue: Issue::Structure,
    summary: "An element fits two slices at once",
    explanation: "Slices must exclude each other. Either the profile is at fault, or the element has the \
                  distinguishing values of both slices.",
    bad: Example::r4(r#"{ "resourceType": "Patient", "telecom": [{ "system": "phone", "value": "1" }] }"#)
        .with(&[SAME_TWICE])
        .against(&["https://example.org/fhir/StructureDefinition/same-twice"]),
    good: Example::r4(r#"{ "resourceType": "Patient", "telecom": [{ "system": "email", "value": "a" }] }"#)
        .with(&[SAME_TWICE])
        .against(&["https://example.org/fhir/StructureDefinition/same-twice"]),
    source: "http://hl7.org/fhir/R4/profiling.html#slicing",
};

/// Nothing tells the slices apart.
pub static SLICING_NOT_CHECKED: Rule = Rule {
    code: "slicing-not-checked",
    severity: Severity::Warning,
    issue: Issue::NotSupported,
    summary: "It could not be determined which slice an element belongs to",
    explanation: "Either the profile does not say what tells a slice apart, which its author should fix, or that \
                  depends on something that is not available: a resource outside the payload, a code system, a \
                  profile. The constraints of the slice on the element were not checked; whether there are enough \
                  elements for all slices was.",
    bad: Example::r4(r#"{ "resourceType": "Patient", "telecom": [{ "system": "phone", "value": "1" }] }"#)
        .with(&[UNTOLD])
        .against(&["https://example.org/fhir/StructureDefinition/untold"]),
    good: Example::r4(r#"{ "resourceType": "Patient" }"#)
        .with(&[UNTOLD])
        .against(&["https://example.org/fhir/StructureDefinition/untold"]),
    source: "http://hl7.org/fhir/R4/profiling.html#discriminator",
};
