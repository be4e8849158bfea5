//! Fixed and pattern values as JSON.

use ers_fhir_profiles::datum::Datum;
use ers_fhir_profiles::definition::TypedValue;
use serde_json::{Map, Value, json};

use super::builder::Builder;
use super::keywords::{Keywords, demand, keyword, with_item};
use super::place::Place;
use super::primitive;
use crate::error::Error;
use crate::names;

impl Builder<'_> {
    /// The JSON of a value that an element is given.
    pub(super) fn literal_of(&self, place: &Place, value: &TypedValue) -> Result<Value, Error> {
        let unreadable = |what: &str| {
            let reason = format!("its fixed value or pattern is no {}: {what}", value.type_name);
            self.unusable(place, reason)
        };
        if value.value.text.is_some() {
            return plain(&value.value, &value.type_name).ok_or_else(|| unreadable("it cannot be written"));
        }
        let canonical = format!("http://hl7.org/fhir/StructureDefinition/{}", value.type_name);
        let root = Place::root(self.definitions, &canonical, &place.element().id)?;
        self.complex(&root, &value.value)?.ok_or_else(|| unreadable("it has elements that the type does not"))
    }

    /// A value with elements; `None` where it has some that its type does not.
    fn complex(&self, owner: &Place, datum: &Datum) -> Result<Option<Value>, Error> {
        let mut object = Map::new();
        for (name, part) in &datum.fields {
            let Some((child, code)) = self.named(owner, name)? else { return Ok(None) };
            let value = match code {
                Some(code) if primitive::is_primitive(&code) => plain(part, &code),
                Some(code) if !child.has_children() => {
                    let canonical = format!("http://hl7.org/fhir/StructureDefinition/{code}");
                    let root = Place::root(self.definitions, &canonical, &child.element().id)?;
                    self.complex(&root, part)?
                }
                _ => self.complex(&child, part)?,
            };
            let Some(value) = value else { return Ok(None) };
            if !child.element().is_list() {
                object.insert(name.to_string(), value);
            } else if let Value::Array(items) = object.entry(name.to_string()).or_insert_with(|| json!([])) {
                items.push(value);
            }
        }
        Ok(Some(Value::Object(object)))
    }

    /// The element under a name of JSON, and its type.
    fn named(&self, owner: &Place, name: &str) -> Result<Option<(Place, Option<String>)>, Error> {
        for child in owner.all_children(self.definitions)? {
            let element = child.element();
            let found = match element.name().strip_suffix("[x]") {
                Some(stem) => name.strip_prefix(stem).and_then(|suffix| {
                    element.types.iter().find(|t| names::capitalized(&t.code) == suffix).map(Some)
                }),
                None => (element.name() == name).then(|| element.types.first()),
            };
            if let Some(reference) = found {
                let code = reference.map(|t| t.fhir_type.as_deref().unwrap_or(&t.code).to_owned());
                return Ok(Some((child, code)));
            }
        }
        Ok(None)
    }
}

/// A primitive value as JSON writes its type.
fn plain(datum: &Datum, code: &str) -> Option<Value> {
    let text = datum.text.as_deref()?;
    if primitive::is_text(code) {
        Some(Value::String(text.to_owned()))
    } else {
        serde_json::from_str(text).ok()
    }
}

/// A schema of what holds at least what a pattern holds.
pub(super) fn containing(pattern: &Value) -> Keywords {
    match pattern {
        Value::Object(members) => {
            let names: Vec<&String> = members.keys().collect();
            let mut object = keyword("required", json!(names));
            let properties: Map<String, Value> = members
                .iter()
                .map(|(name, value)| (name.clone(), Value::Object(containing(value))))
                .collect();
            object.insert("properties".to_owned(), Value::Object(properties));
            object
        }
        Value::Array(items) => {
            let mut array = keyword("type", "array");
            for item in items {
                demand(&mut array, Value::Object(with_item(containing(item))));
            }
            array
        }
        plain => keyword("const", plain.clone()),
    }
}
