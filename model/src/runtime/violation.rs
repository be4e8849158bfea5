//! The faults of a document, each with its place.

use std::fmt;

use super::error::Fault;
use super::path::{Step, render};

/// Everything that is wrong with a document, in the order in which it was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Violations(pub(super) Vec<Violation>);

/// A place where a document does not follow its type or its profile.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// The element as FHIRPath, as the validator writes it: `Parameters.parameter[0].value.ofType(Identifier)`.
    /// A name that the type does not have may hold data; `Display` hides it.
    pub path: String,
    /// The innermost slice of the profile that the element belongs to, or that is missing: `patient`.
    pub slice: Option<&'static str>,
    /// Line, counted from 1.
    pub line: usize,
    /// Column in characters, counted from 1.
    pub column: usize,
    /// The kind of fault, as a stable word: [`Fault::code`].
    pub code: &'static str,
    /// What is wrong, in words without values.
    pub reason: String,
    pub(super) fault: Fault,
    /// The length of the part of the path that has only names from definitions.
    pub(super) known: usize,
    /// Where it is, in bytes.
    pub(super) at: usize,
}

impl Violation {
    pub(super) fn new(fault: Fault, steps: &[Step], at: usize) -> Self {
        let (path, slice) = render(steps);
        Self {
            known: path.len(),
            path,
            slice,
            line: 0,
            column: 0,
            code: fault.code(),
            reason: fault.to_string(),
            fault,
            at,
        }
    }

    /// Makes it refer to an element with a name that the type does not have.
    pub(super) fn at_unknown(mut self, name: &str) -> Self {
        if !self.path.is_empty() {
            self.path.push('.');
        }
        self.path.push_str(name);
        self
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = self.path.get(..self.known).unwrap_or_default();
        let mut separator = "";
        if !known.is_empty() {
            f.write_str(known)?;
            separator = ": ";
        }
        if self.known < self.path.len() {
            f.write_str(if known.is_empty() { "`***`" } else { ".`***`" })?;
            separator = ": ";
        }
        if let Some(slice) = self.slice {
            write!(f, " (slice '{slice}')")?;
        }
        write!(f, "{separator}{}", self.reason)?;
        if self.line > 0 {
            write!(f, " (line {}, column {})", self.line, self.column)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Violation {
    /// Hides values from the document: debug output ends up in logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Violation({self})")
    }
}

impl Violations {
    /// The violations.
    pub fn iter(&self) -> std::slice::Iter<'_, Violation> {
        self.0.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Determines lines and columns, in one pass over the text.
    pub(super) fn locate(&mut self, text: &str) {
        let mut order: Vec<usize> = (0..self.0.len()).collect();
        order.sort_by_key(|place| self.0[*place].at);
        let (mut from, mut line, mut column) = (0, 1, 1);
        for place in order {
            let violation = &mut self.0[place];
            let mut to = violation.at.min(text.len());
            while !text.is_char_boundary(to) {
                to -= 1;
            }
            let passed = text.get(from..to).unwrap_or_default();
            match passed.rfind('\n') {
                Some(last) => {
                    line += passed.bytes().filter(|&byte| byte == b'\n').count();
                    column = 1 + passed[last + 1..].chars().count();
                }
                None => column += passed.chars().count(),
            }
            from = to.max(from);
            (violation.line, violation.column) = (line, column);
        }
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
            write!(f, "{separator}{violation}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Violations {}
