//! One change of a payload.

use std::ops::Range;

use crate::mask;

/// A change of the source: these bytes are replaced by a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The bytes that are replaced; none where something is put in.
    pub span: Range<usize>,
    /// What stands in their place.
    pub text: String,
    /// Whether the text holds what the payload says, and not only words of FHIR or a definition.
    pub is_of_payload: bool,
}

impl Edit {
    /// Puts a text of FHIR or a definition in the place of these bytes.
    pub fn new(span: Range<usize>, text: impl Into<String>) -> Self {
        Self { span, text: text.into(), is_of_payload: false }
    }

    /// Puts what is made of the payload's own text in the place of these bytes.
    pub fn of_payload(span: Range<usize>, text: impl Into<String>) -> Self {
        Self { span, text: text.into(), is_of_payload: true }
    }

    /// Takes these bytes away.
    pub fn removal(span: Range<usize>) -> Self {
        Self::new(span, "")
    }

    /// What stands there then, as far as it may be shown where values are hidden: names of FHIR and canonicals of
    /// definitions may, and nothing that the payload says. A code that was meant is one of its values too, however a
    /// definition spells it.
    pub fn masked(&self) -> Option<&str> {
        let text = self.text.as_str();
        let is_plain = !text.contains(char::is_alphanumeric);
        let is_shown = is_plain || mask::is_structure(text) || is_canonical(text);
        (is_shown && !self.is_of_payload).then_some(text)
    }

    /// Whether another edit changes the same place.
    pub(crate) fn meets(&self, other: &Self) -> bool {
        let (a, b) = (&self.span, &other.span);
        (a.start < b.end && b.start < a.end) || a.start == b.start || a.end == b.start || b.end == a.start
    }
}

fn is_canonical(text: &str) -> bool {
    text.contains("://") || text.starts_with("urn:")
}
