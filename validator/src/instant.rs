//! The time that a check uses as the current one.

use std::str::FromStr;

use ers_fhir_values::Temporal;
use thiserror::Error;

/// A point in time, with its time zone, that a check uses as the current one.
#[derive(Debug, Clone, PartialEq)]
pub struct Instant(Temporal);

impl Instant {
    /// The date in that time zone, as YYYY-MM-DD.
    pub fn day(&self) -> String {
        self.0.date().to_string()
    }

    /// The instant in FHIRPath.
    pub(crate) fn temporal(&self) -> Temporal {
        self.0
    }
}

impl FromStr for Instant {
    type Err = NotAnInstant;

    fn from_str(text: &str) -> Result<Self, NotAnInstant> {
        let has_zone =
            text.ends_with('Z') || text.rfind(['+', '-']).is_some_and(|at| at > "YYYY-MM-DD".len());
        let parsed = Temporal::parse_date_time(text).filter(|_| has_zone && text.contains('T'));
        parsed.map(Self).ok_or_else(|| NotAnInstant(text.to_owned()))
    }
}

/// A text that is not an instant.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("'{0}' is not a moment with a time zone, such as 2026-03-01T09:30:00Z")]
pub struct NotAnInstant(String);
