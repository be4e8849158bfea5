//! What debug output and errors tell of a patient: nothing, unless all is asked for.
#![cfg(feature = "r4")]

use ers_fhir_model::primitives::{Date, Decimal, PositiveInt};
use ers_fhir_model::r4::{AdministrativeGender, Patient};
use ers_fhir_model::runtime::{Json as _, ReadOptions};

const MARKED: &str = r#"{"resourceType":"Patient","id":"marked1","text":{"status":"generated","div":"<div>marked2</div>"},
 "identifier":[{"system":"urn:marked3","value":"marked4"}],"name":[{"family":"marked5","given":["marked6"]}],
 "gender":"female","birthDate":"1970-01-02","deceasedDateTime":"1970-01-03","multipleBirthInteger":19700104,
 "contained":[{"resourceType":"Nothing","marked7":"marked8"}],"marked9":{"x":"marked10"}}"#;

fn patient() -> Patient {
    Patient::from_json(MARKED).expect("it can be read")
}

#[test]
fn debug_output_shows_structure_and_hides_values() {
    let patient = patient();
    let shown =
        format!("{patient:?} {:?} {:?} {:?}", patient.deceased, patient.multiple_birth, patient.contained);
    assert!(!shown.contains("marked") && !shown.contains("1970"), "{shown}");
    assert!(shown.contains(r#""gender":"female""#) && shown.contains(r#""family":"***""#), "{shown}");
    let all = format!("{patient:#?}");
    for marker in ["marked1", "marked5", "marked9", "1970-01-02", "19700104"] {
        assert!(all.contains(marker), "{marker} in {all}");
    }
}

#[test]
fn debug_output_of_primitives_hides_them_as_well() {
    let date: Date = "1970-01-02".parse().expect("a date");
    let number: Decimal = "1970.5".parse().expect("a number");
    let count = PositiveInt::new(1970).expect("a number");
    let code = AdministrativeGender::from("marked");
    for shown in [format!("{date:?}"), format!("{number:?}"), format!("{count:?}"), format!("{code:?}")] {
        assert!(!shown.contains("1970") && !shown.contains("marked"), "{shown}");
    }
    assert_eq!(format!("{:?}", AdministrativeGender::Female), r#"AdministrativeGender "female""#);
    assert_eq!(
        format!("{date:#?} {number:#?} {count:#?}"),
        r#"Date("1970-01-02") Decimal("1970.5") PositiveInt(1970)"#
    );
}

#[test]
fn errors_tell_no_values_and_no_unknown_names() {
    let strict = |json: &str| Patient::from_json_with(json, ReadOptions::strict()).expect_err(json);
    for (json, place) in [
        (r#"{"resourceType":"Patient","name":[{"marked":"marked"}]}"#, "Patient.name[0].`***`: "),
        (r#"{"resourceType":"Patient","marked":1}"#, "Patient.`***`: "),
        (r#"{"resourceType":"Patient","birthDate":"marked"}"#, "Patient.birthDate: "),
        (r#"{"resourceType":"Patient","gender":"marked"}"#, "Patient.gender: "),
        (r#"{"resourceType":"marked"}"#, "Patient: "),
    ] {
        let error = strict(json);
        let shown = format!("{error} {error:?} {:?}", error.fault());
        assert!(!shown.contains("marked"), "{shown}");
        assert!(shown.starts_with(place), "{shown}");
    }
    assert_eq!(
        strict(r#"{"resourceType":"Patient","marked":1}"#).path(),
        "Patient.marked",
        "a program may ask"
    );
}

#[test]
fn half_a_character_and_a_mandatory_null_are_refused() {
    for json in [
        r#"{"resourceType":"Patient","id":"\ud83d"}"#,
        r#"{"resourceType":"Patient","id":"\ude00"}"#,
        r#"{"resourceType":"Patient","id":"\ud83d\ud83d"}"#,
        r#"{"resourceType":"Patient","link":[{"other":null,"type":"seealso"}]}"#,
    ] {
        assert!(Patient::from_json(json).is_err(), "{json}");
    }
    let whole = Patient::from_json(r#"{"resourceType":"Patient","language":"\ud83d\ude00"}"#);
    assert!(whole.is_ok() || whole.is_err_and(|error| error.path() == "Patient.language"));
}
