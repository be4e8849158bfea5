//! Rules on SearchParameter, OperationDefinition, CapabilityStatement, Questionnaire and other definitions.

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
    &DUPLICATE_LINK_ID,
    &PROFILE_OF_OTHER_TYPE,
    &MESSAGE_FOCUS,
    &GRAPH_LINK,
    &PLAN_UNKNOWN_ID,
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

/// Two items with one linkId.
pub static DUPLICATE_LINK_ID: Rule = Rule {
    code: "questionnaire-duplicate-link-id",
    severity: Severity::Error,
    issue: Issue::BusinessRule,
    summary: "Two items of a Questionnaire have the same linkId",
    explanation: "Answers and conditions name an item by its linkId, so each item, at any depth, has one of its own. \
                  This is reported at the later item; the invariant que-2 is broken as well.",
    bad: Example::r4(
        r#"{ "resourceType": "Questionnaire", "status": "active", "item": [
  { "linkId": "1", "type": "boolean" }, { "linkId": "1", "type": "date" }] }"#,
    ),
    good: Example::r4(
        r#"{ "resourceType": "Questionnaire", "status": "active", "item": [
  { "linkId": "1", "type": "boolean" }, { "linkId": "2", "type": "date" }] }"#,
    ),
    source: "http://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.linkId",
};

/// A message about patients: their numbers, and their profile.
macro_rules! message {
    ($focus:literal) => {
        Example::r4(concat!(
            r#"{ "resourceType": "MessageDefinition", "status": "draft", "date": "2024-01-01",
  "eventUri": "http://example.org/event", "focus": [{ "code": "Patient", "#,
            $focus,
            " }] }"
        ))
    };
}

/// A profile beside a type that it is not for.
pub static PROFILE_OF_OTHER_TYPE: Rule = Rule {
    code: "profile-of-other-type",
    severity: Severity::Error,
    issue: Issue::BusinessRule,
    summary: "A profile is named for a type of resource that it does not constrain",
    explanation: "Where a definition gives a type of resource and a profile of it, no resource meets both unless the \
                  profile is for that type: ImplementationGuide.global, MessageDefinition.focus and \
                  GraphDefinition.link.target.",
    bad: message!(
        r#""min": 0, "max": "*", "profile": "http://hl7.org/fhir/StructureDefinition/Observation""#
    ),
    good: message!(r#""min": 0, "max": "*", "profile": "http://hl7.org/fhir/StructureDefinition/Patient""#),
    source: "http://hl7.org/fhir/R4/implementationguide-definitions.html#ImplementationGuide.global.type",
};

/// Numbers of resources that no message has.
pub static MESSAGE_FOCUS: Rule = Rule {
    code: "message-definition-focus",
    severity: Severity::Error,
    issue: Issue::BusinessRule,
    summary: "A MessageDefinition demands more resources than it allows",
    explanation: "The 'max' of a focus is not below its 'min': no message could have the required numbers.",
    bad: message!(r#""min": 2, "max": "1""#),
    good: message!(r#""min": 1, "max": "1""#),
    source: "http://hl7.org/fhir/R4/messagedefinition-definitions.html#MessageDefinition.focus.min",
};

/// A graph with one link.
macro_rules! graph {
    ($link:literal) => {
        Example::r4(concat!(
            r#"{ "resourceType": "GraphDefinition", "name": "A", "status": "draft", "start": "Patient", "link": [{ "#,
            $link,
            " }] }"
        ))
    };
}

/// A link that cannot be followed.
pub static GRAPH_LINK: Rule = Rule {
    code: "graph-definition-link",
    severity: Severity::Error,
    issue: Issue::BusinessRule,
    summary: "A link of a GraphDefinition cannot be followed",
    explanation: "The path of a link leads to a reference and does not call resolve(). The parameters of a target \
                  search for resources that refer to the one where the link begins: at least one of them has the \
                  value {ref}, which stands for it.",
    bad: graph!(r#""target": [{ "type": "Observation", "params": "code=a" }]"#),
    good: graph!(r#""target": [{ "type": "Observation", "params": "subject={ref}&code=a" }]"#),
    source: "http://hl7.org/fhir/R4/graphdefinition-definitions.html#GraphDefinition.link.target.params",
};

/// A plan with a goal, and what its action says besides the title.
macro_rules! plan {
    ($action:literal) => {
        Example::r4(concat!(
            r#"{ "resourceType": "PlanDefinition", "status": "draft",
  "goal": [{ "id": "sleep", "description": { "text": "sleep well" } }], "action": [{ "title": "a", "#,
            $action,
            " }] }"
        ))
    };
}

/// An id that nothing has.
pub static PLAN_UNKNOWN_ID: Rule = Rule {
    code: "plan-unknown-id",
    severity: Severity::Error,
    issue: Issue::NotFound,
    summary: "An action names a goal or an action that its plan does not have",
    explanation: "The goalId of an action is the id of a goal of the same PlanDefinition, and the actionId of \
                  relatedAction that of an action, at any depth, of the same PlanDefinition or RequestGroup.",
    bad: plan!(r#""goalId": ["diet"]"#),
    good: plan!(r#""goalId": ["sleep"]"#),
    source: "http://hl7.org/fhir/R4/plandefinition-definitions.html#PlanDefinition.action.goalId",
};
