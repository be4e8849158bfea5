//! Keys that settings do not have, and those that were meant; values of another kind than keys have.

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
        if let Some(what) = mistaken(value.get_ref(), resolved(property, root)) {
            found.push((value.span().start, format!("'{name}' {what}")));
            continue;
        }
        match value.get_ref() {
            DeValue::Table(inner) => gather(inner, resolved(property, root), root, found),
            DeValue::Array(items) => {
                let schema = resolved(property.get("items").unwrap_or(&Value::Null), root);
                for item in items {
                    if let Some(what) = mistaken(item.get_ref(), schema) {
                        found.push((item.span().start, format!("an entry of '{name}' {what}")));
                    } else if let DeValue::Table(inner) = item.get_ref() {
                        gather(inner, schema, root, found);
                    }
                }
            }
            _ => {}
        }
    }
}

/// What is wrong with the kind of a value.
fn mistaken(value: &DeValue<'_>, schema: &Value) -> Option<String> {
    let (kind, is) = match value {
        DeValue::String(_) => ("string", "a text"),
        DeValue::Integer(_) => ("integer", "a number"),
        DeValue::Float(_) => ("number", "a number"),
        DeValue::Boolean(_) => ("boolean", "true or false"),
        DeValue::Datetime(_) => ("date", "a date"),
        DeValue::Array(_) => ("array", "a list"),
        DeValue::Table(_) => ("object", "a table"),
    };
    let types = schema.get("type")?;
    let fits = |wanted: &Value| wanted == kind;
    if fits(types) || types.as_array().is_some_and(|types| types.iter().any(fits)) {
        return None;
    }
    let wanted = types.as_str().or_else(|| types.as_array()?.first()?.as_str())?;
    let wanted = match wanted {
        "array" => "is a list, in square brackets",
        "string" => "is a text, in quotes",
        "integer" | "number" => "is a whole number",
        "boolean" => "is true or false, without quotes",
        "object" => "is a table",
        _ => return None,
    };
    Some(format!("{wanted}, and not {is}"))
}

/// What a schema refers to, or itself.
fn resolved<'s>(schema: &'s Value, root: &'s Value) -> &'s Value {
    let pointer = schema.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix('#'));
    pointer.and_then(|pointer| root.pointer(pointer)).unwrap_or(schema)
}
