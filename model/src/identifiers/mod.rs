//! Identifiers that users of e-RS write and read, each checked when it is made.

mod check_digit;
mod nhs_number;
#[cfg(all(feature = "ers", feature = "stu3"))]
mod stu3;
mod tokens;

pub use nhs_number::NhsNumber;
pub use tokens::{OdsCode, SdsUserId, ServiceId, Ubrn};

/// A text is not the identifier that it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidIdentifier {
    /// Name of the identifier.
    pub name: &'static str,
    /// What it must look like.
    pub rule: &'static str,
}

impl std::fmt::Display for InvalidIdentifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "not a valid {}: {}", self.name, self.rule)
    }
}

impl std::error::Error for InvalidIdentifier {}
