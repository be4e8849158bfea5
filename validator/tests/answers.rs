//! Answers that a Questionnaire does not allow, and where they stand.

use ers_fhir_profiles::package::Package;
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
fn items_directly_under_a_question_are_misplaced() {
    let form = r#"{ "linkId": "q", "type": "boolean", "item": [{ "linkId": "d", "type": "string" }] },
                  { "linkId": "g", "type": "group", "item": [{ "linkId": "e", "type": "string" }] }"#;
    let inner = |link_id: &str| {
        format!(r#""item": [{{ "linkId": "{link_id}", "answer": [{{ "valueString": "x" }}] }}]"#)
    };
    for version in [FhirVersion::Stu3, FhirVersion::R4] {
        for (answered, expected) in [
            (format!(r#"{{ "linkId": "q", {} }}"#, inner("d")), &["questionnaire-item-misplaced"][..]),
            (format!(r#"{{ "linkId": "g", {} }}"#, inner("e")), &[]),
            // Beside an answer, they break an invariant.
            (format!(r#"{{ "linkId": "q", "answer": [{{ "valueBoolean": true }}], {} }}"#, inner("d")), &[]),
        ] {
            assert_eq!(found(version, "completed", form, &answered), expected, "{version:?} {answered}");
        }
    }
}

/// A value set with one code.
const FEMALE: &str = r#"{ "resourceType": "ValueSet", "id": "set", "status": "draft", "compose": { "include": [{
    "system": "http://hl7.org/fhir/administrative-gender", "concept": [{ "code": "female" }] }] } }"#;

#[test]
fn answers_come_from_a_value_set_that_is_contained() {
    let check = |version: FhirVersion, form: &str, beside: &str, coding: &str| {
        let (named, question) = match version {
            FhirVersion::Stu3 => (r#"{ "reference": "FORM" }"#, r##""options": { "reference": "#set" }"##),
            FhirVersion::R4 => (r#""FORM""#, r##""answerValueSet": "#set""##),
        };
        let url = "http://example.org/Questionnaire/form";
        let form = format!(
            r#"{{ "resourceType": "Questionnaire", "id": "form", "url": "{url}", "status": "active", {form}
                  "item": [{{ "linkId": "1", "type": "choice", {question} }}] }}"#
        );
        let response = |named: &str, contained: &str| {
            format!(
                r#"{{ "resourceType": "QuestionnaireResponse", "questionnaire": {named}, "status": "completed",
                      {contained} "item": [{{ "linkId": "1", "answer": [{{ "valueCoding": {{ {coding} }} }}] }}] }}"#
            )
        };
        let mut definitions = Definitions::embedded(version);
        let payload = if beside.is_empty() {
            definitions.add(Package::from_resource("form.json", form.as_bytes()).expect("it can be read"));
            response(&named.replace("FORM", url), "")
        } else {
            let contained = format!(r#""contained": [{beside}, {form}],"#);
            response(&named.replace("FORM", "#form"), &contained)
        };
        let report = Validator::new(definitions).check(payload.as_bytes(), &Options::default());
        let codes = report.diagnostics.iter().map(|found| found.rule.code);
        codes
            .filter(|code| matches!(*code, "questionnaire-answer-not-allowed" | "code-not-checked"))
            .collect::<Vec<_>>()
    };
    let gender =
        |code: &str| format!(r#""system": "http://hl7.org/fhir/administrative-gender", "code": "{code}""#);
    let own = format!(r#""contained": [{FEMALE}],"#);
    for version in [FhirVersion::Stu3, FhirVersion::R4] {
        for (form, beside) in [(own.as_str(), ""), ("", FEMALE)] {
            assert_eq!(check(version, form, beside, &gender("female")), NONE, "{version:?} {beside}");
            let found = check(version, form, beside, &gender("male"));
            assert_eq!(found, ["questionnaire-answer-not-allowed"], "{version:?} {beside}");
            // Without its system, it is told apart from the others all the same.
            assert_eq!(check(version, form, beside, r#""code": "female""#), NONE, "{version:?} {beside}");
        }
    }
}

#[test]
fn a_condition_compares_what_can_be_compared() {
    let form = |kind: &str, operator: &str, answer: &str| {
        format!(
            r#"{{ "linkId": "1", "type": "{kind}" }}, {{ "linkId": "2", "type": "boolean",
                 "enableWhen": [{{ "question": "1", "operator": "{operator}", {answer} }}] }}"#
        )
    };
    let given = |value: &str| {
        format!(
            r#"{{ "linkId": "1", "answer": [{{ {value} }}] }}, {{ "linkId": "2", "answer": [{{ "valueBoolean": true }}] }}"#
        )
    };
    let url = r#""valueUri": "http://example.org/a""#;
    let words = r#""answerString": "http://example.org/a""#;
    let not_enabled = &["questionnaire-not-enabled"][..];
    for (kind, operator, answer, value, expected) in [
        ("url", "=", words, url, &[][..]),
        ("url", "!=", words, url, not_enabled),
        ("url", "=", r#""answerString": "b""#, url, not_enabled),
        (
            "boolean",
            "=",
            r#""answerString": "true""#,
            r#""valueBoolean": true"#,
            &["questionnaire-not-checked"],
        ),
        (
            "boolean",
            "!=",
            r#""answerString": "true""#,
            r#""valueBoolean": true"#,
            &["questionnaire-not-checked"],
        ),
        ("open-choice", "=", r#""answerCoding": { "code": "a" }"#, r#""valueString": "a""#, not_enabled),
        ("open-choice", "!=", r#""answerCoding": { "code": "a" }"#, r#""valueString": "a""#, &[]),
    ] {
        assert_eq!(r4(&form(kind, operator, answer), &given(value)), expected, "{kind} {operator} {answer}");
    }
}

#[test]
fn words_in_place_of_a_code_are_for_an_open_choice() {
    let form = |kind: &str, set: &str| {
        format!(r#"{{ "linkId": "1", "type": "{kind}", "answerValueSet": "http://{set}" }}"#)
    };
    let known = "hl7.org/fhir/ValueSet/administrative-gender";
    let answered = r#"{ "linkId": "1", "answer": [{ "valueCoding": { "display": "neither" } }] }"#;
    assert_eq!(r4(&form("choice", known), answered), ["questionnaire-answer-not-allowed"]);
    assert_eq!(r4(&form("open-choice", known), answered), NONE);
    assert_eq!(r4(&form("choice", "example.org/ValueSet/unknown"), answered), NONE);
}

#[test]
fn a_wrong_code_is_one_mistake() {
    let form = r#"{ "linkId": "1", "type": "choice",
                    "answerValueSet": "http://hl7.org/fhir/ValueSet/administrative-gender" }"#;
    let payload = format!(
        r##"{{ "resourceType": "QuestionnaireResponse", "status": "completed", "questionnaire": "#form",
  "contained": [{{ "resourceType": "Questionnaire", "id": "form", "status": "active", "item": [{form}] }}],
  "item": [{{ "linkId": "1", "answer": [{{ "valueCoding": {{
    "system": "http://hl7.org/fhir/administrative-gender", "code": "man" }} }}] }}] }}"##
    );
    let report =
        Validator::new(Definitions::embedded(FhirVersion::R4)).check(payload.as_bytes(), &Options::default());
    let codes: Vec<_> = report.diagnostics.iter().map(|found| found.rule.code).collect();
    assert_eq!(codes, ["unknown-code"]);
}

#[test]
fn each_item_has_a_link_id_of_its_own() {
    let payload = r#"{ "resourceType": "Questionnaire", "status": "active", "item": [
        { "linkId": "1", "type": "group", "item": [{ "linkId": "2", "type": "boolean" }] },
        { "linkId": "2", "type": "boolean" }] }"#;
    for version in [FhirVersion::Stu3, FhirVersion::R4] {
        let report =
            Validator::new(Definitions::embedded(version)).check(payload.as_bytes(), &Options::default());
        let found: Vec<_> =
            report.diagnostics.iter().map(|d| format!("{} {}", d.rule.code, d.location)).collect();
        assert_eq!(found, ["questionnaire-duplicate-link-id Questionnaire.item[1].linkId"]);
    }
}

#[test]
fn items_below_a_display_are_not_of_the_form() {
    let form = r#"{ "linkId": "d", "type": "display" }, { "linkId": "q", "type": "string" }"#;
    let below = |link_id: &str| {
        format!(
            r#"{{ "linkId": "d", "item": [{{ "linkId": "{link_id}", "answer": [{{ "valueString": "x" }}] }}] }}"#
        )
    };
    assert_eq!(r4(form, &below("e")), ["questionnaire-item-unknown"]);
    assert_eq!(r4(form, &below("q")), ["questionnaire-item-misplaced"]);
}

#[test]
fn groups_are_there_as_often_as_the_form_says() {
    let form = r#"{ "linkId": "g", "type": "group", "repeats": true, "item": [{ "linkId": "q", "type": "string" }],
        "extension": [
          { "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-minOccurs", "valueInteger": 2 },
          { "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-maxOccurs", "valueInteger": 3 }] }"#;
    let group = r#"{ "linkId": "g", "item": [{ "linkId": "q", "answer": [{ "valueString": "x" }] }] }"#;
    let times = |count: usize| r4(form, &vec![group; count].join(","));
    assert_eq!(times(1), ["questionnaire-too-few-answers"]);
    assert_eq!(times(2), NONE);
    assert_eq!(times(4), ["questionnaire-too-many-answers"]);
}

#[test]
fn a_unit_of_a_value_set_has_a_code() {
    let form = r#"{ "linkId": "q", "type": "quantity", "extension": [{
        "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-unitValueSet",
        "valueCanonical": "http://hl7.org/fhir/ValueSet/ucum-bodyweight" }] }"#;
    let answer = |rest: &str| {
        r4(
            form,
            &format!(r#"{{ "linkId": "q", "answer": [{{ "valueQuantity": {{ "value": 1{rest} }} }}] }}"#),
        )
    };
    let kilograms = r#", "unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg""#;
    assert_eq!(answer(kilograms), NONE);
    for without in ["", r#", "unit": "kg""#, r#", "unit": "kg", "system": "http://unitsofmeasure.org""#] {
        assert_eq!(answer(without), ["questionnaire-unit"], "{without}");
    }
}

#[test]
fn an_option_with_a_system_is_another_than_one_without() {
    let form = r#"{ "linkId": "q", "type": "choice", "answerOption": [
        { "valueCoding": { "system": "http://example.org/c", "code": "a" } }, { "valueCoding": { "code": "b" } }] }"#;
    let answer = |coding: &str| {
        r4(form, &format!(r#"{{ "linkId": "q", "answer": [{{ "valueCoding": {{ {coding} }} }}] }}"#))
    };
    assert_eq!(answer(r#""system": "http://example.org/c", "code": "a""#), NONE);
    assert_eq!(answer(r#""code": "b""#), NONE);
    for other in [r#""code": "a""#, r#""system": "http://example.org/c", "code": "b""#] {
        assert_eq!(answer(other), ["questionnaire-answer-not-allowed"], "{other}");
    }
}
