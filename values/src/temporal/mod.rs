//! Dates and times with FHIR's partial precision.
//!
//! One type serves `Date`, `DateTime` and `Time`: they share comparison, arithmetic and boundaries,
//! which all work on the components that are present.

mod arithmetic;
mod boundary;
mod clock;
mod compare;
mod span;
mod text;

/// How far a time without a zone can be from UTC, in seconds: offsets run from -14:00 to +14:00.
const ZONE_DOUBT: i64 = 14 * 3600;

/// A date, date-time or time of day, with the precision it was written with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Temporal {
    pub(crate) kind: TemporalKind,
    pub(crate) precision: Precision,
    /// Absent components hold their lowest value.
    pub(crate) year: i32,
    pub(crate) month: u8,
    pub(crate) day: u8,
    pub(crate) hour: u8,
    pub(crate) minute: u8,
    pub(crate) second: u8,
    pub(crate) nanos: u32,
    /// How many digits the fraction of a second was written with; 0 for none.
    pub(crate) fraction_digits: u8,
    /// Minutes east of UTC.
    pub(crate) offset: Option<i16>,
}

/// Which of the three types a [`Temporal`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TemporalKind {
    /// `System.Date`
    Date,
    /// `System.DateTime`
    DateTime,
    /// `System.Time`
    Time,
}

/// The last component that is known. A fraction of a second counts as part of the second, as FHIRPath
/// demands for comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Precision {
    /// `2024`
    Year,
    /// `2024-02`
    Month,
    /// `2024-02-29`
    Day,
    /// `2024-02-29T10`
    Hour,
    /// `2024-02-29T10:30`
    Minute,
    /// `2024-02-29T10:30:00`, with or without a fraction
    Second,
}

impl Temporal {
    const EMPTY: Self = Self {
        kind: TemporalKind::DateTime,
        precision: Precision::Year,
        year: 1,
        month: 1,
        day: 1,
        hour: 0,
        minute: 0,
        second: 0,
        nanos: 0,
        fraction_digits: 0,
        offset: None,
    };

    /// Date, date-time or time.
    pub fn kind(&self) -> TemporalKind {
        self.kind
    }

    /// The last component that is known.
    pub fn precision(&self) -> Precision {
        self.precision
    }

    /// Its date part: `today()` from `now()`.
    #[must_use]
    pub fn date(&self) -> Self {
        Self {
            kind: TemporalKind::Date,
            precision: self.precision.min(Precision::Day),
            year: self.year,
            month: self.month,
            day: self.day,
            ..Self::EMPTY
        }
    }

    /// Its time of day, when it is known: `timeOfDay()` from `now()`.
    pub fn time_of_day(&self) -> Option<Self> {
        (self.precision >= Precision::Hour).then_some(Self {
            kind: TemporalKind::Time,
            precision: self.precision,
            hour: self.hour,
            minute: self.minute,
            second: self.second,
            nanos: self.nanos,
            fraction_digits: self.fraction_digits,
            ..Self::EMPTY
        })
    }

    /// The same point as a date-time; a time of day has none.
    pub fn to_date_time(self) -> Option<Self> {
        (self.kind != TemporalKind::Time).then_some(Self { kind: TemporalKind::DateTime, ..self })
    }
}
