//! Settings by element path.

use ers_fhir_codegen::{Config, Error, FhirVersion};

use crate::support::{folder, item, lamp, with_definition};

const ELEMENTS: &str = r##"
    {"id": "Lamp.label", "path": "Lamp.label", "min": 0, "max": "1", "type": [{"code": "string"}]},
    {"id": "Lamp.age[x]", "path": "Lamp.age[x]", "min": 0, "max": "1",
        "type": [{"code": "date"}, {"code": "Period"}]},
    {"id": "Lamp.bulb", "path": "Lamp.bulb", "min": 0, "max": "*", "type": [{"code": "BackboneElement"}]},
    {"id": "Lamp.bulb.maker", "path": "Lamp.bulb.maker", "min": 0, "max": "*", "type": [{"code": "BackboneElement"}]},
    {"id": "Lamp.bulb.maker.name", "path": "Lamp.bulb.maker.name", "min": 0, "max": "1", "type": [{"code": "string"}]},
    {"id": "Lamp.bulb.spare", "path": "Lamp.bulb.spare", "min": 0, "max": "*", "contentReference": "#Lamp.bulb"}"##;

fn config() -> Config {
    with_definition(&lamp(ELEMENTS)).resources(["Lamp"]).skip("Extension.value[x]")
}

fn generate(config: &Config) -> String {
    config.generate_file().unwrap_or_else(|error| panic!("{error}"))
}

/// What is said of settings that cannot be followed.
fn fault(config: &Config) -> String {
    match config.generate_file() {
        Err(error @ Error::Setting { .. }) => error.to_string(),
        other => panic!("no fault of a setting: {other:?}"),
    }
}

#[test]
fn what_is_skipped_is_no_field_and_no_type() {
    let code = generate(&config().skip("Lamp.bulb"));
    assert!(!item(&code, "pub struct Lamp {").contains("bulb"));
    assert!(!code.contains("pub struct LampBulb"));
    assert!(item(&code, "pub struct Lamp {").contains("pub label"));
}

#[test]
fn names_hold_for_what_is_below_and_the_longest_path_wins() {
    let code = generate(&config().type_name("Lamp.bulb", "Light").type_name("Lamp.bulb.maker", "Maker"));
    assert!(item(&code, "pub struct Lamp {").contains("pub bulb: Vec<Light>,"));
    assert!(item(&code, "pub struct Light {").contains("pub maker: Vec<Maker>,"));
    assert!(item(&code, "pub struct Light {").contains("pub spare: Vec<Light>,"));
    let code = generate(&config().type_name("Lamp", "Lantern"));
    assert!(item(&code, "pub struct Lantern {").contains("pub bulb: Vec<LanternBulb>,"));
    assert!(item(&code, "pub struct Lantern {").contains("pub age: Option<LanternAge>,"));
    let code: String = code.split_whitespace().collect();
    assert!(code.contains(r#"Shape::new("Lamp","#), "the name in FHIR stays");
}

#[test]
fn a_choice_is_named_with_or_without_its_mark() {
    for path in ["Lamp.age[x]", "Lamp.age"] {
        assert!(generate(&config().type_name(path, "Age")).contains("pub enum Age {"));
    }
}

#[test]
fn a_field_is_named_alone() {
    let code = generate(&config().field_name("Lamp.bulb", "lights"));
    assert!(item(&code, "pub struct Lamp {").contains("pub lights: Vec<LampBulb>,"));
    assert!(code.contains(r#"runtime::Field::new("bulb","#), "the name in JSON stays");
}

#[test]
fn an_enum_of_codes_is_named_by_its_value_set() {
    let url = "http://hl7.org/fhir/ValueSet/administrative-gender";
    let code = Config::new(FhirVersion::R4)
        .resources(["Patient"])
        .type_name(url, "Gender")
        .type_attribute(url, "#[derive(PartialOrd)]")
        .generate_file()
        .unwrap_or_else(|error| panic!("{error}"));
    assert!(item(&code, "pub struct Patient {").contains("pub gender: Option<Gender>,"));
    assert!(code.contains("#[derive(PartialOrd)]\npub enum Gender {"));
}

#[test]
fn attributes_add_up_and_hold_below() {
    let code = generate(
        &config()
            .type_attribute(".", "#[non_exhaustive]")
            .type_attribute("Lamp.bulb", "#[must_use]")
            .field_attribute("Lamp.bulb.maker", "#[cfg(all())]"),
    );
    assert!(code.contains("#[non_exhaustive]\n#[allow(dead_code)]\npub struct Lamp {"));
    assert!(code.contains("#[non_exhaustive]\n#[must_use]\n#[allow(dead_code)]\npub struct LampBulb {"));
    assert!(code.contains("#[non_exhaustive]\n#[must_use]\n#[allow(dead_code)]\npub struct LampBulbMaker {"));
    assert!(code.contains("#[non_exhaustive]\n#[allow(dead_code)]\npub enum LampAge {"));
    let bulb = item(&code, "pub struct LampBulb {");
    assert!(bulb.contains("#[cfg(all())]\n    pub maker:"), "{bulb}");
    assert!(!bulb.contains("#[cfg(all())]\n    pub spare:"), "{bulb}");
    assert!(item(&code, "pub struct LampBulbMaker {").contains("#[cfg(all())]\n    pub name:"));
}

#[test]
fn settings_that_cannot_be_followed_are_refused() {
    let cases = [
        (config().skip("Lamp.lab"), "Lamp has no such element"),
        (config().skip("Torch.label"), "nothing is generated for it"),
        (config().type_name("Lamp.bulb", "Lamp"), "another type is called Lamp"),
        (config().type_name("Lamp.bulb", "two words"), "'two words' is not a name in Rust"),
        (config().type_name("Element", "Part"), "relies on the name"),
        (config().field_name("Lamp.bulb", "label"), "another field is called label"),
        (config().field_name("Lamp.bulb", "extras"), "another field is called extras"),
        (config().type_attribute("Lamp", "non_exhaustive"), "'non_exhaustive' is not an attribute"),
        (config().field_attribute("Lamp", ""), "'' is not an attribute"),
    ];
    for (config, expected) in cases {
        let said = fault(&config);
        assert!(said.contains(expected), "'{said}' does not say '{expected}'");
    }
}

#[test]
fn a_profile_goes_by_its_canonical() {
    let url = "http://example.org/fhir/StructureDefinition/card-name";
    let code = Config::new(FhirVersion::Stu3)
        .package(folder("profile").join("cardinality.json"))
        .all_profiles()
        .skip("Extension.value[x]")
        .type_name("HumanName", "Name")
        .type_name(url, "NameOnCard")
        .type_attribute(url, "#[non_exhaustive]")
        .generate_file()
        .unwrap_or_else(|error| panic!("{error}"));
    assert!(code.contains("#[non_exhaustive]\n#[allow(dead_code)]\npub struct NameOnCard {"), "{code}");
    assert!(code.contains("runtime::profile!(NameOnCard, Name, Element);"));
}

#[test]
fn names_that_were_given_stay_when_definitions_change() {
    let run = |config: &Config| config.run().unwrap_or_else(|error| panic!("{error}"));
    let first = run(&config());
    assert!(first.names().contains("Lamp.bulb.maker = LampBulbMaker\n"), "{}", first.names());
    let kept = first.names().replace("= LampBulbMaker", "= Maker").replace("= LampAge", "= Age");
    let second = run(&config().names(&kept));
    assert_eq!(second.names(), kept);
    let code = second.file().unwrap_or_else(|error| panic!("{error}"));
    assert!(item(&code, "pub struct LampBulb {").contains("pub maker: Vec<Maker>,"));
    assert!(code.contains("pub enum Age {"));
    // A name stays with what had it, also when that is gone.
    let third = run(&config().skip("Lamp.bulb").names(&kept));
    assert_eq!(third.names(), kept);
}
