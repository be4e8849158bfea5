//! Responses against a Questionnaire, beyond the examples of the rules.

use ers_fhir_profiles::{Definitions, FhirVersion};
use ers_fhir_validator::{Options, Validator};

/// Codes of the findings in a response to a form, both given as their items.
fn found(version: FhirVersion, status: &str, form: &str, answered: &str) -> Vec<&'static str> {
    let named = match version {
        FhirVersion::Stu3 => r##"{ "reference": "#form" }"##,
        FhirVersion::R4 => r##""#form""##,
    };
    let payload = format!(
        r#"{{ "resourceType": "QuestionnaireResponse", "status": "{status}", "questionnaire": {named},
              "contained": [{{ "resourceType": "Questionnaire", "id": "form", "status": "active",
                               "item": [{form}] }}],
              "item": [{answered}] }}"#
    );
    let report = Validator::new(Definitions::embedded(version))
        .check(payload.as_bytes(), &Options { lists_effects: true, ..Options::default() });
    report
        .diagnostics
        .iter()
        .map(|found| found.rule.code)
        .filter(|code| code.starts_with("questionnaire-"))
        .collect()
}

fn r4(form: &str, answered: &str) -> Vec<&'static str> {
    found(FhirVersion::R4, "completed", form, answered)
}

const NONE: [&str; 0] = [];

#[test]
fn a_response_in_progress_may_lack_required_answers() {
    let form = r#"{ "linkId": "1", "type": "string", "required": true },
                  { "linkId": "2", "type": "boolean" }"#;
    let answered = r#"{ "linkId": "2", "answer": [{ "valueBoolean": true }] }"#;
    assert_eq!(found(FhirVersion::R4, "in-progress", form, answered), NONE);
    assert_eq!(r4(form, answered), ["questionnaire-answer-missing"]);
}

#[test]
fn conditions_look_at_the_nearest_repeat_of_their_group() {
    let form = r#"{ "linkId": "g", "type": "group", "repeats": true, "item": [
        { "linkId": "q", "type": "boolean" },
        { "linkId": "d", "type": "integer", "required": true,
          "enableWhen": [{ "question": "q", "operator": "=", "answerBoolean": true }] }] }"#;
    let group = |answer: bool, detail: &str| {
        format!(
            r#"{{ "linkId": "g", "item": [{{ "linkId": "q", "answer": [{{ "valueBoolean": {answer} }}] }}{detail}] }}"#
        )
    };
    let detail = r#", { "linkId": "d", "answer": [{ "valueInteger": 1 }] }"#;
    let both = |first: String, second: String| r4(form, &format!("{first}, {second}"));
    assert_eq!(both(group(true, detail), group(false, "")), NONE);
    assert_eq!(both(group(true, detail), group(false, detail)), ["questionnaire-not-enabled"]);
    assert_eq!(both(group(true, ""), group(false, "")), ["questionnaire-answer-missing"]);
}

#[test]
fn operators_and_their_combination() {
    let form = |behavior: &str, conditions: &str| {
        format!(
            r#"{{ "linkId": "n", "type": "integer" }}, {{ "linkId": "s", "type": "string" }},
               {{ "linkId": "d", "type": "boolean", "enableBehavior": "{behavior}", "enableWhen": [{conditions}] }}"#
        )
    };
    let answered = r#"{ "linkId": "n", "answer": [{ "valueInteger": 7 }] },
                      { "linkId": "d", "answer": [{ "valueBoolean": true }] }"#;
    let when = |question: &str, operator: &str, answer: &str| {
        format!(r#"{{ "question": "{question}", "operator": "{operator}", {answer} }}"#)
    };
    for (operator, answer, is_met) in [
        ("=", 7, true),
        ("!=", 7, false),
        (">", 6, true),
        (">", 7, false),
        (">=", 7, true),
        ("<", 7, false),
        ("<=", 7, true),
    ] {
        let condition = when("n", operator, &format!(r#""answerInteger": {answer}"#));
        let expected: &[&str] = if is_met { &[] } else { &["questionnaire-not-enabled"] };
        assert_eq!(r4(&form("all", &condition), answered), expected, "7 {operator} {answer}");
    }
    let met = when("n", "exists", r#""answerBoolean": true"#);
    let unmet = when("s", "exists", r#""answerBoolean": true"#);
    let open = when("s", "!=", r#""answerString": "x""#);
    let disabled: &[&str] = &["questionnaire-not-enabled"];
    let open_still: &[&str] = &["questionnaire-not-checked"];
    for (behavior, conditions, expected) in [
        ("all", [&met, &met], &[] as &[&str]),
        ("all", [&met, &unmet], disabled),
        ("all", [&open, &unmet], disabled),
        ("all", [&open, &met], open_still),
        ("any", [&met, &unmet], &[]),
        ("any", [&unmet, &unmet], disabled),
        ("any", [&open, &met], &[]),
        ("any", [&open, &unmet], open_still),
    ] {
        let conditions = format!("{}, {}", conditions[0], conditions[1]);
        assert_eq!(r4(&form(behavior, &conditions), answered), expected, "{behavior} of {conditions}");
    }
}

/// Constraints on answers from R5, as other releases write them.
#[test]
fn answers_beside_those_listed_are_allowed_where_the_form_says_so() {
    let form = |constraint: &str| {
        format!(
            r#"{{ "linkId": "q", "type": "integer", "extension": [{{ "valueCode": "{constraint}",
                 "url": "http://hl7.org/fhir/5.0/StructureDefinition/extension-Questionnaire.item.answerConstraint" }}],
                 "answerOption": [{{ "valueInteger": 1 }}] }}"#
        )
    };
    let number = r#"{ "linkId": "q", "answer": [{ "valueInteger": 2 }] }"#;
    let words = r#"{ "linkId": "q", "answer": [{ "valueString": "two" }] }"#;
    assert_eq!(r4(&form("optionsOnly"), number), ["questionnaire-answer-not-allowed"]);
    assert_eq!(r4(&form("optionsOrType"), number), NONE);
    assert_eq!(r4(&form("optionsOrType"), words), ["questionnaire-answer-type"]);
    assert_eq!(r4(&form("optionsOrString"), words), NONE);
    assert_eq!(r4(&form("optionsOrString"), number), ["questionnaire-answer-not-allowed"]);
}

#[test]
fn what_cannot_be_checked_of_an_answer_is_said() {
    let form = r#"{ "linkId": "q", "type": "string", "extension": [{
        "url": "http://hl7.org/fhir/StructureDefinition/regex", "valueString": "(?=a)a" }] }"#;
    let answered = r#"{ "linkId": "q", "answer": [{ "valueString": "a" }] }"#;
    assert_eq!(r4(form, answered), ["questionnaire-not-checked"]);
    let form = r#"{ "linkId": "f", "type": "attachment", "extension": [{
        "url": "http://hl7.org/fhir/StructureDefinition/maxSize", "valueDecimal": 2 }] }"#;
    let file =
        |rest: &str| format!(r#"{{ "linkId": "f", "answer": [{{ "valueAttachment": {{ {rest} }} }}] }}"#);
    let given = |rest: &str| r4(form, &file(rest));
    assert_eq!(given(r#""url": "http://example.org/a""#), ["questionnaire-not-checked"]);
    assert_eq!(given(r#""contentType": "text/plain", "data": "YWJj""#), ["questionnaire-attachment"]);
    assert_eq!(given(r#""contentType": "text/plain", "data": "YWI=""#), NONE);
}

#[test]
fn stu3_conditions_and_options() {
    let form = r#"{ "linkId": "q", "type": "choice",
                    "option": [{ "valueCoding": { "system": "urn:x", "code": "a" } }] },
                  { "linkId": "d", "type": "string", "enableWhen": [{ "question": "q", "hasAnswer": true }] }"#;
    let stu3 = |answered: &str| found(FhirVersion::Stu3, "completed", form, answered);
    let coding = |code: &str| {
        format!(
            r#"{{ "linkId": "q", "answer": [{{ "valueCoding": {{ "system": "urn:x", "code": "{code}" }} }}] }}"#
        )
    };
    let detail = r#"{ "linkId": "d", "answer": [{ "valueString": "x" }] }"#;
    assert_eq!(stu3(&format!("{}, {detail}", coding("a"))), NONE);
    assert_eq!(stu3(&coding("b")), ["questionnaire-answer-not-allowed"]);
    assert_eq!(stu3(detail), ["questionnaire-not-enabled"]);
}

#[test]
fn an_open_choice_takes_any_words_but_not_any_code() {
    let form = r#"{ "linkId": "q", "type": "open-choice",
                    "answerOption": [{ "valueCoding": { "system": "urn:x", "code": "a" } }] }"#;
    let words = r#"{ "linkId": "q", "answer": [{ "valueString": "something else" }] }"#;
    let code = r#"{ "linkId": "q", "answer": [{ "valueCoding": { "system": "urn:x", "code": "b" } }] }"#;
    assert_eq!(r4(form, words), NONE);
    assert_eq!(r4(form, code), ["questionnaire-answer-not-allowed"]);
}

#[test]
fn items_under_a_question_are_in_its_answer() {
    let form = r#"{ "linkId": "q", "type": "boolean", "item": [
                      { "linkId": "d", "type": "string", "required": true }] }"#;
    let inside = r#"{ "linkId": "q", "answer": [{ "valueBoolean": true,
                      "item": [{ "linkId": "d", "answer": [{ "valueString": "x" }] }] }] }"#;
    let without = r#"{ "linkId": "q", "answer": [{ "valueBoolean": true }] }"#;
    assert_eq!(r4(form, inside), NONE);
    assert_eq!(r4(form, without), ["questionnaire-answer-missing"]);
    assert_eq!(r4(form, r#"{ "linkId": "q" }"#), NONE);
}

#[test]
fn quantities_compare_across_units() {
    let form = r#"{ "linkId": "q", "type": "quantity", "extension": [{
        "url": "http://hl7.org/fhir/StructureDefinition/maxValue",
        "valueQuantity": { "value": 2, "system": "http://unitsofmeasure.org", "code": "km" } }] }"#;
    let quantity = |value: &str, code: &str| {
        r4(
            form,
            &format!(
                r#"{{ "linkId": "q", "answer": [{{ "valueQuantity":
                   {{ "value": {value}, "system": "http://unitsofmeasure.org", "code": "{code}" }} }}] }}"#
            ),
        )
    };
    assert_eq!(quantity("2000", "m"), NONE);
    assert_eq!(quantity("2000.1", "m"), ["questionnaire-answer-limit"]);
    assert_eq!(quantity("1", "[mi_i]"), NONE);
    assert_eq!(quantity("1", "kg"), ["questionnaire-not-comparable"]);
    assert_eq!(quantity("1", "[nmi_i]"), NONE, "a unit not known here leaves it open");
}

#[test]
fn a_questionnaire_in_the_same_bundle_is_found_by_its_url() {
    let payload = r#"{ "resourceType": "Bundle", "type": "collection", "entry": [
        { "fullUrl": "http://example.org/fhir/Questionnaire/1", "resource": { "resourceType": "Questionnaire",
          "id": "1", "url": "http://example.org/Questionnaire/f", "version": "2", "status": "active",
          "item": [{ "linkId": "1", "type": "string" }] } },
        { "fullUrl": "http://example.org/fhir/QuestionnaireResponse/1", "resource": {
          "resourceType": "QuestionnaireResponse", "id": "1", "status": "completed",
          "questionnaire": "http://example.org/Questionnaire/f|VERSION", "item": [{ "linkId": "2" }] } }] }"#;
    let validator = Validator::new(Definitions::embedded(FhirVersion::R4));
    for (version, expected) in [("2", "questionnaire-item-unknown"), ("3", "questionnaire-unknown")] {
        let payload = payload.replace("VERSION", version);
        let report =
            validator.check(payload.as_bytes(), &Options { lists_effects: true, ..Options::default() });
        let codes: Vec<_> = report.diagnostics.iter().map(|found| found.rule.code).collect();
        assert!(codes.contains(&expected), "version {version}: {codes:?}");
    }
}

#[test]
fn a_condition_is_about_an_item_that_comes_before() {
    let found = |question: &str| {
        let payload = format!(
            r#"{{ "resourceType": "Questionnaire", "status": "active", "item": [
  {{ "linkId": "first", "type": "group", "item": [{{ "linkId": "inner", "type": "boolean" }}] }},
  {{ "linkId": "asked", "type": "date",
     "enableWhen": [{{ "question": "{question}", "operator": "=", "answerBoolean": true }}] }},
  {{ "linkId": "last", "type": "boolean" }}] }}"#
        );
        let validator = Validator::new(Definitions::embedded(FhirVersion::R4));
        let report =
            validator.check(payload.as_bytes(), &Options { lists_effects: true, ..Options::default() });
        let found = report.diagnostics.iter().filter(|found| found.rule.code == "enable-when-question");
        found.map(|found| format!("{} {}", found.severity, found.location)).collect::<Vec<_>>()
    };
    let at = "Questionnaire.item[1].enableWhen[0].question";
    assert_eq!(found("inner"), NONE);
    assert_eq!(found("last"), [format!("warning {at}")]);
    assert_eq!(found("asked"), [format!("error {at}")]);
    assert_eq!(found("nowhere"), [format!("error {at}")]);
}

#[test]
fn a_group_is_not_enabled_by_an_item_within_it() {
    let found = |question: &str, operator: &str, code: &str| {
        let payload = format!(
            r#"{{ "resourceType": "Questionnaire", "status": "active", "item": [
  {{ "linkId": "group", "type": "group", "item": [{{ "linkId": "asked", "type": "boolean" }}] }},
  {{ "linkId": "outer", "type": "group",
     "enableWhen": [{{ "question": "{question}", "operator": "{operator}", "answerBoolean": true }}],
     "item": [{{ "linkId": "part", "type": "group", "item": [{{ "linkId": "inner", "type": "boolean" }}] }}] }}] }}"#
        );
        let validator = Validator::new(Definitions::embedded(FhirVersion::R4));
        let report =
            validator.check(payload.as_bytes(), &Options { lists_effects: true, ..Options::default() });
        let found = report.diagnostics.iter().filter(|found| found.rule.code == code);
        found.map(|found| found.severity.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(found("asked", "=", "enable-when-question"), NONE);
    assert_eq!(found("inner", "=", "enable-when-question"), ["error"]);
    // A condition may ask whether there is a group at all, but a group has no answer.
    assert_eq!(found("group", "exists", "enable-when-answer"), ["warning"]);
    assert_eq!(found("group", "=", "enable-when-answer"), ["error"]);
}

const ENABLED: &str = r#""extension": [{
    "url": "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-enableWhenExpression",
    "valueExpression": { "language": "text/fhirpath", "expression": "EXPRESSION" } }]"#;

#[test]
fn an_expression_that_means_the_same_everywhere_enables_an_item() {
    let form = |expression: &str| {
        let enabled = ENABLED.replace("EXPRESSION", expression);
        format!(
            r#"{{ "linkId": "q", "type": "integer" }}, {{ "linkId": "d", "type": "string", "required": true, {enabled} }}"#
        )
    };
    let question = r#"{ "linkId": "q", "answer": [{ "valueInteger": 3 }] }"#;
    let both = format!(r#"{question}, {{ "linkId": "d", "answer": [{{ "valueString": "x" }}] }}"#);
    let is_large = "%resource.item.where(linkId = 'q').answer.value > 2";
    assert_eq!(r4(&form(is_large), &both), NONE);
    assert_eq!(r4(&form(is_large), question), ["questionnaire-answer-missing"]);
    let is_small = "%resource.item.where(linkId = 'q').answer.value < 2";
    assert_eq!(r4(&form(is_small), &both), ["questionnaire-not-enabled"]);
    assert_eq!(r4(&form(is_small), question), NONE);
    // An undeclared variable, and an invalid expression.
    for open in ["%somewhere > 2", "%resource.item.where("] {
        assert_eq!(r4(&form(open), &both), ["questionnaire-not-checked"], "{open}");
        assert_eq!(r4(&form(open), question), ["questionnaire-not-checked"], "{open}");
    }
}

#[test]
fn constraints_of_items_hold_or_are_said_not_to_be_checked() {
    let form = |expression: &str| {
        format!(
            r#"{{ "linkId": "q", "type": "integer", "extension": [{{
                "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-constraint", "extension": [
                  {{ "url": "key", "valueId": "a-1" }}, {{ "url": "severity", "valueCode": "warning" }},
                  {{ "url": "expression", "valueString": "{expression}" }},
                  {{ "url": "human", "valueString": "Too much" }}] }}] }}"#
        )
    };
    let answered = r#"{ "linkId": "q", "answer": [{ "valueInteger": 3 }] }"#;
    assert_eq!(r4(&form("answer.value < 5"), answered), NONE);
    assert_eq!(r4(&form("answer.value < 2"), answered), ["questionnaire-constraint"]);
    assert_eq!(r4(&form("answer.value < %limit"), answered), ["questionnaire-not-checked"]);
    assert_eq!(r4(&form("answer.value < 2"), ""), NONE);
}

#[test]
fn a_file_may_be_of_a_kind_and_have_parameters() {
    let form = |allowed: &str| {
        format!(
            r#"{{ "linkId": "q", "type": "attachment", "extension": [{{
                "url": "http://hl7.org/fhir/StructureDefinition/mimeType", "valueCode": "{allowed}" }}] }}"#
        )
    };
    let answered = |own: &str| {
        format!(r#"{{ "linkId": "q", "answer": [{{ "valueAttachment": {{ "contentType": "{own}" }} }}] }}"#)
    };
    for (allowed, own, expected) in [
        ("image/*", "image/png", &NONE[..]),
        ("image/*", "application/pdf", &["questionnaire-attachment"]),
        ("text/plain", "text/plain; charset=utf-8", &NONE[..]),
        ("text/plain", "text/html", &["questionnaire-attachment"]),
    ] {
        assert_eq!(r4(&form(allowed), &answered(own)), expected, "{allowed} {own}");
    }
}

/// A form may have the same author as the response, and list as many answers as that gives.
#[test]
fn many_options_against_many_answers_are_looked_up_or_left_out_and_that_is_said() {
    let coding = |n: usize| format!(r#""valueCoding": {{ "system": "urn:s", "code": "{n}" }}"#);
    let integer = |n: usize| format!(r#""valueInteger": {n}"#);
    let named = |count: usize, value: &dyn Fn(usize) -> String| {
        let listed = |from: usize| {
            let values: Vec<_> = (from..from + count).map(|n| format!("{{ {} }}", value(n))).collect();
            values.join(",")
        };
        format!(
            r##"{{ "resourceType": "QuestionnaireResponse", "status": "completed", "questionnaire": "#form",
  "contained": [{{ "resourceType": "Questionnaire", "id": "form", "status": "active", "item": [
    {{ "linkId": "1", "type": "choice", "repeats": true, "answerOption": [{}] }}] }}],
  "item": [{{ "linkId": "1", "answer": [{}] }}] }}"##,
            listed(0),
            listed(count)
        )
    };
    let refused = |count: usize, value: &dyn Fn(usize) -> String| {
        let validator = Validator::new(Definitions::embedded(FhirVersion::R4));
        let report = validator.check(named(count, value).as_bytes(), &Options::default());
        let count = |code: &str| report.diagnostics.iter().filter(|found| found.rule.code == code).count();
        (count("questionnaire-answer-not-allowed"), count("budget-spent"))
    };
    assert_eq!(refused(100, &integer), (100, 0));
    assert_eq!(refused(4_000, &coding), (4_000, 0));
    // Equal numbers may be written differently, so each is compared with each.
    let (listed, spent) = refused(4_000, &integer);
    assert!(listed < 4_000 && spent == 1, "{listed} {spent}");
}

#[test]
fn a_regular_expression_is_made_ready_only_as_often_as_the_budget_allows() {
    let pattern = "(a|b)?".repeat(400);
    let form = format!(
        r#"{{ "linkId": "1", "type": "string", "repeats": true,
  "extension": [{{ "url": "http://hl7.org/fhir/StructureDefinition/regex", "valueString": "{pattern}" }}] }}"#
    );
    let answers = vec![r#"{ "valueString": "c" }"#; 400].join(",");
    let found = r4(&form, &format!(r#"{{ "linkId": "1", "answer": [{answers}] }}"#));
    assert!(!found.is_empty() && found.len() < 400, "{}", found.len());
}

#[test]
fn the_text_of_an_item_is_that_of_the_form() {
    let answered =
        |text: &str| format!(r#"{{ "linkId": "1", {text}, "answer": [{{ "valueBoolean": true }}] }}"#);
    let plain = r#"{ "linkId": "1", "type": "boolean", "text": "Do you smoke?" }"#;
    for (form, text, expected) in [
        (plain, r#""text": "Do you  smoke?\n""#, &NONE[..]),
        (plain, r#""text": "Do you drink?""#, &["questionnaire-text"]),
        (r#"{ "linkId": "1", "type": "boolean" }"#, r#""text": "Do you drink?""#, &[]),
        (
            r#"{ "linkId": "1", "type": "boolean", "text": "Do you smoke?", "_text": { "extension": [{
              "url": "http://hl7.org/fhir/StructureDefinition/translation", "extension": [
                { "url": "lang", "valueCode": "nl" }, { "url": "content", "valueString": "Rookt u?" }] }] } }"#,
            r#""text": "Rookt u?""#,
            &[],
        ),
    ] {
        for version in [FhirVersion::Stu3, FhirVersion::R4] {
            assert_eq!(found(version, "completed", form, &answered(text)), expected, "{form} {text}");
        }
    }
}
