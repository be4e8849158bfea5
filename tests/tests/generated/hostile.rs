//! Hostile definitions: each is generated, or skipped with a reason, and the generated code compiles without a
//! warning.

use std::collections::BTreeSet;

use ers_fhir_codegen::{Config, FhirVersion, Outcome};
use ers_fhir_profiles::package::Package;
use serde_json::{Value, json};

use crate::crates::Crate;

const CORE: &str = "http://hl7.org/fhir/StructureDefinition";
const HERE: &str = "http://example.org/fhir/StructureDefinition";

/// Definitions, and what of them cannot be generated.
#[derive(Default)]
struct Hostile {
    definitions: Vec<Value>,
    types: Vec<String>,
    /// Ends of the names of those that are skipped, with a piece of the reason.
    skipped: Vec<(String, &'static str)>,
}

impl Hostile {
    /// A profile with this name; its URL ends in a number.
    fn profile(&mut self, name: &str, of: &str, elements: Value) -> String {
        let url = format!("{HERE}/{}", self.definitions.len());
        let mut all = vec![json!({ "id": of, "path": of })];
        if let Value::Array(elements) = elements {
            all.extend(elements);
        }
        self.definitions.push(json!({
            "resourceType": "StructureDefinition", "url": url, "name": name, "status": "draft",
            "fhirVersion": "4.0.1", "kind": "resource", "abstract": false, "type": of,
            "baseDefinition": format!("{CORE}/{of}"), "derivation": "constraint",
            "differential": { "element": all },
        }));
        url
    }

    /// A profile that cannot be generated.
    fn lost_profile(&mut self, of: &str, elements: Value, change: Value, reason: &'static str) {
        let url = self.profile("Lost", of, elements);
        if let (Some(Value::Object(definition)), Value::Object(change)) =
            (self.definitions.last_mut(), change)
        {
            definition.extend(change);
        }
        self.skipped.push((url, reason));
    }

    /// A type of its own.
    fn own_type(&mut self, name: &str, kind: &str, elements: &[Value]) {
        let base = if kind == "resource" { "DomainResource" } else { "Element" };
        let mut all = vec![json!({ "id": name, "path": name, "min": 0, "max": "*" })];
        all.extend(elements.iter().cloned());
        self.definitions.push(json!({
            "resourceType": "StructureDefinition", "url": format!("{CORE}/{name}"), "name": name,
            "status": "draft", "fhirVersion": "4.0.1", "kind": kind, "abstract": false, "type": name,
            "baseDefinition": format!("{CORE}/{base}"), "derivation": "specialization",
            "differential": { "element": all },
        }));
        self.types.push(name.to_owned());
    }

    fn lost_type(&mut self, name: &str, kind: &str, elements: &[Value], reason: &'static str) {
        self.own_type(name, kind, elements);
        self.skipped.push((name.to_owned(), reason));
    }

    fn run(&self) -> Outcome {
        let entries: Vec<Value> =
            self.definitions.iter().map(|definition| json!({ "resource": definition })).collect();
        let bundle = json!({ "resourceType": "Bundle", "type": "collection", "entry": entries });
        let package =
            Package::from_resource("hostile.json", bundle.to_string().as_bytes()).expect("it is JSON");
        assert!(package.problems().is_empty(), "{:?}", package.problems());
        let profiles = self.definitions.iter().filter(|definition| definition["derivation"] == "constraint");
        Config::new(FhirVersion::R4)
            .package(package)
            .resources(&self.types)
            .profiles(profiles.filter_map(|profile| profile["url"].as_str()))
            .run()
            .unwrap_or_else(|error| panic!("{error}"))
    }
}

fn element(id: &str, more: Value) -> Value {
    let path: Vec<&str> = id.split('.').map(|step| step.split(':').next().unwrap_or(step)).collect();
    let mut element = json!({ "id": id, "path": path.join("."), "min": 0, "max": "1" });
    if let Some((_, slice)) = id.rsplit('.').next().and_then(|step| step.split_once(':')) {
        element["sliceName"] = slice.into();
    }
    if let (Value::Object(element), Value::Object(more)) = (&mut element, more) {
        element.extend(more);
    }
    element
}

fn typed(id: &str, code: &str) -> Value {
    element(id, json!({ "type": [{ "code": code }] }))
}

fn born() -> Value {
    json!([{ "id": "Patient.birthDate", "path": "Patient.birthDate", "min": 1 }])
}

/// Names that Rust, the runtime, the base or a file system has, and some that none would take.
fn names(hostile: &mut Hostile) {
    let taken = [
        "Option",
        "Some",
        "None",
        "Result",
        "Ok",
        "Err",
        "Vec",
        "String",
        "Box",
        "Clone",
        "Default",
        "From",
        "Into",
        "TryFrom",
        "Iterator",
        "Copy",
        "Drop",
        "Debug",
        "Self",
        "self",
        "super",
        "crate",
        "Resource",
        "Other",
        "Element",
        "Extension",
        "Xhtml",
        "Date",
        "bool",
        "i32",
        "str",
        "Patient",
        "HumanName",
        "runtime",
        "Extras",
        "Record",
        "Slot",
        "Shape",
        "Shared",
        "Codes",
        "mod",
        "lib",
        "aux",
        "con",
        "com1",
        "AnyValue",
        "PatientContact",
        "AdministrativeGender",
    ];
    for name in taken {
        hostile.profile(name, "Patient", born());
    }
    let long = "VeryLong".repeat(60);
    let odd = [
        "",
        "-",
        "1st",
        "Größe",
        "名前",
        "a-b",
        "A_B",
        "aB",
        "AB",
        "a b",
        "quote\"s",
        "back`tick",
        "*/ comment",
        "line\nbreak",
        "carriage\rreturn",
        "right\u{202e}left",
        "gen",
        "async",
        &long,
    ];
    for name in odd {
        hostile.profile(name, "Patient", born());
    }
}

/// Types whose names and elements are as bad.
fn types(hostile: &mut Hostile) {
    let words = [
        "type", "fn", "match", "async", "await", "dyn", "gen", "self", "Self", "super", "crate", "try",
        "yield", "extras", "order", "new", "toJson", "clone", "shape", "slot", "1st", "größe", "fooBar",
        "foobar", "FooBar", "foo_bar",
    ];
    let members = |owner: &str| -> Vec<Value> {
        words.iter().map(|word| typed(&format!("{owner}.{word}"), "string")).collect()
    };
    for name in ["Vec", "Box", "Result", "Torch", "torch", "Iterator"] {
        hostile.own_type(name, "complex-type", &members(name));
    }
    let long = "elementOfGreatLength".repeat(20);
    hostile.own_type(
        "Cellar",
        "resource",
        &[
            typed("Cellar.deep", "BackboneElement"),
            typed("Cellar.deep.deep", "BackboneElement"),
            element("Cellar.deep.deep.deep", json!({ "contentReference": "#Cellar.deep" })),
            typed("Cellar.Deep", "Torch"),
            typed(&format!("Cellar.{long}"), "string"),
            element(
                "Cellar.light[x]",
                json!({ "min": 1, "type": [{ "code": "Torch" }, { "code": "torch" }] }),
            ),
            typed("Cellar.lightTorch", "string"),
            element("Cellar.guest[x]", json!({ "type": [{ "code": "Patient" }, { "code": "Group" }] })),
        ],
    );
    // The name of an element's struct is that of a type.
    hostile.own_type("CellarDeep", "complex-type", &[typed("CellarDeep.code", "code")]);
    // Without any element, and with itself.
    hostile.own_type(
        "Nothing",
        "complex-type",
        &[element("Nothing.id", json!({ "max": "0" })), element("Nothing.extension", json!({ "max": "0" }))],
    );
    hostile.own_type("Ring", "complex-type", &[typed("Ring.next", "Link")]);
    hostile.own_type("Link", "complex-type", &[typed("Link.next", "Ring")]);
    let chain = |length: usize| -> Vec<Value> {
        let ids = (1..=length).map(|depth| format!("Chain{length}{}", ".part".repeat(depth)));
        ids.map(|id| typed(&id, "BackboneElement")).collect()
    };
    hostile.own_type("Chain40", "complex-type", &chain(40));
    hostile.lost_type("Chain90", "complex-type", &chain(90), "too large");
    let must = json!({ "min": 1, "type": [{ "code": "Knot" }] });
    hostile.lost_type("Knot", "complex-type", &[element("Knot.knot", must)], "without end");
    hostile.lost_type("Vague", "complex-type", &[element("Vague.thing", json!({}))], "0 types");
    hostile.lost_type("Lame", "complex-type", &[typed("Lame.leg", "Leg")], "no package defines");
    // What is made of one that fails fails with it.
    hostile.lost_type("Walker", "complex-type", &[typed("Walker.lame", "Lame")], "excluded");
    let nowhere = json!({ "contentReference": "#Lost.elsewhere" });
    hostile.lost_type("Lost", "complex-type", &[element("Lost.here", nowhere)], "contentReference");
    hostile.lost_type("Model", "logical", &[typed("Model.part", "string")], "logical model");
}

/// Slices with names and discriminators of every kind.
fn slices(hostile: &mut Hostile) {
    let sliced = |kind: &str, path: &str, rules: &str| json!({ "max": "*", "slicing": { "discriminator": [{ "type": kind, "path": path }], "rules": rules } });
    let by_url = |name: &str, url: &str| {
        let slice = format!("Patient.extension:{name}");
        let fixed = json!({ "min": 1, "fixedUri": url });
        [element(&slice, json!({})), element(&format!("{slice}.url"), fixed)]
    };
    let mut all = vec![element("Patient.extension", sliced("value", "url", "open"))];
    for name in
        ["type", "Type", "TYPE", "other", "extension", "extras", "order", "with", "self", "birthDate", "1"]
    {
        all.extend(by_url(name, &format!("http://example.org/{name}")));
    }
    hostile.profile("NamedAlike", "Patient", Value::Array(all));
    let mut many = vec![element("Patient.extension", sliced("value", "url", "open"))];
    for number in 0..300 {
        many.extend(by_url(&format!("s{number}"), &format!("http://example.org/s{number}")));
    }
    hostile.profile("Many", "Patient", Value::Array(many));
    for (kind, path) in [
        ("value", "system"),
        ("value", "$this"),
        ("pattern", "type"),
        ("exists", "period"),
        ("type", "$this"),
        ("profile", "assigner.resolve()"),
        ("value", "no.such.path"),
        ("value", "where(true)"),
        ("value", "extension('http://example.org/x').value"),
    ] {
        hostile.profile(
            "Told",
            "Patient",
            json!([
                element("Patient.identifier", sliced(kind, path, "closed")),
                element("Patient.identifier:one", json!({ "min": 1, "max": "3" })),
                element(
                    "Patient.identifier:one.system",
                    json!({ "min": 1, "fixedUri": "http://example.org/\"1\"\\" })
                ),
                element("Patient.identifier:one.period", json!({ "min": 1 })),
                element("Patient.identifier:two", json!({ "max": "0" })),
                element("Patient.identifier:two.period", json!({ "max": "0" })),
            ]),
        );
    }
    let own = hostile.profile("Nested", "Bundle", json!([]));
    // A profile that refers back to itself, and one that must do so.
    for (name, min) in [("Circle", 0), ("Endless", 1)] {
        let url = format!("{HERE}/{}", hostile.definitions.len());
        let itself = json!({ "min": min, "type": [{ "code": "Identifier", "profile": [url] }] });
        let elements = json!([
            element("Identifier.assigner", json!({ "min": min })),
            element("Identifier.assigner.identifier", itself),
        ]);
        hostile.profile(name, "Identifier", elements);
    }
    hostile.profile(
        "OfItself",
        "Bundle",
        json!([
            element("Bundle.entry", sliced("profile", "resource", "open")),
            element("Bundle.entry:bundle", json!({ "max": "*" })),
            element(
                "Bundle.entry:bundle.resource",
                json!({ "min": 1, "type": [{ "code": "Bundle", "profile": [own] }] })
            ),
        ]),
    );
}

/// What profiles make of choices, extensions, values and counts.
fn constraints(hostile: &mut Hostile) {
    // A mandatory sole member of the type of the base.
    hostile.profile(
        "Stamp",
        "Extension",
        json!([
            element(
                "Extension.extension",
                json!({ "max": "*",
            "slicing": { "discriminator": [{ "type": "value", "path": "url" }], "rules": "closed" } })
            ),
            element("Extension.extension:mark", json!({ "min": 1 })),
            element("Extension.extension:mark.url", json!({ "min": 1, "fixedUri": "mark" })),
            element("Extension.url", json!({ "min": 1, "fixedUri": format!("{HERE}/stamp") })),
            element("Extension.value[x]", json!({ "max": "0" })),
        ]),
    );
    hostile.profile(
        "Timed",
        "Observation",
        json!([element("Observation.effective[x]", json!({ "min": 1 }))]),
    );
    hostile.profile(
        "Valued",
        "Observation",
        json!([
            element(
                "Observation.value[x]",
                json!({ "min": 1, "slicing": {
            "discriminator": [{ "type": "type", "path": "$this" }], "rules": "closed" } })
            ),
            element("Observation.value[x]:valueQuantity", json!({ "type": [{ "code": "Quantity" }] })),
            element("Observation.value[x]:valueQuantity.unit", json!({ "min": 1 })),
            element("Observation.value[x]:valueString", json!({ "type": [{ "code": "string" }] })),
        ]),
    );
    hostile.profile("Fixed", "Observation", json!([
        element("Observation.value[x]", json!({ "min": 1, "type": [{ "code": "Quantity" }],
            "fixedQuantity": { "value": 1.50, "unit": "\"\\\n\u{202e}" } })),
        element("Observation.category", json!({ "min": 2, "max": "5",
            "patternCodeableConcept": { "coding": [{ "code": "a", "userSelected": true }, { "code": "b" }] } })),
        element("Observation.component", json!({ "max": "*" })),
        element("Observation.component.value[x]", json!({ "min": 1, "type": [{ "code": "boolean" }], "fixedBoolean": false })),
    ]));
    let parts = [
        "identifier",
        "active",
        "name",
        "telecom",
        "gender",
        "birthDate",
        "deceased[x]",
        "address",
        "maritalStatus",
        "multipleBirth[x]",
        "photo",
        "contact",
        "communication",
        "generalPractitioner",
        "managingOrganization",
        "link",
        "id",
        "meta",
        "implicitRules",
        "language",
        "text",
        "contained",
        "extension",
        "modifierExtension",
    ];
    let none = parts.map(|part| element(&format!("Patient.{part}"), json!({ "max": "0" })));
    hostile.profile("Empty", "Patient", Value::Array(none.to_vec()));
    hostile.profile("Unchanged", "Patient", json!([]));
    let here = json!({ "type": [{ "code": "HumanName", "profile": [format!("{HERE}/nowhere")] }] });
    hostile.profile("Dangling", "Patient", json!([element("Patient.name", here)]));
}

/// Profiles for which no struct is possible.
fn lost(hostile: &mut Hostile) {
    let other_base = |base: &str| json!({ "baseDefinition": base });
    hostile.lost_profile("Patient", born(), other_base("http://example.org/no-base"), "no-base");
    let circle = format!("{HERE}/{}", hostile.definitions.len());
    hostile.lost_profile("Patient", born(), other_base(&circle), "");
    let shoe = json!([element("Patient.shoe", json!({ "max": "0" }))]);
    hostile.lost_profile("Patient", shoe, json!({}), "Patient.shoe");
    hostile.lost_profile("DomainResource", json!([]), json!({}), "abstract");
    hostile.lost_profile("string", json!([]), json!({ "kind": "primitive-type" }), "primitive");
    hostile.lost_profile("Unheard", json!([]), json!({}), "Unheard");
    let unfit = json!([element("Patient.name", json!({ "patternHumanName": { "shoe": "x" } }))]);
    hostile.lost_profile("Patient", unfit, json!({}), "is not a valid HumanName");
}

/// Value sets with codes that are not words.
fn codes(hostile: &mut Hostile) {
    let odd = [
        "",
        " ",
        "a b",
        "Self",
        "self",
        "unknown",
        "Unknown",
        "=",
        "==",
        "<",
        "é",
        "☃",
        "A",
        "a",
        "1.0",
        "10",
        "quote\"",
        "line\nbreak",
        "\u{202e}",
    ];
    let concepts: Vec<Value> = odd.iter().map(|code| json!({ "code": code, "display": code })).collect();
    let url = "http://example.org/fhir/ValueSet/odd";
    hostile.definitions.push(json!({
        "resourceType": "ValueSet", "url": url, "name": "Option", "status": "draft",
        "compose": { "include": [{ "system": "http://example.org/odd", "concept": concepts }] },
    }));
    hostile.profile(
        "Coded",
        "Coding",
        json!([element(
            "Coding.code",
            json!({ "min": 1, "binding": { "strength": "required", "valueSet": url } })
        ),]),
    );
}

pub(crate) fn definitions_are_generated_or_skipped_with_a_reason() {
    let mut hostile = Hostile::default();
    for add in [names, types, slices, constraints, lost, codes] {
        add(&mut hostile);
    }
    assert!(hostile.definitions.len() > 100, "{}", hostile.definitions.len());
    let outcome = hostile.run();
    for (name, reason) in &hostile.skipped {
        let found = outcome.skipped().iter().find(|skipped| skipped.name == *name);
        let said = found.unwrap_or_else(|| panic!("{name} is not skipped ({reason})")).to_string();
        assert!(said.contains(reason), "'{said}' does not say '{reason}'");
    }
    let expected: BTreeSet<&String> = hostile.skipped.iter().map(|(name, _)| name).collect();
    for skipped in outcome.skipped() {
        assert!(expected.contains(&skipped.name), "{skipped}");
    }
    assert!(
        outcome.absent().iter().any(|absent| absent.profile.ends_with("/nowhere")),
        "{:?}",
        outcome.absent()
    );
    let mut crated = Crate::new("hostile");
    crated.add("hostile", outcome.modules().unwrap_or_else(|error| panic!("{error}")));
    let (is_well, said) = crated.cargo(&["check"]);
    assert!(is_well, "{said}");
    // In a program nothing of it is used, and nothing is said of that either.
    crated.write("main.rs", "#![deny(warnings)]\nmod hostile;\nfn main() {}\n");
    let (is_well, said) = crated.cargo(&["check"]);
    assert!(is_well, "{said}");
}
