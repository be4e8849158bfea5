//! Which clue decides.

use super::*;
use crate::validator::{Options, Validator};

fn detected(payload: &str, profiles: &[&str]) -> Detected {
    let (stu3, r4) = (Definitions::embedded(FhirVersion::Stu3), Definitions::embedded(FhirVersion::R4));
    let document = Document::parse(payload.as_bytes()).expect("a readable payload");
    let profiles: Vec<_> = profiles.iter().map(|url| (*url).to_owned()).collect();
    detect(&document, &profiles, |version| if version == FhirVersion::Stu3 { &stu3 } else { &r4 })
}

#[test]
fn the_surest_clue_decides() {
    use FhirVersion::{R4, Stu3};
    let text = str::to_owned;
    let cases = [
        (
            r#"{"resourceType":"Patient","meta":{"profile":["https://example.org/STU3/p"]},"link":[]}"#,
            Stu3,
            Clue::ProfileUrl(text("https://example.org/STU3/p")),
        ),
        (r#"{"resourceType":"ValueSet","fhirVersion":"4.0.1"}"#, R4, Clue::FhirVersion),
        (r#"{"resourceType":"ReferralRequest"}"#, Stu3, Clue::ResourceType(text("ReferralRequest"))),
        (r#"{"resourceType":"ServiceRequest"}"#, R4, Clue::ResourceType(text("ServiceRequest"))),
        (
            r#"{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"ServiceRequest"}}]}"#,
            R4,
            Clue::ResourceType(text("ServiceRequest")),
        ),
        (r#"{"resourceType":"Patient","animal":{}}"#, Stu3, Clue::Element(text("Patient.animal"))),
        (
            r#"{"resourceType":"Observation","valueInteger":1}"#,
            R4,
            Clue::Element(text("Observation.valueInteger")),
        ),
        (
            r#"{"resourceType":"Patient","maritalStatus":{"coding":[{"system":"http://hl7.org/fhir/v3/MaritalStatus"}]}}"#,
            Stu3,
            Clue::CodeSystem(text("http://hl7.org/fhir/v3/MaritalStatus")),
        ),
        (
            r#"{"resourceType":"Patient","meta":{"profile":["http://hl7.org/fhir/3.0/StructureDefinition/Patient"]}}"#,
            Stu3,
            Clue::ProfileUrl(text("http://hl7.org/fhir/3.0/StructureDefinition/Patient")),
        ),
        // What a definition declares weighs more than its URLs.
        (
            r#"{"resourceType":"StructureDefinition","url":"https://example.org/R4/p","fhirVersion":"3.0.1"}"#,
            Stu3,
            Clue::FhirVersion,
        ),
        (
            r#"{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"StructureDefinition","fhirVersion":"3.0.2"}}]}"#,
            Stu3,
            Clue::FhirVersion,
        ),
        (r#"{"resourceType":"Patient","active":true}"#, R4, Clue::Nothing),
        // Contradictory clues are ignored.
        (r#"{"resourceType":"Goal","status":"proposed","lifecycleStatus":"proposed"}"#, R4, Clue::Nothing),
        (
            r#"{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"ServiceRequest"}},{"resource":{"resourceType":"ReferralRequest"}}]}"#,
            R4,
            Clue::Nothing,
        ),
        // URLs in the payload determine what to try first.
        (
            r#"{"resourceType":"Patient","identifier":[{"system":"https://fhir.example.org/STU3/id"}]}"#,
            Stu3,
            Clue::Nothing,
        ),
    ];
    for (payload, version, clue) in cases {
        assert_eq!(detected(payload, &[]), Detected { version, clue }, "{payload}");
    }
}

#[test]
fn a_profile_that_is_asked_for_decides_too() {
    let patient = r#"{"resourceType":"Patient"}"#;
    let profile = "http://hl7.org/fhir/StructureDefinition/Patient|3.0.2";
    assert_eq!(detected(patient, &[profile]).version, FhirVersion::Stu3);
}

/// The release chosen for a payload when it is checked, and the clue.
fn checked(payload: &str) -> (Detected, Report) {
    let validators =
        [FhirVersion::Stu3, FhirVersion::R4].map(|version| Validator::new(Definitions::embedded(version)));
    let of = |version| &validators[usize::from(version == FhirVersion::R4)];
    let document = Document::parse(payload.as_bytes()).expect("a readable payload");
    let options = Options::default();
    detect(&document, &[], |version| of(version).definitions())
        .check(|version| of(version).check_document(&document, &options))
}

#[test]
fn where_nothing_tells_the_payload_is_taken_for_what_it_fits() {
    use FhirVersion::{R4, Stu3};
    let (detected, report) = checked(
        r#"{"resourceType":"Flag","status":"active","code":{"text":"x"},"subject":{"reference":"Patient/1"}}"#,
    );
    assert_eq!((detected.version, detected.clue.is_by_trial(), report.is_valid()), (R4, false, true));
    let statement = r#"{"resourceType":"MedicationStatement","status":"completed","taken":"y",
        "medicationCodeableConcept":{"text":"x"},"subject":{"reference":"Patient/1"}}"#;
    assert_eq!(checked(statement).0.clue, Clue::Element("MedicationStatement.taken".to_owned()));
    let slot = r#"{"resourceType":"Slot","schedule":{"reference":"Schedule/1"},"status":"free",
        "start":"2020-01-01T09:00:00Z","end":"2020-01-01T10:00:00Z","appointmentType":{"text":"x"},"serviceCategory":{"text":"x"}}"#;
    let (detected, report) = checked(slot);
    assert_eq!(detected.version, Stu3, "a single serviceCategory is STU3's");
    assert!(report.is_valid(), "{report:?}");
    assert!(matches!(detected.clue, Clue::Fits { errors: 0, other: Some((R4, 1..)) }), "{:?}", detected.clue);
    let message = detected.clue.message();
    assert!(message.revealed().contains("as R4"), "{}", message.revealed());
}

#[test]
fn where_neither_release_fits_the_first_stays() {
    let (detected, report) = checked(r#"{"resourceType":"Patient","gender":"x"}"#);
    assert_eq!(detected.version, FhirVersion::R4);
    assert_eq!(detected.clue, Clue::Fits { errors: 1, other: Some((FhirVersion::Stu3, 1)) });
    assert!(!report.is_valid());
}
