//! Comparing, finding and completing JSON that is still text.

use serde_json::Value;

use crate::runtime::options::ReadOptions;
use crate::runtime::reader::Reader;
use crate::runtime::writer::Writer;

/// Whether two texts are the same JSON.
pub(super) fn is_same(a: &str, b: &str) -> bool {
    let parse = |text| serde_json::from_str::<Value>(text).ok();
    a == b || parse(a) == parse(b)
}

/// Whether a value has all that a pattern has.
pub(super) fn contains(text: &str, pattern: &str) -> bool {
    let parse = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    text == pattern || has_all(&parse(text), &parse(pattern))
}

fn has_all(value: &Value, pattern: &Value) -> bool {
    match (value, pattern) {
        (Value::Object(value), Value::Object(pattern)) => {
            pattern.iter().all(|(name, part)| value.get(name).is_some_and(|found| has_all(found, part)))
        }
        (Value::Array(values), Value::Array(patterns)) => {
            patterns.iter().all(|part| values.iter().any(|found| has_all(found, part)))
        }
        _ => value == pattern,
    }
}

/// How many items a member of an object has.
pub(super) fn count_of(text: &str, name: &str) -> usize {
    members(text).iter().find(|(key, _)| key == name).map_or(0, |(_, value)| items(value).len())
}

/// A value with all that a pattern has: what it lacks is added.
pub(super) fn completed(text: &str, pattern: &str) -> String {
    if contains(text, pattern) {
        return text.to_owned();
    }
    let mut writer = Writer::default();
    complete(text, pattern, &mut writer);
    writer.into_string()
}

fn complete(text: &str, pattern: &str, writer: &mut Writer) {
    match (text.as_bytes().first(), pattern.as_bytes().first()) {
        (Some(b'{'), Some(b'{')) => {
            let (own, wanted) = (members(text), members(pattern));
            writer.begin_object();
            for (name, value) in &own {
                writer.key("", name);
                match wanted.iter().find(|(known, _)| known == name) {
                    Some((_, part)) => complete(value, part, writer),
                    None => writer.raw(value),
                }
            }
            for (name, part) in wanted.iter().filter(|(name, _)| own.iter().all(|(known, _)| known != name)) {
                writer.key("", name);
                writer.raw(part);
            }
            writer.end_object();
        }
        (Some(b'['), Some(b'[')) => {
            let own = items(text);
            writer.begin_array();
            let lacks = |part: &&str| !own.iter().any(|item| contains(item, part));
            let added = items(pattern).into_iter().filter(lacks);
            for item in own.iter().copied().chain(added) {
                writer.raw(item);
            }
            writer.end_array();
        }
        _ => writer.raw(pattern),
    }
}

/// The members of an object; none where the text is no object.
fn members(text: &str) -> Vec<(String, &str)> {
    let mut reader = Reader::new(text, ReadOptions::lenient());
    let mut found = Vec::new();
    if reader.peek() != b'{' || reader.begin_object().is_err() {
        return found;
    }
    let mut is_first = true;
    while let Ok(Some(key)) = reader.key(&mut is_first) {
        let Ok(value) = reader.raw() else { break };
        found.push((key.into_owned(), value));
    }
    found
}

/// The items of an array; none where the text is no array.
fn items(text: &str) -> Vec<&str> {
    let mut reader = Reader::new(text, ReadOptions::lenient());
    let mut found = Vec::new();
    if reader.peek() != b'[' || reader.begin_array().is_err() {
        return found;
    }
    let mut is_first = true;
    while let Ok(true) = reader.item(&mut is_first) {
        let Ok(value) = reader.raw() else { break };
        found.push(value);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_missing_is_added() {
        let pattern = r#"{"profile":["p"],"source":{"a":1.10}}"#;
        assert_eq!(completed("{}", pattern), pattern);
        assert_eq!(
            completed(r#"{"id":"x","profile":["q"],"source":{"b":2.0}}"#, pattern),
            r#"{"id":"x","profile":["q","p"],"source":{"b":2.0,"a":1.10}}"#
        );
        let whole = r#"{"source":{"a":1.10},"profile":["p","q"]}"#;
        assert_eq!(completed(whole, pattern), whole);
    }
}
