//! Dates and times, with the precision that they were written with.

use std::fmt;
use std::ops::Deref;

use ers_fhir_values::{Primitive, lexical};

use super::text::text_type;
use crate::runtime::{Fault, Leaf, ReadError, Reader, Value, Writer};

/// How much of a date or time is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precision {
    /// `2024`
    Year,
    /// `2024-02`
    Month,
    /// `2024-02-29`
    Day,
    /// `2024-02-29T10:00Z`, which FHIR does not allow and servers send.
    Minute,
    /// `2024-02-29T10:00:00Z`
    Second,
    /// `2024-02-29T10:00:00.000Z`
    Fraction,
}

text_type! {
    /// A date: a year, a month or a day.
    ///
    /// ```
    /// use ers_fhir_model::primitives::{Date, Precision};
    ///
    /// let date: Date = "2024-02".parse()?;
    /// assert_eq!(date.precision(), Precision::Month);
    /// assert!("2024-02-30".parse::<Date>().is_err());
    /// # Ok::<(), ers_fhir_model::primitives::InvalidText>(())
    /// ```
    Date, Date, "use YYYY, YYYY-MM or YYYY-MM-DD"
}

text_type! {
    /// A date, or a date and time with zone. Ordered as text, which is the order of time in one zone only.
    ///
    /// ```
    /// use ers_fhir_model::primitives::{DateTime, Precision};
    ///
    /// let moment: DateTime = "2024-02-29T10:00:00+01:00".parse()?;
    /// assert_eq!(moment.precision(), Precision::Second);
    /// # Ok::<(), ers_fhir_model::primitives::InvalidText>(())
    /// ```
    DateTime, DateTime, "use a date, or YYYY-MM-DDThh:mm:ss with Z or an offset",
    lenient: lacks_seconds
}

text_type! {
    /// A moment, to the second or finer, with zone. Ordered as text, as [`DateTime`].
    Instant, Instant, "use YYYY-MM-DDThh:mm:ss with Z or an offset"
}

text_type! {
    /// A time of day.
    Time, Time, "use hh:mm:ss"
}

impl Date {
    /// How much of the date is given.
    pub fn precision(&self) -> Precision {
        precision_of(self)
    }
}

impl DateTime {
    /// How much of the date and time is given.
    pub fn precision(&self) -> Precision {
        precision_of(self)
    }
}

#[cfg(feature = "jiff")]
mod conversions {
    //! To and from `jiff`.

    use super::{Date, DateTime, Instant, Precision, Time};

    impl Date {
        /// The day, if the date is given to the day.
        ///
        /// ```
        /// use ers_fhir_model::primitives::Date;
        ///
        /// let date: Date = "2024-02-29".parse()?;
        /// assert_eq!(date.to_jiff(), Some(jiff::civil::date(2024, 2, 29)));
        /// assert_eq!("2024-02".parse::<Date>()?.to_jiff(), None);
        /// # Ok::<(), ers_fhir_model::primitives::InvalidText>(())
        /// ```
        pub fn to_jiff(&self) -> Option<jiff::civil::Date> {
            (self.precision() == Precision::Day).then(|| self.parse().ok())?
        }
    }

    impl DateTime {
        /// The moment, if a time is given (and no more than nine digits of a second).
        pub fn to_jiff(&self) -> Option<jiff::Timestamp> {
            (self.precision() > Precision::Day).then(|| self.parse().ok())?
        }
    }

    impl Instant {
        /// The moment.
        pub fn to_jiff(&self) -> Option<jiff::Timestamp> {
            self.parse().ok()
        }
    }

    impl Time {
        /// The time of day.
        pub fn to_jiff(&self) -> Option<jiff::civil::Time> {
            self.parse().ok()
        }
    }

    impl From<jiff::civil::Date> for Date {
        fn from(date: jiff::civil::Date) -> Self {
            Self(date.to_string().into())
        }
    }

    impl From<jiff::civil::Date> for DateTime {
        fn from(date: jiff::civil::Date) -> Self {
            Self(date.to_string().into())
        }
    }

    impl From<jiff::civil::Time> for Time {
        fn from(time: jiff::civil::Time) -> Self {
            Self(time.to_string().into())
        }
    }

    impl From<jiff::Timestamp> for Instant {
        fn from(moment: jiff::Timestamp) -> Self {
            Self(moment.to_string().into())
        }
    }

    impl From<jiff::Timestamp> for DateTime {
        fn from(moment: jiff::Timestamp) -> Self {
            Self(moment.to_string().into())
        }
    }
}

/// Whether a text is a `dateTime` but for its seconds, which servers leave out.
fn lacks_seconds(text: &str) -> bool {
    text.get(..MINUTE).zip(text.get(MINUTE..)).is_some_and(|(before, zone)| {
        !zone.starts_with(':')
            && lexical::is_valid_in(&format!("{before}:00{zone}"), Primitive::DateTime, None)
    })
}

/// Where the minutes of `2024-02-29T10:00` end.
const MINUTE: usize = 16;

/// How much a date, or a date and time, gives. It is one, so that its length and its marks tell.
fn precision_of(text: &str) -> Precision {
    // A year before the common era.
    let text = text.strip_prefix('-').unwrap_or(text);
    match text.len() {
        0..=4 => Precision::Year,
        5..=7 => Precision::Month,
        8..=10 => Precision::Day,
        _ if text.as_bytes().get(MINUTE) != Some(&b':') => Precision::Minute,
        _ if text.contains('.') => Precision::Fraction,
        _ => Precision::Second,
    }
}
