//! What becomes of the parts of a profile, on small definitions made for it.

use ers_fhir_codegen::Config;
use ers_fhir_profiles::FhirVersion;
use ers_fhir_profiles::package::Package;

const URL: &str = "http://example.org/StructureDefinition/sample";

/// The code for a profile on Patient with these differential elements.
fn generate(elements: &str) -> String {
    let profile = format!(
        r#"{{
            "resourceType": "StructureDefinition", "url": "{URL}", "name": "Sample", "kind": "resource",
            "type": "Patient", "derivation": "constraint",
            "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient",
            "differential": {{"element": [{elements}]}}
        }}"#
    );
    let package =
        Package::from_resource("sample.json", profile.as_bytes()).expect("the sample is a definition");
    let config = Config::new(FhirVersion::R4).package(package).resources(["Patient"]).profiles([URL]);
    config.generate_file().unwrap_or_else(|error| panic!("{error}"))
}

/// The text of an item that starts so, to the end of its line or block.
fn item<'a>(code: &'a str, start: &str) -> &'a str {
    let at = code.find(start).unwrap_or_else(|| panic!("no '{start}' was generated"));
    let rest = &code[at..];
    rest.split_once("\n}").map_or(rest, |(item, _)| item)
}

#[test]
fn what_is_mandatory_is_a_plain_value_and_a_parameter() {
    let code = generate(r#"{"id": "Patient.birthDate", "path": "Patient.birthDate", "min": 1}"#);
    assert!(item(&code, "pub struct Sample {").contains("pub birth_date: Date,"));
    assert!(code.contains("pub fn new(birth_date: impl Into<Date>) -> Self"));
}

#[test]
fn what_is_forbidden_is_no_field() {
    let code = generate(r#"{"id": "Patient.contact", "path": "Patient.contact", "max": "0"}"#);
    assert!(!item(&code, "pub struct Sample {").contains("contact"));
    assert!(code.contains(r#"runtime::Property::forbidden("contact")"#));
}

#[test]
fn what_is_fixed_is_implied() {
    let code =
        generate(r#"{"id": "Patient.active", "path": "Patient.active", "min": 1, "fixedBoolean": true}"#);
    assert!(!item(&code, "pub struct Sample {").contains("active"));
    assert!(code.contains(r#"runtime::Property::implied("active", "true")"#));
}

#[test]
fn one_type_of_a_choice_is_that_type() {
    let code = generate(
        r#"{"id": "Patient.deceased[x]", "path": "Patient.deceased[x]", "type": [{"code": "dateTime"}]}"#,
    );
    assert!(item(&code, "pub struct Sample {").contains("pub deceased: Option<DateTime>,"));
}

#[test]
fn at_most_one_of_many_is_an_option() {
    let code = generate(r#"{"id": "Patient.name", "path": "Patient.name", "max": "1"}"#);
    assert!(item(&code, "pub struct Sample {").contains("pub name: Option<HumanName>,"));
}

#[test]
fn a_slice_is_a_field_and_the_rest_another() {
    let code = generate(
        r#"{"id": "Patient.name", "path": "Patient.name", "slicing":
               {"discriminator": [{"type": "value", "path": "use"}], "rules": "open"}},
           {"id": "Patient.name:official", "path": "Patient.name", "sliceName": "official", "min": 1, "max": "1"},
           {"id": "Patient.name:official.use", "path": "Patient.name.use", "min": 1, "fixedCode": "official"}"#,
    );
    let sample = item(&code, "pub struct Sample {");
    assert!(sample.contains("pub official: HumanName,"), "{sample}");
    assert!(sample.contains("pub other_name: Vec<HumanName>,"), "{sample}");
    assert!(code.contains(r#"runtime::Mark(&["use"], Some("\"official\""))"#));
}
