//! What each release writes in its own way is read into one form.

use ers_fhir_values::FhirVersion::{self, R4, Stu3};

use crate::datum::Datum;
use crate::definition::{
    BindingStrength, ContextKind, ElementDefinition, ExtensionContext, Max, StructureDefinition, TypeRef,
};
use crate::error::ReadError;

/// A definition with these members and differential elements, as JSON.
fn structure(version: FhirVersion, members: &str, elements: &str) -> Result<StructureDefinition, ReadError> {
    let json = format!(
        r#"{{"resourceType": "StructureDefinition", "url": "urn:d", "kind": "complex-type",
            "type": "Thing", {members} "differential": {{"element": [{elements}]}}}}"#
    );
    super::read(&Datum::from_json(json.as_bytes())?, version)
}

fn element(version: FhirVersion, members: &str) -> Result<ElementDefinition, ReadError> {
    let elements = format!(r#"{{"path": "Thing.part", {members}}}"#);
    Ok(structure(version, "", &elements)?.differential.remove(0))
}

fn reference(targets: &[&str]) -> TypeRef {
    let targets = targets.iter().map(|&target| target.to_owned());
    TypeRef { code: "Reference".to_owned(), target_profiles: targets.collect(), ..TypeRef::default() }
}

#[test]
fn repeated_types_are_joined() {
    for (version, types, expected) in [
        (
            Stu3,
            r#"{"code": "Reference", "targetProfile": "urn:a"}, {"code": "Reference", "targetProfile": "urn:b"}"#,
            vec![reference(&["urn:a", "urn:b"])],
        ),
        (
            R4,
            r#"{"code": "Reference", "targetProfile": ["urn:a", "urn:b"]}"#,
            vec![reference(&["urn:a", "urn:b"])],
        ),
        (
            Stu3,
            r#"{"code": "Reference", "targetProfile": "urn:a"}, {"code": "Reference"}"#,
            vec![reference(&[])],
        ),
    ] {
        let read = element(version, &format!(r#""type": [{types}]"#)).expect("it can be read");
        assert_eq!(read.types, expected, "{version} {types}");
    }
}

#[test]
fn the_text_of_a_primitive_has_a_system_type() {
    const EXTENSIONS: &str = "http://hl7.org/fhir/StructureDefinition";
    let stu3 = format!(
        r#""type": [{{"_code": {{"extension": [{{"url": "{EXTENSIONS}/structuredefinition-xml-type", "valueString": "xsd:int"}}]}},
           "extension": [{{"url": "{EXTENSIONS}/structuredefinition-regex", "valueString": "[0-9]"}}]}}]"#
    );
    let r4 = format!(
        r#""type": [{{"code": "http://hl7.org/fhirpath/System.Integer", "extension": [
            {{"url": "{EXTENSIONS}/structuredefinition-fhir-type", "valueUrl": "integer"}},
            {{"url": "{EXTENSIONS}/regex", "valueString": "[0-9]"}}]}}]"#
    );
    for (version, member) in [(Stu3, stu3), (R4, r4)] {
        let elements = format!(r#"{{"path": "integer.value", {member}}}"#);
        let read = structure(version, "", &elements).expect("it can be read");
        let of = &read.differential[0].types[0];
        assert_eq!(of.code, "System.Integer", "{version}");
        assert_eq!(of.fhir_type.as_deref(), Some("integer"), "{version}");
        assert_eq!(of.regex.as_deref(), Some("[0-9]"), "{version}");
    }
}

#[test]
fn the_type_of_an_xml_attribute_is_a_system_type_in_both_releases() {
    for version in [Stu3, R4] {
        let read = element(version, r#""representation": ["xmlAttr"], "type": [{"code": "uri"}]"#);
        let of = read.expect("it can be read").types.remove(0);
        assert_eq!((of.code.as_str(), of.fhir_type.as_deref()), ("System.String", Some("uri")), "{version}");
    }
}

#[test]
fn a_binding_names_its_value_set() {
    for (version, member) in [
        (Stu3, r#""valueSetUri": "urn:set""#),
        (Stu3, r#""valueSetReference": {"reference": "urn:set"}"#),
        (R4, r#""valueSet": "urn:set""#),
    ] {
        let read = element(version, &format!(r#""binding": {{"strength": "extensible", {member}}}"#));
        let binding = read.expect("it can be read").binding.expect("it has a binding");
        assert_eq!(binding.strength, BindingStrength::Extensible);
        assert_eq!(binding.value_set.as_deref(), Some("urn:set"), "{version} {member}");
    }
}

#[test]
fn an_extension_says_where_it_may_be_used() {
    let context = |kind, expression: &str| ExtensionContext { kind, expression: expression.to_owned() };
    for (version, members, expected) in [
        (
            Stu3,
            r#""contextType": "resource", "context": ["Patient", "Group"],"#,
            vec![context(ContextKind::Element, "Patient"), context(ContextKind::Element, "Group")],
        ),
        (
            R4,
            r#""context": [{"type": "extension", "expression": "urn:e"}, {"type": "fhirpath", "expression": "name"}],"#,
            vec![context(ContextKind::Extension, "urn:e"), context(ContextKind::FhirPath, "name")],
        ),
    ] {
        assert_eq!(structure(version, members, "").expect("it can be read").context, expected, "{version}");
    }
}

#[test]
fn ids_that_do_not_spell_the_path_are_made_anew() {
    for (id, expected) in [
        (r#""id": "Thing.part:a","#, "Thing.part:a"),
        (r#""id": "Thing.part:A","#, "Thing.part:A"),
        (r#""id": "57","#, "Thing.part:a"),
        (r#""id": "Thing.part","#, "Thing.part:a"),
        ("", "Thing.part:a"),
    ] {
        let elements = format!(
            r#"{{"path": "Thing"}}, {{{id} "path": "Thing.part", "sliceName": "a"}}, {{"path": "Thing.part.x.y"}},
               {{"path": "Thing.other"}}"#
        );
        let read = structure(R4, "", &elements).expect("it can be read");
        let ids: Vec<&str> = read.differential.iter().map(|element| element.id.as_str()).collect();
        assert_eq!(ids, ["Thing", expected, &format!("{expected}.x.y"), "Thing.other"], "{id}");
    }
}

#[test]
fn a_shorthand_in_the_path_is_one_in_the_id() {
    let elements = r#"{"id": "Thing.value[x]:valueCode", "path": "Thing.valueCode"},
        {"id": "Thing.value[x]:valueCode.x", "path": "Thing.valueCode.x"},
        {"id": "Thing.value[x]:valueCode", "path": "Thing.value[x]", "sliceName": "valueCode"}"#;
    let read = structure(Stu3, "", elements).expect("it can be read");
    let ids: Vec<&str> = read.differential.iter().map(|element| element.id.as_str()).collect();
    assert_eq!(ids, ["Thing.valueCode", "Thing.valueCode.x", "Thing.value[x]:valueCode"]);
}

#[test]
fn facts_of_an_element_are_read() {
    let read = element(
        R4,
        r#""min": 1, "max": "*", "fixedCode": "a", "patternCodeableConcept": {"text": "b"}, "minValueInteger": 3,
           "maxLength": 9, "isModifier": true, "contentReference": "Thing",
           "constraint": [{"key": "k", "severity": "warning", "source": "Element", "expression": "true"}]"#,
    )
    .expect("it can be read");
    assert_eq!((read.min, read.max, read.max_length), (Some(1), Some(Max::Unbounded), Some(9)));
    let type_name = |value: Option<&crate::definition::TypedValue>| value.map(|v| v.type_name.clone());
    assert_eq!(type_name(read.fixed.as_ref()).as_deref(), Some("code"));
    assert_eq!(type_name(read.pattern.as_ref()).as_deref(), Some("CodeableConcept"));
    assert_eq!(type_name(read.min_value.as_ref()).as_deref(), Some("integer"));
    let source = read.constraints[0].source.as_deref();
    assert_eq!(source, Some("http://hl7.org/fhir/StructureDefinition/Element"));
}

#[test]
fn what_cannot_be_read_names_the_element() {
    for (members, expected) in [
        (r#""max": "many""#, "max of Thing.part in urn:d is 'many': expected a whole number or '*'"),
        (r#""min": -1"#, "min of Thing.part in urn:d is '-1': expected a whole number"),
        (
            r#""slicing": {"rules": "ajar"}"#,
            "slicing.rules of Thing.part in urn:d is 'ajar': expected closed, open, openAtEnd",
        ),
        (r#""binding": {"strength": "strong"}"#, "binding.strength of Thing.part in urn:d is 'strong'"),
        (r#""type": [{"profile": ["urn:p"]}]"#, "type.code of Thing.part in urn:d is missing"),
    ] {
        let elements = format!(r#"{{"path": "Thing.part", {members}}}, {{"path": "Thing.other"}}"#);
        let read = structure(R4, "", &elements).expect("the rest can be read");
        let [error] = read.faults.as_slice() else { panic!("{:?}", read.faults) };
        assert!(error.contains(expected), "{error}");
        assert_eq!(read.differential.len(), 1, "{members}");
    }
}

#[test]
fn in_stu3_order_and_path_tell_what_belongs_to_a_slice() {
    let elements = r#"{"id": "Thing", "path": "Thing"}, {"id": "Thing.part", "path": "Thing.part"},
        {"id": "first", "path": "Thing.part", "sliceName": "a"}, {"id": "Thing.part.name", "path": "Thing.part.name"},
        {"id": "x", "path": "Thing.part", "sliceName": "b"}, {"id": "Thing.part:a.name.text", "path": "Thing.part.name.text"},
        {"id": "Thing.rest", "path": "Thing.rest"}"#;
    let ids = |version| {
        let read = structure(version, "", elements).expect("it can be read");
        read.differential.into_iter().map(|element| element.id).collect::<Vec<_>>()
    };
    let stu3 = [
        "Thing",
        "Thing.part",
        "Thing.part:a",
        "Thing.part:a.name",
        "Thing.part:b",
        "Thing.part:b.name.text",
        "Thing.rest",
    ];
    assert_eq!(ids(Stu3), stu3);
    assert_eq!(ids(R4)[5], "Thing.part:a.name.text");
}
