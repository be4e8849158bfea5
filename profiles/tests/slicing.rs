//! What tells the slices of small profiles apart.

use ers_fhir_profiles::package::Package;
use ers_fhir_profiles::slicing::{Expectation, Hop, Step, Test, Told, tell};
use ers_fhir_profiles::{Definitions, FhirVersion};

/// What tells the first slice of an element of Observation from the others, where a profile has these
/// elements.
fn told(sliced: &str, elements: &str) -> String {
    let url = "http://example.org/StructureDefinition/sliced";
    let profile = format!(
        r#"{{ "resourceType": "StructureDefinition", "url": "{url}", "kind": "resource", "type": "Observation",
             "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Observation",
             "derivation": "constraint", "differential": {{ "element": [{elements}] }} }}"#
    );
    let mut definitions = Definitions::embedded(FhirVersion::R4);
    let package = Package::from_resource("sliced.json", profile.as_bytes()).expect("it is a definition");
    definitions.add(package);
    let snapshot = definitions.snapshot(url).expect("it has a snapshot").expect("it was just added");
    let sliced = snapshot.find(sliced).expect("the element is there");
    let slice = snapshot.slices(sliced).next().expect("it is sliced");
    match tell(&definitions, &snapshot, sliced, slice) {
        Told::By(tests) => tests.iter().map(written).collect::<Vec<_>>().join(", "),
        Told::Open => "open".to_owned(),
        Told::Rest => "rest".to_owned(),
        Told::Undecidable(reason) => reason.to_string(),
    }
}

fn written(test: &Test<'_>) -> String {
    let step = |hop: &Hop<'_>| match &hop.step {
        Step::Child(name) => name.to_string(),
        Step::Extension(url) => format!("extension({url})"),
        Step::Resolve => "resolve()".to_owned(),
        Step::OfType(code) => format!("ofType({code})"),
    };
    let path = test.hops.iter().map(step).collect::<Vec<_>>().join(".");
    let expected = match &test.expectation {
        Expectation::Fixed(value) => format!("= {}", value.value.text.as_deref().unwrap_or("...")),
        Expectation::Pattern(value) => format!("like a {}", value.type_name),
        Expectation::Parts(parts) => {
            format!("with ({})", parts.iter().map(written).collect::<Vec<_>>().join(", "))
        }
        Expectation::Any(tests) => tests.iter().map(written).collect::<Vec<_>>().join(" or "),
        Expectation::Bound(binding) => format!("of {}", binding.value_set.as_deref().unwrap_or_default()),
        Expectation::Exists(exists) => format!("exists: {exists}"),
        Expectation::Types(types) => format!("is {}", types.join(" or ")),
        Expectation::Profiles(profiles) => format!("conforms to {}", profiles.join(" or ")),
    };
    format!("{path} {expected}").trim_start().to_owned()
}

/// Slices of components, by one discriminator.
fn components(kind: &str, path: &str, slice: &str) -> String {
    let elements = format!(
        r#"{{ "id": "Observation.component", "path": "Observation.component",
             "slicing": {{ "discriminator": [{{ "type": "{kind}", "path": "{path}" }}], "rules": "open" }} }},
           {{ "id": "Observation.component:a", "path": "Observation.component", "sliceName": "a" }}{slice}"#
    );
    told("Observation.component", &elements)
}

#[test]
fn values_are_those_that_the_slice_fixes_however_deep() {
    let pattern = r#", { "id": "Observation.component:a.code", "path": "Observation.component.code",
        "patternCodeableConcept": { "coding": [{ "code": "x" }] } }"#;
    assert_eq!(components("value", "code", pattern), "code like a CodeableConcept");
    let parts = r#",
        { "id": "Observation.component:a.code.coding", "path": "Observation.component.code.coding", "min": 1 },
        { "id": "Observation.component:a.code.coding.system", "path": "Observation.component.code.coding.system",
          "min": 1, "fixedUri": "http://example.org/codes" },
        { "id": "Observation.component:a.code.coding.code", "path": "Observation.component.code.coding.code",
          "min": 1, "fixedCode": "x" }"#;
    assert_eq!(
        components("value", "code", parts),
        "code with (coding with (system = http://example.org/codes, code = x))"
    );
    assert_eq!(components("value", "code.coding.code", parts), "code.coding.code = x");
    let bound = r#", { "id": "Observation.component:a.code", "path": "Observation.component.code",
        "binding": { "strength": "required", "valueSet": "http://example.org/some" } }"#;
    assert_eq!(components("value", "code", bound), "code of http://example.org/some");
}

#[test]
fn whether_something_is_there_is_told_by_its_cardinality() {
    let value = |cardinality: &str| {
        format!(
            r#", {{ "id": "Observation.component:a.value[x]", "path": "Observation.component.value[x]", {cardinality} }}"#
        )
    };
    assert_eq!(components("exists", "value", &value(r#""max": "0""#)), "value exists: false");
    assert_eq!(components("exists", "value", &value(r#""min": 1"#)), "value exists: true");
    assert_eq!(
        components("exists", "value", &value(r#""short": "a""#)),
        "the slice does not say whether anything is at 'value'"
    );
}

#[test]
fn types_and_profiles_are_those_of_the_element_at_the_end() {
    let value = r#", { "id": "Observation.component:a.value[x]", "path": "Observation.component.value[x]",
        "type": [{ "code": "Quantity" }, { "code": "string" }] }"#;
    assert_eq!(components("type", "value", value), "value is Quantity or string");
    let performer = |kind: &str, of: &str| {
        told(
            "Observation.performer",
            &format!(
                r#"{{ "id": "Observation.performer", "path": "Observation.performer",
                     "slicing": {{ "discriminator": [{{ "type": "{kind}", "path": "resolve()" }}], "rules": "open" }} }},
                   {{ "id": "Observation.performer:a", "path": "Observation.performer", "sliceName": "a",
                     "type": [{{ "code": "Reference", "targetProfile": ["{of}"] }}] }}"#
            ),
        )
    };
    let practitioner = "http://hl7.org/fhir/StructureDefinition/Practitioner";
    assert_eq!(performer("type", practitioner), "resolve() is Practitioner");
    assert_eq!(performer("profile", practitioner), format!("resolve() conforms to {practitioner}"));
    assert_eq!(
        performer("type", "http://example.org/unknown"),
        "the discriminator path 'resolve()' leads to no known element"
    );
}

#[test]
fn extensions_are_told_by_their_url_without_a_word() {
    let elements = r#"
        { "id": "Observation.extension", "path": "Observation.extension" },
        { "id": "Observation.extension:a", "path": "Observation.extension", "sliceName": "a",
          "type": [{ "code": "Extension", "profile": ["http://hl7.org/fhir/StructureDefinition/event-partOf"] }] }"#;
    assert_eq!(
        told("Observation.extension", elements),
        "url = http://hl7.org/fhir/StructureDefinition/event-partOf"
    );
}

#[test]
fn what_cannot_be_decided_says_why() {
    assert_eq!(components("profile", "$this", ""), "open");
    for (path, reason) in [
        ("code", "the slice does not say which value is at 'code'"),
        ("code.nothing", "the discriminator path 'code.nothing' leads to no known element"),
        ("code.where(true)", "the discriminator path 'code.where(true)' uses more of FHIRPath than it may"),
    ] {
        assert_eq!(components("value", path, ""), reason);
    }
    let elements = r#"
        { "id": "Observation.component", "path": "Observation.component", "slicing": { "rules": "open" } },
        { "id": "Observation.component:a", "path": "Observation.component", "sliceName": "a" }"#;
    assert_eq!(told("Observation.component", elements), "the slicing has no discriminator");
}

#[test]
fn a_slice_of_several_types_is_told_by_any_of_them() {
    let components = |types: &str| {
        told(
            "Observation.hasMember",
            &format!(
                r#"{{ "id": "Observation.hasMember", "path": "Observation.hasMember",
                     "slicing": {{ "discriminator": [{{ "type": "exists", "path": "resolve().name" }}], "rules": "open" }} }},
                   {{ "id": "Observation.hasMember:a", "path": "Observation.hasMember", "sliceName": "a",
                     "type": [{{ "code": "Reference", "targetProfile": [{types}] }}] }}"#
            ),
        )
    };
    let core = |name: &str| format!(r#""http://hl7.org/fhir/StructureDefinition/{name}""#);
    let either = [core("PlanDefinition"), core("Library")].join(",");
    assert_eq!(components(&either), "the slice does not say whether anything is at 'resolve().name'");
    let extension = r#"{ "id": "Observation.extension", "path": "Observation.extension",
          "slicing": { "discriminator": [{ "type": "value", "path": "url" }], "rules": "open" } },
        { "id": "Observation.extension:a", "path": "Observation.extension", "sliceName": "a",
          "type": [{ "code": "Extension", "profile": ["http://example.org/a", "http://example.org/b"] }] }"#;
    assert_eq!(
        told("Observation.extension", extension),
        "url = http://example.org/a or url = http://example.org/b"
    );
}

#[test]
fn a_value_may_be_told_below_optional_elements_and_in_slices() {
    let below = r#", { "id": "Observation.component:a.code.coding.code", "path": "Observation.component.code.coding.code",
         "fixedCode": "x" }"#;
    assert_eq!(components("value", "code", below), "code with (coding with (code = x))");
    let sliced = r#", { "id": "Observation.component:a.code.coding", "path": "Observation.component.code.coding",
         "slicing": { "discriminator": [{ "type": "value", "path": "$this" }], "rules": "open" } },
       { "id": "Observation.component:a.code.coding:b", "path": "Observation.component.code.coding", "sliceName": "b",
         "min": 1, "patternCoding": { "code": "x" } }"#;
    assert_eq!(components("value", "code", sliced), "code with (coding like a Coding)");
}
