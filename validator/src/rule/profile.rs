//! Rules on profiles and the types that they allow.

use ers_fhir_report::Severity;
use ers_fhir_report::{Example, Issue, Rule};

/// The rules of this family.
pub(super) static RULES: &[&Rule] = &[
    &UNKNOWN_PROFILE,
    &PROFILE_TYPE,
    &WRONG_TYPE,
    &NO_PROFILE_MATCHES,
    &UNUSABLE_DEFINITION,
    &DEFINITION_RELEASE,
    &NO_PROFILE,
];

const DATED: &str = r#"{ "resourceType": "StructureDefinition", "url": "https://example.org/fhir/StructureDefinition/dated",
  "name": "Example", "status": "active", "fhirVersion": "4.0.1", "kind": "resource", "abstract": false, "type": "Patient",
  "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient", "derivation": "constraint",
  "differential": { "element": [ { "id": "Patient", "path": "Patient" }, { "id": "Patient.deceased[x]", "path": "Patient.deceased[x]", "type": [{ "code": "dateTime" }] } ] } }"#;

const ROOTLESS: &str = r#"{ "resourceType": "StructureDefinition", "url": "https://example.org/fhir/StructureDefinition/rootless",
  "name": "Example", "status": "active", "fhirVersion": "4.0.1", "kind": "resource", "abstract": false, "type": "Patient",
  "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient", "derivation": "constraint",
  "differential": { "element": [ { "id": "Patient", "path": "Patient" }, { "id": "Patient.nonsense", "path": "Patient.nonsense", "min": 1 } ] } }"#;

/// No such profile.
pub static UNKNOWN_PROFILE: Rule = Rule {
    code: "unknown-profile",
    severity: Severity::Warning,
    issue: Issue::NotFound,
    summary: "A profile is not in any loaded package",
    explanation: "The payload declares a profile, or a definition asks for one, that is not loaded, so conformance to \
                  it was not checked. Correct the URL, or load the package that defines it with --ig. A definition of \
                  the other FHIR release is not used. If all profiles of a publisher are known, any other profile of \
                  that publisher is an error, and so is one that differs from a known profile only in form: http: for \
                  https:, the case of a letter, a slash at the end.",
    bad: Example::r4(
        r#"{ "resourceType": "Patient", "meta": { "profile": ["https://example.org/fhir/StructureDefinition/nowhere"] } }"#,
    ),
    good: Example::r4(r#"{ "resourceType": "Patient" }"#),
    source: "http://hl7.org/fhir/R4/profiling.html",
};

/// A profile on another type.
pub static PROFILE_TYPE: Rule = Rule {
    code: "profile-type",
    severity: Severity::Error,
    issue: Issue::Structure,
    summary: "The profile is for another type",
    explanation: "A profile constrains one type. This one is declared, or requested, for something of another type.",
    bad: Example::r4(
        r#"{ "resourceType": "Patient", "meta": { "profile": ["http://hl7.org/fhir/StructureDefinition/bp"] } }"#,
    ),
    good: Example::r4(r#"{ "resourceType": "Patient" }"#),
    source: "http://hl7.org/fhir/R4/profiling.html",
};

/// A type that the profile excludes.
pub static WRONG_TYPE: Rule = Rule {
    code: "wrong-type",
    severity: Severity::Error,
    issue: Issue::Structure,
    summary: "The value has a type that the profile does not allow",
    explanation: "Where the base definition offers several types, a profile may keep only some of them.",
    bad: Example::r4(r#"{ "resourceType": "Patient", "deceasedBoolean": true }"#)
        .with(&[DATED])
        .against(&["https://example.org/fhir/StructureDefinition/dated"]),
    good: Example::r4(r#"{ "resourceType": "Patient", "deceasedDateTime": "2020-01-01" }"#)
        .with(&[DATED])
        .against(&["https://example.org/fhir/StructureDefinition/dated"]),
    source: "http://hl7.org/fhir/R4/profiling.html",
};

/// Conforms to none of several profiles.
pub static NO_PROFILE_MATCHES: Rule = Rule {
    code: "no-profile-matches",
    severity: Severity::Error,
    issue: Issue::Structure,
    summary: "The element conforms to none of the profiles that are allowed here",
    explanation: "The definition names several profiles, and the element must conform to one of them. Check it against \
                  the one you meant to see what is wrong with it.",
    bad: EITHER_BAD,
    good: EITHER_GOOD,
    source: "http://hl7.org/fhir/R4/profiling.html",
};

const EITHER: &str = r#"{ "resourceType": "StructureDefinition", "url": "https://example.org/fhir/StructureDefinition/either",
  "name": "Example", "status": "active", "fhirVersion": "4.0.1", "kind": "resource", "abstract": false, "type": "Patient",
  "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient", "derivation": "constraint",
  "differential": { "element": [ { "id": "Patient", "path": "Patient" }, { "id": "Patient.name", "path": "Patient.name", "type": [{ "code": "HumanName", "profile": ["https://example.org/fhir/StructureDefinition/first", "https://example.org/fhir/StructureDefinition/last"] }] } ] } }"#;

const FIRST: &str = r#"{ "resourceType": "StructureDefinition", "url": "https://example.org/fhir/StructureDefinition/first",
  "name": "Example", "status": "active", "fhirVersion": "4.0.1", "kind": "complex-type", "abstract": false, "type": "HumanName",
  "baseDefinition": "http://hl7.org/fhir/StructureDefinition/HumanName", "derivation": "constraint",
  "differential": { "element": [ { "id": "HumanName", "path": "HumanName" }, { "id": "HumanName.given", "path": "HumanName.given", "min": 1 } ] } }"#;

const LAST: &str = r#"{ "resourceType": "StructureDefinition", "url": "https://example.org/fhir/StructureDefinition/last",
  "name": "Example", "status": "active", "fhirVersion": "4.0.1", "kind": "complex-type", "abstract": false, "type": "HumanName",
  "baseDefinition": "http://hl7.org/fhir/StructureDefinition/HumanName", "derivation": "constraint",
  "differential": { "element": [ { "id": "HumanName", "path": "HumanName" }, { "id": "HumanName.family", "path": "HumanName.family", "min": 1 } ] } }"#;

const EITHER_BAD: Example = Example::r4(r#"{ "resourceType": "Patient", "name": [{ "text": "A. Jones" }] }"#)
    .with(&[EITHER, FIRST, LAST])
    .against(&["https://example.org/fhir/StructureDefinition/either"]);

const EITHER_GOOD: Example = Example::r4(r#"{ "resourceType": "Patient", "name": [{ "family": "Jones" }] }"#)
    .with(&[EITHER, FIRST, LAST])
    .against(&["https://example.org/fhir/StructureDefinition/either"]);

/// A definition that cannot be used.
pub static UNUSABLE_DEFINITION: Rule = Rule {
    code: "unusable-definition",
    severity: Severity::Warning,
    issue: Issue::NotSupported,
    summary: "A definition is faulty, so it or one of its elements could not be checked",
    explanation: "The definition is loaded, but contradicts its base or itself. The message says where, and whether \
                  the rest of it was checked. Tell the author of the definition.",
    bad: Example::r4(r#"{ "resourceType": "Patient" }"#)
        .with(&[ROOTLESS])
        .against(&["https://example.org/fhir/StructureDefinition/rootless"]),
    good: Example::r4(r#"{ "resourceType": "Patient" }"#),
    source: "http://hl7.org/fhir/R4/profiling.html",
};

/// A definition of another release.
pub static DEFINITION_RELEASE: Rule = Rule {
    code: "definition-release",
    severity: Severity::Warning,
    issue: Issue::NotSupported,
    summary: "A definition is written for a different FHIR release from that of the payload",
    explanation: "The fhirVersion of the definition, or of its package, is neither STU3 nor R4. It was used as though \
                  it were written for the release of the payload, so anything that changed between the releases may be \
                  judged wrongly. Load the package that its publisher provides for the release of the payload.",
    bad: Example::r4(r#"{ "resourceType": "Patient" }"#)
        .with(&[LATER])
        .against(&["https://example.org/fhir/StructureDefinition/later"]),
    good: Example::r4(r#"{ "resourceType": "Patient", "deceasedDateTime": "2020-01-01" }"#)
        .with(&[DATED])
        .against(&["https://example.org/fhir/StructureDefinition/dated"]),
    source: "http://hl7.org/fhir/R4/structuredefinition-definitions.html#StructureDefinition.fhirVersion",
};

const LATER: &str = r#"{ "resourceType": "StructureDefinition", "url": "https://example.org/fhir/StructureDefinition/later",
  "name": "Example", "status": "active", "fhirVersion": "5.0.0", "kind": "resource", "abstract": false, "type": "Patient",
  "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient", "derivation": "constraint",
  "differential": { "element": [ { "id": "Patient", "path": "Patient" } ] } }"#;

/// No profile is declared or requested.
pub static NO_PROFILE: Rule = Rule {
    code: "no-profile",
    severity: Severity::Information,
    issue: Issue::Informational,
    summary: "No profile is declared or requested, though one for this type is known",
    explanation: "The payload was checked against base FHIR alone. A service that works with profiles will require \
                  more: name the profile in meta.profile, or give it with --profile.",
    bad: Example::r4(r#"{ "resourceType": "Patient", "active": true }"#).with(&[DATED]),
    good: Example::r4(
        r#"{ "resourceType": "Patient",
  "meta": { "profile": ["https://example.org/fhir/StructureDefinition/dated"] }, "active": true }"#,
    )
    .with(&[DATED]),
    source: "http://hl7.org/fhir/R4/resource.html#Meta",
};
