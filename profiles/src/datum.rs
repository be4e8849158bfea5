//! A resource or value as plain data, the same whether it was written as JSON or XML.
//!
//! Definitions are read from this form, and fixed and pattern values stay in it. Repeats are
//! repeated names, as in XML, so that nothing depends on which syntax a package chose. Narrative
//! markup (`text.div`) is left out: no definition depends on it.

mod control;
mod json;
mod numbers;
mod xml;

pub(crate) use control::escaped;
pub(crate) use json::without_byte_order_mark;

/// One element: the text of its primitive value, if it has one, and its children in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Datum {
    /// The primitive value (`true`, `1.50`, `2020-01`) as it is written, without quotes or escapes.
    pub text: Option<Box<str>>,
    /// Named children in document order; a repeating element appears once for each repeat.
    /// In a resource, the first is `resourceType`.
    pub fields: Vec<(Box<str>, Datum)>,
}

impl Datum {
    /// A primitive value.
    pub fn primitive(text: impl Into<Box<str>>) -> Self {
        Self { text: Some(text.into()), fields: Vec::new() }
    }

    /// The first child of that name.
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.fields.iter().find(|(n, _)| &**n == name).map(|(_, d)| d)
    }

    /// Every child of that name, in order.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> + 'a {
        self.fields.iter().filter(move |(n, _)| &**n == name).map(|(_, d)| d)
    }

    /// The primitive value of the first child of that name.
    pub fn str(&self, name: &str) -> Option<&str> {
        self.get(name)?.text.as_deref()
    }

    /// The value of a boolean child.
    pub fn bool(&self, name: &str) -> Option<bool> {
        self.str(name)?.parse().ok()
    }

    /// The value of an integer child.
    pub fn number<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.str(name)?.parse().ok()
    }

    /// The child of a choice element (`fixed[x]` with `stem` `fixed`) and its type suffix.
    pub fn choice<'a>(&'a self, stem: &str) -> Option<(&'a str, &'a Self)> {
        self.fields.iter().find_map(|(name, datum)| {
            let suffix = name.strip_prefix(stem)?;
            suffix.starts_with(|c: char| c.is_ascii_uppercase()).then_some((suffix, datum))
        })
    }
}
