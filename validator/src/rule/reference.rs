//! Rules on references.

use ers_fhir_report::Severity;
use ers_fhir_report::{Example, Issue, Rule};

pub(super) static RULES: &[&Rule] = &[
    &REFERENCE_FORMAT,
    &UNRESOLVED_LOCAL_REFERENCE,
    &REFERENCE_UNKNOWN_TYPE,
    &REFERENCE_TARGET_TYPE,
    &REFERENCE_TYPE_MISMATCH,
    &REFERENCE_AGGREGATION,
    &REFERENCE_UNKNOWN_PROFILE,
    &REFERENCE_NOT_IN_BUNDLE,
];

const ORGANIZATION: Example = Example::r4(
    r#"{ "resourceType": "Patient", "managingOrganization": { "reference": "Organization/rxl" } }"#,
);

const CONTAINED_ORGANIZATION: Example = Example::r4(
    r##"{ "resourceType": "Patient", "contained": [{ "resourceType": "Organization", "id": "org", "name": "RXL" }],
          "managingOrganization": { "reference": "#org" } }"##,
);

const MANAGED: &str = "https://example.org/fhir/StructureDefinition/managed";
const CONTAINED_ONLY: &str = r#"{ "resourceType": "StructureDefinition",
  "url": "https://example.org/fhir/StructureDefinition/managed",
  "name": "Managed", "status": "active", "fhirVersion": "4.0.1", "kind": "resource", "abstract": false, "type": "Patient",
  "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient", "derivation": "constraint",
  "differential": { "element": [{ "id": "Patient.managingOrganization", "path": "Patient.managingOrganization",
    "type": [{ "code": "Reference", "targetProfile": ["http://hl7.org/fhir/StructureDefinition/Organization"],
               "aggregation": ["contained"] }] }] } }"#;
const UNKNOWN_TARGET: &str = r#"{ "resourceType": "StructureDefinition",
  "url": "https://example.org/fhir/StructureDefinition/managed",
  "name": "Managed", "status": "active", "fhirVersion": "4.0.1", "kind": "resource", "abstract": false, "type": "Patient",
  "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient", "derivation": "constraint",
  "differential": { "element": [{ "id": "Patient.managingOrganization", "path": "Patient.managingOrganization",
    "type": [{ "code": "Reference",
               "targetProfile": ["https://example.org/fhir/StructureDefinition/not-loaded"] }] }] } }"#;

/// Not in the form of a reference.
pub static REFERENCE_FORMAT: Rule = Rule {
    code: "reference-format",
    severity: Severity::Error,
    issue: Issue::Value,
    summary: "The text is not a reference",
    explanation: "A reference is Type/id relative to the server, an absolute URL, a URN (urn:uuid: ...), #id of a \
                  contained resource, or in a transaction a search such as Type?identifier=... A bare id does not say \
                  which type of resource it identifies. If only a business identifier is known, use \
                  Reference.identifier instead.",
    bad: Example::r4(
        r#"{ "resourceType": "Patient", "managingOrganization": { "reference": "Leeds General" } }"#,
    ),
    good: ORGANIZATION,
    source: "http://hl7.org/fhir/R4/references.html#literal",
};

/// `#id` without a contained resource that has this id.
pub static UNRESOLVED_LOCAL_REFERENCE: Rule = Rule {
    code: "unresolved-local-reference",
    severity: Severity::Error,
    issue: Issue::NotFound,
    summary: "A local reference has no target",
    explanation: "A reference that starts with # refers by id to a resource in 'contained' of the same resource. Add \
                  the contained resource, or correct the id; ids are compared letter by letter. A # alone is how a \
                  contained resource refers to its container, and means nothing elsewhere.",
    bad: Example::r4(r##"{ "resourceType": "Patient", "managingOrganization": { "reference": "#org" } }"##),
    good: CONTAINED_ORGANIZATION,
    source: "http://hl7.org/fhir/R4/references.html#contained",
};

/// The type in a relative reference does not exist.
pub static REFERENCE_UNKNOWN_TYPE: Rule = Rule {
    code: "reference-unknown-type",
    severity: Severity::Error,
    issue: Issue::Value,
    summary: "A reference names a resource type that does not exist",
    explanation: "The first part of a relative reference is the resource type, spelled with capitals as in \
                  the specification of the release in use.",
    bad: Example::r4(
        r#"{ "resourceType": "Patient", "managingOrganization": { "reference": "Organisation/rxl" } }"#,
    ),
    good: ORGANIZATION,
    source: "http://hl7.org/fhir/R4/references.html#literal",
};

/// The target is not of an allowed type.
pub static REFERENCE_TARGET_TYPE: Rule = Rule {
    code: "reference-target-type",
    severity: Severity::Error,
    issue: Issue::Structure,
    summary: "A reference points to a resource of a type that is not allowed there",
    explanation: "The element's definition lists the resource types that it may refer to; this holds for references by \
                  identifier too. If the type is known only from the text of the reference, because the target is not \
                  in the payload, this is a warning.",
    bad: Example::r4(
        r##"{ "resourceType": "Patient", "contained": [{ "resourceType": "Practitioner", "id": "p", "active": true }],
              "managingOrganization": { "reference": "#p" } }"##,
    ),
    good: ORGANIZATION,
    source: "http://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.type.targetProfile",
};

/// The reference says one type, the target is another.
pub static REFERENCE_TYPE_MISMATCH: Rule = Rule {
    code: "reference-type-mismatch",
    severity: Severity::Error,
    issue: Issue::Structure,
    summary: "A reference says that its target is of one type, but it is of another",
    explanation: "The type in Type/id, the Reference.type and the type of the target must be the same.",
    bad: Example::r4(
        r#"{ "resourceType": "Patient",
             "managingOrganization": { "reference": "Organization/rxl", "type": "Location" } }"#,
    ),
    good: Example::r4(
        r#"{ "resourceType": "Patient",
             "managingOrganization": { "reference": "Organization/rxl", "type": "Organization" } }"#,
    ),
    source: "http://hl7.org/fhir/R4/references-definitions.html#Reference.type",
};

/// The target is not where the profile wants it.
pub static REFERENCE_AGGREGATION: Rule = Rule {
    code: "reference-aggregation",
    severity: Severity::Error,
    issue: Issue::Structure,
    summary: "The target of a reference is not where the definition wants it",
    explanation: "A definition can require the target to be contained, in the same Bundle, or outside the resource \
                  (ElementDefinition.type.aggregation). Move the target, and adjust the reference to it.",
    bad: ORGANIZATION.against(&[MANAGED]).with(&[CONTAINED_ONLY]),
    good: CONTAINED_ORGANIZATION.against(&[MANAGED]).with(&[CONTAINED_ONLY]),
    source: "http://hl7.org/fhir/R4/valueset-resource-aggregation-mode.html",
};

/// The profile of a target is not loaded.
pub static REFERENCE_UNKNOWN_PROFILE: Rule = Rule {
    code: "reference-unknown-profile",
    severity: Severity::Error,
    issue: Issue::NotFound,
    summary: "The profile that the target of a reference must conform to is not loaded",
    explanation: "The target is in the payload, but no loaded package has the profile that it must conform to, so \
                  conformance was not checked. Load the package that defines the profile.",
    bad: CONTAINED_ORGANIZATION.against(&[MANAGED]).with(&[UNKNOWN_TARGET]),
    good: ORGANIZATION.against(&[MANAGED]).with(&[UNKNOWN_TARGET]),
    source: "http://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.type.targetProfile",
};

/// A URN that no entry has.
pub static REFERENCE_NOT_IN_BUNDLE: Rule = Rule {
    code: "reference-not-in-bundle",
    severity: Severity::Warning,
    issue: Issue::NotFound,
    summary: "A URN in a Bundle is not the fullUrl of any of its entries",
    explanation: "A urn:uuid: reference can only be followed inside the Bundle that carries it: the receiver has no \
                  server to ask. Add the entry, or correct the URN.",
    bad: Example::r4(
        r#"{ "resourceType": "Bundle", "type": "collection", "entry": [{
              "fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0",
              "resource": { "resourceType": "Patient", "managingOrganization": {
                "reference": "urn:uuid:6f0c1b9e-55f6-4e3f-b6f5-3a0a2a1c9b11" } } }] }"#,
    ),
    good: Example::r4(
        r#"{ "resourceType": "Bundle", "type": "collection", "entry": [
             { "fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0",
               "resource": { "resourceType": "Patient", "managingOrganization": {
                 "reference": "urn:uuid:6f0c1b9e-55f6-4e3f-b6f5-3a0a2a1c9b11" } } },
             { "fullUrl": "urn:uuid:6f0c1b9e-55f6-4e3f-b6f5-3a0a2a1c9b11",
               "resource": { "resourceType": "Organization", "name": "RXL" } }] }"#,
    ),
    source: "http://hl7.org/fhir/R4/bundle.html#references",
};
