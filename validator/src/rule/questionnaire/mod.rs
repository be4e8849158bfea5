//! Rules on responses checked against their Questionnaires.

use ers_fhir_report::{Example, Issue, Rule, Severity};

/// A completed response that contains its Questionnaire: the items of the form, and those answered.
macro_rules! response {
    ($form:literal, $answered:literal) => {
        Example::r4(concat!(
            r##"{ "resourceType": "QuestionnaireResponse", "status": "completed", "questionnaire": "#form",
  "contained": [{ "resourceType": "Questionnaire", "id": "form", "status": "active", "item": ["##,
            $form,
            r#"] }],
  "item": ["#,
            $answered,
            "] }"
        ))
    };
}

mod answers;

pub use answers::{
    QUESTIONNAIRE_ANSWER_FORM, QUESTIONNAIRE_ANSWER_LIMIT, QUESTIONNAIRE_ANSWER_NOT_ALLOWED,
    QUESTIONNAIRE_ANSWER_TYPE, QUESTIONNAIRE_ATTACHMENT, QUESTIONNAIRE_NOT_COMPARABLE,
    QUESTIONNAIRE_OPTION_EXCLUSIVE, QUESTIONNAIRE_UNIT,
};

pub(super) static RULES: &[&Rule] = &[
    &QUESTIONNAIRE_UNKNOWN,
    &QUESTIONNAIRE_NOT_CHECKED,
    &QUESTIONNAIRE_CONSTRAINT,
    &QUESTIONNAIRE_NOT_EFFECTIVE,
    &QUESTIONNAIRE_SUBJECT,
    &QUESTIONNAIRE_ITEM_UNKNOWN,
    &QUESTIONNAIRE_ITEM_MISPLACED,
    &QUESTIONNAIRE_ITEM_ORDER,
    &QUESTIONNAIRE_TEXT,
    &QUESTIONNAIRE_NOT_ENABLED,
    &QUESTIONNAIRE_ANSWER_MISSING,
    &QUESTIONNAIRE_TOO_FEW_ANSWERS,
    &QUESTIONNAIRE_TOO_MANY_ANSWERS,
    &QUESTIONNAIRE_ANSWER_MISPLACED,
    &QUESTIONNAIRE_ANSWER_TYPE,
    &QUESTIONNAIRE_ANSWER_NOT_ALLOWED,
    &QUESTIONNAIRE_OPTION_EXCLUSIVE,
    &QUESTIONNAIRE_ANSWER_LIMIT,
    &QUESTIONNAIRE_NOT_COMPARABLE,
    &QUESTIONNAIRE_ANSWER_FORM,
    &QUESTIONNAIRE_UNIT,
    &QUESTIONNAIRE_ATTACHMENT,
];

/// A response about a subject of another type.
pub static QUESTIONNAIRE_SUBJECT: Rule = Rule {
    code: "questionnaire-subject",
    severity: Severity::Error,
    issue: Issue::BusinessRule,
    summary: "The subject of a response is of a type that its Questionnaire does not allow",
    explanation: "A Questionnaire may list in 'subjectType' what its responses can be about.",
    bad: Example::r4(
        r##"{ "resourceType": "QuestionnaireResponse", "status": "completed", "questionnaire": "#form",
  "contained": [{ "resourceType": "Questionnaire", "id": "form", "status": "active", "subjectType": ["Patient"] }],
  "subject": { "reference": "Group/1" } }"##,
    ),
    good: Example::r4(
        r##"{ "resourceType": "QuestionnaireResponse", "status": "completed", "questionnaire": "#form",
  "contained": [{ "resourceType": "Questionnaire", "id": "form", "status": "active", "subjectType": ["Patient"] }],
  "subject": { "reference": "Patient/1" } }"##,
    ),
    source: "http://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.subjectType",
};

/// An expression of the form that is not evaluated.
pub static QUESTIONNAIRE_NOT_CHECKED: Rule = Rule {
    code: "questionnaire-not-checked",
    severity: Severity::Information,
    issue: Issue::NotSupported,
    summary: "Something that an expression of the Questionnaire decides was not checked",
    explanation: "Expressions in a Questionnaire may decide when an item is enabled and what its answers must fulfil. \
                  If one cannot be evaluated (another language, a variable that only a form filler has), nothing that \
                  depends on it is reported as wrong.",
    bad: response!(
        r#"{ "linkId": "packs", "type": "integer", "extension": [{
             "url": "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-enableWhenExpression",
             "valueExpression": { "language": "text/fhirpath", "expression": "%smokes" } }] }"#,
        r#"{ "linkId": "packs", "answer": [{ "valueInteger": 2 }] }"#
    ),
    good: response!(
        r#"{ "linkId": "packs", "type": "integer" }"#,
        r#"{ "linkId": "packs", "answer": [{ "valueInteger": 2 }] }"#
    ),
    source: "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-enableWhenExpression",
};

/// A constraint of the form does not hold.
pub static QUESTIONNAIRE_CONSTRAINT: Rule = Rule {
    code: "questionnaire-constraint",
    severity: Severity::Error,
    issue: Issue::Invariant,
    summary: "Answers break a constraint of the Questionnaire",
    explanation: "With the extension questionnaire-constraint a form or an item gives an expression that its answers \
                  must fulfil, and says whether breaking it is an error or a warning.",
    bad: response!(
        r#"{ "linkId": "packs", "type": "integer", "extension": [{
             "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-constraint", "extension": [
               { "url": "key", "valueId": "packs-1" }, { "url": "severity", "valueCode": "error" },
               { "url": "expression", "valueString": "answer.value < 100" },
               { "url": "human", "valueString": "Nobody smokes a hundred packs" }] }] }"#,
        r#"{ "linkId": "packs", "answer": [{ "valueInteger": 200 }] }"#
    ),
    good: response!(
        r#"{ "linkId": "packs", "type": "integer", "extension": [{
             "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-constraint", "extension": [
               { "url": "key", "valueId": "packs-1" }, { "url": "severity", "valueCode": "error" },
               { "url": "expression", "valueString": "answer.value < 100" },
               { "url": "human", "valueString": "Nobody smokes a hundred packs" }] }] }"#,
        r#"{ "linkId": "packs", "answer": [{ "valueInteger": 2 }] }"#
    ),
    source: "http://hl7.org/fhir/R4/extension-questionnaire-constraint.html",
};

/// The Questionnaire is not available.
pub static QUESTIONNAIRE_UNKNOWN: Rule = Rule {
    code: "questionnaire-unknown",
    severity: Severity::Warning,
    issue: Issue::NotFound,
    summary: "The Questionnaire of a response is not known",
    explanation: "A QuestionnaireResponse is only checked against its Questionnaire if that is contained, in the same \
                  Bundle, or loaded with --ig.",
    bad: Example::r4(
        r#"{ "resourceType": "QuestionnaireResponse", "status": "completed",
  "questionnaire": "http://example.org/Questionnaire/smoking" }"#,
    ),
    good: Example::r4(
        r#"{ "resourceType": "QuestionnaireResponse", "status": "completed",
  "questionnaire": "http://example.org/Questionnaire/smoking" }"#,
    )
    .with(&[r#"{ "resourceType": "Questionnaire", "status": "active",
  "url": "http://example.org/Questionnaire/smoking" }"#]),
    source: "http://hl7.org/fhir/R4/questionnaireresponse-definitions.html#QuestionnaireResponse.questionnaire",
};

/// Written when the form was not in use.
pub static QUESTIONNAIRE_NOT_EFFECTIVE: Rule = Rule {
    code: "questionnaire-not-effective",
    severity: Severity::Warning,
    issue: Issue::BusinessRule,
    summary: "A response was written while its Questionnaire was not in use",
    explanation: "A Questionnaire may say in effectivePeriod when it is meant to be used. A response written before or \
                  after that may answer the wrong version.",
    bad: Example::r4(
        r##"{ "resourceType": "QuestionnaireResponse", "status": "completed", "questionnaire": "#form",
  "authored": "2024-05-01",
  "contained": [{ "resourceType": "Questionnaire", "id": "form", "status": "retired",
    "effectivePeriod": { "end": "2023-12-31" } }] }"##,
    ),
    good: Example::r4(
        r##"{ "resourceType": "QuestionnaireResponse", "status": "completed", "questionnaire": "#form",
  "authored": "2023-05-01",
  "contained": [{ "resourceType": "Questionnaire", "id": "form", "status": "retired",
    "effectivePeriod": { "end": "2023-12-31" } }] }"##,
    ),
    source: "http://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.effectivePeriod",
};

/// A linkId that the form does not have.
pub static QUESTIONNAIRE_ITEM_UNKNOWN: Rule = Rule {
    code: "questionnaire-item-unknown",
    severity: Severity::Error,
    issue: Issue::NotFound,
    summary: "An item answers a question that the Questionnaire does not have",
    explanation: "The linkId of an item is that of the item of the Questionnaire that it answers.",
    bad: response!(
        r#"{ "linkId": "age", "type": "integer" }"#,
        r#"{ "linkId": "agee", "answer": [{ "valueInteger": 42 }] }"#
    ),
    good: response!(
        r#"{ "linkId": "age", "type": "integer" }"#,
        r#"{ "linkId": "age", "answer": [{ "valueInteger": 42 }] }"#
    ),
    source: "http://hl7.org/fhir/R4/questionnaireresponse-definitions.html#QuestionnaireResponse.item.linkId",
};

/// An item in another place than in the form.
pub static QUESTIONNAIRE_ITEM_MISPLACED: Rule = Rule {
    code: "questionnaire-item-misplaced",
    severity: Severity::Error,
    issue: Issue::Structure,
    summary: "An item is not where the Questionnaire has it",
    explanation: "Items are nested as in the Questionnaire: those of a group inside the item for the group, those \
                  under a question inside the answer to it, and not directly inside its item.",
    bad: response!(
        r#"{ "linkId": "person", "type": "group", "item": [{ "linkId": "age", "type": "integer" }] }"#,
        r#"{ "linkId": "age", "answer": [{ "valueInteger": 42 }] }"#
    ),
    good: response!(
        r#"{ "linkId": "person", "type": "group", "item": [{ "linkId": "age", "type": "integer" }] }"#,
        r#"{ "linkId": "person", "item": [{ "linkId": "age", "answer": [{ "valueInteger": 42 }] }] }"#
    ),
    source: "http://hl7.org/fhir/R4/questionnaireresponse.html#notes",
};

/// Items in another order than in the form.
pub static QUESTIONNAIRE_ITEM_ORDER: Rule = Rule {
    code: "questionnaire-item-order",
    severity: Severity::Error,
    issue: Issue::Structure,
    summary: "Items are not in the order of the Questionnaire",
    explanation: "Items may be left out, but those that are there keep the order of the Questionnaire.",
    bad: response!(
        r#"{ "linkId": "age", "type": "integer" }, { "linkId": "smokes", "type": "boolean" }"#,
        r#"{ "linkId": "smokes", "answer": [{ "valueBoolean": true }] },
           { "linkId": "age", "answer": [{ "valueInteger": 42 }] }"#
    ),
    good: response!(
        r#"{ "linkId": "age", "type": "integer" }, { "linkId": "smokes", "type": "boolean" }"#,
        r#"{ "linkId": "age", "answer": [{ "valueInteger": 42 }] },
           { "linkId": "smokes", "answer": [{ "valueBoolean": true }] }"#
    ),
    source: "http://hl7.org/fhir/R4/questionnaireresponse.html#notes",
};

/// An answer to a question that is not enabled.
pub static QUESTIONNAIRE_NOT_ENABLED: Rule = Rule {
    code: "questionnaire-not-enabled",
    severity: Severity::Error,
    issue: Issue::BusinessRule,
    summary: "An item is answered although other answers rule it out",
    explanation: "An item with enableWhen applies only when the answers to other items say so. Leave it out, or fix the \
                  answer that it depends on.",
    bad: response!(
        r#"{ "linkId": "smokes", "type": "boolean" },
           { "linkId": "daily", "type": "integer",
             "enableWhen": [{ "question": "smokes", "operator": "=", "answerBoolean": true }] }"#,
        r#"{ "linkId": "smokes", "answer": [{ "valueBoolean": false }] },
           { "linkId": "daily", "answer": [{ "valueInteger": 20 }] }"#
    ),
    good: response!(
        r#"{ "linkId": "smokes", "type": "boolean" },
           { "linkId": "daily", "type": "integer",
             "enableWhen": [{ "question": "smokes", "operator": "=", "answerBoolean": true }] }"#,
        r#"{ "linkId": "smokes", "answer": [{ "valueBoolean": true }] },
           { "linkId": "daily", "answer": [{ "valueInteger": 20 }] }"#
    ),
    source: "http://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.enableWhen",
};

/// A required item without an answer.
pub static QUESTIONNAIRE_ANSWER_MISSING: Rule = Rule {
    code: "questionnaire-answer-missing",
    severity: Severity::Error,
    issue: Issue::Required,
    summary: "A required item is not answered",
    explanation: "In a completed or amended response, every required item that applies is present: a question with an \
                  answer, a group with items. A response in progress may still lack them.",
    bad: response!(r#"{ "linkId": "age", "type": "integer", "required": true }"#, r#"{ "linkId": "age" }"#),
    good: response!(
        r#"{ "linkId": "age", "type": "integer", "required": true }"#,
        r#"{ "linkId": "age", "answer": [{ "valueInteger": 42 }] }"#
    ),
    source: "http://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.required",
};

/// Fewer answers than asked for.
pub static QUESTIONNAIRE_TOO_FEW_ANSWERS: Rule = Rule {
    code: "questionnaire-too-few-answers",
    severity: Severity::Error,
    issue: Issue::Required,
    summary: "A question has fewer answers than it asks for",
    explanation: "The extension questionnaire-minOccurs gives the minimum number of answers.",
    bad: response!(
        r#"{ "linkId": "allergy", "type": "string", "required": true, "repeats": true,
             "extension": [{ "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-minOccurs",
                             "valueInteger": 2 }] }"#,
        r#"{ "linkId": "allergy", "answer": [{ "valueString": "nuts" }] }"#
    ),
    good: response!(
        r#"{ "linkId": "allergy", "type": "string", "required": true, "repeats": true,
             "extension": [{ "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-minOccurs",
                             "valueInteger": 2 }] }"#,
        r#"{ "linkId": "allergy", "answer": [{ "valueString": "nuts" }, { "valueString": "dust" }] }"#
    ),
    source: "http://hl7.org/fhir/R4/extension-questionnaire-minoccurs.html",
};

/// More answers than allowed.
pub static QUESTIONNAIRE_TOO_MANY_ANSWERS: Rule = Rule {
    code: "questionnaire-too-many-answers",
    severity: Severity::Error,
    issue: Issue::BusinessRule,
    summary: "An item is answered more often than it may be",
    explanation: "Only a question that repeats takes more than one answer, and only a group that repeats may occur \
                  more than once; the extension questionnaire-maxOccurs may limit how often.",
    bad: response!(
        r#"{ "linkId": "age", "type": "integer" }"#,
        r#"{ "linkId": "age", "answer": [{ "valueInteger": 42 }, { "valueInteger": 43 }] }"#
    ),
    good: response!(
        r#"{ "linkId": "age", "type": "integer" }"#,
        r#"{ "linkId": "age", "answer": [{ "valueInteger": 42 }] }"#
    ),
    source: "http://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.repeats",
};

/// An answer to something that is not a question.
pub static QUESTIONNAIRE_ANSWER_MISPLACED: Rule = Rule {
    code: "questionnaire-answer-misplaced",
    severity: Severity::Error,
    issue: Issue::Structure,
    summary: "A group or a text is answered as if it were a question",
    explanation: "Items of type group hold items and items of type display are only shown; neither has answers.",
    bad: response!(
        r#"{ "linkId": "intro", "type": "display", "text": "Please answer all." }"#,
        r#"{ "linkId": "intro", "answer": [{ "valueBoolean": true }] }"#
    ),
    good: response!(
        r#"{ "linkId": "intro", "type": "display", "text": "Please answer all." }"#,
        r#"{ "linkId": "intro" }"#
    ),
    source: "http://hl7.org/fhir/R4/valueset-item-type.html",
};

/// The text of an item differs.
pub static QUESTIONNAIRE_TEXT: Rule = Rule {
    code: "questionnaire-text",
    severity: Severity::Error,
    issue: Issue::BusinessRule,
    summary: "The text of an item is not that of the Questionnaire",
    explanation: "The text of an item in a response is that of the question as it was asked. If an extension \
                  translates or computes it, it is not compared.",
    bad: response!(
        r#"{ "linkId": "smokes", "type": "boolean", "text": "Do you smoke?" }"#,
        r#"{ "linkId": "smokes", "text": "Do you drink?", "answer": [{ "valueBoolean": true }] }"#
    ),
    good: response!(
        r#"{ "linkId": "smokes", "type": "boolean", "text": "Do you smoke?" }"#,
        r#"{ "linkId": "smokes", "text": "Do you smoke?", "answer": [{ "valueBoolean": true }] }"#
    ),
    source: "http://hl7.org/fhir/R4/questionnaireresponse-definitions.html#QuestionnaireResponse.item.text",
};
