//! Definitions that cannot become types: what is said of them.

use ers_fhir_codegen::{Config, Error, FhirVersion};
use ers_fhir_profiles::package::Package;

use crate::support::{lamp, with_definition};

/// What is said of a run that must fail.
fn said(config: &Config) -> String {
    match config.generate_file() {
        Err(error) => error.to_string(),
        Ok(code) => panic!("no fault was found, but this generated:\n{code}"),
    }
}

/// What is said of a datatype with this element.
fn of_element(element: &str) -> String {
    said(&with_definition(&lamp(element)).resources(["Lamp"]))
}

/// Holds a message against its parts: the package, the definition, the element, and more.
fn assert_says(said: &str, parts: &[&str]) {
    for part in parts {
        assert!(said.contains(part), "'{said}' does not say '{part}'");
    }
}

const LAMP: &str = "http://hl7.org/fhir/StructureDefinition/Lamp";

/// A profile with this head and these elements.
fn profile(url: &str, base: &str, elements: &str) -> String {
    format!(
        r#"{{
            "resourceType": "StructureDefinition", "url": "http://example.org/{url}", "name": "Sample",
            "kind": "resource", "type": "Patient", "derivation": "constraint", "baseDefinition": "{base}",
            "differential": {{"element": [{{"id": "Patient", "path": "Patient"}}{elements}]}}
        }}"#
    )
}

#[test]
fn an_unknown_type_is_named_with_its_element() {
    let said = of_element(r#"{"id": "Lamp.oil", "path": "Lamp.oil", "max": "1", "type": [{"code": "Oil"}]}"#);
    assert_says(&said, &["'sample.json'", LAMP, "Lamp.oil", "'Oil'", "no package defines"]);
}

#[test]
fn an_element_needs_one_type() {
    let none = of_element(r#"{"id": "Lamp.oil", "path": "Lamp.oil", "max": "1"}"#);
    assert_says(&none, &["'sample.json'", LAMP, "Lamp.oil", "0 types"]);
    let two = of_element(
        r#"{"id": "Lamp.oil", "path": "Lamp.oil", "max": "1", "type": [{"code": "date"}, {"code": "time"}]}"#,
    );
    assert_says(&two, &["'sample.json'", LAMP, "Lamp.oil", "2 types"]);
}

#[test]
fn a_content_reference_must_lead_somewhere() {
    let said = of_element(
        r##"{"id": "Lamp.oil", "path": "Lamp.oil", "max": "1", "contentReference": "#Lamp.fuel"}"##,
    );
    assert_says(&said, &["'sample.json'", LAMP, "Lamp.oil", "Lamp.fuel", "contentReference"]);
}

#[test]
fn what_others_refer_to_is_not_skipped_alone() {
    let elements = r##"
        {"id": "Lamp.bulb", "path": "Lamp.bulb", "max": "*", "type": [{"code": "BackboneElement"}]},
        {"id": "Lamp.bulb.socket", "path": "Lamp.bulb.socket", "max": "1", "type": [{"code": "string"}]},
        {"id": "Lamp.spare", "path": "Lamp.spare", "max": "*", "contentReference": "#Lamp.bulb"}"##;
    let config = with_definition(&lamp(elements)).resources(["Lamp"]).skip("Lamp.bulb");
    assert_says(&said(&config), &[LAMP, "Lamp.spare", "Lamp.bulb", "skip this element too"]);
    assert!(config.skip("Lamp.spare").generate_file().is_ok());
}

#[test]
fn nothing_can_require_itself() {
    let said = of_element(
        r#"{"id": "Lamp.twin", "path": "Lamp.twin", "min": 1, "max": "1", "type": [{"code": "Lamp"}]}"#,
    );
    assert_says(&said, &["'sample.json'", LAMP, "Lamp.twin", "without end"]);
}

#[test]
fn an_unknown_base_is_named() {
    let base = "http://example.org/no-base";
    let config = with_definition(&profile("sample", base, "")).profiles(["http://example.org/sample"]);
    assert_says(&said(&config), &["'sample.json'", "http://example.org/sample", base]);
}

#[test]
fn a_circle_of_bases_is_shown() {
    let (one, two) =
        (profile("one", "http://example.org/two", ""), profile("two", "http://example.org/one", ""));
    let bundle =
        format!(r#"{{"resourceType": "Bundle", "entry": [{{"resource": {one}}}, {{"resource": {two}}}]}}"#);
    let config = with_definition(&bundle).profiles(["http://example.org/one"]);
    assert_says(&said(&config), &["'sample.json'", "http://example.org/one", "http://example.org/two"]);
}

#[test]
fn an_element_that_the_base_lacks_is_named() {
    let patient = "http://hl7.org/fhir/StructureDefinition/Patient";
    let elements = r#", {"id": "Patient.shoe", "path": "Patient.shoe", "max": "0"}"#;
    let config =
        with_definition(&profile("sample", patient, elements)).profiles(["http://example.org/sample"]);
    assert_says(&said(&config), &["'sample.json'", "http://example.org/sample", "Patient.shoe"]);
}

#[test]
fn a_profile_that_is_not_there_is_named() {
    let config = Config::new(FhirVersion::R4).profiles(["http://example.org/none"]);
    assert_says(&said(&config), &["http://example.org/none", "add the package"]);
}

#[test]
fn a_profile_that_a_profile_needs_is_named_with_the_element() {
    let patient = "http://hl7.org/fhir/StructureDefinition/Patient";
    let elements = r#", {"id": "Patient.name", "path": "Patient.name",
        "type": [{"code": "HumanName", "profile": ["http://example.org/none"]}]}"#;
    let config =
        with_definition(&profile("sample", patient, elements)).profiles(["http://example.org/sample"]);
    let outcome = config.run().unwrap_or_else(|error| panic!("{error}"));
    let [absent] = outcome.absent() else { panic!("{outcome:?}") };
    assert_says(&absent.to_string(), &["http://example.org/none", "Patient.name", "add the package"]);
    assert!(outcome.skipped().is_empty() && !outcome.is_empty());
}

#[test]
fn a_package_that_is_not_there_is_named() {
    let config = Config::new(FhirVersion::R4).package("no/such/folder").resources(["Patient"]);
    assert_says(&said(&config), &["no/such/folder"]);
}

#[test]
fn files_that_were_passed_over_are_named_where_a_definition_is_missing() {
    let folder = std::env::temp_dir().join(format!("ers-fhir-codegen-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for the test");
    let half = r#"{"resourceType": "StructureDefinition", "url": "http://example.org/half","#;
    std::fs::write(folder.join("half.json"), half).expect("a file for the test");
    let package = Package::open(&folder);
    std::fs::remove_dir_all(&folder).expect("the folder was made above");
    let config = Config::new(FhirVersion::R4)
        .package(package.expect("a folder is a package"))
        .profiles(["http://example.org/half"]);
    assert_says(&said(&config), &["http://example.org/half", "half.json"]);
}

#[test]
fn there_must_be_a_folder_to_write_to() {
    let config = Config::new(FhirVersion::R4).resources(["Coding"]);
    assert!(matches!(config.write_modules(), Err(Error::NoFolder)));
}

#[test]
fn what_cannot_be_generated_is_skipped_and_the_rest_goes_on() {
    let patient = "http://hl7.org/fhir/StructureDefinition/Patient";
    let good = profile("good", patient, r#", {"id": "Patient.name", "path": "Patient.name", "min": 1}"#);
    let bad = profile("bad", patient, r#", {"id": "Patient.shoe", "path": "Patient.shoe", "max": "0"}"#);
    let bundle =
        format!(r#"{{"resourceType": "Bundle", "entry": [{{"resource": {good}}}, {{"resource": {bad}}}]}}"#);
    let config = with_definition(&bundle).all_profiles();
    assert_says(&said(&config), &["http://example.org/bad", "Patient.shoe"]);
    let outcome = config.run().unwrap_or_else(|error| panic!("{error}"));
    let [skipped] = outcome.skipped() else { panic!("{outcome:?}") };
    assert_says(&skipped.to_string(), &["http://example.org/bad", "Patient.shoe"]);
    assert!(outcome.file().is_ok_and(|code| code.contains("Profile: <http://example.org/good>")));
    let excluded = config.exclude(["http://example.org/bad"]);
    assert!(excluded.generate_file().is_ok(), "nobody asks for it any more");
}

#[test]
fn a_type_that_was_misspelt_is_suggested() {
    let config = Config::new(FhirVersion::R4).resources(["Patiemt"]);
    assert_says(&said(&config), &["'Patiemt'", "did you mean 'Patient'?"]);
}

#[test]
fn a_logical_model_is_no_profile_and_no_type() {
    let model = profile("model", "http://hl7.org/fhir/StructureDefinition/Base", "").replace(
        r#""kind": "resource", "type": "Patient", "derivation": "constraint""#,
        r#""kind": "logical", "type": "Patient", "derivation": "specialization""#,
    );
    let outcome = with_definition(&model).all_profiles().run().unwrap_or_else(|error| panic!("{error}"));
    let [skipped] = outcome.skipped() else { panic!("{outcome:?}") };
    assert_says(&skipped.to_string(), &["http://example.org/model", "logical model"]);
}
