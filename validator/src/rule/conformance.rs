//! Rules on SearchParameter, OperationDefinition, CapabilityStatement and Questionnaire resources.

use ers_fhir_report::Severity;
use ers_fhir_report::{Example, Issue, Rule};

pub(super) static RULES: &[&Rule] = &[
    &SEARCH_PARAMETER_EXPRESSION,
    &SEARCH_PARAMETER_TYPE,
    &SEARCH_PARAMETER_COMPONENTS,
    &SEARCH_PARAMETER_DERIVED,
    &OPERATION_PARAMETER,
    &CAPABILITY_DEFINITION,
    &ENABLE_WHEN_QUESTION,
    &ENABLE_WHEN_ANSWER,
    &ITEM_VALUE_TYPE,
];

/// A search parameter: its type, the resource it is for, and its other elements.
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

/// An expression that cannot be followed.
pub static SEARCH_PARAMETER_EXPRESSION: Rule = Rule {
    code: "search-parameter-expression",
    severity: Severity::Error,
    issue: Issue::Value,
    summary: "The expression of a search parameter cannot select anything",
    explanation: "The expression is FHIRPath on the resources that base lists, and every name in it is the name of one \
                  of them or of an element there. The expression of a component starts from what the main expression \
                  selects.",
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
    explanation: "A parameter of type 'composite' searches for several values that belong together, and lists them in \
                  component.",
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

/// A parameter that does not fit the one it is derived from.
pub static SEARCH_PARAMETER_DERIVED: Rule = Rule {
    code: "search-parameter-derived",
    severity: Severity::Error,
    issue: Issue::BusinessRule,
    summary: "A search parameter has another type or another resource than the one it is derived from",
    explanation: "A parameter that names another in derivedFrom narrows what that one finds, so it has the same type, \
                  and is for the same resources or some of them.",
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
                  That item must exist, and must be neither the item itself nor inside it; if it comes later in the \
                  form, the condition is hardly ever met.",
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

/// A condition that waits for an answer that cannot be given.
pub static ENABLE_WHEN_ANSWER: Rule = Rule {
    code: "enable-when-answer",
    severity: Severity::Error,
    issue: Issue::BusinessRule,
    summary: "The condition of an item waits for an answer that its question cannot have",
    explanation: "The answer[x] of enableWhen has the type of the question that it refers to; groups and display items \
                  have no answers. With the operator 'exists' it is a boolean.",
    bad: Example::r4(
        r#"{ "resourceType": "Questionnaire", "status": "active", "item": [
  { "linkId": "smokes", "type": "boolean" },
  { "linkId": "since", "type": "date",
    "enableWhen": [{ "question": "smokes", "operator": "=", "answerString": "yes" }] }] }"#,
    ),
    good: Example::r4(
        r#"{ "resourceType": "Questionnaire", "status": "active", "item": [
  { "linkId": "smokes", "type": "boolean" },
  { "linkId": "since", "type": "date",
    "enableWhen": [{ "question": "smokes", "operator": "=", "answerBoolean": true }] }] }"#,
    ),
    source: "http://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.enableWhen.answer_x_",
};

/// A value whose type is not that of the item.
pub static ITEM_VALUE_TYPE: Rule = Rule {
    code: "item-value-type",
    severity: Severity::Error,
    issue: Issue::BusinessRule,
    summary: "An item has an option or an initial value that cannot be an answer to it",
    explanation: "The value[x] of initial and of answerOption (in STU3: initial[x], and the value[x] of option) has \
                  the type of its item.",
    bad: Example::r4(
        r#"{ "resourceType": "Questionnaire", "status": "active", "item": [
  { "linkId": "age", "type": "integer", "initial": [{ "valueString": "forty" }] }] }"#,
    ),
    good: Example::r4(
        r#"{ "resourceType": "Questionnaire", "status": "active", "item": [
  { "linkId": "age", "type": "integer", "initial": [{ "valueInteger": 40 }] }] }"#,
    ),
    source: "http://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.initial.value_x_",
};

/// A parameter whose type cannot search for what its expression selects.
pub static SEARCH_PARAMETER_TYPE: Rule = Rule {
    code: "search-parameter-type",
    severity: Severity::Warning,
    issue: Issue::BusinessRule,
    summary: "A search parameter selects values that its type cannot search for",
    explanation: "Each type of search parameter is for certain types of values: 'date' for dates and times, 'token' \
                  for codes and identifiers, 'reference' for references, and so on.",
    bad: search_parameter!("date", "Patient", r#""expression": "Patient.name.family""#),
    good: search_parameter!("string", "Patient", r#""expression": "Patient.name.family""#),
    source: "http://hl7.org/fhir/R4/search.html#ptypes",
};

/// An operation: its parameters.
macro_rules! operation {
    ($parameters:literal) => {
        Example::r4(concat!(
            r#"{ "resourceType": "OperationDefinition", "name": "A", "status": "active", "kind": "operation",
  "code": "a", "system": true, "type": false, "instance": false, "parameter": ["#,
            $parameters,
            "] }"
        ))
    };
}

/// Parameters of an operation that contradict each other.
pub static OPERATION_PARAMETER: Rule = Rule {
    code: "operation-parameter",
    severity: Severity::Error,
    issue: Issue::BusinessRule,
    summary: "A parameter of an operation contradicts itself or another",
    explanation: "A parameter is identified by its name and whether it goes in or out, so no two may share both; 'max' \
                  is '*' or a number that is not below 'min'; and an overload lists only parameters that the operation \
                  has.",
    bad: operation!(r#"{ "name": "a", "use": "in", "min": 2, "max": "1", "type": "string" }"#),
    good: operation!(r#"{ "name": "a", "use": "in", "min": 1, "max": "1", "type": "string" }"#),
    source: "http://hl7.org/fhir/R4/operationdefinition-definitions.html#OperationDefinition.parameter",
};

/// A server and the profile that it supports.
macro_rules! capability {
    ($profile:literal) => {
        Example::r4(concat!(
            r#"{ "resourceType": "CapabilityStatement", "status": "active", "date": "2024-01-01",
  "kind": "requirements", "fhirVersion": "4.0.1", "format": ["json"], "description": "An example.",
  "rest": [{ "mode": "server", "resource": [{ "type": "Patient", "supportedProfile": [""#,
            $profile,
            r#""] }] }] }"#
        ))
    };
}

/// A definition listed for a resource that it does not apply to.
pub static CAPABILITY_DEFINITION: Rule = Rule {
    code: "capability-definition",
    severity: Severity::Error,
    issue: Issue::BusinessRule,
    summary: "A CapabilityStatement lists a definition for a resource that it does not apply to",
    explanation: "The profiles, search parameters and operations that are listed for a resource type must apply to \
                  that type, and a search parameter is listed with the type that its definition gives it.",
    bad: capability!("http://hl7.org/fhir/StructureDefinition/bp"),
    good: capability!("http://hl7.org/fhir/StructureDefinition/Patient"),
    source: "http://hl7.org/fhir/R4/capabilitystatement-definitions.html#CapabilityStatement.rest.resource",
};
