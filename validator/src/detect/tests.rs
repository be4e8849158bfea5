//! Which clue decides.

use super::*;

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
        (r#"{"resourceType":"Patient","active":true}"#, R4, Clue::Nothing),
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
