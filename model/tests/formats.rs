//! The types in programs that use serde: with its attributes, and in formats that are not JSON.
#![cfg(feature = "stu3")]

use std::collections::BTreeMap;

use ers_fhir_model::identifiers::NhsNumber;
use ers_fhir_model::primitives::{Decimal, Id, PositiveInt, Uri};
use ers_fhir_model::runtime::Json as _;
use ers_fhir_model::stu3::{AdministrativeGender, Patient};
use serde::{Deserialize, Serialize};

/// What must come back from every format, with a number whose digits a double does not keep.
const PATIENT: &str = r#"{"resourceType":"Patient","active":true,"name":[{"given":["Ann",null],"_given":[null,{"id":"b"}]}],"gender":"female","birthDate":"1970","multipleBirthInteger":2,"x":[1.50,-3,{"y":12345678901234567890.10},null]}"#;

fn patient() -> Patient {
    Patient::from_json(PATIENT).expect("a patient")
}

#[derive(Serialize, Deserialize, Debug, PartialEq)]
struct Flat {
    trace: i32,
    #[serde(flatten)]
    patient: Patient,
}

#[derive(Serialize, Deserialize, Debug, PartialEq)]
#[serde(untagged)]
enum Either {
    Patient(Box<Patient>),
    Other(serde_json::Value),
}

#[derive(Serialize, Deserialize, Debug, PartialEq)]
#[serde(tag = "kind")]
enum Tagged {
    A(Patient),
}

#[derive(Serialize, Deserialize, Debug, PartialEq)]
#[serde(tag = "kind", content = "of")]
enum Adjacent {
    A(Patient),
}

const SHORT: &str = r#"{"resourceType":"Patient","active":true}"#;

fn short() -> Patient {
    Patient::from_json(SHORT).expect("a patient")
}

#[test]
fn a_type_is_flattened_into_another() {
    let flat = Flat { trace: 1, patient: short() };
    let json = serde_json::to_string(&flat).expect("it is written");
    assert_eq!(json, r#"{"trace":1,"resourceType":"Patient","active":true}"#);
    assert_eq!(serde_json::from_str::<Flat>(&json).expect("it is read"), flat);
    let all = serde_json::to_string(&Flat { trace: 1, patient: patient() }).expect("it is written");
    assert_eq!(all, format!(r#"{{"trace":1,{}"#, &PATIENT[1..]), "digits are kept");
}

#[test]
fn enums_with_and_without_tags_hold_a_type() {
    assert_eq!(
        serde_json::from_str::<Either>(SHORT).expect("it is read"),
        Either::Patient(Box::new(short()))
    );
    assert!(matches!(serde_json::from_str(r#"{"resourceType":"Slot"}"#), Ok(Either::Other(_))));
    assert_eq!(serde_json::to_string(&Either::Patient(Box::new(short()))).expect("it is written"), SHORT);

    let json = serde_json::to_string(&Tagged::A(short())).expect("it is written");
    assert_eq!(json, r#"{"kind":"A","resourceType":"Patient","active":true}"#);
    assert_eq!(serde_json::from_str::<Tagged>(&json).expect("it is read"), Tagged::A(short()));

    let json = serde_json::to_string(&Adjacent::A(patient())).expect("it is written");
    assert_eq!(json, format!(r#"{{"kind":"A","of":{PATIENT}}}"#));
    assert_eq!(serde_json::from_str::<Adjacent>(&json).expect("it is read"), Adjacent::A(patient()));
}

#[test]
fn texts_and_numbers_are_keys_of_maps() {
    fn through<K: Serialize + for<'de> Deserialize<'de> + Ord + std::fmt::Debug>(key: K, json: &str) {
        let map = BTreeMap::from([(key, 1)]);
        assert_eq!(serde_json::to_string(&map).expect("it is written"), json);
        assert_eq!(serde_json::from_str::<BTreeMap<K, i32>>(json).expect("it is read"), map);
    }
    through("a".parse::<Id>().expect("an id"), r#"{"a":1}"#);
    through(Uri::from("http://x.test/\"q\""), r#"{"http://x.test/\"q\"":1}"#);
    through(PositiveInt::new(7).expect("a number"), r#"{"7":1}"#);
    through("9434765919".parse::<NhsNumber>().expect("a number"), r#"{"9434765919":1}"#);
    let map = std::collections::HashMap::from([(AdministrativeGender::Female, 1)]);
    assert_eq!(serde_json::to_string(&map).expect("it is written"), r#"{"female":1}"#);
}

#[test]
fn serde_json_keeps_every_digit_and_formats() {
    assert_eq!(serde_json::to_string(&patient()).expect("it is written"), PATIENT);
    assert_eq!(serde_json::from_str::<Patient>(PATIENT).expect("it is read"), patient());
    assert_eq!(serde_json::from_slice::<Patient>(PATIENT.as_bytes()).expect("it is read"), patient());
    assert_eq!(serde_json::from_reader::<_, Patient>(PATIENT.as_bytes()).expect("it is read"), patient());
    let mut bytes = Vec::new();
    serde_json::to_writer(&mut bytes, &patient()).expect("it is written");
    assert_eq!(bytes, PATIENT.as_bytes());

    let pretty = serde_json::to_string_pretty(&patient()).expect("it is written");
    assert!(pretty.contains("\n  \"active\": true") && pretty.contains("1.50"), "{pretty}");
    assert_eq!(patient().to_json_pretty(), pretty);

    let value = serde_json::to_value(short()).expect("it is a value");
    assert_eq!(value, serde_json::json!({ "resourceType": "Patient", "active": true }));
    assert_eq!(serde_json::from_value::<Patient>(value).expect("it is read"), short());
    let number: Decimal = serde_json::from_str("1.50").expect("a number");
    assert_eq!(serde_json::to_string(&number).expect("it is written"), "1.50");
}

#[test]
fn files_and_connections_are_read_and_written() {
    let read = Patient::from_reader(PATIENT.as_bytes()).expect("it is read");
    let mut written = Vec::new();
    read.to_writer(&mut written).expect("it is written");
    assert_eq!(written, PATIENT.as_bytes());
    let error = Patient::from_reader(&b"{\"resourceType\":\"Slot\"}"[..]).expect_err("another type");
    assert_eq!(error.kind(), std::io::ErrorKind::InvalidData);
}

#[test]
fn yaml_holds_a_type() {
    let yaml = serde_yaml_ng::to_string(&patient()).expect("it is written");
    assert!(yaml.contains("birthDate: '1970'") && !yaml.contains("private"), "{yaml}");
    assert_eq!(serde_yaml_ng::from_str::<Patient>(&yaml).expect("it is read").to_json(), kept(), "{yaml}");
    let written = "resourceType: Patient\nactive: true\nname:\n- family: Ashdown\n";
    assert_eq!(
        serde_yaml_ng::from_str::<Patient>(written).expect("it is read").name[0].family.as_deref(),
        Some("Ashdown")
    );
    let error =
        serde_yaml_ng::from_str::<Patient>("resourceType: Patient\nactive: maybe\n").expect_err("no boolean");
    assert!(error.to_string().contains("Patient.active"), "{error}");
}

/// The patient, with the numbers that no format but JSON can hold as text.
fn kept() -> String {
    PATIENT.replace("[1.50,", "[\"1.50\",").replace("12345678901234567890.10", "\"12345678901234567890.10\"")
}

#[test]
fn cbor_and_message_pack_hold_a_type() {
    let mut cbor = Vec::new();
    ciborium::into_writer(&patient(), &mut cbor).expect("it is written");
    let read: Patient = ciborium::from_reader(&cbor[..]).expect("it is read");
    assert_eq!(read.to_json(), kept());

    let packed = rmp_serde::to_vec(&patient()).expect("it is written");
    assert_eq!(rmp_serde::from_slice::<Patient>(&packed).expect("it is read").to_json(), kept());
    let named = rmp_serde::to_vec_named(&Flat { trace: 1, patient: short() }).expect("it is written");
    assert_eq!(
        rmp_serde::from_slice::<Flat>(&named).expect("it is read"),
        Flat { trace: 1, patient: short() }
    );
}

#[test]
fn a_decimal_keeps_its_digits_in_every_format() {
    let json = r#"{"resourceType":"Patient","extension":[{"url":"http://x.test","valueDecimal":1.50},{"url":"http://x.test","valueDecimal":0.1}]}"#;
    let patient = Patient::from_json(json).expect("a patient");
    let yaml = serde_yaml_ng::to_string(&patient).expect("it is written");
    assert_eq!(serde_yaml_ng::from_str::<Patient>(&yaml).expect("it is read").to_json(), json, "{yaml}");
}

#[test]
fn a_path_to_an_error_leads_to_the_type_and_goes_on_in_its_message() {
    #[derive(Deserialize, Debug)]
    struct Batch {
        #[expect(dead_code, reason = "reading it fails")]
        patients: Vec<Patient>,
    }
    let json = r#"{"patients":[{"resourceType":"Patient"},{"resourceType":"Patient","active":1}]}"#;
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let error = serde_path_to_error::deserialize::<_, Batch>(&mut deserializer).expect_err("no boolean");
    assert_eq!(error.path().to_string(), "patients[1]");
    assert!(error.inner().to_string().contains("Patient.active"), "{error}");
}
