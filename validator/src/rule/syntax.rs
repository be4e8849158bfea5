//! Rules on how a payload is written.

use super::{Example, Issue, Payload, Rule};
use crate::diagnostic::Severity;
use ers_fhir_profiles::FhirVersion;

const PATIENT: Example = Example::r4(r#"{ "resourceType": "Patient", "active": true }"#);

/// The bytes are not UTF-8.
pub static INVALID_UTF8: Rule = Rule {
    code: "invalid-utf8",
    severity: Severity::Fatal,
    issue: Issue::Invalid,
    summary: "The payload is not UTF-8 text",
    explanation: "FHIR JSON and XML are always UTF-8. Save the file again in that encoding; \
                  exports from Windows tools are often UTF-16 or Windows-1252.",
    bad: Example {
        version: FhirVersion::R4,
        payload: Payload::Bytes(b"{ \"resourceType\": \"Pat\xffient\" }"),
        profiles: &[],
    },
    good: PATIENT,
    source: "http://hl7.org/fhir/R4/json.html",
};

/// Nested too deep or too large.
pub static LIMIT_EXCEEDED: Rule = Rule {
    code: "limit-exceeded",
    severity: Severity::Fatal,
    issue: Issue::TooLong,
    summary: "The payload is nested too deep or is too large to be read",
    explanation: "Reading stops at 200 levels of nesting and at 512 MB, so that a hostile payload cannot \
                  exhaust memory. No FHIR resource comes near either; split large data into several Bundles.",
    bad: Example { version: FhirVersion::R4, payload: Payload::Repeated("[", 1000), profiles: &[] },
    good: PATIENT,
    source: "http://hl7.org/fhir/R4/security.html",
};
