//! The earliest and latest point that a partial value can mean.

use super::{Precision, Temporal, TemporalKind};
use crate::calendar::days_in_month;

/// East and west ends of the world's time zones, in minutes.
const EARLIEST_ZONE: i16 = 14 * 60;
const LATEST_ZONE: i16 = -12 * 60;

impl Temporal {
    /// The earliest point it can mean, written with `digits` digits.
    ///
    /// `None` when no precision has that many digits.
    pub fn low_boundary(self, digits: Option<i64>) -> Option<Self> {
        self.widened(EARLIEST_ZONE).with_digits(digits)
    }

    /// The latest point it can mean, written with `digits` digits.
    pub fn high_boundary(self, digits: Option<i64>) -> Option<Self> {
        let mut latest = self.widened(LATEST_ZONE);
        if self.precision < Precision::Month {
            latest.month = 12;
        }
        if self.precision < Precision::Day {
            latest.day = days_in_month(latest.year, latest.month);
        }
        if self.precision < Precision::Hour {
            latest.hour = 23;
        }
        if self.precision < Precision::Minute {
            latest.minute = 59;
        }
        if self.precision < Precision::Second {
            latest.second = 59;
        }
        if self.fraction_digits < 3 {
            // Digits that are not written stand for nines: 1.2 s reaches up to 1.299 s.
            let known = 10_u32.pow(9 - u32::from(self.fraction_digits));
            latest.nanos = self.nanos / known * known + (known - 1_000_000);
        }
        latest.with_digits(digits)
    }

    fn widened(self, zone: i16) -> Self {
        let offset = match self.kind {
            TemporalKind::DateTime => self.offset.or(Some(zone)),
            TemporalKind::Date | TemporalKind::Time => None,
        };
        Self { offset, ..self }
    }

    fn with_digits(self, digits: Option<i64>) -> Option<Self> {
        let (date_digits, default) = match self.kind {
            TemporalKind::Date => (8, 8),
            TemporalKind::DateTime => (8, 17),
            TemporalKind::Time => (0, 9),
        };
        let digits = digits.unwrap_or(default);
        let precision = match (self.kind, digits - date_digits) {
            (TemporalKind::Date | TemporalKind::DateTime, -4) => Precision::Year,
            (TemporalKind::Date | TemporalKind::DateTime, -2) => Precision::Month,
            (TemporalKind::Date | TemporalKind::DateTime, 0) => Precision::Day,
            (TemporalKind::DateTime | TemporalKind::Time, 2) => Precision::Hour,
            (TemporalKind::DateTime | TemporalKind::Time, 4) => Precision::Minute,
            (TemporalKind::DateTime | TemporalKind::Time, 6 | 9) => Precision::Second,
            _ => return None,
        };
        let fraction_digits = if digits - date_digits == 9 { 3 } else { 0 };
        let offset = self.offset.filter(|_| precision >= Precision::Hour);
        Some(Self { precision, fraction_digits, offset, ..self })
    }

    /// How many digits it is written with: 4 for a year, 17 for a date-time with milliseconds.
    pub fn digits(&self) -> i64 {
        let all = match self.precision {
            Precision::Year => 4,
            Precision::Month => 6,
            Precision::Day => 8,
            Precision::Hour => 10,
            Precision::Minute => 12,
            Precision::Second => 14 + i64::from(self.fraction_digits),
        };
        if self.kind == TemporalKind::Time { all - 8 } else { all }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boundaries_fill_what_is_unknown() {
        let rows = [
            ("2014", Some(6), "2014-01", "2014-12"),
            ("2014-02", Some(8), "2014-02-01", "2014-02-28"),
            ("2014-01-01T08", None, "2014-01-01T08:00:00.000+14:00", "2014-01-01T08:59:59.999-12:00"),
            (
                "2014-01-01T08:05+08:00",
                None,
                "2014-01-01T08:05:00.000+08:00",
                "2014-01-01T08:05:59.999+08:00",
            ),
            ("2014-01-01T08:05:01.2Z", None, "2014-01-01T08:05:01.200Z", "2014-01-01T08:05:01.299Z"),
        ];
        for (text, digits, low, high) in rows {
            let value = Temporal::parse_date_time(text).expect(text);
            assert_eq!(value.low_boundary(digits).map(|t| t.to_string()).as_deref(), Some(low));
            assert_eq!(value.high_boundary(digits).map(|t| t.to_string()).as_deref(), Some(high));
        }
    }

    #[test]
    fn digits_must_fit_the_type() {
        let date = Temporal::parse_date("2014").expect("a date");
        assert_eq!(date.low_boundary(Some(17)), None);
        assert_eq!(date.high_boundary(Some(5)), None);
    }
}
