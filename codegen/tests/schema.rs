//! What becomes of each part of a definition in its JSON Schema: payloads that pass, and others that
//! do not.

use std::sync::Arc;

use ers_fhir_codegen::schema::JsonSchema;
use ers_fhir_profiles::package::Package;
use ers_fhir_profiles::{Definitions, FhirVersion};
use jsonschema::Validator;
use serde_json::{Value, json};

const URL: &str = "http://example.org/StructureDefinition/sample";

/// The schema of a profile with these differential elements, on a resource of R4.
fn made(resource: &str, elements: &Value) -> Result<Value, String> {
    maker(resource, elements).generate(URL).map_err(|error| error.to_string())
}

/// What makes schemas of a profile with these differential elements, on a resource of R4.
fn maker(resource: &str, elements: &Value) -> JsonSchema {
    maker_of(&[profile(resource, elements)])
}

/// What makes schemas of these definitions.
fn maker_of(all: &[Value]) -> JsonSchema {
    let mut definitions = Definitions::embedded(FhirVersion::R4);
    for definition in all {
        let package = Package::from_resource("sample.json", definition.to_string().as_bytes());
        definitions.add(package.expect("the sample is a definition"));
    }
    JsonSchema::new(Arc::new(definitions))
}

/// A profile with these differential elements.
fn profile(resource: &str, elements: &Value) -> Value {
    json!({
        "resourceType": "StructureDefinition", "url": URL, "name": "Sample", "kind": "resource",
        "type": resource, "derivation": "constraint",
        "baseDefinition": format!("http://hl7.org/fhir/StructureDefinition/{resource}"),
        "differential": { "element": elements },
    })
}

fn compiled(schema: &Value) -> Validator {
    jsonschema::draft202012::new(schema).unwrap_or_else(|error| panic!("{error}: {schema:#}"))
}

/// Holds payloads, given without their `resourceType`, against a profile.
fn check(resource: &str, elements: &Value, good: &[Value], bad: &[Value]) {
    check_with(resource, elements, &[], good, bad);
}

/// The same, where these definitions are loaded too.
fn check_with(resource: &str, elements: &Value, others: &[Value], good: &[Value], bad: &[Value]) {
    let schema = maker_of(&[others, &[profile(resource, elements)]].concat()).generate(URL);
    let validator = compiled(&schema.unwrap_or_else(|error| panic!("{error}")));
    let complete = |payload: &Value| {
        let mut payload = payload.clone();
        payload["resourceType"] = resource.into();
        payload
    };
    for payload in good.iter().map(complete) {
        let found: Vec<String> = validator.iter_errors(&payload).map(|error| error.to_string()).collect();
        assert!(found.is_empty(), "{payload}: {found:?}");
    }
    for payload in bad.iter().map(complete) {
        assert!(!validator.is_valid(&payload), "{payload} passes");
    }
}

#[test]
fn objects_are_closed_and_types_told_apart() {
    check(
        "Patient",
        &json!([]),
        &[
            json!({}),
            json!({ "active": true, "birthDate": "1970-02", "name": [{ "family": "Jones" }] }),
            json!({ "_birthDate": { "extension": [{ "url": "http://example.org/x", "valueCode": "a" }] } }),
            json!({ "name": [{ "given": [null, "Ann"], "_given": [{ "id": "a" }, null] }] }),
            json!({ "contact": [{ "name": { "text": "Ann" } }], "contained": [{ "resourceType": "Basic" }] }),
        ],
        &[
            json!({ "nickname": "x" }),
            json!({ "active": "true" }),
            json!({ "birthDate": "1970-13" }),
            json!({ "birthDate": "" }),
            json!({ "name": { "family": "Jones" } }),
            json!({ "name": [] }),
            json!({ "name": [{}] }),
            json!({ "name": [{ "given": [null] }] }),
            json!({ "gender": "F" }),
            json!({ "photo": [{ "size": -1 }] }),
            json!({ "contained": [{ "resourceType": "Nothing" }] }),
            json!({ "_id": { "id": "a" } }),
        ],
    );
}

#[test]
fn cardinality_is_held() {
    check(
        "Patient",
        &json!([
            { "id": "Patient.birthDate", "path": "Patient.birthDate", "min": 1 },
            { "id": "Patient.name", "path": "Patient.name", "min": 1, "max": "2" },
            { "id": "Patient.contact", "path": "Patient.contact", "max": "0" },
        ]),
        &[
            json!({ "birthDate": "1970", "name": [{ "text": "a" }, { "text": "b" }] }),
            json!({ "_birthDate": { "id": "a" }, "name": [{ "text": "a" }] }),
        ],
        &[
            json!({ "name": [{ "text": "a" }] }),
            json!({ "birthDate": "1970" }),
            json!({ "birthDate": "1970", "name": [{ "text": "a" }, { "text": "b" }, { "text": "c" }] }),
            json!({ "birthDate": "1970", "name": [{ "text": "a" }], "contact": [{ "gender": "male" }] }),
        ],
    );
}

#[test]
fn one_type_of_a_choice_may_be_there() {
    check(
        "Patient",
        &json!([{ "id": "Patient.multipleBirth[x]", "path": "Patient.multipleBirth[x]", "min": 1, "type": [{ "code": "integer" }] }]),
        &[
            json!({ "multipleBirthInteger": 2 }),
            json!({ "multipleBirthInteger": 2, "deceasedBoolean": false }),
        ],
        &[
            json!({}),
            json!({ "multipleBirthBoolean": true }),
            json!({ "multipleBirthInteger": 2, "deceasedBoolean": true, "deceasedDateTime": "2001" }),
        ],
    );
}

#[test]
fn fixed_values_are_exact_and_patterns_contained() {
    check(
        "Observation",
        &json!([
            { "id": "Observation.status", "path": "Observation.status", "fixedCode": "final" },
            {
                "id": "Observation.code", "path": "Observation.code",
                "patternCodeableConcept": { "coding": [{ "system": "http://loinc.org", "code": "8302-2" }] },
            },
            {
                "id": "Observation.subject", "path": "Observation.subject",
                "fixedReference": { "reference": "Patient/1" },
            },
        ]),
        &[json!({
            "status": "final",
            "code": { "coding": [{ "code": "x" }, { "system": "http://loinc.org", "code": "8302-2", "display": "d" }], "text": "t" },
            "subject": { "reference": "Patient/1" },
        })],
        &[
            json!({ "status": "amended", "code": { "coding": [{ "system": "http://loinc.org", "code": "8302-2" }] } }),
            json!({ "status": "final", "code": { "coding": [{ "system": "http://loinc.org", "code": "8302" }] } }),
            json!({ "status": "final", "code": { "text": "8302-2" } }),
            json!({
                "status": "final", "code": { "coding": [{ "system": "http://loinc.org", "code": "8302-2" }] },
                "subject": { "reference": "Patient/1", "display": "d" },
            }),
        ],
    );
}

/// Two slices of `Patient.identifier` by system: exactly one local id, at most one other.
fn identifiers(rules: &str) -> Value {
    json!([
        {
            "id": "Patient.identifier", "path": "Patient.identifier",
            "slicing": { "discriminator": [{ "type": "value", "path": "system" }], "rules": rules },
        },
        { "id": "Patient.identifier:local", "path": "Patient.identifier", "sliceName": "local", "min": 1, "max": "1" },
        { "id": "Patient.identifier:local.system", "path": "Patient.identifier.system", "min": 1, "fixedUri": "urn:local" },
        { "id": "Patient.identifier:local.value", "path": "Patient.identifier.value", "min": 1, "maxLength": 4 },
        { "id": "Patient.identifier:old", "path": "Patient.identifier", "sliceName": "old", "max": "1" },
        { "id": "Patient.identifier:old.system", "path": "Patient.identifier.system", "min": 1, "fixedUri": "urn:old" },
        { "id": "Patient.identifier:old.period", "path": "Patient.identifier.period", "min": 1 },
    ])
}

#[test]
fn slices_are_counted_and_shaped() {
    let local = json!({ "system": "urn:local", "value": "1234" });
    let old = json!({ "system": "urn:old", "period": { "end": "2001" } });
    let other = json!({ "system": "urn:other" });
    check(
        "Patient",
        &identifiers("open"),
        &[json!({ "identifier": [local] }), json!({ "identifier": [other, old, local, other] })],
        &[
            json!({}),
            json!({ "identifier": [old] }),
            json!({ "identifier": [local, local] }),
            json!({ "identifier": [local, old, old] }),
            json!({ "identifier": [{ "system": "urn:local", "value": "12345" }] }),
            json!({ "identifier": [{ "system": "urn:local" }] }),
            json!({ "identifier": [local, { "system": "urn:old" }] }),
        ],
    );
    check(
        "Patient",
        &identifiers("closed"),
        &[json!({ "identifier": [local, old] })],
        &[json!({ "identifier": [local, other] }), json!({ "identifier": [local, { "value": "1" }] })],
    );
}

#[test]
fn the_default_slice_leaves_a_closed_slicing_open() {
    let mut elements = identifiers("closed");
    let default =
        json!({ "id": "Patient.identifier:@default", "path": "Patient.identifier", "sliceName": "@default" });
    elements.as_array_mut().expect("it is a list").push(default);
    let local = json!({ "system": "urn:local", "value": "1234" });
    let other = json!({ "system": "urn:other" });
    check(
        "Patient",
        &elements,
        &[json!({ "identifier": [local, other] })],
        &[json!({ "identifier": [other] }), json!({ "identifier": [local, { "system": "urn:old" }] })],
    );
}

#[test]
fn slices_by_type_and_by_presence_are_told_apart() {
    check(
        "Bundle",
        &json!([
            {
                "id": "Bundle.entry", "path": "Bundle.entry",
                "slicing": { "discriminator": [{ "type": "type", "path": "resource" }], "rules": "closed" },
            },
            { "id": "Bundle.entry:patient", "path": "Bundle.entry", "sliceName": "patient", "min": 1, "max": "1" },
            { "id": "Bundle.entry:patient.resource", "path": "Bundle.entry.resource", "min": 1, "type": [{ "code": "Patient" }] },
            { "id": "Bundle.entry:basic", "path": "Bundle.entry", "sliceName": "basic" },
            { "id": "Bundle.entry:basic.resource", "path": "Bundle.entry.resource", "min": 1, "type": [{ "code": "Basic" }] },
        ]),
        &[
            json!({ "type": "collection", "entry": [{ "resource": { "resourceType": "Patient" } }, { "resource": { "resourceType": "Basic", "code": { "text": "a" } } }] }),
        ],
        &[
            json!({ "type": "collection", "entry": [{ "resource": { "resourceType": "Basic", "code": { "text": "a" } } }] }),
            json!({ "type": "collection", "entry": [{ "resource": { "resourceType": "Patient", "nickname": "x" } }] }),
            json!({ "type": "collection", "entry": [{ "resource": { "resourceType": "Patient" } }, { "resource": { "resourceType": "Group" } }] }),
        ],
    );
    check(
        "Patient",
        &json!([
            {
                "id": "Patient.name", "path": "Patient.name",
                "slicing": { "discriminator": [{ "type": "exists", "path": "period" }], "rules": "open" },
            },
            { "id": "Patient.name:current", "path": "Patient.name", "sliceName": "current", "min": 1, "max": "1" },
            { "id": "Patient.name:current.period", "path": "Patient.name.period", "max": "0" },
        ]),
        &[json!({ "name": [{ "text": "a" }, { "text": "b", "period": { "end": "2001" } }] })],
        &[
            json!({ "name": [{ "text": "b", "period": { "end": "2001" } }] }),
            json!({ "name": [{ "text": "a" }, { "text": "b" }] }),
        ],
    );
}

#[test]
fn one_of_several_things_may_tell_a_slice_apart() {
    let url = |name: &str| format!("http://example.org/StructureDefinition/{name}");
    let extensions = |names: &[&str]| {
        let one = |name: &&str| json!({ "url": url(name), "valueString": "a" });
        json!({ "extension": names.iter().map(one).collect::<Vec<_>>() })
    };
    check(
        "Patient",
        &json!([
            { "id": "Patient.extension", "path": "Patient.extension",
              "slicing": { "discriminator": [{ "type": "value", "path": "url" }], "rules": "open" } },
            { "id": "Patient.extension:nick", "path": "Patient.extension", "sliceName": "nick", "min": 1, "max": "1",
              "type": [{ "code": "Extension", "profile": [url("one"), url("two")] }] },
        ]),
        &[extensions(&["one"]), extensions(&["other", "two"])],
        &[extensions(&["other"]), extensions(&["one", "two"])],
    );
}

/// A value set of codes of one system.
fn value_set(name: &str, codes: &[&str]) -> Value {
    let concepts: Vec<Value> = codes.iter().map(|code| json!({ "code": code })).collect();
    json!({
        "resourceType": "ValueSet", "url": format!("http://example.org/ValueSet/{name}"), "status": "draft",
        "compose": { "include": [{ "system": "http://example.org/colours", "concept": concepts }] },
    })
}

/// A required binding to such a value set.
fn bound(name: &str) -> Value {
    json!({ "strength": "required", "valueSet": format!("http://example.org/ValueSet/{name}") })
}

#[test]
fn what_has_no_code_is_in_no_slice_by_binding() {
    let sets = [value_set("warm", &["red", "orange"]), value_set("cold", &["blue"])];
    let slicing = json!({ "discriminator": [{ "type": "value", "path": "$this" }], "rules": "open" });
    let coding = |code: &str| json!({ "system": "http://example.org/colours", "code": code });
    let untold = [
        json!({ "system": "http://example.org/colours", "display": "Red" }),
        json!({ "code": "red" }),
        json!({ "display": "Red" }),
        json!({ "system": "http://example.org/other", "code": "red" }),
        json!({ "system": "http://example.org/colours", "_code": { "id": "a" } }),
    ];
    let code = |codings: &[&Value]| json!({ "code": { "coding": codings } });
    let mut good = vec![code(&[&coding("red")]), code(&[&coding("orange"), &coding("blue")])];
    let mut bad = vec![code(&[&coding("red"), &coding("red")]), code(&[&coding("blue")])];
    for untold in &untold {
        good.push(code(&[untold, &coding("red"), untold]));
        bad.push(code(&[untold]));
    }
    let path = "Basic.code.coding";
    let codings = json!([
        { "id": path, "path": path, "slicing": slicing },
        { "id": format!("{path}:warm"), "path": path, "sliceName": "warm", "min": 1, "max": "1", "binding": bound("warm") },
        { "id": format!("{path}:cold"), "path": path, "sliceName": "cold", "max": "1", "binding": bound("cold") },
        { "id": format!("{path}:cold.code"), "path": format!("{path}.code"), "min": 1 },
    ]);
    check_with("Basic", &codings, &sets, &good, &bad);

    let concept = |coding: &Value| json!({ "coding": [coding] });
    let whole = |concepts: &[Value]| json!({ "status": "active", "intent": "order", "subject": { "display": "a" }, "category": concepts });
    let path = "ServiceRequest.category";
    let categories = json!([
        { "id": path, "path": path, "slicing": slicing },
        { "id": format!("{path}:warm"), "path": path, "sliceName": "warm", "min": 1, "max": "1", "binding": bound("warm") },
    ]);
    let red = concept(&coding("red"));
    let mut good = vec![whole(&[json!({ "text": "b" }), red.clone()])];
    let mut bad = vec![whole(&[]), whole(&[json!({ "text": "b" })]), whole(&[red.clone(), red.clone()])];
    for untold in &untold {
        good.push(whole(&[concept(untold), red.clone()]));
        bad.push(whole(&[concept(untold)]));
    }
    check_with("ServiceRequest", &categories, &sets, &good, &bad);
}

#[test]
fn where_a_value_set_is_not_there_the_one_of_the_base_binds() {
    let between_url = "http://example.org/StructureDefinition/between";
    let between = json!({
        "resourceType": "StructureDefinition", "url": between_url, "name": "Between", "kind": "resource",
        "type": "Patient", "derivation": "constraint",
        "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient",
        "differential": { "element": [
            { "id": "Patient.gender", "path": "Patient.gender", "binding": bound("few") },
            { "id": "Patient.maritalStatus", "path": "Patient.maritalStatus", "binding": bound("warm") },
        ] },
    });
    let mut few = value_set("few", &["male", "female"]);
    few["compose"]["include"][0]["system"] = "http://hl7.org/fhir/administrative-gender".into();
    let elements = json!([
        { "id": "Patient.gender", "path": "Patient.gender", "binding": bound("lost") },
        { "id": "Patient.maritalStatus", "path": "Patient.maritalStatus", "binding": bound("gone") },
        { "id": "Patient.name", "path": "Patient.name",
          "slicing": { "discriminator": [{ "type": "exists", "path": "period" }], "rules": "open" } },
        { "id": "Patient.name:now", "path": "Patient.name", "sliceName": "now" },
        { "id": "Patient.name:now.period", "path": "Patient.name.period", "max": "0" },
        { "id": "Patient.name:now.use", "path": "Patient.name.use", "binding": bound("lost") },
    ]);
    let mut profile = profile("Patient", &elements);
    profile["baseDefinition"] = between_url.into();
    let maker = maker_of(&[value_set("warm", &["red"]), few, between, profile]);
    let made = maker.make(URL).expect("it is made without the sets");
    let schema = compiled(&made.schema);
    let status = |code: &str| json!({ "coding": [{ "system": "http://example.org/colours", "code": code }] });
    for (mut payload, is_good) in [
        (json!({ "gender": "male", "maritalStatus": status("red"), "name": [{ "use": "old" }] }), true),
        (json!({ "gender": "other" }), false),
        (json!({ "maritalStatus": status("blue") }), false),
        (json!({ "name": [{ "use": "new" }] }), false),
    ] {
        payload["resourceType"] = "Patient".into();
        assert_eq!(schema.is_valid(&payload), is_good, "{payload}");
    }
    let said: Vec<String> = made.unbound.iter().map(ToString::to_string).collect();
    let [gone, lost] = said.as_slice() else { panic!("{said:?}") };
    assert!(gone.contains("ValueSet/gone is not applied: Patient.maritalStatus"), "{gone}");
    assert!(lost.contains("ValueSet/lost is not applied: Patient.name:now.use"), "{lost}");
    assert!(maker.make(between_url).is_ok_and(|made| made.unbound.is_empty()));
}

#[test]
fn limits_and_forms_are_held() {
    check(
        "Patient",
        &json!([
            { "id": "Patient.multipleBirth[x]", "path": "Patient.multipleBirth[x]", "type": [{ "code": "integer" }], "minValueInteger": 1, "maxValueInteger": 6 },
            {
                "id": "Patient.id", "path": "Patient.id",
                "constraint": [
                    { "key": "form", "severity": "error", "human": "digits", "expression": "matches('^[0-9]+$')" },
                    { "key": "hint", "severity": "warning", "human": "short", "expression": "matches('^.{1,3}$')" },
                ],
            },
        ]),
        &[json!({ "multipleBirthInteger": 6, "id": "12345" })],
        &[json!({ "multipleBirthInteger": 7 }), json!({ "multipleBirthInteger": 0 }), json!({ "id": "a" })],
    );
}

#[test]
fn structures_that_hold_themselves_are_finite() {
    let part =
        json!({ "name": "a", "part": [{ "name": "b", "part": [{ "name": "c", "valueString": "d" }] }] });
    let bad = json!({ "name": "a", "part": [{ "name": "b", "part": [{ "valueString": "d" }] }] });
    check("Parameters", &json!([]), &[json!({ "parameter": [part] })], &[json!({ "parameter": [bad] })]);
}

#[test]
fn a_profile_that_is_not_there_is_left_to_its_type() {
    let nowhere = "http://example.org/StructureDefinition/nowhere";
    let elements = json!([
        { "id": "Patient.extension", "path": "Patient.extension",
          "slicing": { "discriminator": [{ "type": "value", "path": "url" }], "rules": "closed" } },
        { "id": "Patient.extension:nick", "path": "Patient.extension", "sliceName": "nick", "min": 1, "max": "1",
          "type": [{ "code": "Extension", "profile": [nowhere] }] },
        { "id": "Patient.identifier", "path": "Patient.identifier",
          "type": [{ "code": "Identifier", "profile": ["http://example.org/StructureDefinition/lost"] }] },
    ]);
    let nick = json!({ "url": nowhere, "valueString": "Ivy" });
    let parts = json!({ "url": nowhere, "extension": [{ "url": "part", "valueCode": "x" }] });
    let other = json!({ "url": "http://example.org/other", "valueString": "Ivy" });
    check(
        "Patient",
        &elements,
        &[json!({ "extension": [nick] }), json!({ "extension": [parts], "identifier": [{ "value": "1" }] })],
        &[
            json!({ "extension": [nick, other] }),
            json!({ "extension": [nick, nick] }),
            json!({}),
            json!({ "extension": [nick], "identifier": [{ "number": "1" }] }),
        ],
    );
    let made = maker("Patient", &elements).make(URL).expect("it is made without them");
    let said: Vec<String> = made.absent.iter().map(ToString::to_string).collect();
    let [lost, nowhere] = said.as_slice() else { panic!("{said:?}") };
    assert!(lost.contains("StructureDefinition/lost") && lost.contains("Patient.identifier refers to it"));
    assert!(nowhere.contains("Patient.extension:nick") && nowhere.contains("add the package"));
}

#[test]
fn a_profile_that_cannot_be_expressed_is_left_to_its_type() {
    let broken_url = "http://example.org/StructureDefinition/broken";
    let definition = |url: &str, kind: &str, of: &str, element: Value| {
        json!({ "resource": {
            "resourceType": "StructureDefinition", "url": url, "name": "Sample", "kind": kind, "type": of,
            "derivation": "constraint", "baseDefinition": format!("http://hl7.org/fhir/StructureDefinition/{of}"),
            "differential": { "element": [element] },
        } })
    };
    let period =
        json!({ "id": "HumanName.period", "path": "HumanName.period", "fixedPeriod": { "middle": "x" } });
    let name = json!({
        "id": "Patient.name", "path": "Patient.name", "type": [{ "code": "HumanName", "profile": [broken_url] }],
    });
    let bundle = json!({ "resourceType": "Bundle", "entry": [
        definition(broken_url, "complex-type", "HumanName", period), definition(URL, "resource", "Patient", name),
    ] });
    let package = Package::from_resource("samples.json", bundle.to_string().as_bytes());
    let mut definitions = Definitions::embedded(FhirVersion::R4);
    definitions.add(package.expect("the samples are definitions"));
    let maker = JsonSchema::new(Arc::new(definitions));
    let made = maker.make(URL).expect("it is made without the other");
    let [absent] = made.absent.as_slice() else { panic!("{:?}", made.absent) };
    assert!(absent.profile == broken_url && absent.reason.contains("HumanName.period"), "{absent}");
    let schema = compiled(&made.schema);
    assert!(schema.is_valid(&json!({ "resourceType": "Patient", "name": [{ "family": "Ashdown" }] })));
    assert!(!schema.is_valid(&json!({ "resourceType": "Patient", "name": [{ "nickname": "Ivy" }] })));
    assert!(maker.make(broken_url).is_err(), "it was asked for itself");
}

#[test]
fn what_cannot_be_made_says_where_and_why() {
    let broken =
        json!([{ "id": "Patient.name", "path": "Patient.name", "fixedHumanName": { "nickname": "x" } }]);
    let error = made("Patient", &broken).expect_err("names have no nickname");
    for part in ["Patient.name", URL, "HumanName"] {
        assert!(error.contains(part), "{part}: {error}");
    }
}

#[test]
fn the_same_definitions_make_the_same_schema() {
    let one = made("Patient", &identifiers("open")).expect("it is made").to_string();
    assert_eq!(made("Patient", &identifiers("open")).expect("it is made").to_string(), one);
    assert!(one.len() < 100_000, "{}", one.len());
}
