//! The names of FHIR's elements as numbers, so that the walk compares numbers instead of texts.

mod table;

use std::fmt;

/// A name of an element that FHIR itself defines: `birthDate`, `valueQuantity`, `resourceType`.
///
/// Two names are equal where their texts are. A payload may hold other names; nodes with such a name
/// have no number and are compared by text.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(u16);

impl Name {
    /// How many names there are.
    pub const COUNT: usize = table::COUNT;

    /// The name with this text, if FHIR has it.
    pub const fn find(text: &str) -> Option<Self> {
        match table::find(text.as_bytes()) {
            0 => None,
            number => Some(Self(number)),
        }
    }

    /// The name with this number, where there is one.
    #[inline]
    pub fn numbered(number: u16) -> Option<Self> {
        (number > 0 && usize::from(number) <= Self::COUNT).then_some(Self(number))
    }

    /// The name with this text, for constants: if FHIR does not have it, the program does not compile.
    ///
    /// # Panics
    ///
    /// Where FHIR has no such name.
    #[must_use]
    pub const fn known(text: &str) -> Self {
        match Self::find(text) {
            Some(name) => name,
            None => panic!("no element of FHIR has this name"),
        }
    }

    /// Its text.
    pub const fn text(self) -> &'static str {
        table::NAMES[self.0 as usize]
    }

    /// Whether a text begins with this name.
    pub(super) fn begins(self, text: &[u8]) -> bool {
        let name = self.text().as_bytes();
        text.get(..name.len()).is_some_and(|start| table::is_same(start, name))
    }

    /// Whether some type has a choice of that name: `value[x]`.
    #[inline]
    pub const fn is_stem(self) -> bool {
        table::IS_STEM[self.0 as usize]
    }

    /// Its number, from 1 to [`COUNT`](Self::COUNT).
    #[inline]
    pub const fn number(self) -> u16 {
        self.0
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

/// A name as a node stores it: a number, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Number(u16);

impl Number {
    pub(super) const NONE: Self = Self(0);

    pub(super) fn of(text: &[u8]) -> Self {
        Self(table::find(text))
    }

    /// Its place in tables by number; 0 for none.
    pub(super) fn index(self) -> usize {
        usize::from(self.0)
    }

    /// The name, where FHIR has it.
    #[inline]
    pub(super) fn name(self) -> Option<Name> {
        (self != Self::NONE).then_some(Name(self.0))
    }

    /// One of 128 bits, different for most names of one type.
    pub(super) fn class(self) -> u128 {
        1 << (self.0 % 128)
    }
}

impl From<Name> for Number {
    fn from(name: Name) -> Self {
        Self(name.0)
    }
}

/// A name to look for among children: a [`Name`], or a text that is resolved to one where possible.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'n> {
    number: Number,
    text: &'n str,
}

impl Wanted<'_> {
    /// Whether a node with this number and text has the name.
    #[inline]
    pub(super) fn is(self, number: Number, text: impl FnOnce() -> bool) -> bool {
        self.number == number && (number != Number::NONE || text())
    }

    /// Its text.
    pub(super) fn text(&self) -> &str {
        self.text
    }
}

impl<'n> Wanted<'n> {
    /// A text that has been resolved to a name, or found to be none.
    #[inline]
    pub fn new(text: &'n str, name: Option<Name>) -> Self {
        Self { number: name.map_or(Number::NONE, Number::from), text }
    }
}

impl From<Name> for Wanted<'static> {
    fn from(name: Name) -> Self {
        Self { number: Number(name.0), text: name.text() }
    }
}

impl<'n> From<&'n str> for Wanted<'n> {
    fn from(text: &'n str) -> Self {
        Self { number: Number::of(text.as_bytes()), text }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_is_found_under_its_own_number() {
        for text in &table::NAMES[1..] {
            assert_eq!(Name::find(text).map(Name::text), Some(*text));
        }
    }

    #[test]
    fn what_is_nearly_a_name_is_none() {
        for text in ["", "birthdate", "birthDat", "birthDatee", "valuequantity", "résumé", &"x".repeat(1000)]
        {
            assert_eq!(Name::find(text), None, "{text}");
        }
    }

    #[test]
    fn a_constant_is_the_name_that_a_payload_has() {
        const BIRTH_DATE: Name = Name::known("birthDate");
        assert_eq!(Name::find("birthDate"), Some(BIRTH_DATE));
    }
}
