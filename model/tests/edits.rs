//! What extends a value stays with that value, whatever a program does to a structure.
#![cfg(feature = "stu3")]

use ers_fhir_model::runtime::{Extensible as _, Json as _};
use ers_fhir_model::stu3::{Element, Extension, HumanName, Patient};
use serde_json::{Value, json};

/// Numbers without a pattern, the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end.max(1)
    }
}

/// What extends a value names that value.
fn mark(value: &Value) -> Value {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    json!({ "extension": [{ "url": "http://example.org/of", "valueString": text }] })
}

/// Texts of which some are equal, and some are absent.
fn texts(random: &mut Random, kinds: usize) -> Vec<Value> {
    let count = 1 + random.below(5);
    let text = |random: &mut Random| match random.below(6) {
        0 => Value::Null,
        _ => json!(format!("text{}", random.below(kinds))),
    };
    (0..count).map(|_| text(random)).collect()
}

fn with_list(object: &mut Value, name: &str, random: &mut Random, kinds: usize) {
    let values = texts(random, kinds);
    // A gap is only there for what extends it.
    let marked = |value: &Value, random: &mut Random| value.is_null() || random.below(3) > 0;
    let marks: Vec<Value> =
        values.iter().map(|value| if marked(value, random) { mark(value) } else { Value::Null }).collect();
    if values.iter().any(|value| !value.is_null()) {
        object[name] = json!(values);
    }
    if marks.iter().any(|mark| !mark.is_null()) {
        object[format!("_{name}")] = json!(marks);
    }
}

fn with_value(object: &mut Value, name: &str, value: Value, random: &mut Random) {
    let what = random.below(4);
    if what < 2 {
        object[format!("_{name}")] = mark(if what == 0 { &Value::Null } else { &value });
    }
    if what > 0 {
        object[name] = value;
    }
}

/// A patient of whom anything may be extended.
fn patient(random: &mut Random, kinds: usize) -> Value {
    let mut patient = json!({ "resourceType": "Patient", "name": [] });
    with_value(&mut patient, "birthDate", json!("1970-01-01"), random);
    with_value(&mut patient, "active", json!(true), random);
    with_value(&mut patient, "gender", json!("female"), random);
    with_value(&mut patient, "deceasedBoolean", json!(false), random);
    let names = (0..=random.below(3)).map(|_| {
        let mut name = json!({});
        with_list(&mut name, "given", random, kinds);
        with_list(&mut name, "prefix", random, kinds);
        let family = format!("family{}", random.below(3));
        with_value(&mut name, "family", json!(family), random);
        name
    });
    patient["name"] = names.collect();
    patient
}

/// Every mark of a document, and whether it is beside the value that it names.
fn check(json: &Value, marks: &mut usize, context: &str) {
    match json {
        Value::Object(object) => {
            for (name, value) in object {
                let Some(plain) = name.strip_prefix('_') else {
                    check(value, marks, context);
                    continue;
                };
                let owners = object.get(plain).unwrap_or(&Value::Null);
                let pairs: Vec<(&Value, &Value)> = match value.as_array() {
                    Some(all) => all
                        .iter()
                        .enumerate()
                        .map(|(at, mark)| (mark, owners.get(at).unwrap_or(&Value::Null)))
                        .collect(),
                    None => vec![(value, owners)],
                };
                for (found, owner) in pairs.into_iter().filter(|(found, _)| !found.is_null()) {
                    assert_eq!(found, &mark(owner), "{context}: {json}");
                    *marks += 1;
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| check(item, marks, context)),
        _ => {}
    }
}

fn edit_list(list: &mut Vec<String>, random: &mut Random) -> &'static str {
    let at = random.below(list.len());
    let new = format!("text{}", random.below(9));
    match random.below(8) {
        0 => {
            list.insert(at, new);
            "insert"
        }
        1 if !list.is_empty() => {
            list.remove(at);
            "remove"
        }
        2 => {
            list.reverse();
            "reverse"
        }
        3 if !list.is_empty() => {
            list[at] = new;
            "replace"
        }
        4 => {
            list.sort();
            "sort"
        }
        5 if !list.is_empty() => {
            list.rotate_left(at);
            "rotate"
        }
        6 => {
            list.truncate(at);
            "truncate"
        }
        _ => {
            list.push(new);
            "push"
        }
    }
}

fn edit(patient: &mut Patient, random: &mut Random) -> &'static str {
    let at = random.below(patient.name.len());
    match random.below(10) {
        0 => {
            let text = [Some("1999-09-09"), Some("1970-01-01"), None][random.below(3)];
            patient.birth_date = text.and_then(|text| text.parse().ok());
            "birthDate"
        }
        1 => {
            patient.gender = None;
            "gender"
        }
        2 => {
            patient.deceased =
                Some("2001-01-01".parse::<ers_fhir_model::primitives::DateTime>().expect("a date").into());
            "deceased"
        }
        3 => {
            patient.name.reverse();
            "names"
        }
        4 => {
            *patient = patient.clone();
            "clone"
        }
        5 => {
            let name = patient.name[at].clone();
            patient.name.push(name);
            "copy of a name"
        }
        6 => {
            patient.name[at].family = Some(format!("family{}", random.below(3)));
            "family"
        }
        7 => edit_list(&mut patient.name[at].prefix, random),
        _ => edit_list(&mut patient.name[at].given, random),
    }
}

#[test]
fn random_edits_never_leave_an_extension_with_another_value() {
    let mut random = Random(17);
    let mut marks = 0;
    for _ in 0..1000 {
        // Of few kinds, most texts are equal; of many, hardly any.
        let kinds = [2, 5, 1000][random.below(3)];
        let json = patient(&mut random, kinds);
        let mut patient = Patient::from_json(json.to_string()).expect("it can be read");
        assert_eq!(serde_json::from_str::<Value>(&patient.to_json()).expect("JSON"), json, "nothing is lost");
        let mut context = String::new();
        for _ in 0..=random.below(6) {
            let count = |patient: &Patient| patient.to_json().matches("http://example.org/of").count();
            let before = count(&patient);
            let done = edit(&mut patient, &mut random);
            context = format!("{context} {done}");
            let written: Value = serde_json::from_str(&patient.to_json()).expect("JSON");
            check(&written, &mut marks, &context);
            if ["reverse", "rotate", "sort", "names", "clone"].contains(&done) {
                assert_eq!(
                    count(&patient),
                    before,
                    "{context}: an order is no reason to lose anything: {written}"
                );
            }
            let read = Patient::from_json(patient.to_json()).expect("it can be read again");
            assert_eq!(read, patient.clone(), "{context}: {written}");
        }
    }
    assert!(marks > 5_000, "{marks}");
}

#[test]
fn what_extends_a_value_follows_it() {
    let json = r#"{"given":["Ann","Bo","Cy"],"_given":[null,{"id":"bo"},{"id":"cy"}]}"#;
    let mut name = HumanName::from_json(json).expect("a name");
    name.given.reverse();
    assert_eq!(name.to_json(), r#"{"given":["Cy","Bo","Ann"],"_given":[{"id":"cy"},{"id":"bo"},null]}"#);
    name.given.remove(0);
    name.given.insert(1, "Di".to_owned());
    assert_eq!(name.to_json(), r#"{"given":["Bo","Di","Ann"],"_given":[{"id":"bo"},null,null]}"#);
    name.given[0] = "Ed".to_owned();
    assert_eq!(name.to_json(), r#"{"given":["Ed","Di","Ann"]}"#);
}

#[test]
fn what_replaces_a_value_has_nothing_of_it() {
    let json = r#"{"resourceType":"Patient","birthDate":"1970-01-01","_birthDate":{"id":"time"}}"#;
    let mut patient = Patient::from_json(json).expect("a patient");
    patient.birth_date = "1999-09-09".parse().ok();
    assert_eq!(patient.to_json(), r#"{"resourceType":"Patient","birthDate":"1999-09-09"}"#);
    patient.birth_date = None;
    assert_eq!(patient.to_json(), r#"{"resourceType":"Patient"}"#);
}

#[test]
fn extensions_have_typed_access() {
    let mut patient = Patient { birth_date: "1970-01-01".parse().ok(), ..Patient::default() };
    assert!(patient.birth_date_extensions().is_empty());
    patient.birth_date_element_mut().extension.push(Extension::new("http://example.org/time".into()));
    assert_eq!(patient.birth_date_extensions().len(), 1);
    assert_eq!(patient.extensions_of("birthDate", 0).map(|element| element.extension.len()), Some(1));
    patient.birth_date = "1970-01-02".parse().ok();
    assert!(patient.birth_date_extensions().is_empty() && !patient.to_json().contains("_birthDate"));

    let mut name = HumanName { given: vec!["Ann".to_owned(), "Bo".to_owned()], ..HumanName::default() };
    assert!(name.given_element_mut(2).is_none(), "there is no third");
    name.given_element_mut(1).expect("the second").id = Some("bo".to_owned());
    assert_eq!(name.given_element(1).and_then(|element| element.id.as_deref()), Some("bo"));
    assert!(name.set_extensions_of("given", 0, Some(Element::default())));
    assert!(!name.set_extensions_of("givn", 0, None) && !name.set_extensions_of("given", 2, None));

    let mut patient = Patient { deceased: Some(false.into()), ..Patient::default() };
    patient.deceased_element_mut().expect("a boolean").id = Some("said".to_owned());
    assert_eq!(
        patient.to_json(),
        r#"{"resourceType":"Patient","deceasedBoolean":false,"_deceasedBoolean":{"id":"said"}}"#
    );
    assert!(patient.deceased_extensions().is_empty());
}

#[test]
fn values_are_equal_without_their_order_in_the_text() {
    let read = |json: &str| Patient::from_json(json).expect("a patient");
    let a = read(r#"{"resourceType":"Patient","birthDate":"1970","_birthDate":{"id":"a"},"gender":"male"}"#);
    let b = read(r#"{"resourceType":"Patient","gender":"male","_birthDate":{"id":"a"},"birthDate":"1970"}"#);
    assert_eq!(a, b);
    assert_ne!(a, read(r#"{"resourceType":"Patient","birthDate":"1970","gender":"male"}"#));
    assert_ne!(
        a,
        read(r#"{"resourceType":"Patient","birthDate":"1970","_birthDate":{"id":"b"},"gender":"male"}"#)
    );
    assert_ne!(
        a,
        read(
            r#"{"resourceType":"Patient","birthDate":"1970","_birthDate":{"id":"a"},"gender":"male","x":1}"#
        )
    );
    let mut edited = a.clone();
    edited.birth_date = "1971".parse().ok();
    let plain = read(r#"{"resourceType":"Patient","birthDate":"1971","gender":"male"}"#);
    assert_eq!(edited, plain, "what is gone makes no difference");
}
