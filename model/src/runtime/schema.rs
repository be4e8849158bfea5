//! `schemars::JsonSchema` for generated types: one function for each kind of type, over the tables
//! that reading and writing use as well.
//!
//! The schemas describe FHIR JSON: closed objects, non-empty arrays, and only codes of the value
//! set. Constraints that a profile adds to its base are not in the schema of its struct; `ers-fhir
//! generate json-schema` makes a schema with them, from the definition.

use ers_fhir_values::lexical::pattern::{Form, form};
use ers_fhir_values::{FhirVersion, Primitive};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value as Json, json};

use super::code::Code;
use super::profile::Profile;
use super::record::{Leaf, Record, Value};
use super::resource::{AnyResource, OtherResource};
use super::shape::Field;

/// The object for a structure.
pub fn of_record<T: Record + Value>(generator: &mut SchemaGenerator) -> Schema {
    object(&mut T::blank(), generator)
}

/// In JSON, a profile struct has the form of its base.
pub fn of_profile<T: Profile<Base: JsonSchema>>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T::Base>()
}

/// The codes of a value set.
pub fn of_codes<T: Code>(_: &mut SchemaGenerator) -> Schema {
    schema(json!({ "enum": T::CODES, "description": T::VALUE_SET }))
}

/// A resource of any type.
pub fn of_resources<T: AnyResource>(generator: &mut SchemaGenerator) -> Schema {
    let cases: Vec<Json> = T::TYPES
        .iter()
        .map(|name| {
            json!({
                "if": { "properties": { "resourceType": { "const": name } } },
                "then": T::start(name).leaf().describe(generator),
            })
        })
        .collect();
    let mut any = OtherResource::default().describe(generator);
    any.insert("allOf".to_owned(), Json::Array(cases));
    any
}

/// A primitive: the forms of both releases, since one Rust type serves both.
pub(crate) fn primitive(primitive: Primitive) -> Schema {
    let [stu3, r4] = [FhirVersion::Stu3, FhirVersion::R4].map(|version| form(primitive, version));
    schema(match stu3 {
        Form::Boolean => json!({ "type": "boolean" }),
        Form::Integer(least, greatest) => json!({ "type": "integer", "minimum": least, "maximum": greatest }),
        Form::Decimal => json!({ "type": "number" }),
        Form::Text(one, longest) => {
            let pattern = match r4 {
                Form::Text(other, _) if other != one => format!("^(?:{one}|{other})$"),
                _ => format!("^(?:{one})$"),
            };
            let mut keywords = json!({ "type": "string", "pattern": pattern });
            if let Some(longest) = longest {
                keywords["maxLength"] = longest.into();
            }
            keywords
        }
    })
}

/// A schema from JSON that is an object.
fn schema(keywords: Json) -> Schema {
    match keywords {
        Json::Object(keywords) => Schema::from(keywords),
        _ => Schema::default(),
    }
}

/// The object for a structure, by its shape and a blank value of it.
fn object(blank: &mut dyn Record, generator: &mut SchemaGenerator) -> Schema {
    let shape = blank.shape();
    let (mut properties, mut required, mut rules) = (Map::new(), Vec::new(), Vec::new());
    if shape.is_resource {
        properties.insert("resourceType".to_owned(), json!({ "const": shape.name }));
        required.push("resourceType");
    }
    for field in shape.fields {
        let value = blank.slot_mut(field.slot).add(field.variant).describe(generator);
        properties.insert(field.name.to_owned(), occurring(field, value.into()));
        if field.is_primitive {
            let element = blank.extras_mut().element_mut(field.slot, 0).describe(generator);
            properties.insert(format!("_{}", field.name), occurring(field, element.into()));
        }
    }
    // The properties of a choice are adjacent, and share a slot.
    for types in shape.fields.chunk_by(|a, b| a.slot == b.slot) {
        match types {
            [only] if only.is_required && !only.is_primitive => required.push(only.name),
            [only] if only.is_required => rules.push(presence(only)),
            [_] => {}
            several => rules.push(one_of(several)),
        }
    }
    let mut keywords = json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    });
    if !rules.is_empty() {
        keywords["allOf"] = Json::Array(rules);
    }
    schema(keywords)
}

/// A value, or an array of values; arrays of primitives have nulls for values that have only extensions.
fn occurring(field: &Field, value: Json) -> Json {
    match (field.is_many, field.is_primitive) {
        (false, _) => value,
        (true, false) => json!({ "type": "array", "items": value, "minItems": 1 }),
        (true, true) => {
            json!({ "type": "array", "items": { "anyOf": [value, { "type": "null" }] }, "minItems": 1 })
        }
    }
}

/// Requires the property, or the one with its extensions instead.
fn presence(field: &Field) -> Json {
    let there = json!({ "required": [field.name] });
    if field.is_primitive {
        json!({ "anyOf": [there, { "required": [format!("_{}", field.name)] }] })
    } else {
        there
    }
}

/// Requires one of the properties of a choice, or allows none where it is not mandatory.
fn one_of(types: &[Field]) -> Json {
    let mut cases: Vec<Json> = types.iter().map(presence).collect();
    if !types.iter().any(|field| field.is_required) {
        let absent: Vec<Json> = types.iter().map(presence).collect();
        cases.push(json!({ "not": { "anyOf": absent } }));
    }
    json!({ "oneOf": cases })
}
