//! JSON Schemas of the types: what can be read and written passes, anything else is refused.

use std::path::Path;

use ers_fhir_model::{ers, r4, stu3};
use jsonschema::Validator;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

fn schema<T: JsonSchema>() -> Value {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>().into()
}

fn compiled<T: JsonSchema>() -> Validator {
    let schema = schema::<T>();
    jsonschema::draft202012::new(&schema).unwrap_or_else(|error| panic!("{error}: {schema:#}"))
}

fn examples_pass<T: JsonSchema>(release: &str) {
    let validator = compiled::<T>();
    let folder = format!("../profiles/packages/ers-fhir.ers.{release}/package/example");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut checked = 0;
    for entry in std::fs::read_dir(folder).expect("our packages have examples") {
        let path = entry.expect("the folder is readable").path();
        let name = path.display();
        let bytes = std::fs::read(&path).expect("the example is readable");
        let payload: Value = serde_json::from_slice(&bytes).expect("examples are JSON");
        checked += 1;
        let found: Vec<String> = validator
            .iter_errors(&payload)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(found.is_empty(), "{name}: {found:#?}");
    }
    assert!(checked > 8, "{release}: {checked}");
}

#[test]
fn examples_of_both_releases_pass() {
    examples_pass::<stu3::Resource>("stu3");
    examples_pass::<r4::Resource>("r4");
}

#[test]
fn what_a_type_does_not_have_is_refused() {
    let validator = compiled::<stu3::Patient>();
    for good in [
        json!({ "resourceType": "Patient", "gender": "female", "birthDate": "1970", "_birthDate": { "id": "a" } }),
        json!({ "resourceType": "Patient", "name": [{ "given": ["Ann", null] }], "deceasedBoolean": false }),
        json!({ "resourceType": "Patient", "contained": [{ "resourceType": "Basic", "anything": 1 }] }),
    ] {
        assert!(validator.is_valid(&good), "{good}");
    }
    for bad in [
        json!({ "gender": "female" }),
        json!({ "resourceType": "Group" }),
        json!({ "resourceType": "Patient", "gender": "F" }),
        json!({ "resourceType": "Patient", "birthDate": "01.02.1970" }),
        json!({ "resourceType": "Patient", "nickname": "Ann" }),
        json!({ "resourceType": "Patient", "name": { "text": "Ann" } }),
        json!({ "resourceType": "Patient", "name": [] }),
        json!({ "resourceType": "Patient", "deceasedBoolean": false, "deceasedDateTime": "2001" }),
        json!({ "resourceType": "Patient", "link": [{ "type": "seealso" }] }),
        json!({ "resourceType": "Patient", "contained": [{ "resourceType": "Slot", "anything": 1 }] }),
    ] {
        assert!(!validator.is_valid(&bad), "{bad}");
    }
}

#[test]
fn both_releases_and_profiles_stand_side_by_side() {
    let schema = schema::<(stu3::Period, r4::Period, ers::stu3::CreateReferralParameters)>();
    let items = &schema["prefixItems"];
    assert_ne!(items[0], items[1], "{schema:#}");
    assert!(schema["$defs"]["Parameters"].is_object(), "{schema:#}");
}

#[test]
fn identifiers_pass_as_they_are_written_and_read() {
    fn check<T: JsonSchema + serde::Serialize + for<'de> serde::Deserialize<'de>>(texts: &[&str]) {
        let validator = compiled::<T>();
        for text in texts {
            let read = serde_json::from_value::<T>(json!(text));
            assert_eq!(validator.is_valid(&json!(text)), read.is_ok(), "{text}");
            if let Ok(read) = read {
                assert!(validator.is_valid(&serde_json::to_value(read).expect("it is written")), "{text}");
            }
        }
    }
    use ers_fhir_model::identifiers::{NhsNumber, OdsCode, SdsUserId, ServiceId, Ubrn};
    check::<NhsNumber>(&["9434765919", "943 476 5919", "943-476-5919", "943 4765919", "94347659190", ""]);
    check::<Ubrn>(&["000000070000", "0000-0007-0000", "0000 00070000", "7"]);
    check::<OdsCode>(&["R69", "r69", "RR", "ABCDEFGHIJK"]);
    check::<ServiceId>(&["11002", "1", "", "a"]);
    check::<SdsUserId>(&["100000000017", "17"]);
}
