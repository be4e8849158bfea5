//! Rules on how often elements occur.

use ers_fhir_report::Severity;
use ers_fhir_report::{Example, Issue, Rule};

/// The rules of this family.
pub(super) static RULES: &[&Rule] = &[&CARDINALITY_MIN, &CARDINALITY_MAX];

/// Too few.
pub static CARDINALITY_MIN: Rule = Rule {
    code: "cardinality-min",
    severity: Severity::Error,
    issue: Issue::Required,
    summary: "A required element is missing, or occurs too few times",
    explanation: "The definition gives a minimum for this element and the payload has fewer. The message names the \
                  profile or type that requires it.",
    bad: Example::r4(
        r#"{ "resourceType": "Patient", "link": [{ "other": { "display": "older record" } }] }"#,
    ),
    good: Example::r4(
        r#"{ "resourceType": "Patient", "link": [{ "other": { "display": "older record" }, "type": "seealso" }] }"#,
    ),
    source: "http://hl7.org/fhir/R4/conformance-rules.html#cardinality",
};

/// Too many.
pub static CARDINALITY_MAX: Rule = Rule {
    code: "cardinality-max",
    severity: Severity::Error,
    issue: Issue::Structure,
    summary: "An element occurs too many times, or is not allowed",
    explanation: "The definition gives a maximum for this element and the payload has more. A maximum of 0 means that \
                  a profile forbids the element.",
    bad: Example::r4(
        r#"{ "resourceType": "Patient", "deceasedBoolean": true, "deceasedDateTime": "2020-01-01" }"#,
    ),
    good: Example::r4(r#"{ "resourceType": "Patient", "deceasedDateTime": "2020-01-01" }"#),
    source: "http://hl7.org/fhir/R4/conformance-rules.html#cardinality",
};
