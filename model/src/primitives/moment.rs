//! Dates and times, with the precision they were written with.

use std::cmp::Ordering;
use std::fmt;
use std::ops::Deref;

use ers_fhir_values::{Primitive, Temporal, lexical};

use super::text::{checked_text, text_order, text_type};
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
    /// `2024-02-29T10:00Z`, which FHIR does not allow but servers send.
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
    /// A date, or a date and time with zone. Ordered by time, as far as the precision of both allows.
    ///
    /// ```
    /// use ers_fhir_model::primitives::{DateTime, Precision};
    ///
    /// let moment: DateTime = "2024-02-29T10:00:00+01:00".parse()?;
    /// assert_eq!(moment.precision(), Precision::Second);
    /// assert!(moment < "2024-02-29T09:30:00Z".parse()?);
    /// # Ok::<(), ers_fhir_model::primitives::InvalidText>(())
    /// ```
    DateTime, DateTime, "use a date, or YYYY-MM-DDThh:mm:ss with Z or an offset",
    lenient: lacks_seconds
}

text_type! {
    /// A moment, to the second or finer, with zone. Ordered by time, like [`DateTime`].
    Instant, Instant, "use YYYY-MM-DDThh:mm:ss with Z or an offset"
}

text_type! {
    /// A time of day.
    Time, Time, "use hh:mm:ss"
}

checked_text!(Date);
checked_text!(DateTime);
checked_text!(Instant);
checked_text!(Time);
text_order!(Time);

/// The order in time for a type whose values may have different precision.
macro_rules! time_order {
    ($name:ident, $parse:ident) => {
        impl $name {
            /// Which is earlier, as far as the precision of both allows: `None` for `2024` and `2024-02`, and where
            /// only one has a zone and the order depends on it. The same moment in two zones is equal here,
            /// although the texts are not.
            pub fn compare(&self, other: &Self) -> Option<Ordering> {
                Temporal::$parse(self)?.compare(&Temporal::$parse(other)?)
            }
        }

        impl PartialOrd for $name {
            /// By time, like `compare`. Values are equal only if they are written alike, so the same moment
            /// written in two ways has no order.
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                if self == other {
                    return Some(Ordering::Equal);
                }
                self.compare(other).filter(|order| order.is_ne())
            }
        }
    };
}
time_order!(Date, parse_date);
time_order!(DateTime, parse_date_time);
time_order!(Instant, parse_date_time);

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

impl Instant {
    /// How much of the moment is given.
    pub fn precision(&self) -> Precision {
        precision_of(self)
    }
}

#[cfg(feature = "jiff")]
mod conversions {
    //! Conversions to and from `jiff`.

    use jiff::tz::{Offset, TimeZone};

    use super::{Date, DateTime, Instant, Precision, Time};

    /// The moment with the offset it is written with.
    fn zoned(text: &str) -> Option<jiff::Zoned> {
        let moment: jiff::Timestamp = text.parse().ok()?;
        Some(moment.to_zoned(TimeZone::fixed(offset(text)?)))
    }

    /// The offset at the end of a date and time.
    fn offset(text: &str) -> Option<Offset> {
        if text.ends_with('Z') {
            return Some(Offset::UTC);
        }
        let (sign, digits) = text.split_at_checked(text.len().checked_sub(6)?)?.1.split_at_checked(1)?;
        let (hours, minutes) = digits.split_once(':')?;
        let seconds = (hours.parse::<i32>().ok()? * 60 + minutes.parse::<i32>().ok()?) * 60;
        Offset::from_seconds(if sign == "-" { -seconds } else { seconds }).ok()
    }

    /// A date and time with its offset, given to a precision.
    fn written(moment: &jiff::Zoned, precision: Precision) -> Box<str> {
        // FHIR has offsets in whole minutes.
        let is_whole = moment.offset().seconds() % 60 == 0;
        let moment = if is_whole { moment.clone() } else { moment.with_time_zone(TimeZone::UTC) };
        let pattern = match precision {
            Precision::Year => "%Y",
            Precision::Month => "%Y-%m",
            Precision::Day => "%Y-%m-%d",
            Precision::Minute | Precision::Second => "%Y-%m-%dT%H:%M:%S%:z",
            Precision::Fraction => "%Y-%m-%dT%H:%M:%S%.f%:z",
        };
        moment.strftime(pattern).to_string().into()
    }

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

    impl DateTime {
        /// The moment with the offset that it is written with, if a time is given.
        ///
        /// ```
        /// use ers_fhir_model::primitives::{DateTime, Precision};
        ///
        /// let text = "2024-02-29T10:00:00+01:00";
        /// let moment = text.parse::<DateTime>()?.to_zoned().ok_or("no time")?;
        /// assert_eq!(moment.hour(), 10);
        /// assert_eq!(DateTime::from(moment.clone()).as_str(), text);
        /// assert_eq!(DateTime::with_precision(&moment, Precision::Month).as_str(), "2024-02");
        /// # Ok::<(), Box<dyn std::error::Error>>(())
        /// ```
        pub fn to_zoned(&self) -> Option<jiff::Zoned> {
            (self.precision() > Precision::Day).then(|| zoned(self))?
        }

        /// The day as written, if one is given.
        pub fn to_date(&self) -> Option<jiff::civil::Date> {
            (self.precision() >= Precision::Day).then(|| self.get(..10)?.parse().ok())?
        }

        /// A moment, written with this precision; FHIR has no minutes without seconds.
        pub fn with_precision(moment: &jiff::Zoned, precision: Precision) -> Self {
            Self(written(moment, precision))
        }
    }

    impl Instant {
        /// The moment with the offset that it is written with.
        pub fn to_zoned(&self) -> Option<jiff::Zoned> {
            zoned(self)
        }
    }

    impl From<jiff::Zoned> for DateTime {
        /// With its offset.
        fn from(moment: jiff::Zoned) -> Self {
            Self(written(&moment, Precision::Fraction))
        }
    }

    impl From<jiff::Zoned> for Instant {
        /// With its offset.
        fn from(moment: jiff::Zoned) -> Self {
            Self(written(&moment, Precision::Fraction))
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

/// Whether a text is a `dateTime` without seconds, which some servers leave out.
fn lacks_seconds(text: &str) -> bool {
    text.get(..MINUTE).zip(text.get(MINUTE..)).is_some_and(|(before, zone)| {
        !zone.starts_with(':')
            && lexical::is_valid_in(&format!("{before}:00{zone}"), Primitive::DateTime, None)
    })
}

/// Where the minutes of `2024-02-29T10:00` end.
const MINUTE: usize = 16;

/// The precision of a valid date, or date and time. Since it is valid, its length and its separators tell.
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
