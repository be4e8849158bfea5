//! What a code system or a value set says of its codes beyond listing them.

use crate::fixtures::{ANIMALS, Fixture, animals, importing, listing, set, with_filter};
use ers_fhir_profiles::FhirVersion;
use ers_fhir_profiles::datum::Datum;
use ers_fhir_profiles::definition::{CodeSystem, CodeSystemContent, ConceptSet};
use ers_fhir_profiles::read::terminology::{code_system, value_set};
use ers_fhir_profiles::terminology::{CodeLookup, Membership};

const SNOMED: &str = "http://snomed.info/sct";

/// A filter on another system than that of animals.
fn filter_of(system: &str, property: &str, op: &str, value: &str) -> ConceptSet {
    ConceptSet { system: Some(system.to_owned()), ..with_filter(property, op, value) }
}

#[test]
fn filters_that_a_system_defines_are_not_read_as_lists() {
    let mut part = animals();
    part.url = SNOMED.to_owned();
    part.content = CodeSystemContent::Fragment;
    for systems in [vec![], vec![part]] {
        for (system, property, op, value) in [
            (SNOMED, "concept", "in", "816080008"),
            (SNOMED, "concept", "=", "816080008"),
            (SNOMED, "concept", "not-in", "816080008"),
            (SNOMED, "constraint", "=", "< 404684003"),
            ("http://loinc.org", "concept", "in", "LL1162-8"),
            ("http://loinc.org", "CLASS", "=", "CHEM"),
        ] {
            let fixture = Fixture::new(systems.clone(), [set("s", [filter_of(system, property, op, value)])]);
            let well_formed = if system == SNOMED { "22298006" } else { "8480-6" };
            let named = if value.bytes().all(|byte| byte.is_ascii_digit()) { value } else { well_formed };
            for code in [well_formed, named] {
                let answer = fixture.contains("s", system, code);
                assert!(
                    matches!(answer, Membership::Undecided(_)),
                    "{system} {property} {op} {code}: {answer:?}"
                );
            }
        }
    }
    let fixture = Fixture::new([], [set("s", [filter_of(SNOMED, "concept", "in", "816080008")])]);
    assert_eq!(fixture.contains("s", SNOMED, "dog"), Membership::Out);
    // What `code` means no system has to say.
    let fixture = Fixture::new([], [set("s", [filter_of("urn:absent", "code", "in", "a,b")])]);
    assert!(matches!(fixture.contains("s", "urn:absent", "a"), Membership::Undecided(_)));
    assert_eq!(fixture.contains("s", "urn:absent", "c"), Membership::Out);
}

#[test]
fn what_a_part_of_a_system_does_not_say_the_whole_may() {
    let mut part = animals();
    part.content = CodeSystemContent::Fragment;
    for (property, op, value, dog, cat) in [
        ("legs", "=", "4", Some(true), None),
        ("legs", "in", "2,3", None, None),
        ("legs", "not-in", "4", Some(false), None),
        ("legs", "exists", "true", Some(true), None),
        ("legs", "exists", "false", Some(false), None),
        ("display", "regex", "D.*", Some(true), None),
    ] {
        let fixture = Fixture::new([part.clone()], [set("s", [with_filter(property, op, value)])]);
        for (code, expected) in [("dog", dog), ("cat", cat)] {
            let answer = fixture.contains("s", ANIMALS, code);
            let decided = match answer {
                Membership::In => Some(true),
                Membership::Out => Some(false),
                Membership::Undecided(_) => None,
            };
            assert_eq!(decided, expected, "{property} {op} {value}: {code}");
        }
    }
}

fn read(json: &str) -> CodeSystem {
    let datum = Datum::from_json(json.as_bytes()).expect("the fixture is JSON");
    code_system(&datum, FhirVersion::R4).expect("the fixture is a code system")
}

#[test]
fn a_property_means_what_its_uri_says_whatever_its_code() {
    let system = read(
        r#"{"resourceType": "CodeSystem", "url": "urn:animals", "content": "complete", "caseSensitive": true,
            "property": [
              {"code": "kind", "uri": "http://hl7.org/fhir/concept-properties#parent", "type": "code"},
              {"code": "kinds", "uri": "http://hl7.org/fhir/concept-properties#child", "type": "code"},
              {"code": "gone", "uri": "http://hl7.org/fhir/concept-properties#inactive", "type": "boolean"}],
            "concept": [
              {"code": "plant", "property": [{"code": "kinds", "valueCode": "moss"}]},
              {"code": "tree", "property": [{"code": "kind", "valueCode": "plant"}]},
              {"code": "moss"},
              {"code": "fern", "property": [{"code": "kind", "valueCode": "plant"},
                                            {"code": "gone", "valueBoolean": true}]},
              {"code": "stone"}]}"#,
    );
    for (property, op, value, expected) in [
        ("concept", "is-a", "plant", &["plant", "tree", "moss", "fern"][..]),
        ("kind", "=", "plant", &["tree", "fern"]),
        ("parent", "=", "plant", &["tree", "moss", "fern"]),
        ("inactive", "=", "true", &["fern"]),
        ("gone", "=", "true", &["fern"]),
    ] {
        let fixture = Fixture::new([system.clone()], [set("s", [with_filter(property, op, value)])]);
        assert_eq!(fixture.enumerate("s"), expected, "{property} {op} {value}");
    }
    let fixture = Fixture::new([system], []);
    let CodeLookup::Found(fern) = fixture.terminology.lookup(ANIMALS, "fern") else { panic!("a fern") };
    assert!(fern.is_inactive());

    let system = read(
        r#"{"resourceType": "CodeSystem", "url": "urn:animals", "content": "complete", "caseSensitive": true,
            "property": [{"code": "parent", "uri": "urn:properties#parent-company", "type": "code"}],
            "concept": [{"code": "shop", "property": [{"code": "parent", "valueCode": "chain"}]},
                        {"code": "chain"}]}"#,
    );
    for (property, op, expected) in [("concept", "is-a", &["chain"]), ("parent", "=", &["shop"])] {
        let fixture = Fixture::new([system.clone()], [set("s", [with_filter(property, op, "chain")])]);
        assert_eq!(fixture.enumerate("s"), expected, "{property} {op}");
    }
}

#[test]
fn a_value_set_may_call_its_codes_otherwise() {
    let json = r#"{"resourceType": "ValueSet", "url": "s", "compose": {"include": [{"system": "urn:animals",
        "concept": [{"code": "dog", "display": "Good dog", "designation": [{"language": "cy", "value": "Ci"}]},
                    {"code": "cat", "designation": [{"value": "Pussy cat"}]}]}]}}"#;
    let datum = Datum::from_json(json.as_bytes()).expect("the fixture is JSON");
    for version in [FhirVersion::Stu3, FhirVersion::R4] {
        let own = value_set(&datum, version).expect("a value set");
        let fixture = Fixture::new(
            [animals()],
            [own, set("import", [importing(&["s"])]), set("other", [listing(ANIMALS, &["dog"])])],
        );
        for (url, code, display, expected) in [
            ("s", "dog", "good  dog", true),
            ("s", "dog", "Ci", true),
            ("s", "cat", "pussy cat", true),
            ("s", "cat", "Ci", false),
            ("s", "dog", "Dog", false),
            ("import", "dog", "Ci", true),
            ("other", "dog", "Ci", false),
        ] {
            let expansion = fixture.terminology.expansion(url).expect("a value set of the fixture");
            let found = expansion.accepts_display(&fixture.terminology, ANIMALS, code, display);
            assert_eq!(found, expected, "{url} {code} {display}");
        }
    }
}
