//! Small pieces of JSON Schema, and ways to combine them.

use serde_json::{Map, Value, json};

/// The keywords of a schema.
pub(super) type Keywords = Map<String, Value>;

/// A schema of one keyword.
pub(super) fn keyword(name: &str, value: impl Into<Value>) -> Keywords {
    Keywords::from_iter([(name.to_owned(), value.into())])
}

/// A reference to a shared definition.
pub(super) fn reference(key: &str) -> Keywords {
    keyword("$ref", format!("#/$defs/{key}"))
}

/// Adds the constraints of another schema: side by side where the keywords differ, else in `allOf`.
pub(super) fn also(schema: &mut Keywords, other: Keywords) {
    for (name, value) in other {
        match (schema.get_mut(&name), value) {
            (None, value) => {
                schema.insert(name, value);
            }
            (Some(same), value) if *same == value => {}
            (Some(Value::Array(demands)), Value::Array(more)) if name == "allOf" => demands.extend(more),
            (Some(_), value) => demand(schema, Value::Object(keyword(&name, value))),
        }
    }
}

/// Adds one schema to those that must all hold.
pub(super) fn demand(schema: &mut Keywords, other: Value) {
    let demands = schema.entry("allOf").or_insert_with(|| Value::Array(Vec::new()));
    if let Value::Array(demands) = demands {
        demands.push(other);
    }
}

/// Any one of these schemas; the schema itself where there is only one.
pub(super) fn any_of(mut schemas: Vec<Value>) -> Keywords {
    match (schemas.len(), schemas.pop()) {
        (1, Some(Value::Object(only))) => only,
        (_, Some(last)) => {
            schemas.push(last);
            keyword("anyOf", schemas)
        }
        (_, None) => Keywords::new(),
    }
}

/// An object that has this property, with this form.
pub(super) fn with_property(name: &str, schema: Keywords) -> Keywords {
    let mut object = keyword("required", json!([name]));
    if !schema.is_empty() {
        object.insert("properties".to_owned(), Value::Object(keyword(name, schema)));
    }
    object
}

/// An array with an item of this form.
pub(super) fn with_item(schema: Keywords) -> Keywords {
    let mut array = keyword("type", "array");
    array.insert("contains".to_owned(), Value::Object(schema));
    array
}
