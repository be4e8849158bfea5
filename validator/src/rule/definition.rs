//! Rules on StructureDefinition, SearchParameter and Questionnaire resources.

use ers_fhir_report::Severity;
use ers_fhir_report::{Example, Issue, Rule};

pub(super) static RULES: &[&Rule] = &[
    &PROFILE_LOOSENS,
    &DISCRIMINATOR_PATH,
    &CONSTRAINT_EXPRESSION,
    &SEARCH_PARAMETER_EXPRESSION,
    &SEARCH_PARAMETER_COMPONENTS,
    &SEARCH_PARAMETER_DERIVED,
    &ENABLE_WHEN_QUESTION,
];

/// A profile on Patient with one element.
macro_rules! profile {
    ($element:literal) => {
        Example::r4(concat!(
            r#"{ "resourceType": "StructureDefinition", "url": "http://example.org/StructureDefinition/a",
  "name": "A", "status": "active", "kind": "resource", "abstract": false, "type": "Patient",
  "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient", "derivation": "constraint",
  "differential": { "element": ["#,
            $element,
            "] } }"
        ))
    };
}

/// A search parameter: its type, the resource it is for, and what else it says.
macro_rules! search_parameter {
    ($kind:literal, $base:literal, $rest:literal) => {
        Example::r4(concat!(
            r#"{ "resourceType": "SearchParameter", "url": "http://example.org/SearchParameter/a", "name": "a",
  "status": "active", "description": "An example.", "code": "a", "type": ""#,
            $kind,
            r#"", "base": [""#,
            $base,
            r#""], "#,
            $rest,
            " }"
        ))
    };
}

/// A profile that allows more than its base.
pub static PROFILE_LOOSENS: Rule = Rule {
    code: "profile-loosens-base",
    severity: Severity::Error,
    issue: Issue::BusinessRule,
    summary: "A profile allows what its base does not",
    explanation: "What conforms to a profile conforms to its base as well, so a profile can demand more of an element \
                  and allow less, but not the other way round, and a value that the base fixes stays as it is.",
    bad: profile!(r#"{ "id": "Patient.active", "path": "Patient.active", "max": "2" }"#),
    good: profile!(r#"{ "id": "Patient.active", "path": "Patient.active", "max": "0" }"#),
    source: "http://hl7.org/fhir/R4/profiling.html#limitations",
};

/// A discriminator that leads nowhere.
pub static DISCRIMINATOR_PATH: Rule = Rule {
    code: "discriminator-path",
    severity: Severity::Error,
    issue: Issue::NotFound,
    summary: "A discriminator names an element that is not there",
    explanation: "The path of a discriminator starts at the element that is sliced, and leads to what tells its slices \
                  apart. Nothing can be told apart by an element that the type does not have.",
    bad: profile!(
        r#"{ "id": "Patient.name", "path": "Patient.name",
    "slicing": { "discriminator": [{ "type": "value", "path": "purpose" }], "rules": "open" } }"#
    ),
    good: profile!(
        r#"{ "id": "Patient.name", "path": "Patient.name",
    "slicing": { "discriminator": [{ "type": "value", "path": "use" }], "rules": "open" } }"#
    ),
    source: "http://hl7.org/fhir/R4/profiling.html#discriminator",
};

/// An invariant that cannot be evaluated.
pub static CONSTRAINT_EXPRESSION: Rule = Rule {
    code: "constraint-expression",
    severity: Severity::Error,
    issue: Issue::Value,
    summary: "The expression of an invariant cannot be evaluated",
    explanation: "The expression is FHIRPath on the element that has the invariant. One that cannot be read, or that \
                  names an element which is not there, holds for no payload or for every one.",
    bad: profile!(
        r#"{ "id": "Patient.name", "path": "Patient.name", "constraint": [{ "key": "a-1", "severity": "error",
    "human": "A name has a first name.", "expression": "firstName.exists()" }] }"#
    ),
    good: profile!(
        r#"{ "id": "Patient.name", "path": "Patient.name", "constraint": [{ "key": "a-1", "severity": "error",
    "human": "A name has a first name.", "expression": "given.exists()" }] }"#
    ),
    source: "http://hl7.org/fhir/R4/conformance-rules.html#constraints",
};

/// An expression that cannot be followed.
pub static SEARCH_PARAMETER_EXPRESSION: Rule = Rule {
    code: "search-parameter-expression",
    severity: Severity::Error,
    issue: Issue::Value,
    summary: "The expression of a search parameter cannot select anything",
    explanation: "The expression is FHIRPath on the resources that base lists, and every name in it is that of one of \
                  them or of an element there. That of a component goes on from what the expression selects.",
    bad: search_parameter!("string", "Patient", r#""expression": "Organization.name""#),
    good: search_parameter!("string", "Patient", r#""expression": "Patient.name.family""#),
    source: "http://hl7.org/fhir/R4/searchparameter-definitions.html#SearchParameter.expression",
};

/// A composite parameter of fewer than two components.
pub static SEARCH_PARAMETER_COMPONENTS: Rule = Rule {
    code: "search-parameter-components",
    severity: Severity::Error,
    issue: Issue::Required,
    summary: "A composite search parameter has fewer than two components",
    explanation: "A parameter of type 'composite' searches for several values that belong together, and says in \
                  component which they are.",
    bad: search_parameter!("composite", "Observation", r#""expression": "Observation""#),
    good: search_parameter!(
        "composite",
        "Observation",
        r#""expression": "Observation", "component": [
    { "definition": "http://example.org/SearchParameter/code", "expression": "code" },
    { "definition": "http://example.org/SearchParameter/value", "expression": "value as Quantity" }]"#
    ),
    source: "http://hl7.org/fhir/R4/searchparameter-definitions.html#SearchParameter.component",
};

const ORIGIN: &str = r#"{ "resourceType": "SearchParameter", "url": "http://example.org/SearchParameter/name",
  "name": "name", "status": "active", "description": "An example.", "code": "name", "type": "string",
  "base": ["Patient"], "expression": "Patient.name" }"#;

/// A parameter that is not a kind of the one it is derived from.
pub static SEARCH_PARAMETER_DERIVED: Rule = Rule {
    code: "search-parameter-derived",
    severity: Severity::Error,
    issue: Issue::BusinessRule,
    summary: "A search parameter is of another type, or for another resource, than the one it is derived from",
    explanation: "A parameter that names another in derivedFrom narrows what that one finds, so it has its type, and \
                  is for the same resources or some of them.",
    bad: search_parameter!(
        "token",
        "Patient",
        r#""expression": "Patient.name", "derivedFrom": "http://example.org/SearchParameter/name""#
    )
    .with(&[ORIGIN]),
    good: search_parameter!(
        "string",
        "Patient",
        r#""expression": "Patient.name", "derivedFrom": "http://example.org/SearchParameter/name""#
    )
    .with(&[ORIGIN]),
    source: "http://hl7.org/fhir/R4/searchparameter-definitions.html#SearchParameter.derivedFrom",
};

/// A condition on a question that the form does not ask.
pub static ENABLE_WHEN_QUESTION: Rule = Rule {
    code: "enable-when-question",
    severity: Severity::Error,
    issue: Issue::NotFound,
    summary: "The condition of an item is not about a question asked before",
    explanation: "An item is shown or not depending on the answer to another, which enableWhen names by its linkId. \
                  There must be such an item; where it comes later in the form, the condition is hardly ever met.",
    bad: Example::r4(
        r#"{ "resourceType": "Questionnaire", "status": "active", "item": [
  { "linkId": "smokes", "type": "boolean" },
  { "linkId": "since", "type": "date",
    "enableWhen": [{ "question": "smoking", "operator": "=", "answerBoolean": true }] }] }"#,
    ),
    good: Example::r4(
        r#"{ "resourceType": "Questionnaire", "status": "active", "item": [
  { "linkId": "smokes", "type": "boolean" },
  { "linkId": "since", "type": "date",
    "enableWhen": [{ "question": "smokes", "operator": "=", "answerBoolean": true }] }] }"#,
    ),
    source: "http://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.enableWhen.question",
};
