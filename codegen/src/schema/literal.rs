//! Fixed and pattern values in schemas.

use ers_fhir_profiles::definition::TypedValue;
use serde_json::{Map, Value, json};

use super::builder::Builder;
use super::keywords::{Keywords, demand, keyword, with_item};
use super::place::Place;
use crate::error::Error;
use crate::literal;

impl Builder<'_> {
    /// The JSON of a fixed or pattern value of an element.
    pub(super) fn literal_of(&self, place: &Place, value: &TypedValue) -> Result<Value, Error> {
        literal::of(self.definitions, value)?.ok_or_else(|| {
            let what = if value.value.text.is_some() {
                "it cannot be written"
            } else {
                "it has elements that the type does not"
            };
            self.unusable(
                place,
                format!("its fixed value or pattern is not a valid {}: {what}", value.type_name),
            )
        })
    }
}

/// A schema for values that contain at least the content of a pattern.
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
