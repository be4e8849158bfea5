//! Rules on bindings.

use ers_fhir_report::Severity;
use ers_fhir_report::{Example, Issue, Rule};

const SOURCE: &str = "http://hl7.org/fhir/R4/terminologies.html#strength";

/// Not in a set whose codes are required.
pub static BINDING_REQUIRED: Rule = Rule {
    code: "binding-required",
    severity: Severity::Error,
    issue: Issue::CodeInvalid,
    summary: "The code is not in the value set that the definition requires",
    explanation: "The element is bound to a value set with strength 'required': the code, or one of the codings of \
                  a concept, must come from it. Text alone will not do.",
    bad: Example::r4(r#"{ "resourceType": "Patient", "gender": "woman" }"#),
    good: Example::r4(r#"{ "resourceType": "Patient", "gender": "female" }"#),
    source: SOURCE,
};

/// Not in a set whose codes are expected if one fits.
pub static BINDING_EXTENSIBLE: Rule = Rule {
    code: "binding-extensible",
    severity: Severity::Warning,
    issue: Issue::CodeInvalid,
    summary: "The code is not in the value set that the definition expects",
    explanation: "The element is bound to a value set with strength 'extensible': a code from it is used unless \
                  none of them fits the meaning.",
    bad: Example::r4(
        r#"{ "resourceType": "Patient", "maritalStatus": { "coding": [{ "system": "http://hl7.org/fhir/administrative-gender", "code": "other" }] } }"#,
    ),
    good: Example::r4(
        r#"{ "resourceType": "Patient", "maritalStatus": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus", "code": "M" }] } }"#,
    ),
    source: SOURCE,
};

/// Not in a set whose codes are recommended.
pub static BINDING_PREFERRED: Rule = Rule {
    code: "binding-preferred",
    severity: Severity::Information,
    issue: Issue::CodeInvalid,
    summary: "The code is not in the value set that the definition recommends",
    explanation: "The element is bound to a value set with strength 'preferred': its codes are encouraged, others \
                  are allowed.",
    bad: Example::r4(
        r#"{ "resourceType": "Location", "operationalStatus": { "system": "http://hl7.org/fhir/administrative-gender", "code": "other" } }"#,
    ),
    good: Example::r4(
        r#"{ "resourceType": "Location", "operationalStatus": { "system": "http://terminology.hl7.org/CodeSystem/v2-0116", "code": "O" } }"#,
    ),
    source: SOURCE,
};

/// Outside the widest set.
pub static BINDING_WIDEST: Rule = Rule {
    code: "binding-widest",
    severity: Severity::Error,
    issue: Issue::CodeInvalid,
    summary: "The code is outside the widest value set that the definition allows",
    explanation: "In addition to the value set of the binding, a definition may name a widest one (maxValueSet), which \
                  every code must come from, however weak the binding is. A code from an unknown system is only a \
                  warning, as the system may be known to the set under another name.",
    bad: Example::r4(r#"{ "resourceType": "Patient", "language": "en_GB" }"#),
    good: Example::r4(r#"{ "resourceType": "Patient", "language": "en-GB" }"#),
    source: "http://hl7.org/fhir/R4/extension-elementdefinition-maxvalueset.html",
};

/// The rules of this file, in the order of the documentation.
pub(super) static RULES: &[&Rule] =
    &[&BINDING_REQUIRED, &BINDING_EXTENSIBLE, &BINDING_PREFERRED, &BINDING_WIDEST];
