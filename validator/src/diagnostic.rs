//! What a check finds, as data; renderers live elsewhere.

use std::fmt;
use std::ops::Range;

use crate::rule::Rule;
use crate::tree::Position;

/// How much a finding weighs, lightest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; nothing is wrong, or it could not be decided.
    Information,
    /// Likely wrong, or against a recommendation.
    Warning,
    /// Against the specification or a profile.
    Error,
    /// So wrong that checking stopped here.
    Fatal,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Information => "information",
            Self::Warning => "warning",
            Self::Error => "error",
            Self::Fatal => "fatal",
        })
    }
}

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

/// One finding.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnostic {
    /// The rule that found it.
    pub rule: &'static Rule,
    /// How much it weighs here, which may differ from the rule's default.
    pub severity: Severity,
    /// What was found and what was expected.
    pub message: Message,
    /// FHIRPath of the element: `Patient.name[0].family`.
    pub location: String,
    /// The offending bytes of the source.
    pub span: Range<usize>,
    /// Where the span begins.
    pub position: Position,
    /// Canonical of the profile or type that demands it.
    pub profile: Option<String>,
    /// Id of the element there: `Patient.name:official.family`.
    pub element: Option<String>,
    /// Key of the invariant, where one is broken.
    pub key: Option<String>,
    /// How to mend it, where that is known.
    pub suggestion: Option<Message>,
}

/// All that was found in one payload, in document order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Report {
    /// The findings.
    pub diagnostics: Vec<Diagnostic>,
}

impl Report {
    /// How many findings have that severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|d| d.severity == severity).count()
    }

    /// Whether anything weighs that much or more.
    pub fn has(&self, at_least: Severity) -> bool {
        self.diagnostics.iter().any(|d| d.severity >= at_least)
    }

    /// Whether nothing is an error.
    pub fn is_valid(&self) -> bool {
        !self.has(Severity::Error)
    }
}
