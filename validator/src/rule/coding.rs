//! Rules on codings.

use ers_fhir_report::Severity;
use ers_fhir_report::{Example, Issue, Rule};

const GOOD: Example = Example::r4(
    r#"{ "resourceType": "Basic", "code": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus", "code": "M", "display": "Married" }] } }"#,
);

const SOURCE: &str = "http://hl7.org/fhir/R4/datatypes.html#Coding";

/// The code does not exist.
pub static UNKNOWN_CODE: Rule = Rule {
    code: "unknown-code",
    severity: Severity::Error,
    issue: Issue::CodeInvalid,
    summary: "The code system has no such code",
    explanation: "All codes of the code system are known, and this is not one of them. Whether case matters is up to \
                  the code system; usually it does.",
    bad: Example::r4(
        r#"{ "resourceType": "Basic", "code": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus", "code": "XX" }] } }"#,
    ),
    good: GOOD,
    source: SOURCE,
};

/// The display is a different one.
pub static WRONG_DISPLAY: Rule = Rule {
    code: "wrong-display",
    severity: Severity::Error,
    issue: Issue::Value,
    summary: "The display is not what the code system calls the code",
    explanation: "A display that disagrees with its code is dangerous: people read the display, programs the code. Use \
                  a display from the code system, or leave the display out and put your own words in the text.",
    bad: Example::r4(
        r#"{ "resourceType": "Basic", "code": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus", "code": "M", "display": "Divorced" }] } }"#,
    ),
    good: GOOD,
    source: SOURCE,
};

/// The code cannot be checked offline.
pub static CODE_NOT_CHECKED: Rule = Rule {
    code: "code-not-checked",
    severity: Severity::Information,
    issue: Issue::NotSupported,
    summary: "Codes of a code system or value set could not be checked offline",
    explanation: "SNOMED CT, LOINC and other large code systems are not part of this tool. Whether one of their codes \
                  is right, only a terminology server can tell. This is reported once for each code system in a \
                  payload.",
    bad: Example::r4(
        r#"{ "resourceType": "Basic", "code": { "coding": [{ "system": "http://snomed.info/sct", "code": "404684003" }] } }"#,
    ),
    good: GOOD,
    source: "http://hl7.org/fhir/R4/terminologies-systems.html",
};

/// No system.
pub static CODING_WITHOUT_SYSTEM: Rule = Rule {
    code: "coding-without-system",
    severity: Severity::Warning,
    issue: Issue::CodeInvalid,
    summary: "A code has no system",
    explanation: "The same code means different things in different systems, so a code without one has no defined \
                  meaning.",
    bad: Example::r4(r#"{ "resourceType": "Basic", "code": { "coding": [{ "code": "M" }] } }"#),
    good: GOOD,
    source: SOURCE,
};

/// The system is a relative URI.
pub static CODING_SYSTEM_RELATIVE: Rule = Rule {
    code: "coding-system-relative",
    severity: Severity::Error,
    issue: Issue::CodeInvalid,
    summary: "The system of a code is a relative URI",
    explanation: "The system must identify the code system to every reader, so it is an absolute URI, never a path or \
                  a link to a contained resource.",
    bad: Example::r4(
        r##"{ "resourceType": "Basic", "code": { "coding": [{ "system": "#local", "code": "M" }] } }"##,
    ),
    good: GOOD,
    source: SOURCE,
};

/// The system is a value set.
pub static CODING_SYSTEM_IS_VALUE_SET: Rule = Rule {
    code: "coding-system-is-value-set",
    severity: Severity::Error,
    issue: Issue::CodeInvalid,
    summary: "The system of a code is the URL of a value set",
    explanation: "A value set picks codes from code systems but defines none. Give the URL of the code system that \
                  the code comes from.",
    bad: Example::r4(
        r#"{ "resourceType": "Basic", "code": { "coding": [{ "system": "http://hl7.org/fhir/ValueSet/marital-status", "code": "M" }] } }"#,
    ),
    good: GOOD,
    source: SOURCE,
};

/// The system is a supplement.
pub static CODING_SYSTEM_IS_SUPPLEMENT: Rule = Rule {
    code: "coding-system-is-supplement",
    severity: Severity::Error,
    issue: Issue::CodeInvalid,
    summary: "The system of a code is the URL of a supplement",
    explanation: "A supplement adds displays and properties to the codes of a code system and defines none of its \
                  own. Give the URL of the code system that it supplements.",
    bad: Example::r4(
        r#"{ "resourceType": "Basic", "code": { "coding": [{ "system": "http://example.org/CodeSystem/welsh", "code": "referral" }] } }"#,
    )
    .with(&[WELSH]),
    good: Example::r4(
        r#"{ "resourceType": "Basic", "code": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/basic-resource-type", "code": "referral" }] } }"#,
    )
    .with(&[WELSH]),
    source: "http://hl7.org/fhir/R4/codesystem.html#supplements",
};

/// The system is almost a well-known one.
pub static CODING_SYSTEM_MISSPELT: Rule = Rule {
    code: "coding-system-misspelt",
    severity: Severity::Warning,
    issue: Issue::CodeInvalid,
    summary: "The system of a code is almost the URL of a well-known code system",
    explanation: "URLs of code systems are compared character by character: with another scheme, a slash at the end, \
                  or an OID in place of the URL, it names a different code system, whose codes nobody knows.",
    bad: Example::r4(
        r#"{ "resourceType": "Basic", "code": { "coding": [{ "system": "https://snomed.info/sct/", "code": "404684003" }] } }"#,
    ),
    good: Example::r4(
        r#"{ "resourceType": "Basic", "code": { "coding": [{ "system": "http://snomed.info/sct", "code": "404684003" }] } }"#,
    ),
    source: "http://hl7.org/fhir/R4/terminologies-systems.html",
};

/// The code cannot belong to its system.
pub static CODE_MALFORMED: Rule = Rule {
    code: "code-malformed",
    severity: Severity::Warning,
    issue: Issue::CodeInvalid,
    summary: "The code does not have the form that its code system requires",
    explanation: "Codes of SNOMED CT and LOINC contain a check digit that reveals typing mistakes: this code does not \
                  exist, or does not identify a concept.",
    bad: Example::r4(
        r#"{ "resourceType": "Basic", "code": { "coding": [{ "system": "http://loinc.org", "code": "8480-7" }] } }"#,
    ),
    good: Example::r4(
        r#"{ "resourceType": "Basic", "code": { "coding": [{ "system": "http://loinc.org", "code": "8480-6" }] } }"#,
    ),
    source: "http://hl7.org/fhir/R4/terminologies-systems.html",
};

const WELSH: &str = r#"{ "resourceType": "CodeSystem", "url": "http://example.org/CodeSystem/welsh", "status": "active",
  "content": "supplement", "supplements": "http://terminology.hl7.org/CodeSystem/basic-resource-type",
  "concept": [{ "code": "referral", "designation": [{ "language": "cy", "value": "Atgyfeirio" }] }] }"#;

/// The rules of this file, in the order of the documentation.
pub(super) static RULES: &[&Rule] = &[
    &UNKNOWN_CODE,
    &WRONG_DISPLAY,
    &CODE_NOT_CHECKED,
    &CODING_WITHOUT_SYSTEM,
    &CODING_SYSTEM_RELATIVE,
    &CODING_SYSTEM_IS_VALUE_SET,
    &CODING_SYSTEM_IS_SUPPLEMENT,
    &CODING_SYSTEM_MISSPELT,
    &CODE_MALFORMED,
];
