//! Moments and days, as the service writes them.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A moment, to the millisecond; written in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Moment(i64);

impl Moment {
    /// So many milliseconds since 1970.
    pub const fn of_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// The moment that many seconds later.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1000)))
    }

    /// Its day, as `2026-03-02`.
    pub fn day(self) -> String {
        self.date().to_string()
    }

    /// The day that many working days later, Monday to Friday; as `2026-03-02`.
    pub fn working_days_later(self, days: u32) -> String {
        let mut date = self.date();
        let mut left = days.min(2000);
        while left > 0 {
            let Ok(next) = date.checked_add(1.day()) else { break };
            date = next;
            left -= u32::from(!matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday));
        }
        date.to_string()
    }

    /// Its digits, as file names of generated documents have them: `20260302100211`.
    pub fn digits(self) -> String {
        self.to_string().chars().filter(char::is_ascii_digit).take(14).collect()
    }

    fn date(self) -> Date {
        self.timestamp().to_zoned(TimeZone::UTC).date()
    }

    fn timestamp(self) -> Timestamp {
        Timestamp::from_millisecond(self.0).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3}", self.timestamp())
    }
}

impl FromStr for Moment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let read: Result<Timestamp, _> = text.parse();
        let read = read.map(|moment| Self(moment.as_millisecond()));
        read.map_err(|_| format!("'{text}' is not a moment with a time zone, such as 2026-03-01T09:30:00Z"))
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl JsonSchema for Moment {
    fn schema_name() -> Cow<'static, str> {
        "Moment".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date-time", "examples": ["2026-03-02T09:00:00Z"] })
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'_, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::Moment;

    fn moment(text: &str) -> Moment {
        text.parse().expect("it is a moment")
    }

    #[test]
    fn moments_are_written_in_utc_to_the_millisecond() {
        assert_eq!(moment("2026-03-02T10:02:11+01:00").to_string(), "2026-03-02T09:02:11.000Z");
        assert_eq!(moment("2026-03-02T10:02:11Z").digits(), "20260302100211");
        assert!("2026-03-02".parse::<Moment>().is_err());
    }

    #[test]
    fn weekends_are_no_working_days() {
        // A Friday.
        let friday = moment("2026-03-06T12:00:00Z");
        assert_eq!(friday.working_days_later(1), "2026-03-09");
        assert_eq!(friday.working_days_later(5), "2026-03-13");
        assert_eq!(friday.working_days_later(0), "2026-03-06");
    }
}
