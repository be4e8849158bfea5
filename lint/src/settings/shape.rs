//! Unknown keys and invalid values in settings, and the messages about them, in terms of the file.

use std::ops::Range;

use ers_fhir_values::suggest::nearest;
use serde_json::Value;
use toml::de::{DeTable, DeValue};

/// The first fault in a text: its place and the message. Nothing is found in a text that is not TOML.
pub(super) fn fault(text: &str, schema: &Value) -> Option<(usize, String)> {
    let table = DeTable::parse(text).ok()?;
    let mut look = Look { text, root: schema, found: Vec::new() };
    look.table(table.get_ref(), schema);
    look.found.into_iter().min_by_key(|(at, _)| *at)
}

struct Look<'a> {
    text: &'a str,
    root: &'a Value,
    found: Vec<(usize, String)>,
}

impl<'a> Look<'a> {
    fn table(&mut self, table: &DeTable<'_>, schema: &'a Value) {
        for (key, value) in table {
            let name = key.get_ref();
            // A table without properties, such as rules, takes any key.
            let property = match schema.get("properties").and_then(Value::as_object) {
                None => schema.get("additionalProperties"),
                Some(properties) => {
                    let known = || properties.keys().map(String::as_str);
                    if !properties.contains_key(name.as_ref()) {
                        let help = match nearest(name, known()) {
                            Some(near) => format!("did you mean '{near}'?"),
                            None => format!("the settings are {}", known().collect::<Vec<_>>().join(", ")),
                        };
                        self.found.push((key.span().start, format!("there is no setting '{name}': {help}")));
                    }
                    properties.get(name.as_ref())
                }
            };
            if let Some(property) = property {
                self.value(name, value.get_ref(), value.span(), self.resolved(property));
            }
        }
    }

    fn value(&mut self, key: &str, value: &DeValue<'_>, span: Range<usize>, schema: &'a Value) {
        let written = self.text.get(span.clone()).unwrap_or_default();
        let wanted = match value {
            DeValue::Table(inner) if takes(schema, "object") => return self.table(inner, schema),
            DeValue::Array(items) if takes(schema, "array") => {
                let of = self.resolved(schema.get("items").unwrap_or(&Value::Null));
                for item in items {
                    match item.get_ref() {
                        DeValue::Table(inner) if takes(of, "object") => self.table(inner, of),
                        DeValue::String(_) if takes(of, "string") => {}
                        _ => self.found.push((item.span().start, self.wanted(key, schema, ""))),
                    }
                }
                return;
            }
            DeValue::Boolean(_) if takes(schema, "boolean") => return,
            DeValue::Integer(_) if takes(schema, "integer") => {
                let number = written.replace('_', "").parse::<i128>();
                let bound = |name: &str| schema.get(name).and_then(Value::as_u64).map(i128::from);
                let fits = number.is_ok_and(|number| {
                    bound("minimum").is_none_or(|least| least <= number)
                        && bound("maximum").is_none_or(|most| number <= most)
                });
                if fits {
                    return;
                }
                format!("'{key}' must be a whole number that is neither negative nor too large")
            }
            DeValue::String(text) if takes(schema, "string") => match words(schema) {
                Some(words) if !words.contains(&text.as_ref()) => {
                    let near = nearest(text, words.iter().copied());
                    let near = near.map(|near| format!("; did you mean '{near}'?")).unwrap_or_default();
                    format!("'{key}' is one of {}{near}", words.join(", "))
                }
                None if text.is_empty() && schema.get("minLength").is_some() => {
                    format!("'{key}' must name a file, but is empty: name one, or leave it out")
                }
                _ => return,
            },
            DeValue::Table(_) | DeValue::Array(_) => self.wanted(key, schema, ""),
            _ => self.wanted(key, schema, written),
        };
        self.found.push((span.start, wanted));
    }

    /// The form of value that a key takes, with the given text in that form.
    fn wanted(&self, key: &str, schema: &Value, written: &str) -> String {
        let bare = written.trim_matches(['"', '\'']);
        let text = if bare.is_empty() || bare.contains('\n') { "…" } else { bare };
        if takes(schema, "array") {
            let of = self.resolved(schema.get("items").unwrap_or(&Value::Null));
            return if takes(of, "object") {
                format!("'{key}' is a table that may be repeated: write [[{key}]]")
            } else {
                format!("'{key}' is a list of texts: write {key} = [\"{text}\"]")
            };
        }
        if takes(schema, "object") {
            format!("'{key}' is a table: write [{key}]")
        } else if takes(schema, "boolean") {
            format!("'{key}' is true or false, without quotes")
        } else if takes(schema, "integer") {
            format!("'{key}' must be a non-negative whole number, without quotes")
        } else if let Some(words) = words(schema) {
            format!("'{key}' is one of {}, in quotes", words.join(", "))
        } else {
            format!("'{key}' is a text: write {key} = \"{text}\"")
        }
    }

    /// The schema that a schema refers to, or itself; if null is an alternative, the other one.
    fn resolved(&self, schema: &'a Value) -> &'a Value {
        let either = schema.get("anyOf").and_then(Value::as_array);
        let other = either.and_then(|either| either.iter().find(|one| !takes(one, "null")));
        let schema = other.unwrap_or(schema);
        let pointer = schema.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix('#'));
        pointer.and_then(|pointer| self.root.pointer(pointer)).unwrap_or(schema)
    }
}

/// Whether a schema accepts values of a type.
fn takes(schema: &Value, name: &str) -> bool {
    match schema.get("type") {
        Some(Value::Array(types)) => types.iter().any(|one| one == name),
        Some(one) => one == name,
        None => name == "string" && words(schema).is_some(),
    }
}

/// The words that a value may be.
fn words(schema: &Value) -> Option<Vec<&str>> {
    if let Some(all) = schema.get("enum").and_then(Value::as_array) {
        return Some(all.iter().filter_map(Value::as_str).collect());
    }
    let all = schema.get("oneOf")?.as_array()?;
    Some(all.iter().filter_map(|one| one.get("const")?.as_str()).collect())
}
