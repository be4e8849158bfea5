//! Advice on names and codes that do not exist: which one was meant, and where it would be right.

use std::sync::LazyLock;

use ers_fhir_profiles::{Definitions, FhirVersion};
use ers_fhir_validator::{Options, Validator};

static STU3: LazyLock<Validator> = LazyLock::new(|| Validator::new(Definitions::embedded(FhirVersion::Stu3)));
static R4: LazyLock<Validator> = LazyLock::new(|| Validator::new(Definitions::embedded(FhirVersion::R4)));

/// The first finding of a check, and its advice.
fn said(validator: &Validator, payload: &str) -> String {
    let report = validator.check(payload.as_bytes(), &Options::default());
    let first = report.diagnostics.first().expect("something is wrong");
    let help = first.suggestion.as_ref().map(|help| format!(": {}", help.revealed())).unwrap_or_default();
    format!("{}{help}", first.message.revealed())
}

#[track_caller]
fn expect(validator: &Validator, payload: &str, expected: &str) {
    assert_eq!(said(validator, payload), expected, "{payload}");
}

#[test]
fn what_others_call_otherwise() {
    for (member, expected) in [
        (r#""dob": "1970-05-31""#, "'dob' is not an element of Patient: did you mean 'birthDate'?"),
        (
            r#""Date_Of_Birth": "x""#,
            "'Date_Of_Birth' is not an element of Patient: did you mean 'birthDate'?",
        ),
        (r#""sex": "male""#, "'sex' is not an element of Patient: did you mean 'gender'?"),
        (r#""sex": "male", "gender": "male""#, "'sex' is not an element of Patient"),
        (
            r#""name": [{ "surname": "A" }]"#,
            "'surname' is not an element of HumanName: did you mean 'family'?",
        ),
        (
            r#""address": [{ "postcode": "AA1 1AA" }]"#,
            "'postcode' is not an element of Address: did you mean 'postalCode'?",
        ),
    ] {
        expect(&R4, &format!(r#"{{ "resourceType": "Patient", {member} }}"#), expected);
    }
}

#[test]
fn what_the_other_release_has() {
    let observation = |member: &str| {
        format!(
            r#"{{ "resourceType": "Observation", "status": "final", "code": {{ "text": "a" }}, {member} }}"#
        )
    };
    expect(
        &STU3,
        &observation(r#""note": [{ "text": "a" }]"#),
        "'note' is not an element of Observation: it is an element of R4, and this is checked as STU3",
    );
    expect(
        &R4,
        &observation(r#""context": { "display": "a" }"#),
        "'context' is not an element of Observation: it is an element of STU3, and this is checked as R4",
    );
    expect(
        &STU3,
        &observation(r#""valueInteger": 1"#),
        "'valueInteger' is not an element of Observation: it is an element of R4, and this is checked as STU3; it may not have this type: write 'valueQuantity'",
    );
}

#[test]
fn codes_in_another_form() {
    expect(
        &R4,
        r#"{ "resourceType": "Patient", "language": "en_GB" }"#,
        "'en_GB' is not in the value set AllLanguages (http://hl7.org/fhir/ValueSet/all-languages), and no code from elsewhere is allowed: did you mean 'en-GB'?",
    );
    let quantity = |code: &str| {
        format!(
            r#"{{ "resourceType": "Observation", "status": "final", "code": {{ "text": "a" }},
               "valueQuantity": {{ "value": 1, "system": "http://unitsofmeasure.org", "code": "{code}" }} }}"#
        )
    };
    expect(
        &R4,
        &quantity("KG"),
        "there is no code 'KG' in the code system 'http://unitsofmeasure.org': did you mean 'kg'?",
    );
}

#[test]
fn what_only_json_has_and_capitals_in_xml() {
    let patient = |content: &str| format!("<Patient xmlns=\"http://hl7.org/fhir\">{content}</Patient>");
    for (content, expected) in [
        (
            "<resourceType value=\"Patient\"/><active value=\"true\"/>",
            "XML has no 'resourceType': the name of the element around it says the type: leave it out",
        ),
        (
            "<name><Family value=\"A\"/></name>",
            "'Family' is not an element of HumanName: did you mean 'family'?",
        ),
        ("<active Value=\"true\"/>", "'Value' is not an attribute of boolean: did you mean 'value'?"),
    ] {
        expect(&R4, &patient(content), expected);
        let report = R4.check(patient(content).as_bytes(), &Options::default());
        assert_eq!(report.diagnostics.len(), 1, "{content}: {report:#?}");
    }
}

#[test]
fn codes_of_a_short_system_are_listed() {
    let payload = r#"{ "resourceType": "Observation", "status": "final", "code": { "text": "a" },
        "category": [{ "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "labs" }] }] }"#;
    let report = R4.check(payload.as_bytes(), &Options::default());
    // That the code is not in the preferred value set either follows.
    let [only] = &*report.diagnostics else { panic!("{report:#?}") };
    let help = only.suggestion.as_ref().expect("the system is short").revealed().to_string();
    assert!(help.starts_with("its codes are 'social-history', ") && help.contains("'laboratory'"), "{help}");
}
