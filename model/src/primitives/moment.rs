//! Dates and times, with the precision that they were written with.

use std::fmt;
use std::ops::Deref;

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
    Date, "date", "use YYYY, YYYY-MM or YYYY-MM-DD", |text| date(text).is_some_and(|(_, rest)| rest.is_empty())
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
    DateTime, "dateTime", "use a date, or YYYY-MM-DDThh:mm:ss with Z or an offset",
    |text| date_time(text).is_some_and(|precision| precision != Precision::Minute),
    lenient: |text| date_time(text).is_some()
}

text_type! {
    /// A moment, to the second or finer, with zone. Ordered as text, as [`DateTime`].
    Instant, "instant", "use YYYY-MM-DDThh:mm:ss with Z or an offset",
    |text| date_time(text).is_some_and(|precision| precision > Precision::Minute)
}

text_type! {
    /// A time of day.
    Time, "time", "use hh:mm:ss",
    |text| time(text).is_some_and(|(precision, rest)| precision > Precision::Minute && rest.is_empty())
}

impl Date {
    /// How much of the date is given.
    pub fn precision(&self) -> Precision {
        date(self).map_or(Precision::Year, |(precision, _)| precision)
    }
}

impl DateTime {
    /// How much of the date and time is given.
    pub fn precision(&self) -> Precision {
        date_time(self).unwrap_or(Precision::Year)
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

/// Two digits within bounds, after an optional mark, and what follows.
fn two<'a>(text: &'a str, mark: &str, bounds: std::ops::RangeInclusive<u32>) -> Option<(u32, &'a str)> {
    let text = text.strip_prefix(mark)?;
    let digits = text.get(..2).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    let number = digits.parse().ok().filter(|number| bounds.contains(number))?;
    Some((number, &text[2..]))
}

/// The date at the start of a text, and what follows.
fn date(text: &str) -> Option<(Precision, &str)> {
    let year = text.get(..4).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    let year: u32 = year.parse().ok().filter(|year| *year > 0)?;
    let rest = &text[4..];
    let Some((month, rest)) = two(rest, "-", 1..=12) else { return Some((Precision::Year, rest)) };
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    match two(rest, "-", 1..=days) {
        Some((_, rest)) => Some((Precision::Day, rest)),
        None => Some((Precision::Month, rest)),
    }
}

/// The time at the start of a text, and what follows.
fn time(text: &str) -> Option<(Precision, &str)> {
    let (_, rest) = two(text, "", 0..=23)?;
    let (_, rest) = two(rest, ":", 0..=59)?;
    let Some((_, rest)) = two(rest, ":", 0..=60) else { return Some((Precision::Minute, rest)) };
    let Some(fraction) = rest.strip_prefix('.') else { return Some((Precision::Second, rest)) };
    let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
    (digits > 0).then(|| (Precision::Fraction, &fraction[digits..]))
}

/// The precision of a whole date, or date and time with zone.
fn date_time(text: &str) -> Option<Precision> {
    let (precision, rest) = date(text)?;
    if rest.is_empty() {
        return Some(precision);
    }
    if precision != Precision::Day {
        return None;
    }
    let (precision, zone) = time(rest.strip_prefix('T')?)?;
    if zone == "Z" {
        return Some(precision);
    }
    let (hours, rest) = two(zone.strip_prefix(['+', '-'])?, "", 0..=14)?;
    let (_, rest) = two(rest, ":", if hours == 14 { 0..=0 } else { 0..=59 })?;
    rest.is_empty().then_some(precision)
}
