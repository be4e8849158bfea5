//! Compares, searches and completes JSON that is still text.

use std::borrow::Cow;

use crate::runtime::reader::Reader;
use crate::runtime::writer::Writer;

/// Whether two texts are the same JSON.
pub(super) fn is_same(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    match (a.as_bytes().first(), b.as_bytes().first()) {
        (Some(b'{'), Some(b'{')) => {
            let (own, others) = (members(a), members(b));
            let same = |(name, value): &(Cow<'_, str>, &str)| {
                others.iter().any(|(known, other)| known == name && is_same(value, other))
            };
            own.len() == others.len() && own.iter().all(same)
        }
        (Some(b'['), Some(b'[')) => {
            let (own, others) = (items(a), items(b));
            own.len() == others.len() && own.iter().zip(&others).all(|(a, b)| is_same(a, b))
        }
        (Some(b'"'), Some(b'"')) => text(a).is_some_and(|own| text(b) == Some(own)),
        // `1.5` equals `1.50`; an integer can be written in only one way.
        _ => {
            let number = |text: &str| text.contains(['.', 'e', 'E']).then(|| text.parse::<f64>().ok())?;
            number(a).is_some_and(|own| number(b) == Some(own))
        }
    }
}

/// Whether a value contains everything in a pattern.
pub(super) fn contains(text: &str, pattern: &str) -> bool {
    match (text.as_bytes().first(), pattern.as_bytes().first()) {
        _ if text == pattern => true,
        (Some(b'{'), Some(b'{')) => {
            let own = members(text);
            let has = |(name, part): &(Cow<'_, str>, &str)| {
                own.iter().any(|(known, value)| known == name && contains(value, part))
            };
            members(pattern).iter().all(has)
        }
        (Some(b'['), Some(b'[')) => {
            let own = items(text);
            items(pattern).iter().all(|part| own.iter().any(|item| contains(item, part)))
        }
        _ => is_same(text, pattern),
    }
}

/// How many items a member of an object has.
pub(super) fn count_of(text: &str, name: &str) -> usize {
    members(text).iter().find(|(key, _)| key == name).map_or(0, |(_, value)| items(value).len())
}

/// A value completed with everything in a pattern that it lacks.
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

/// A string.
fn text(json: &str) -> Option<Cow<'_, str>> {
    Reader::unbounded(json).string().ok()
}

/// The members of an object; none where the text is not an object.
fn members(text: &str) -> Vec<(Cow<'_, str>, &str)> {
    let mut reader = Reader::unbounded(text);
    let mut found = Vec::new();
    if reader.peek() != b'{' || reader.begin_object().is_err() {
        return found;
    }
    let mut is_first = true;
    while let Ok(Some(key)) = reader.key(&mut is_first) {
        let Ok(value) = reader.raw() else { break };
        found.push((key, value));
    }
    found
}

/// The items of an array; none where the text is not an array.
fn items(text: &str) -> Vec<&str> {
    let mut reader = Reader::unbounded(text);
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
    fn the_same_may_be_written_in_several_ways() {
        for (a, b) in [
            (r#"{"a":1,"b":[1.50]}"#, r#"{ "b": [ 1.5 ], "a": 1 }"#),
            (r#""\u0061""#, "\"a\""),
            ("null", "null"),
        ] {
            assert!(is_same(a, b) && contains(a, b), "{a} {b}");
        }
        let deep = |inner: &str| format!("{}{inner}{}", "[".repeat(200), "]".repeat(200));
        assert!(is_same(&deep("1"), &deep(" 1")) && !is_same(&deep("1"), &deep("2")));
        for (a, b) in [
            ("1", "2"),
            ("1", "1.0"),
            ("true", "false"),
            ("[1]", "[1,2]"),
            (r#"{"a":1}"#, r#"{"a":1,"b":2}"#),
        ] {
            assert!(!is_same(a, b), "{a} {b}");
        }
        assert!(contains(r#"{"a":[{"b":1,"c":2}]}"#, r#"{"a":[{"b":1}]}"#) && !contains("[1]", "[2]"));
    }

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
