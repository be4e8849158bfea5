//! A number with a unit.

use std::fmt;

use rust_decimal::Decimal;

/// `System.Quantity`: a number with a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quantity {
    /// The number, with the digits it was written with.
    pub value: Decimal,
    /// The unit.
    pub unit: Unit,
}

/// The unit of a quantity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unit {
    /// A UCUM code, `1` when there is no unit; or a code of another system, compared as text.
    Code(Box<str>),
    /// A calendar duration written as a word: `4 days`.
    Calendar(CalendarUnit),
}

impl Unit {
    /// The code or the word.
    pub fn text(&self) -> &str {
        match self {
            Self::Code(code) => code,
            Self::Calendar(unit) => unit.word(),
        }
    }
}

/// Calendar durations. The definite ones (week and below) equal their UCUM counterparts; a calendar
/// year or month equals no UCUM unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CalendarUnit {
    /// `year`, `years`
    Year,
    /// `month`, `months`
    Month,
    /// `week`, `weeks`
    Week,
    /// `day`, `days`
    Day,
    /// `hour`, `hours`
    Hour,
    /// `minute`, `minutes`
    Minute,
    /// `second`, `seconds`
    Second,
    /// `millisecond`, `milliseconds`
    Millisecond,
}

impl CalendarUnit {
    /// Reads a word, singular or plural.
    pub fn from_word(word: &str) -> Option<Self> {
        Some(match word.strip_suffix('s').unwrap_or(word) {
            "year" => Self::Year,
            "month" => Self::Month,
            "week" => Self::Week,
            "day" => Self::Day,
            "hour" => Self::Hour,
            "minute" => Self::Minute,
            "second" => Self::Second,
            "millisecond" => Self::Millisecond,
            _ => return None,
        })
    }

    /// The singular word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Month => "month",
            Self::Week => "week",
            Self::Day => "day",
            Self::Hour => "hour",
            Self::Minute => "minute",
            Self::Second => "second",
            Self::Millisecond => "millisecond",
        }
    }

    /// The UCUM code of the same length; for years and months, of about the same length.
    pub fn ucum(self) -> &'static str {
        match self {
            Self::Year => "a",
            Self::Month => "mo",
            Self::Week => "wk",
            Self::Day => "d",
            Self::Hour => "h",
            Self::Minute => "min",
            Self::Second => "s",
            Self::Millisecond => "ms",
        }
    }

    /// The unit that a UCUM code names.
    pub fn from_ucum(code: &str) -> Option<Self> {
        [
            Self::Year,
            Self::Month,
            Self::Week,
            Self::Day,
            Self::Hour,
            Self::Minute,
            Self::Second,
            Self::Millisecond,
        ]
        .into_iter()
        .find(|unit| unit.ucum() == code)
    }
}

impl Quantity {
    /// A number without a unit.
    pub fn unity(value: Decimal) -> Self {
        Self { value, unit: Unit::Code("1".into()) }
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.unit {
            Unit::Code(code) => write!(f, "{} '{code}'", self.value),
            Unit::Calendar(unit) => {
                let plural = if self.value == Decimal::ONE { "" } else { "s" };
                write!(f, "{} {}{plural}", self.value, unit.word())
            }
        }
    }
}
