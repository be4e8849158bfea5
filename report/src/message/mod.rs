//! Text of a finding.

mod part;
pub(crate) mod pattern;

use std::fmt::Write;
use std::ops::Range;

pub use part::{Defined, Key, Part, Value, def, key, value};

use crate::mask::HIDDEN;

/// Longest piece of a payload, in characters, that a message repeats.
const LONGEST: usize = 80;

/// Text that knows which of its parts come from the payload, so that these can be masked.
///
/// It is built from three kinds of text, and nothing else compiles: our own words (`&'static str`, numbers),
/// text of definitions ([`def`](crate::def)), and text of the payload ([`value`](Self::value), [`key`](Self::key)).
/// The result of `format!` is none of these, because its parts can no longer be told apart:
///
/// ```compile_fail
/// # let family = String::from("Ann");
/// ers_fhir_report::Message::text(format!("the name {family} is too long"));
/// ```
///
/// ```compile_fail
/// fn found(family: &str) -> ers_fhir_report::Message {
///     ers_fhir_report::Message::text("the name ").then(family)
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Message {
    text: String,
    values: Vec<Range<usize>>,
}

impl Message {
    /// A message that begins with our own words, or with any other part.
    pub fn text(part: impl Part) -> Self {
        Self::default().then(part)
    }

    /// A message with a part for each `{}` of a pattern, as the macro [`text!`](crate::text) makes it.
    #[doc(hidden)]
    pub fn filled(pattern: &'static str, parts: &[&dyn Part]) -> Self {
        let mut message = Self::default();
        let mut parts = parts.iter();
        for (at, words) in pattern.split("{}").enumerate() {
            if at > 0
                && let Some(part) = parts.next()
            {
                part.put(&mut message);
            }
            message.text.push_str(words);
        }
        message
    }

    /// Adds our own words, text of a definition, or another message.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "callers hand in words and what they have just made")]
    pub fn then(mut self, part: impl Part) -> Self {
        part.put(&mut self);
        self
    }

    /// Adds a value of the payload, quoted; a long one is truncated.
    #[must_use]
    pub fn value(self, text: &str) -> Self {
        self.then(value(text))
    }

    /// Adds a key, tag or attribute of the payload, which is hidden unless FHIR has that name.
    #[must_use]
    pub fn key(self, name: &str) -> Self {
        self.then(key(name))
    }

    /// The text in full, values of the payload included.
    pub fn revealed(&self) -> &str {
        &self.text
    }

    /// The text with every value of the payload replaced by `***`.
    pub fn masked(&self) -> String {
        let mut masked = String::with_capacity(self.text.len());
        let mut at = 0;
        for value in &self.values {
            masked.push_str(&self.text[at..value.start]);
            masked.push_str(HIDDEN);
            at = value.end;
        }
        masked.push_str(&self.text[at..]);
        masked
    }

    /// Adds text that is shown.
    fn show(&mut self, text: impl std::fmt::Display) {
        let _infallible = write!(self.text, "{text}");
    }

    /// Adds a name that is shown, and turns an "a" before it into "an" where it begins with a vowel.
    fn name(&mut self, name: impl std::fmt::Display) {
        let start = self.text.len();
        self.show(name);
        let (before, name) = self.text.split_at(start);
        let before = before.trim_end_matches('\'');
        if name.starts_with(['A', 'E', 'I', 'O']) && (before == "a " || before.ends_with(" a ")) {
            self.text.insert(before.len() - 1, 'n');
        }
    }

    /// Adds text that is hidden where values are masked; long text is truncated.
    fn hide(&mut self, text: &str) {
        let start = self.text.len();
        match text.char_indices().nth(LONGEST) {
            Some((cut, _)) => {
                self.text.push_str(&text[..cut]);
                self.text.push('…');
            }
            None => self.text.push_str(text),
        }
        self.values.push(start..self.text.len());
    }

    /// Adds another message.
    fn append(&mut self, other: &Self) {
        let start = self.text.len();
        self.text.push_str(&other.text);
        self.values.extend(other.values.iter().map(|value| value.start + start..value.end + start));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text;

    #[test]
    fn a_key_is_shown_where_fhir_has_the_name() {
        for (name, masked) in [
            ("birthDate", "birthDate"),
            ("_birthDate", "_birthDate"),
            ("Patient", "Patient"),
            ("BirthDate", "BirthDate"),
            ("Ann", "***"),
            ("9999999999", "***"),
            ("", ""),
        ] {
            assert_eq!(Message::default().key(name).masked(), masked);
        }
    }

    #[test]
    fn the_article_fits_the_name_that_follows() {
        for (name, written) in [
            ("Patient", "'x' is a Patient, not a 'Patient'"),
            ("Observation", "'x' is an Observation, not an 'Observation'"),
        ] {
            let message =
                Message::default().value("x").then(text!(" is a {}, not a '{}'", key(name), def(name)));
            assert_eq!(message.revealed(), written);
            assert!(message.masked().starts_with("'***' is a"));
        }
        assert_eq!(text!("data {}", def("Account")).revealed(), "data Account");
    }

    #[test]
    fn long_values_are_cut() {
        let message = Message::default().value(&"é".repeat(LONGEST + 1));
        assert_eq!(message.revealed(), format!("'{}…'", "é".repeat(LONGEST)));
    }
}
