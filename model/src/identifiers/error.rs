//! Why a text is not a valid identifier.

use std::fmt;

/// A text is not a valid identifier. The text is not repeated, as it may be that of a patient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidIdentifier {
    /// Name of the identifier.
    pub name: &'static str,
    /// What it must look like.
    pub rule: &'static str,
    /// What is wrong.
    pub problem: Problem,
}

/// What is wrong with a text that should be an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// It has this many characters, which is too few or too many.
    Length(usize),
    /// The character at this position, counted from one, is not allowed there.
    Character(usize),
    /// The check digit does not match the others.
    CheckDigit,
}

impl fmt::Display for InvalidIdentifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a valid {}: {} ({})", self.name, self.rule, self.problem)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length(1) => f.write_str("found 1 character"),
            Self::Length(found) => write!(f, "found {found} characters"),
            Self::Character(place) => write!(f, "character {place} is not allowed"),
            Self::CheckDigit => {
                f.write_str("the check digit does not match the others: look for a typing error")
            }
        }
    }
}

impl std::error::Error for InvalidIdentifier {}
