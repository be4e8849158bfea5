//! One change to a payload.

use std::ops::Range;

use crate::mask;

/// A change of the source: these bytes are replaced by a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The bytes that are replaced; empty for an insertion.
    pub span: Range<usize>,
    /// The replacement.
    pub text: String,
    /// Whether the text repeats content of the payload, and not only words of FHIR or a definition.
    pub is_of_payload: bool,
}

impl Edit {
    /// Replaces these bytes by a text of FHIR or a definition.
    pub fn new(span: Range<usize>, text: impl Into<String>) -> Self {
        Self { span, text: text.into(), is_of_payload: false }
    }

    /// Replaces these bytes by a text made from the payload itself.
    pub fn of_payload(span: Range<usize>, text: impl Into<String>) -> Self {
        Self { span, text: text.into(), is_of_payload: true }
    }

    /// Removes these bytes.
    pub fn removal(span: Range<usize>) -> Self {
        Self::new(span, "")
    }

    /// The replacement, if it may be shown where values are hidden: names of FHIR and canonicals of definitions may,
    /// content of the payload may not. A suggested code counts as content too, even though a definition spells it.
    pub fn masked(&self) -> Option<&str> {
        let text = self.text.as_str();
        let is_plain = !text.contains(char::is_alphanumeric);
        let is_shown = is_plain || mask::is_structure(text) || is_canonical(text);
        (is_shown && !self.is_of_payload).then_some(text)
    }

    /// Whether another edit overlaps this one.
    pub(crate) fn meets(&self, other: &Self) -> bool {
        let (a, b) = (&self.span, &other.span);
        (a.start < b.end && b.start < a.end) || a.start == b.start || a.end == b.start || b.end == a.start
    }
}

fn is_canonical(text: &str) -> bool {
    text.contains("://") || text.starts_with("urn:")
}
