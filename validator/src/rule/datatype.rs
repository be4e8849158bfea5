//! Rules on datatypes that their element definitions cannot express.

use ers_fhir_report::Severity;
use ers_fhir_report::{Example, Issue, Rule};

const IDENTIFIED: Example = Example::r4(
    r#"{ "resourceType": "Patient", "identifier": [{ "system": "http://example.org/ids", "value": "1" }] }"#,
);

/// The system of an identifier is relative.
pub static IDENTIFIER_SYSTEM_RELATIVE: Rule = Rule {
    code: "identifier-system-relative",
    severity: Severity::Error,
    issue: Issue::Value,
    summary: "The system of an identifier is a relative URI",
    explanation: "The system makes the value globally unique, so it is an absolute URI.",
    bad: Example::r4(r#"{ "resourceType": "Patient", "identifier": [{ "system": "ids", "value": "1" }] }"#),
    good: IDENTIFIED,
    source: "http://hl7.org/fhir/R4/datatypes.html#Identifier",
};

/// The value should be a URI but is not.
pub static IDENTIFIER_NOT_URI: Rule = Rule {
    code: "identifier-not-uri",
    severity: Severity::Error,
    issue: Issue::Value,
    summary: "The identifier is said to be a URI but is not",
    explanation: "The system urn:ietf:rfc:3986 says that the value is itself a URI, so it starts with a scheme: \
                  'urn:oid:', 'urn:uuid:', 'https:'.",
    bad: Example::r4(
        r#"{ "resourceType": "Patient", "identifier": [{ "system": "urn:ietf:rfc:3986", "value": "1.2.3" }] }"#,
    ),
    good: Example::r4(
        r#"{ "resourceType": "Patient", "identifier": [{ "system": "urn:ietf:rfc:3986", "value": "urn:oid:1.2.3" }] }"#,
    ),
    source: "http://hl7.org/fhir/R4/datatypes.html#Identifier",
};

/// The value cannot belong to its system.
pub static IDENTIFIER_MALFORMED: Rule = Rule {
    code: "identifier-malformed",
    severity: Severity::Warning,
    issue: Issue::Value,
    summary: "The value of an identifier does not have the form that its system requires",
    explanation: "UUIDs, OIDs and identifiers with a check digit have a fixed form. A value in any other form does not \
                  exist.",
    bad: Example::r4(
        r#"{ "resourceType": "Patient", "identifier": [{ "system": "urn:ietf:rfc:4122", "value": "10816a16-54d6" }] }"#,
    ),
    good: Example::r4(
        r#"{ "resourceType": "Patient", "identifier": [{ "system": "urn:ietf:rfc:4122", "value": "10816a16-54d6-4b6a-8b7a-1d2f3c4b5a69" }] }"#,
    ),
    source: "http://hl7.org/fhir/R4/datatypes.html#Identifier",
};

/// The size of an attachment is not that of its data.
pub static ATTACHMENT_SIZE: Rule = Rule {
    code: "attachment-size",
    severity: Severity::Error,
    issue: Issue::Value,
    summary: "The size of an attachment is not that of its data",
    explanation: "The size counts the bytes before base64 encoding.",
    bad: Example::r4(
        r#"{ "resourceType": "Patient", "photo": [{ "contentType": "text/plain", "data": "QUJD", "size": 4 }] }"#,
    ),
    good: Example::r4(
        r#"{ "resourceType": "Patient", "photo": [{ "contentType": "text/plain", "data": "QUJD", "size": 3 }] }"#,
    ),
    source: "http://hl7.org/fhir/R4/datatypes.html#Attachment",
};

/// A canonical URL is relative.
pub static CANONICAL_RELATIVE: Rule = Rule {
    code: "canonical-relative",
    severity: Severity::Error,
    issue: Issue::Value,
    summary: "A URL that names a definition is relative",
    explanation: "The url of a definition, the code systems of a value set and the profiles that a payload declares \
                  must mean the same to every reader, so they are absolute URLs. Other references to a definition give \
                  its absolute URL, or # and the id of a contained one; anything else is a warning.",
    bad: Example::r4(r#"{ "resourceType": "ValueSet", "url": "ValueSet/mine", "status": "draft" }"#),
    good: Example::r4(
        r#"{ "resourceType": "ValueSet", "url": "http://example.org/ValueSet/mine", "status": "draft" }"#,
    ),
    source: "http://hl7.org/fhir/R4/references.html#canonical",
};

/// A canonical URL names another kind of definition.
pub static CANONICAL_TYPE: Rule = Rule {
    code: "canonical-type",
    severity: Severity::Error,
    issue: Issue::Value,
    summary: "A URL names a definition of a type that is not allowed there",
    explanation: "An element that holds a canonical URL says which types of definition it may name: a ValueSet for a \
                  binding, for example. Only loaded definitions are checked.",
    bad: Example::r4(
        r#"{ "resourceType": "CarePlan", "status": "draft", "intent": "plan", "subject": { "display": "a patient" },
  "instantiatesCanonical": ["http://hl7.org/fhir/ValueSet/administrative-gender"] }"#,
    ),
    good: Example::r4(
        r#"{ "resourceType": "CarePlan", "status": "draft", "intent": "plan", "subject": { "display": "a patient" },
  "instantiatesCanonical": ["http://example.org/PlanDefinition/mine"] }"#,
    ),
    source: "http://hl7.org/fhir/R4/references.html#canonical",
};

/// The hash of an attachment is not that of its data.
pub static ATTACHMENT_HASH: Rule = Rule {
    code: "attachment-hash",
    severity: Severity::Error,
    issue: Issue::Value,
    summary: "The hash of an attachment is not that of its data",
    explanation: "The hash is the SHA-1 of the bytes before base64 encoding, itself in base64.",
    bad: Example::r4(
        r#"{ "resourceType": "Patient", "photo": [{ "contentType": "text/plain", "data": "QUJD", "hash": "QUJD" }] }"#,
    ),
    good: Example::r4(
        r#"{ "resourceType": "Patient", "photo": [{ "contentType": "text/plain", "data": "QUJD", "hash": "PAG9uybzWLqyfyZ5JKosmgP8/bg=" }] }"#,
    ),
    source: "http://hl7.org/fhir/R4/datatypes-definitions.html#Attachment.hash",
};

/// A security label is given twice.
pub static DUPLICATE_SECURITY_LABEL: Rule = Rule {
    code: "duplicate-security-label",
    severity: Severity::Error,
    issue: Issue::BusinessRule,
    summary: "A resource carries a security label twice",
    explanation: "The security labels of a resource are a set: each code of a system occurs only once.",
    bad: Example::r4(
        r#"{ "resourceType": "Patient", "meta": { "security": [
    { "system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": "HTEST" },
    { "system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": "HTEST" }] } }"#,
    ),
    good: Example::r4(
        r#"{ "resourceType": "Patient", "meta": { "security": [
    { "system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": "HTEST" }] } }"#,
    ),
    source: "http://hl7.org/fhir/R4/resource.html#Meta",
};

/// An expression that is not FHIRPath.
pub static EXPRESSION_SYNTAX: Rule = Rule {
    code: "expression-syntax",
    severity: Severity::Error,
    issue: Issue::Value,
    summary: "An expression in FHIRPath cannot be read",
    explanation: "An Expression with the language text/fhirpath is valid FHIRPath: in the criteria of a Measure, the \
                  conditions of a PlanDefinition, an extension, or anywhere else.",
    bad: Example::r4(
        r#"{ "resourceType": "PlanDefinition", "status": "draft", "action": [{ "title": "a", "condition": [{
    "kind": "applicability", "expression": { "language": "text/fhirpath", "expression": "Patient.(active" } }] }] }"#,
    ),
    good: Example::r4(
        r#"{ "resourceType": "PlanDefinition", "status": "draft", "action": [{ "title": "a", "condition": [{
    "kind": "applicability", "expression": { "language": "text/fhirpath", "expression": "Patient.active" } }] }] }"#,
    ),
    source: "http://hl7.org/fhir/R4/metadatatypes-definitions.html#Expression.expression",
};

/// The address of an artifact, beside the artifact.
pub static RELATED_ARTIFACT_URL: Rule = Rule {
    code: "related-artifact-url",
    severity: Severity::Error,
    issue: Issue::BusinessRule,
    summary: "A related artifact has a URL beside its document or resource",
    explanation: "If a related artifact has document or resource, the address is given there: in document.url, or as \
                  the canonical URL of the resource. RelatedArtifact.url is for artifacts that have neither.",
    bad: Example::r4(
        r#"{ "resourceType": "Library", "status": "draft", "type": { "text": "a" }, "relatedArtifact": [{
    "type": "citation", "url": "http://example.org/a", "document": { "url": "http://example.org/a.pdf" } }] }"#,
    ),
    good: Example::r4(
        r#"{ "resourceType": "Library", "status": "draft", "type": { "text": "a" }, "relatedArtifact": [{
    "type": "citation", "document": { "url": "http://example.org/a.pdf" } }] }"#,
    ),
    source: "http://hl7.org/fhir/R4/metadatatypes-definitions.html#RelatedArtifact.url",
};

/// The rules of this file, in the order of the documentation.
pub(super) static RULES: &[&Rule] = &[
    &IDENTIFIER_SYSTEM_RELATIVE,
    &IDENTIFIER_NOT_URI,
    &IDENTIFIER_MALFORMED,
    &ATTACHMENT_SIZE,
    &ATTACHMENT_HASH,
    &CANONICAL_RELATIVE,
    &CANONICAL_TYPE,
    &DUPLICATE_SECURITY_LABEL,
    &EXPRESSION_SYNTAX,
    &RELATED_ARTIFACT_URL,
];
