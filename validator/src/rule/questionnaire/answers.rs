//! Rules on the answers to a question.

use ers_fhir_report::{Example, Issue, Rule, Severity};

/// An answer of another type.
pub static QUESTIONNAIRE_ANSWER_TYPE: Rule = Rule {
    code: "questionnaire-answer-type",
    severity: Severity::Error,
    issue: Issue::Value,
    summary: "An answer is not of the type that the question asks for",
    explanation: "The type of a question decides which value[x] its answers have: valueString for string and text, \
                  valueUri for url, valueCoding for choice, otherwise the type of the same name.",
    bad: response!(
        r#"{ "linkId": "age", "type": "integer" }"#,
        r#"{ "linkId": "age", "answer": [{ "valueString": "42" }] }"#
    ),
    good: response!(
        r#"{ "linkId": "age", "type": "integer" }"#,
        r#"{ "linkId": "age", "answer": [{ "valueInteger": 42 }] }"#
    ),
    source: "http://hl7.org/fhir/R4/valueset-item-type.html",
};

/// An answer that the form does not offer.
pub static QUESTIONNAIRE_ANSWER_NOT_ALLOWED: Rule = Rule {
    code: "questionnaire-answer-not-allowed",
    severity: Severity::Error,
    issue: Issue::CodeInvalid,
    summary: "An answer is not among those that the question allows",
    explanation: "A question may list its answers, draw them from a value set, or name the types of resources that it \
                  may refer to. Only an open-choice also accepts free text, or words in place of a code.",
    bad: response!(
        r#"{ "linkId": "size", "type": "string", "answerOption": [{ "valueString": "S" }, { "valueString": "L" }] }"#,
        r#"{ "linkId": "size", "answer": [{ "valueString": "M" }] }"#
    ),
    good: response!(
        r#"{ "linkId": "size", "type": "string", "answerOption": [{ "valueString": "S" }, { "valueString": "L" }] }"#,
        r#"{ "linkId": "size", "answer": [{ "valueString": "L" }] }"#
    ),
    source: "http://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.answerOption",
};

/// An exclusive answer together with others.
pub static QUESTIONNAIRE_OPTION_EXCLUSIVE: Rule = Rule {
    code: "questionnaire-option-exclusive",
    severity: Severity::Error,
    issue: Issue::BusinessRule,
    summary: "An answer that excludes all others is not the only one",
    explanation: "An option with the extension questionnaire-optionExclusive, such as 'none of these', must be the \
                  only answer when it is chosen.",
    bad: response!(
        r#"{ "linkId": "allergy", "type": "string", "repeats": true, "answerOption": [{ "valueString": "nuts" },
             { "valueString": "none", "extension": [{ "valueBoolean": true,
               "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-optionExclusive" }] }] }"#,
        r#"{ "linkId": "allergy", "answer": [{ "valueString": "nuts" }, { "valueString": "none" }] }"#
    ),
    good: response!(
        r#"{ "linkId": "allergy", "type": "string", "repeats": true, "answerOption": [{ "valueString": "nuts" },
             { "valueString": "none", "extension": [{ "valueBoolean": true,
               "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-optionExclusive" }] }] }"#,
        r#"{ "linkId": "allergy", "answer": [{ "valueString": "none" }] }"#
    ),
    source: "http://hl7.org/fhir/R4/extension-questionnaire-optionexclusive.html",
};

/// An answer beyond its limits.
pub static QUESTIONNAIRE_ANSWER_LIMIT: Rule = Rule {
    code: "questionnaire-answer-limit",
    severity: Severity::Error,
    issue: Issue::Value,
    summary: "An answer is below the minimum or above the maximum that the question allows",
    explanation: "The extensions minValue and maxValue, and for quantities sdc-questionnaire-minQuantity and \
                  -maxQuantity, limit the answers to a question. Quantities in different common UCUM units of the same \
                  kind are converted and compared.",
    bad: response!(
        r#"{ "linkId": "age", "type": "integer",
             "extension": [{ "url": "http://hl7.org/fhir/StructureDefinition/maxValue", "valueInteger": 150 }] }"#,
        r#"{ "linkId": "age", "answer": [{ "valueInteger": 420 }] }"#
    ),
    good: response!(
        r#"{ "linkId": "age", "type": "integer",
             "extension": [{ "url": "http://hl7.org/fhir/StructureDefinition/maxValue", "valueInteger": 150 }] }"#,
        r#"{ "linkId": "age", "answer": [{ "valueInteger": 42 }] }"#
    ),
    source: "http://hl7.org/fhir/R4/extension-maxvalue.html",
};

/// A form with a limit in kilograms.
const WEIGHT: &str = r#"{ "resourceType": "Questionnaire", "status": "active",
  "url": "http://example.org/Questionnaire/weight", "item": [{ "linkId": "weight", "type": "quantity",
    "extension": [{ "url": "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-maxQuantity",
      "valueQuantity": { "value": 500, "system": "http://unitsofmeasure.org", "code": "kg" } }] }] }"#;

/// A quantity that cannot be compared with its limit.
pub static QUESTIONNAIRE_NOT_COMPARABLE: Rule = Rule {
    code: "questionnaire-not-comparable",
    severity: Severity::Error,
    issue: Issue::Value,
    summary: "A quantity cannot be compared with the limit of its question",
    explanation: "A quantity can be compared with a limit only if both have a unit with system and code, and the units \
                  measure the same thing.",
    bad: Example::r4(
        r#"{ "resourceType": "QuestionnaireResponse", "status": "completed",
  "questionnaire": "http://example.org/Questionnaire/weight",
  "item": [{ "linkId": "weight", "answer": [{ "valueQuantity": { "value": 70, "unit": "kilos" } }] }] }"#,
    )
    .with(&[WEIGHT]),
    good: Example::r4(
        r#"{ "resourceType": "QuestionnaireResponse", "status": "completed",
  "questionnaire": "http://example.org/Questionnaire/weight",
  "item": [{ "linkId": "weight", "answer": [{ "valueQuantity":
    { "value": 70000, "system": "http://unitsofmeasure.org", "code": "g" } }] }] }"#,
    )
    .with(&[WEIGHT]),
    source: "http://hl7.org/fhir/R4/datatypes.html#Quantity",
};

/// An answer that is too long, too short, or of another form.
pub static QUESTIONNAIRE_ANSWER_FORM: Rule = Rule {
    code: "questionnaire-answer-form",
    severity: Severity::Error,
    issue: Issue::Value,
    summary: "An answer does not have the length or form that the question asks for",
    explanation: "A question limits its answers by maxLength and by the extensions minLength, regex and \
                  maxDecimalPlaces.",
    bad: response!(
        r#"{ "linkId": "initials", "type": "string", "maxLength": 3 }"#,
        r#"{ "linkId": "initials", "answer": [{ "valueString": "Jones" }] }"#
    ),
    good: response!(
        r#"{ "linkId": "initials", "type": "string", "maxLength": 3 }"#,
        r#"{ "linkId": "initials", "answer": [{ "valueString": "AJ" }] }"#
    ),
    source: "http://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.maxLength",
};

/// A quantity in another unit.
pub static QUESTIONNAIRE_UNIT: Rule = Rule {
    code: "questionnaire-unit",
    severity: Severity::Error,
    issue: Issue::CodeInvalid,
    summary: "A quantity is in a unit that the question does not allow",
    explanation: "The extensions questionnaire-unitOption and questionnaire-unitValueSet say in which units a quantity \
                  may be given.",
    bad: response!(
        r#"{ "linkId": "height", "type": "quantity",
             "extension": [{ "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-unitOption",
               "valueCoding": { "system": "http://unitsofmeasure.org", "code": "cm" } }] }"#,
        r#"{ "linkId": "height", "answer": [{ "valueQuantity":
             { "value": 1.8, "system": "http://unitsofmeasure.org", "code": "m" } }] }"#
    ),
    good: response!(
        r#"{ "linkId": "height", "type": "quantity",
             "extension": [{ "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-unitOption",
               "valueCoding": { "system": "http://unitsofmeasure.org", "code": "cm" } }] }"#,
        r#"{ "linkId": "height", "answer": [{ "valueQuantity":
             { "value": 180, "system": "http://unitsofmeasure.org", "code": "cm" } }] }"#
    ),
    source: "http://hl7.org/fhir/R4/extension-questionnaire-unitoption.html",
};

/// A file that is too large or of another type.
pub static QUESTIONNAIRE_ATTACHMENT: Rule = Rule {
    code: "questionnaire-attachment",
    severity: Severity::Error,
    issue: Issue::Value,
    summary: "An attachment is larger than the question allows, or of another type",
    explanation: "The extensions maxSize (in bytes) and mimeType say which files may answer a question.",
    bad: response!(
        r#"{ "linkId": "letter", "type": "attachment",
             "extension": [{ "url": "http://hl7.org/fhir/StructureDefinition/mimeType",
                             "valueCode": "application/pdf" }] }"#,
        r#"{ "linkId": "letter", "answer": [{ "valueAttachment": { "contentType": "image/png" } }] }"#
    ),
    good: response!(
        r#"{ "linkId": "letter", "type": "attachment",
             "extension": [{ "url": "http://hl7.org/fhir/StructureDefinition/mimeType",
                             "valueCode": "application/pdf" }] }"#,
        r#"{ "linkId": "letter", "answer": [{ "valueAttachment": { "contentType": "application/pdf" } }] }"#
    ),
    source: "http://hl7.org/fhir/R4/extension-mimetype.html",
};
