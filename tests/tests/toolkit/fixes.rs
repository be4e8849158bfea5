//! Edits fix what they are about, change no other byte, and leave nothing to fix.

use std::fmt::Write;

use ers_fhir_ers::Ers;
use ers_fhir_profiles::FhirVersion;
use ers_fhir_report::edit::{Fixed, fix};
use ers_fhir_tests::examples;
use ers_fhir_tests::spoil::spoiled;
use ers_fhir_validator::tree::Document;
use ers_fhir_validator::{Options, Report, Severity, Validator, rule};
use rayon::prelude::*;
use serde_json::{Value, json};

use crate::create_referral::ours;

/// Payloads with one mistake, and what they are when it is fixed.
const MENDED: &[(FhirVersion, &str, &str)] = &[
    (R4, r#"{"resourceType":"Patient","gender":"male "}"#, r#"{"resourceType":"Patient","gender":"male"}"#),
    (R4, r#"{"resourceType":"Patient","Gender":"male"}"#, r#"{"resourceType":"Patient","gender":"male"}"#),
    (R4, r#"{"resourceType":"Patient","gender":"Male"}"#, r#"{"resourceType":"Patient","gender":"male"}"#),
    (STU3, r#"{"resourceType":"patient","active":true}"#, r#"{"resourceType":"Patient","active":true}"#),
    (STU3, r#"{"resourceType":"Patient","active":"true"}"#, r#"{"resourceType":"Patient","active":true}"#),
    (
        R4,
        r#"{"resourceType":"Patient","multipleBirthInteger": "2"}"#,
        r#"{"resourceType":"Patient","multipleBirthInteger": 2}"#,
    ),
    (R4, r#"{"resourceType":"Patient","id":12}"#, r#"{"resourceType":"Patient","id":"12"}"#),
    (
        R4,
        r#"{"resourceType":"Patient","name":{"family":"A"}}"#,
        r#"{"resourceType":"Patient","name":[{"family":"A"}]}"#,
    ),
    (
        R4,
        r#"{"resourceType":"Patient","gender":[ "male" ]}"#,
        r#"{"resourceType":"Patient","gender":"male"}"#,
    ),
    (
        STU3,
        r#"{"resourceType":"Patient","contact":[],"active":true}"#,
        r#"{"resourceType":"Patient","active":true}"#,
    ),
    (
        STU3,
        r#"{"resourceType":"Patient","active":true, "gender":""}"#,
        r#"{"resourceType":"Patient","active":true}"#,
    ),
    (
        R4,
        "{\"resourceType\":\"Patient\",\n \"photo\": null,\n \"active\": true }",
        "{\"resourceType\":\"Patient\",\n \"active\": true }",
    ),
    (R4, "\u{feff}{\"resourceType\":\"Patient\"}", "{\"resourceType\":\"Patient\"}"),
    (
        R4,
        r#"{"resourceType":"Patient","deceasedDateTime":"2024-05-31 10:00:00+01:00"}"#,
        r#"{"resourceType":"Patient","deceasedDateTime":"2024-05-31T10:00:00+01:00"}"#,
    ),
    (
        R4,
        r#"{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":1,"code":"kg","system":"https://unitsofmeasure.org"}}"#,
        r#"{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":1,"code":"kg","system":"http://unitsofmeasure.org"}}"#,
    ),
    (
        R4,
        r#"{"resourceType":"Patient","contained":[{"resourceType":"Organization","id":"o","name":"x"}],"managingOrganization":{"reference":"o"}}"#,
        r##"{"resourceType":"Patient","contained":[{"resourceType":"Organization","id":"o","name":"x"}],"managingOrganization":{"reference":"#o"}}"##,
    ),
    (
        R4,
        "<Patient xmlns=\"http://hl7.org/fhir\">\n <Active value='True' ></Active>\n</Patient>",
        "<Patient xmlns=\"http://hl7.org/fhir\">\n <active value='true' ></active>\n</Patient>",
    ),
    (
        STU3,
        "<patient xmlns=\"http://hl7.org/fhir\"><gender id=\"a\" value=\" Male\"/>\n <birthDate value=\"\"/>\n</patient >",
        "<Patient xmlns=\"http://hl7.org/fhir\"><gender id=\"a\" value=\"male\"/>\n</Patient >",
    ),
];

const STU3: FhirVersion = FhirVersion::Stu3;
const R4: FhirVersion = FhirVersion::R4;

/// Checks a payload, and fixes it.
fn fixed(validator: &Validator, text: &str) -> (Report, Fixed) {
    let options = Options::from(Ers::new());
    let check = |text: &str| {
        let document = Document::parse(text.as_bytes()).ok()?;
        Some(validator.check_document(&document, &options))
    };
    let report = check(text).unwrap_or_default();
    let fixed = fix(text, &report, check, rule::hides);
    (report, fixed)
}

fn errors(report: &Report) -> [usize; 3] {
    let errors = report.count(Severity::Error) + report.count(Severity::Fatal);
    [errors, report.count(Severity::Warning), report.count(Severity::Information)]
}

pub(crate) fn mistakes_are_fixed_byte_for_byte() {
    let validators = [STU3, R4].map(|version| Validator::new(ers_fhir_ers::definitions(version)));
    let mut wrong = String::new();
    for (version, before, after) in MENDED {
        let validator = validators.iter().find(|validator| validator.version() == *version).expect("both");
        let (_, fixed) = fixed(validator, before);
        if fixed.text != *after {
            writeln!(wrong, "{before}\n  is to be {after}\n  and is    {}", fixed.text).expect("memory");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

pub(crate) fn edits_fix_and_change_nothing_else() {
    let stu3 = Validator::new(ers_fhir_ers::definitions(STU3));
    let r4 = Validator::new(ers_fhir_ers::definitions(R4));
    let request: Value = serde_json::from_str(&ours()).expect("it is JSON");
    let mut payloads: Vec<(&Validator, Value)> = vec![(&stu3, request)];
    let patient = json!({
        "resourceType": "Patient", "active": true, "birthDate": "1970-05-31", "gender": "female",
        "name": [{ "use": "official", "family": "Example", "given": ["A", "B"] }],
        "telecom": [{ "system": "phone", "value": "0113 4960000" }],
        "managingOrganization": { "reference": "Organization/1" }, "multipleBirthInteger": 2,
    });
    payloads.extend([(&stu3, patient.clone()), (&r4, patient)]);
    let count = hold(&payloads);
    assert!(count > 100, "only {count} have an edit");
}

pub(crate) fn edits_fix_stu3_examples() {
    hold_examples(STU3);
}

pub(crate) fn edits_fix_r4_examples() {
    hold_examples(R4);
}

/// Of so many examples of HL7 one is spoiled; all would take an hour. Another number is asked for by
/// [`ASKED`].
const ONE_OF: usize = 20;
/// The variable of the environment that says of how many examples one is spoiled: 1 for all.
const ASKED: &str = "ERS_FHIR_ONE_OF";
/// Largest example that is spoiled, in bytes: it is spoiled in as many ways as it has elements.
const MOST_BYTES: usize = 6_000;

fn hold_examples(version: FhirVersion) {
    let validator = Validator::new(ers_fhir_ers::definitions(version));
    let examples = examples(version).into_iter().filter(|example| example.bytes.len() <= MOST_BYTES);
    let asked = std::env::var(ASKED).ok().and_then(|number| number.parse().ok());
    let payloads: Vec<(&Validator, Value)> = examples
        .step_by(asked.unwrap_or(ONE_OF).max(1))
        .filter_map(|example| Some((&validator, serde_json::from_slice(&example.bytes).ok()?)))
        .collect();
    let count = hold(&payloads);
    assert!(count > 200, "only {count} have an edit");
}

/// Spoils payloads in every way, and tries what their edits do; how many had any.
///
/// No message begins with an expression, either.
fn hold(payloads: &[(&Validator, Value)]) -> usize {
    let spoiled: Vec<_> = payloads
        .iter()
        .flat_map(|(validator, good)| {
            spoiled(good).into_iter().map(move |(label, bad)| (*validator, label, bad))
        })
        .collect();
    let outcomes: Vec<(bool, String)> = spoiled
        .par_iter()
        .map(|(validator, label, bad)| {
            let text = serde_json::to_string_pretty(bad).expect("it can be written");
            let (report, first) = fixed(validator, &text);
            let mut wrong = String::new();
            for found in report.all().filter(|found| is_expression(found.message.revealed())) {
                writeln!(wrong, "{label}: {}", found.message.revealed()).expect("memory");
            }
            if first.fixed.is_empty() {
                return (false, wrong);
            }
            if errors(&first.report) >= errors(&report)
                && !report.diagnostics.iter().any(|found| rule::hides(found.rule))
            {
                writeln!(wrong, "{label}: no better").expect("memory");
            }
            if let [only] = &*first.fixed {
                let mut edits: Vec<_> = only.edits.iter().collect();
                edits.sort_by_key(|edit| edit.span.start);
                let mut by_hand = text.clone();
                for edit in edits.iter().rev() {
                    by_hand.replace_range(edit.span.clone(), &edit.text);
                }
                if by_hand != first.text {
                    writeln!(wrong, "{label}: other bytes are changed").expect("memory");
                }
            }
            let (_, again) = fixed(validator, &first.text);
            if again.text != first.text {
                writeln!(wrong, "{label}: a second run changes more").expect("memory");
            }
            (true, wrong)
        })
        .collect();
    let wrong: String = outcomes.iter().map(|(_, wrong)| wrong.as_str()).collect();
    assert!(wrong.is_empty(), "{wrong}");
    outcomes.iter().filter(|(is_fixed, _)| *is_fixed).count()
}

/// Whether a message begins with FHIRPath instead of words: a call, or an operator behind a path.
fn is_expression(message: &str) -> bool {
    let first = message.split(' ').next().unwrap_or_default();
    first.starts_with('(') || first.contains("()") || first.contains(".exists") || first.contains(".where(")
}
