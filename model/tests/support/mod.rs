//! What tests of round trips share.

use std::path::{Path, PathBuf};

use serde_json::Value;

/// The JSON files under a folder, with their paths below it.
pub(crate) fn json_files(root: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    let mut open = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).expect("the folder is readable") {
            let path = entry.expect("the folder is readable").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "json") {
                files.push(path);
            }
        }
    }
    assert!(!files.is_empty(), "{} has no payloads", root.display());
    files.sort();
    let name = |path: &PathBuf| path.strip_prefix(root).unwrap_or(path).display().to_string();
    files.iter().map(|path| (name(path), std::fs::read(path).expect("the file was listed"))).collect()
}

/// A payload as profile structs write it: without the empty arrays and `null` that the live service sends
/// for nothing, and with the type of a participant as the one object that it wants.
pub(crate) fn normalised(value: Value) -> Value {
    let is_nothing = |value: &Value| value.is_null() || value.as_array().is_some_and(Vec::is_empty);
    match value {
        Value::Object(fields) => {
            let kept = fields.into_iter().filter(|(_, value)| !is_nothing(value));
            Value::Object(
                kept.map(|(name, value)| {
                    let value = normalised_member(&name, value);
                    (name, value)
                })
                .collect(),
            )
        }
        Value::Array(items) => Value::Array(items.into_iter().map(normalised).collect()),
        other => other,
    }
}

fn normalised_member(name: &str, value: Value) -> Value {
    let mut value = normalised(value);
    if name == "participant" {
        for participant in value.as_array_mut().into_iter().flatten() {
            let Some(types) = participant.get_mut("type") else { continue };
            if let Some([only]) = types.as_array().map(Vec::as_slice) {
                *types = only.clone();
            }
        }
    }
    value
}

/// Where two documents differ.
pub(crate) fn differences(before: &Value, after: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare(before, after, "", &mut found);
    found
}

fn compare(before: &Value, after: &Value, path: &str, found: &mut Vec<String>) {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            for (name, value) in before {
                match after.get(name) {
                    Some(other) => compare(value, other, &format!("{path}.{name}"), found),
                    None => found.push(format!("{path}.{name} is lost")),
                }
            }
            let added = after.keys().filter(|name| !before.contains_key(*name));
            found.extend(added.map(|name| format!("{path}.{name} is added")));
        }
        (Value::Array(before), Value::Array(after)) if before.len() == after.len() => {
            for (index, (value, other)) in before.iter().zip(after).enumerate() {
                compare(value, other, &format!("{path}[{index}]"), found);
            }
        }
        // The live service sends some lists of one without their brackets.
        (before, Value::Array(after)) if after.len() == 1 && !before.is_array() => {
            compare(before, &after[0], path, found);
        }
        _ if before == after => {}
        _ => found.push(format!("{path}: {before} became {after}")),
    }
}
