//! JSON as a tree that borrows from its text, for code that looks at a value in several ways.

use std::borrow::Cow;

use crate::runtime::options::ReadOptions;
use crate::runtime::reader::Reader;

/// A JSON value.
#[derive(Debug)]
pub(super) struct Tree<'a> {
    /// The value as it is written.
    pub(super) text: &'a str,
    pub(super) kind: Kind<'a>,
}

#[derive(Debug)]
pub(super) enum Kind<'a> {
    Object(Vec<(Cow<'a, str>, Tree<'a>)>),
    Array(Vec<Tree<'a>>),
    Text(Cow<'a, str>),
    /// A number, `true`, `false` or `null`; also text that is not JSON.
    Plain,
}

impl<'a> Tree<'a> {
    /// Parses a text that has already been read as JSON.
    pub(super) fn parse(text: &'a str) -> Self {
        Self { text, kind: Self::kind(text).unwrap_or(Kind::Plain) }
    }

    fn kind(text: &'a str) -> Option<Kind<'a>> {
        let mut reader = Reader::new(text, ReadOptions::lenient());
        let mut is_first = true;
        Some(match reader.peek() {
            b'{' => {
                let mut members = Vec::new();
                reader.begin_object().ok()?;
                while let Some(key) = reader.key(&mut is_first).ok()? {
                    members.push((key, Self::parse(reader.raw().ok()?)));
                }
                Kind::Object(members)
            }
            b'[' => {
                let mut items = Vec::new();
                reader.begin_array().ok()?;
                while reader.item(&mut is_first).ok()? {
                    items.push(Self::parse(reader.raw().ok()?));
                }
                Kind::Array(items)
            }
            b'"' => Kind::Text(reader.string().ok()?),
            _ => Kind::Plain,
        })
    }

    /// The members of an object; none for anything else.
    pub(super) fn members(&self) -> &[(Cow<'a, str>, Tree<'a>)] {
        match &self.kind {
            Kind::Object(members) => members,
            _ => &[],
        }
    }

    /// A member of an object.
    pub(super) fn member(&self, name: &str) -> Option<&Self> {
        self.members().iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// The items of an array; for anything else, the value itself.
    pub(super) fn items(&self) -> &[Self] {
        match &self.kind {
            Kind::Array(items) => items,
            _ => std::slice::from_ref(self),
        }
    }

    /// The value of a string.
    pub(super) fn string(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether two values are the same: numbers as written, members in any order.
    pub(super) fn is(&self, other: &Tree<'_>) -> bool {
        match (&self.kind, &other.kind) {
            (Kind::Object(own), Kind::Object(members)) => {
                own.len() == members.len()
                    && members
                        .iter()
                        .all(|(name, part)| self.member(name).is_some_and(|found| found.is(part)))
            }
            (Kind::Array(own), Kind::Array(items)) => {
                own.len() == items.len() && own.iter().zip(items).all(|(own, item)| own.is(item))
            }
            (Kind::Text(own), Kind::Text(text)) => own == text,
            (Kind::Plain, Kind::Plain) => self.text == other.text,
            _ => false,
        }
    }

    /// Whether everything in a pattern is present; each item of the pattern needs an item.
    pub(super) fn contains(&self, pattern: &Tree<'_>) -> bool {
        match (&self.kind, &pattern.kind) {
            (Kind::Object(_), Kind::Object(members)) => {
                members.iter().all(|(name, part)| self.member(name).is_some_and(|found| found.contains(part)))
            }
            (Kind::Array(own), Kind::Array(items)) => {
                items.iter().all(|item| own.iter().any(|found| found.contains(item)))
            }
            _ => self.is(pattern),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Tree;

    #[test]
    fn numbers_are_compared_as_written_and_members_in_any_order() {
        let is = |one: &str, other: &str| Tree::parse(one).is(&Tree::parse(other));
        assert!(is(r#"{"a":1.0,"b":["x",true]}"#, r#"{ "b": ["\u0078", true], "a": 1.0 }"#));
        assert!(!is("1.0", "1.00"));
        assert!(!is(r#"{"a":1}"#, r#"{"a":1,"b":2}"#));
        assert!(!is("[1,2]", "[2,1]"));
    }

    #[test]
    fn a_pattern_is_met_by_more() {
        let contains = |text: &str, pattern: &str| Tree::parse(text).contains(&Tree::parse(pattern));
        let concept = r#"{"coding":[{"system":"s","code":"a","display":"A"},{"code":"b"}],"text":"t"}"#;
        assert!(contains(concept, r#"{"coding":[{"code":"a"}]}"#));
        assert!(contains(concept, r#"{"coding":[{"code":"b"},{"system":"s"}]}"#));
        assert!(!contains(concept, r#"{"coding":[{"system":"s","code":"b"}]}"#));
    }
}
