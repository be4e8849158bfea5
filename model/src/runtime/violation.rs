//! What keeps a structure from following a profile.

use std::fmt;

/// Everything that keeps a structure from following a profile, in the order it was met.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Violations(Vec<Violation>);

/// A place where a structure does not follow a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The element: `Parameters.parameter:patient.valueIdentifier`.
    pub path: String,
    /// What is wrong with it.
    pub reason: String,
}

impl Violations {
    /// The violations.
    pub fn iter(&self) -> std::slice::Iter<'_, Violation> {
        self.0.iter()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn of(path: String, reason: String) -> Self {
        Self(vec![Violation { path, reason }])
    }
}

impl<'a> IntoIterator for &'a Violations {
    type Item = &'a Violation;
    type IntoIter = std::slice::Iter<'a, Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, violation) in self.0.iter().enumerate() {
            let separator = if number == 0 { "" } else { "; " };
            write!(f, "{separator}{}: {}", violation.path, violation.reason)?;
        }
        Ok(())
    }
}

impl std::error::Error for Violations {}

/// Violations as they are met, with the way to the element that is being read.
#[derive(Debug, Default)]
pub(super) struct Findings {
    path: Vec<(&'static str, Option<usize>)>,
    found: Violations,
}

impl Findings {
    /// Starts a path, unless one is under way.
    pub(super) fn begin(&mut self, name: &'static str) {
        if self.path.is_empty() {
            self.path.push((name, None));
        }
    }

    /// Steps into an element; `leave` follows.
    pub(super) fn enter(&mut self, name: &'static str, index: Option<usize>) {
        self.path.push((name, index));
    }

    /// Steps out of an element.
    pub(super) fn leave(&mut self) {
        self.path.pop();
    }

    /// Whether a profile is being read.
    pub(super) fn is_open(&self) -> bool {
        !self.path.is_empty()
    }

    /// Notes a violation at the element.
    pub(super) fn note(&mut self, reason: impl Into<String>) {
        self.note_at(None, reason);
    }

    /// Notes a violation at a part of the element.
    pub(super) fn note_at(&mut self, part: Option<&str>, reason: impl Into<String>) {
        let steps = self.path.iter().map(|(name, index)| match index {
            Some(index) => format!("{name}[{index}]"),
            None => (*name).to_owned(),
        });
        let path = steps.chain(part.map(str::to_owned)).collect::<Vec<_>>().join(".");
        self.found.0.push(Violation { path, reason: reason.into() });
    }

    /// Every violation so far.
    pub(super) fn take(&mut self) -> Violations {
        std::mem::take(&mut self.found)
    }
}
