//! Text of a finding.

use std::ops::Range;

/// Text that knows which of its parts come from the payload, so that these can be masked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Message {
    text: String,
    values: Vec<Range<usize>>,
}

impl Message {
    /// Text without any payload value.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), values: Vec::new() }
    }

    /// Adds text that is not from the payload.
    #[must_use]
    pub fn then(mut self, text: impl AsRef<str>) -> Self {
        self.text.push_str(text.as_ref());
        self
    }

    /// Adds a value of the payload, quoted; long ones are cut.
    #[must_use]
    pub fn value(mut self, value: &str) -> Self {
        const LONGEST: usize = 80;
        self.text.push('\'');
        let start = self.text.len();
        match value.char_indices().nth(LONGEST) {
            Some((cut, _)) => {
                self.text.push_str(&value[..cut]);
                self.text.push('…');
            }
            None => self.text.push_str(value),
        }
        self.values.push(start..self.text.len());
        self.text.push('\'');
        self
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
            masked.push_str("***");
            at = value.end;
        }
        masked.push_str(&self.text[at..]);
        masked
    }
}
