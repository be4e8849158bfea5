//! Payloads spoiled without regard to any definition: something removed, renamed, wrapped, doubled,
//! emptied, or replaced by a value of another kind.

use serde_json::{Value, json};

/// Every way to spoil every place in a payload, each with a label.
pub fn spoiled(good: &Value) -> Vec<(String, Value)> {
    let mut places = Vec::new();
    collect(good, String::new(), &mut places);
    let mut spoiled = Vec::new();
    for place in &places {
        let Some(value) = good.pointer(place) else { continue };
        let (holder, name) = place.rsplit_once('/').unwrap_or_default();
        let mut replace = |label: &str, replacement: Value| {
            let mut payload = good.clone();
            if let Some(there) = payload.pointer_mut(place) {
                *there = replacement;
                spoiled.push((format!("{label} {place}"), payload));
            }
        };
        replace("null", Value::Null);
        match value {
            Value::Array(items) => {
                replace("unwrap", items.first().cloned().unwrap_or_default());
                replace("empty", json!([]));
                replace("twice", items.iter().chain(items).cloned().collect());
                replace("wrap", json!([value]));
            }
            Value::Object(_) => {
                replace("empty", json!({}));
                replace("text", json!("text"));
                if name.parse::<usize>().is_err() {
                    replace("wrap", json!([value]));
                }
            }
            Value::String(text) => {
                replace("empty", json!(""));
                replace("number", json!(42));
                replace("object", json!({ "text": "text" }));
                replace("spaces", json!(format!(" {text} ")));
                replace("longer", json!(format!("{text}0")));
                if name.parse::<usize>().is_err() {
                    replace("wrap", json!([value]));
                }
            }
            Value::Number(_) => {
                replace("text", json!("1"));
                replace("negative", json!(-1));
                replace("fraction", json!(1.5));
                replace("large", json!(4_000_000_000_u32));
            }
            Value::Bool(_) => {
                replace("text", json!("true"));
                replace("number", json!(1));
            }
            Value::Null => {}
        }
        let mut change = |label: &str, change: &dyn Fn(&mut Value)| {
            let mut payload = good.clone();
            if let Some(holder) = payload.pointer_mut(holder) {
                change(holder);
                spoiled.push((format!("{label} {place}"), payload));
            }
        };
        change("delete", &|holder| match holder {
            Value::Object(members) => drop(members.remove(name)),
            Value::Array(items) => drop(name.parse().map(|index: usize| items.remove(index))),
            _ => {}
        });
        if name.parse::<usize>().is_err() {
            change("rename", &|holder| {
                if let Some(members) = holder.as_object_mut() {
                    let value = members.remove(name).unwrap_or_default();
                    members.insert(format!("{name}X"), value);
                }
            });
            change("underscore", &|holder| {
                if let Some(members) = holder.as_object_mut() {
                    members.remove(name);
                    members.insert(format!("_{name}"), json!({ "id": "a" }));
                }
            });
        }
    }
    spoiled
}

fn collect(value: &Value, at: String, places: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, inner) in members {
                collect(inner, format!("{at}/{name}"), places);
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                collect(inner, format!("{at}/{index}"), places);
            }
        }
        _ => {}
    }
    if !at.is_empty() {
        places.push(at);
    }
}
