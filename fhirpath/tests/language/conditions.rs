//! Conditions have a faster way than collections of items: both must come to the same, errors included.

use ers_fhir_fhirpath::{Detached, Expression, Host};
use serde_json::Value as Json;

use crate::tree::{Handle, Tree};

/// Every form that has a faster way, and neighbours that have none.
const CONDITIONS: &[&str] = &[
    "true",
    "id.exists()",
    "id.empty()",
    "id.exists().not()",
    "id.hasValue()",
    "name.hasValue()",
    "active",
    "active.not()",
    "active and id.exists()",
    "active or id.empty()",
    "active xor id.exists()",
    "active implies id = 'p1'",
    "id",
    "name",
    "id = 'p1'",
    "id != 'p1'",
    "name.given = 'Ann'",
    "name.given != 'Ann'",
    "active = 'true'",
    "count = 'three'",
    "count = 3",
    "count != 3",
    "count >= 2",
    "2 < count",
    "size.toInteger() > count",
    "id.toInteger() > 0",
    "active.toInteger() = 1",
    "size.toInteger() != 4",
    "size.empty() or count.empty() or (size = '*') or iif(size != '*', count <= size.toInteger())",
    "iif(active, id = 'p1', name.exists())",
    "name.count() = 1",
    "name.count() > 1",
    "name.given.count() <= count",
    "name.exists(given = 'Ann')",
    "name.exists(family)",
    "name.all(given.exists())",
    "name.all(given.startsWith('A'))",
    "name.where(given.exists()).family.exists()",
    "name.where(use = 'old').empty()",
    "name[0].given.exists()",
    "id.exists() = name.exists()",
    "(id = 'p1') = (count != 3)",
    "active.not() != name.empty()",
    "$this is Patient",
    "name.where($this is HumanName).exists()",
    "name.first() is Patient",
    "id.length() = 2",
    "name.given.length() > 2 and id.length() <= count",
    "name.given.subsetOf(%context.name.given)",
    "name.given.subsetOf(id | size)",
    "name.select('#' + use).subsetOf(name.select('#' + family))",
    "name.select('#' + family).subsetOf(name.family)",
    "name.select(family & use).isDistinct()",
    "name.select(given & family & use).isDistinct()",
    "name.where(use = %context.name.first().use).count() <= 1",
    "name.given.first() = 'Ann'",
    "name.all($index = 0)",
    "name.where($index > 0).exists()",
    "id.startsWith('p')",
    "id.endsWith('1')",
    "id.contains('p1')",
    "id.matches('^p[0-9]$')",
    "count.startsWith('3')",
    "name.family.contains('.').not()",
    "name.given.isDistinct()",
    "name.select(given).isDistinct()",
    "name.select(given & family).isDistinct()",
    "name.given.combine(name.family).isDistinct()",
    "name.given.combine(%resource.descendants().family).isDistinct()",
    "name.given.trace('given').isDistinct()",
    "count.combine(size).isDistinct()",
    "children().family.where(contains('x').not()).exists()",
    "descendants().given.exists()",
    "(name | contact).given.exists()",
    "(name | contact).all(given.exists())",
    "(name | name).count() = 1",
    "%resource.id = 'p1'",
    "%rootResource.name.exists()",
    "%context.id.exists()",
    "name.all(%resource.active)",
    "name.exists(given.exists() and %resource.id.startsWith('p'))",
    "birth = @1974-12-25",
    "birth < today()",
    "Patient.id.exists()",
    "Patient.name.given = 'Ann'",
    "misspelt.exists()",
    "name.misspelt.empty()",
    "name.where(misspelt = 'x').exists()",
    "$this.id.exists()",
    "name.given.where($this = 'Ann').exists()",
    "name.given.all($this.length() > 2)",
    "size.substring(0, 1).toInteger() = 4",
    "size.substring(1, 1).toInteger() = 4",
    "id.substring(1, 5).toInteger() * 2 + 1 = count",
    "(11 - ((count * 10 + id.substring(1, 1).toInteger()) mod 11)) mod 11 > 2",
    "count + 1 > count",
    "count - 5 < 0",
    "(count - 5) mod 3 < 0",
    "count mod 0 = 1",
    "count * 9223372036854775807 > 1",
    "size + 1 > 2",
    "size + id = '4p1'",
    "id in ('p1' | 'p2')",
    "name.use in ('old' | 'official')",
    "('old' | 'p1') contains id",
    "active in ('true' | 'p1')",
    "name.first().given = 'Ann'",
    "name.first().use = 'old'",
    "name.first().given.first() = 'Ann'",
    "name.tail().all(given.exists())",
    "name.tail().exists(use = 'old')",
    "name.tail().use = 'old'",
    "name.first().exists()",
    "id = size",
    "id != contact.given",
    "contact.given = name.given.first()",
    "count = size",
    "id.startsWith(size)",
    "id.startsWith(%resource.id)",
    "name.all(given.all(startsWith(%resource.contact.given & 'x')))",
    "id.startsWith(nothing & 'p')",
    "id.startsWith(nothing)",
    "id.startsWith(active & '1')",
    "birth.toString().matches('^[0-9]{4}-')",
    "name.toString() = 'x'",
    "name.select(use & family & given).isDistinct()",
    "contact.select(use & given).isDistinct()",
    "(name.given | name.family).isDistinct()",
    "{}",
    "name.given is string",
    "birth.exists() and birth <= @2000",
    "name.given in ('Ann' | 'Bob')",
    "id.memberOf('x')",
    "id.memberOf('x').not() or active",
    "name.all(family.memberOf('x'))",
    "name.all(given.exists() and family.memberOf('x'))",
    "name.exists(use = 'old' or family.memberOf('x'))",
    "name.where(use = 'old' or family.memberOf('x')).exists()",
    "name.where(family.memberOf('x')).empty()",
    "name.where(use = 'old' or family.memberOf('x')).first().exists()",
    "name.exists(given.exists(memberOf('x')) or use = 'old')",
];

const PATIENT: &str = r#"{
    "id: id": "p1",
    "active: boolean": true,
    "count: positiveInt": 3,
    "size: string": "4",
    "birth: date": "1974-12-25",
    "name: HumanName": [
        {"use: code": "official", "family: string": "Bell", "given: string": ["Ann", "Beth"]},
        {"use: code": "old", "family: string": "x.y", "given: string": "Ann"}
    ],
    "contact: HumanName": {"given: string": "Cara"},
    "untyped": "text"
}"#;

/// Has no element called `misspelt`, and looks at traces.
struct Strict<'t>(&'t Tree);

impl<'t> Host<Handle<'t>> for Strict<'t> {
    fn resource(&self) -> Option<Handle<'t>> {
        Some(self.0.root())
    }

    fn allows_element(&self, _: &Handle<'t>, name: &str) -> bool {
        name != "misspelt"
    }
}

/// Nobody looks at traces.
struct Unseen;

impl Host<Handle<'_>> for Unseen {
    fn is_traced(&self) -> bool {
        false
    }
}

/// The document without each of its parts, with each part twice, and as it is.
fn variants(document: &Json) -> Vec<Json> {
    let mut variants = vec![document.clone()];
    let members: Vec<String> = document.as_object().expect("an object").keys().cloned().collect();
    for key in members {
        let value = &document[&key];
        let with = |new: Option<Json>| {
            let mut changed = document.clone();
            let object = changed.as_object_mut().expect("an object");
            match new {
                Some(new) => drop(object.insert(key.clone(), new)),
                None => drop(object.remove(&key)),
            }
            changed
        };
        variants.push(with(None));
        let items: Vec<Json> = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
        variants.push(with(Some(Json::from([items.clone(), items.clone()].concat()))));
        if items.len() > 1 {
            variants.extend(items.iter().map(|item| with(Some(item.clone()))));
        }
        for (at, item) in items.iter().enumerate().filter(|(_, item)| item.is_object()) {
            for changed in self::variants(item) {
                let mut items = items.clone();
                items[at] = changed;
                variants.push(with(Some(Json::from(items))));
            }
        }
        if key == "size: string" {
            variants.push(with(Some(Json::from("*"))));
        }
        if key == "active: boolean" {
            variants.push(with(Some(Json::from(false))));
            variants.push(with(Some(Json::from("maybe"))));
        }
    }
    variants
}

#[test]
fn the_faster_way_comes_to_the_same() {
    let document: Json = serde_json::from_str(PATIENT).expect("JSON");
    let variants = variants(&document);
    assert!(variants.len() > 40, "{} variants", variants.len());
    let mut decided = 0;
    for variant in &variants {
        let tree = Tree::json("patient: Patient", &variant.to_string());
        for source in CONDITIONS {
            let quick = Expression::parse(source).expect(source);
            // What a trace looks at is evaluated to the last item.
            let slow = Expression::parse(&format!("({source}).trace('all')")).expect(source);
            let expected = slow.evaluate_bool(&Strict(&tree), tree.root());
            assert_eq!(quick.evaluate_bool(&Strict(&tree), tree.root()), expected, "{source} on {variant}");
            let expected = slow.evaluate_bool(&Detached, tree.root());
            assert_eq!(quick.evaluate_bool(&Unseen, tree.root()), expected, "{source} on {variant}");
            decided += usize::from(matches!(expected, Ok(Some(_))));
        }
    }
    assert!(decided > variants.len() * CONDITIONS.len() / 3, "{decided} were decided");
}
