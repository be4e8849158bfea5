//! The severity of a finding.

use std::fmt;

/// The severity of a finding, mildest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; nothing is wrong, or it could not be decided.
    Information,
    /// Likely wrong, or against a recommendation.
    Warning,
    /// Against the specification or a profile.
    Error,
    /// So grave that checking stopped here.
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
