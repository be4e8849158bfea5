//! Resources read into definitions, in both releases.

use ers_fhir_profiles::datum::Datum;
use ers_fhir_profiles::definition::{CodeSystemContent, Coding};
use ers_fhir_profiles::read::terminology::{code_system, naming_system, value_set};
use ers_fhir_profiles::{FhirVersion, ReadError};

const BOTH: [FhirVersion; 2] = [FhirVersion::Stu3, FhirVersion::R4];

fn datum(json: &str) -> Datum {
    Datum::from_json(json.as_bytes()).expect("the fixture is JSON")
}

#[test]
fn a_value_set_keeps_what_it_includes_and_excludes() {
    let resource = datum(
        r#"{"resourceType": "ValueSet", "url": "urn:vs", "status": "active", "compose": {
            "inactive": false,
            "include": [
                {"system": "urn:cs", "version": "2", "concept": [{"code": "a", "display": "A"}, {"code": "b"}]},
                {"valueSet": ["urn:one", "urn:two"]}],
            "exclude": [{"system": "urn:cs", "filter": [{"property": "concept", "op": "is-a", "value": "x"}]}]},
            "expansion": {"contains": [{"system": "urn:cs", "code": "c"}]}}"#,
    );
    for version in BOTH {
        let set = value_set(&resource, version).expect("a value set");
        assert_eq!((set.url.as_str(), set.inactive), ("urn:vs", Some(false)));
        let [listed, imported] = &set.include[..] else { panic!("two includes: {:?}", set.include) };
        assert_eq!((listed.system.as_deref(), listed.version.as_deref()), (Some("urn:cs"), Some("2")));
        assert_eq!(listed.concepts, [("a".to_owned(), Some("A".to_owned())), ("b".to_owned(), None)]);
        assert_eq!(imported.value_sets, ["urn:one", "urn:two"]);
        let filter = &set.exclude[0].filters[0];
        assert_eq!((&*filter.property, &*filter.op, &*filter.value), ("concept", "is-a", "x"));
        assert_eq!(set.expansion.len(), 1);
    }
}

#[test]
fn an_expansion_is_read_with_whether_it_is_whole() {
    let json = |total: u32| {
        datum(&format!(
            r#"{{"resourceType": "ValueSet", "url": "urn:vs", "expansion": {{"total": {total}, "contains": [
                {{"system": "urn:cs", "code": "group", "abstract": true, "contains": [
                    {{"system": "urn:cs", "code": "a", "display": "A"}}]}},
                {{"system": "urn:cs", "code": "b"}}]}}}}"#
        ))
    };
    let coding = |code: &str, display: Option<&str>| Coding {
        system: Some("urn:cs".to_owned()),
        code: code.to_owned(),
        display: display.map(str::to_owned),
    };
    let whole = value_set(&json(3), FhirVersion::R4).expect("a value set");
    assert_eq!(whole.expansion, [coding("a", Some("A")), coding("b", None)]);
    let page = value_set(&json(300), FhirVersion::R4).expect("a value set");
    assert_eq!(page.expansion, whole.expansion);
    assert!(whole.is_whole_expansion && !page.is_whole_expansion);
}

#[test]
fn a_code_system_is_flattened_in_document_order() {
    let resource = datum(
        r#"{"resourceType": "CodeSystem", "url": "urn:cs", "content": "complete", "caseSensitive": true,
            "concept": [
                {"code": "a", "display": "A", "designation": [{"language": "de", "value": "Ah"}],
                 "concept": [{"code": "b", "concept": [{"code": "c"}]}, {"code": "d"}]},
                {"code": "e", "property": [{"code": "weight", "valueDecimal": 1.25},
                                           {"code": "like", "valueCoding": {"code": "a"}}]}]}"#,
    );
    for version in BOTH {
        let system = code_system(&resource, version).expect("a code system");
        assert_eq!((system.content, system.case_sensitive), (CodeSystemContent::Complete, true));
        let concepts: Vec<_> = system.concepts.iter().map(|c| (c.code.as_str(), c.parent)).collect();
        assert_eq!(concepts, [("a", None), ("b", Some(0)), ("c", Some(1)), ("d", Some(0)), ("e", None)]);
        assert_eq!(system.concepts[0].designations, [(Some("de".to_owned()), "Ah".to_owned())]);
        let property = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(system.concepts[4].properties, [property("weight", "1.25"), property("like", "a")]);
    }
}

#[test]
fn stu3_extensions_are_read_as_properties() {
    let resource = datum(
        r#"{"resourceType": "CodeSystem", "url": "urn:cs", "content": "fragment", "concept": [
            {"code": "a",
             "modifierExtension": [
                {"url": "http://hl7.org/fhir/StructureDefinition/codesystem-subsumes", "valueCode": "b"}],
             "extension": [
                {"url": "http://hl7.org/fhir/StructureDefinition/codesystem-deprecated", "valueBoolean": true}]}]}"#,
    );
    let system = code_system(&resource, FhirVersion::Stu3).expect("a code system");
    let property = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let mut properties = system.concepts[0].properties.clone();
    properties.sort();
    assert_eq!(properties, [property("child", "b"), property("status", "deprecated")]);
    assert!(!system.case_sensitive, "a system that does not say accepts any case");
}

#[test]
fn a_naming_system_puts_the_preferred_identifier_first() {
    let resource = datum(
        r#"{"resourceType": "NamingSystem", "name": "Numbers", "kind": "identifier", "uniqueId": [
            {"type": "oid", "value": "1.2.3"}, {"type": "uri", "value": "urn:numbers", "preferred": true}]}"#,
    );
    for version in BOTH {
        let system = naming_system(&resource, version).expect("a naming system");
        let id = |kind: &str, value: &str| (kind.to_owned(), value.to_owned());
        assert_eq!(system.unique_ids, [id("uri", "urn:numbers"), id("oid", "1.2.3")]);
    }
}

#[test]
fn what_is_missing_or_wrong_is_named() {
    let set = |json: &str| value_set(&datum(json), FhirVersion::R4).map(|set| set.url);
    assert_eq!(set(r#"{"resourceType": "ValueSet"}"#), Err(ReadError::missing("ValueSet.url")));
    assert_eq!(
        set(
            r#"{"url": "urn:vs", "compose": {"include": [{"system": "urn:cs", "concept": [{"display": "A"}]}]}}"#
        ),
        Err(ReadError::missing("ValueSet.compose.include.concept.code"))
    );
    let system = |json: &str| code_system(&datum(json), FhirVersion::R4).map(|system| system.url);
    assert_eq!(system(r#"{"url": "urn:cs"}"#), Err(ReadError::missing("CodeSystem.content")));
    assert!(matches!(
        system(r#"{"url": "urn:cs", "content": "all"}"#),
        Err(ReadError::Invalid { element, value, .. }) if element == "CodeSystem.content" && value == "all"
    ));
}
