//! Keys that settings do not have, and those that were meant.

use ers_fhir_values::suggest::nearest;
use serde_json::Value;
use toml::de::{DeTable, DeValue};

/// The first key that is none, by its place in the text, and what to say of it. What is no TOML has none.
pub(super) fn unknown(text: &str, schema: &Value) -> Option<(usize, String)> {
    let table = DeTable::parse(text).ok()?;
    let mut found = Vec::new();
    gather(table.get_ref(), schema, schema, &mut found);
    found.into_iter().min_by_key(|(at, _)| *at)
}

fn gather(table: &DeTable<'_>, schema: &Value, root: &Value, found: &mut Vec<(usize, String)>) {
    // A table without properties takes any key: rules.
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else { return };
    for (key, value) in table {
        let name = key.get_ref();
        let Some(property) = properties.get(name.as_ref()) else {
            let known = || properties.keys().map(String::as_str);
            let help = match nearest(name, known()) {
                Some(near) => format!("did you mean '{near}'?"),
                None => format!("there are {}", known().collect::<Vec<_>>().join(", ")),
            };
            found.push((key.span().start, format!("there is no setting '{name}': {help}")));
            continue;
        };
        match value.get_ref() {
            DeValue::Table(inner) => gather(inner, resolved(property, root), root, found),
            DeValue::Array(items) => {
                let schema = resolved(property.get("items").unwrap_or(&Value::Null), root);
                for item in items {
                    if let DeValue::Table(inner) = item.get_ref() {
                        gather(inner, schema, root, found);
                    }
                }
            }
            _ => {}
        }
    }
}

/// What a schema refers to, or itself.
fn resolved<'s>(schema: &'s Value, root: &'s Value) -> &'s Value {
    let pointer = schema.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix('#'));
    pointer.and_then(|pointer| root.pointer(pointer)).unwrap_or(schema)
}
