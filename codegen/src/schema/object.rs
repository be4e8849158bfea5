//! Closed objects: the properties of a type or element, and nothing else.

use ers_fhir_profiles::definition::{ElementDefinition, Max, TypeRef};
use serde_json::{Map, Value, json};

use super::builder::Builder;
use super::keywords::{Keywords, any_of, demand, keyword};
use super::place::Place;
use super::primitive;
use super::subject::Subject;
use crate::error::Error;

/// How deeply elements may be nested; FHIR itself never exceeds seven levels.
const DEEPEST: usize = 64;

/// An object while its properties are collected.
#[derive(Default)]
pub(super) struct Object {
    properties: Map<String, Value>,
    required: Vec<String>,
    /// Additional constraints.
    rules: Vec<Value>,
}

impl Object {
    /// Adds a property, and the one that carries the id and extensions of its primitive value.
    pub(super) fn add(&mut self, name: &str, schema: Keywords, sibling: Option<Keywords>) {
        if let Some(sibling) = sibling {
            self.properties.insert(format!("_{name}"), Value::Object(sibling));
        }
        self.properties.insert(name.to_owned(), Value::Object(schema));
    }

    /// Requires a property.
    pub(super) fn require(&mut self, name: &str) {
        self.required.push(name.to_owned());
    }

    /// Adds another constraint.
    pub(super) fn rule(&mut self, rule: Value) {
        self.rules.push(rule);
    }

    /// Whether the property may be replaced by the one with an underscore before its name.
    pub(super) fn has_sibling(&self, name: &str) -> bool {
        self.properties.contains_key(&format!("_{name}"))
    }

    fn into_schema(mut self, resource_type: Option<&str>) -> Keywords {
        let mut schema = keyword("type", "object");
        if let Some(name) = resource_type {
            self.properties.insert("resourceType".to_owned(), json!({ "const": name }));
            self.required.insert(0, "resourceType".to_owned());
        }
        schema.insert("properties".to_owned(), Value::Object(self.properties));
        schema.insert("additionalProperties".to_owned(), Value::Bool(false));
        if self.required.is_empty() {
            // An element must have content.
            schema.insert("minProperties".to_owned(), json!(1));
        } else {
            schema.insert("required".to_owned(), json!(self.required));
        }
        for rule in self.rules {
            demand(&mut schema, rule);
        }
        schema
    }
}

impl Builder<'_> {
    /// The object for an element, from its children.
    pub(super) fn object(&mut self, place: &Place, resource_type: Option<&str>) -> Result<Keywords, Error> {
        if place.depth() > DEEPEST {
            let reason = format!("it is nested deeper than {DEEPEST} elements: split the definition");
            return Err(self.unusable(place, reason));
        }
        let mut object = Object::default();
        for child in place.children() {
            if child.element().max == Some(Max::Count(0)) {
                continue;
            }
            if child.element().is_choice() {
                self.choice(&child, &mut object)?;
            } else {
                self.member(&child, &mut object)?;
            }
        }
        Ok(object.into_schema(resource_type))
    }

    /// Adds an element that is not a choice.
    fn member(&mut self, place: &Place, object: &mut Object) -> Result<(), Error> {
        let element = place.element();
        let name = element.name();
        let has_sibling = has_sibling(element, &element.types);
        let (schema, sibling) = if place.element().is_list() {
            let (mut items, demands) = self.items(place)?;
            if has_sibling {
                items = any_of(vec![Value::Object(items), json!({ "type": "null" })]);
                object.rule(gaps(name));
            }
            let sibling = has_sibling.then(|| {
                let element = Value::Object(self.refer(Subject::Type("Element".to_owned())));
                any_of(vec![element, json!({ "type": "null" })])
            });
            let sibling = sibling.map(|items| self.array(place, items, Vec::new()));
            (self.array(place, items, demands), sibling)
        } else {
            let value = self.sliced_value(place)?;
            (value, has_sibling.then(|| self.refer(Subject::Type("Element".to_owned()))))
        };
        object.add(name, described(schema, element), sibling);
        if least(place) > 0 {
            if object.has_sibling(name) {
                object.rule(Value::Object(any_of(vec![
                    json!({ "required": [name] }),
                    json!({ "required": [format!("_{name}")] }),
                ])));
            } else {
                object.require(name);
            }
        }
        Ok(())
    }

    /// The array of an element that may repeat.
    fn array(&self, place: &Place, items: Keywords, demands: Vec<Value>) -> Keywords {
        let element = place.element();
        let is_lenient = self.settings.lenient;
        let may_be_single = is_lenient && self.settings.single_objects.contains(&element.path.as_str());
        let item = may_be_single.then(|| items.clone());
        let mut array = keyword("type", "array");
        array.insert("items".to_owned(), Value::Object(items));
        let min = least(place);
        if min > 0 || !is_lenient {
            // FHIR omits empty arrays.
            array.insert("minItems".to_owned(), json!(min.max(1)));
        }
        if let Some(Max::Count(max)) = element.max {
            array.insert("maxItems".to_owned(), json!(max));
        }
        for rule in demands {
            demand(&mut array, rule);
        }
        match item {
            Some(item) => any_of(vec![Value::Object(array), Value::Object(item)]),
            None => array,
        }
    }
}

/// How often an element must occur: its own minimum, or that of its slices together.
fn least(place: &Place) -> u32 {
    let min = |place: &Place| place.element().min.unwrap_or(0);
    place.slices().map(|slice| min(&slice)).sum::<u32>().max(min(place))
}

/// Whether the value of an element is a primitive whose id and extensions are in a second property.
///
/// Ids of resources, attributes and fixed values have neither.
pub(super) fn has_sibling(element: &ElementDefinition, types: &[TypeRef]) -> bool {
    let [only] = types else { return false };
    let is_primitive = primitive::is_primitive(&only.code) && only.code != "xhtml";
    let is_id = element.base.as_ref().is_some_and(|base| base.path == "Resource.id");
    is_primitive && !is_id && !only.code.starts_with("System.") && element.fixed.is_none()
}

/// A schema with a description of its element and how often that occurs.
pub(super) fn described(mut schema: Keywords, element: &ElementDefinition) -> Keywords {
    let max = match element.max {
        Some(Max::Count(max)) => max.to_string(),
        Some(Max::Unbounded) | None => "*".to_owned(),
    };
    let text = format!("{}, {}..{max}", element.id, element.min.unwrap_or(0));
    schema.insert("description".to_owned(), Value::String(text));
    schema
}

/// Allows `null` in an array in place of a value that has only extensions.
fn gaps(name: &str) -> Value {
    json!({
        "if": { "required": [name], "properties": { name: { "contains": { "type": "null" } } } },
        "then": { "required": [format!("_{name}")] },
    })
}
