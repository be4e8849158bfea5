//! Reading and writing dates and times.

use std::fmt;

use super::{Precision, Temporal, TemporalKind};
use crate::calendar::days_in_month;

/// Reads ASCII fields from the front of a text.
struct Cursor<'t> {
    bytes: &'t [u8],
    at: usize,
}

impl Cursor<'_> {
    fn skip(&mut self, byte: u8) -> bool {
        let found = self.bytes.get(self.at) == Some(&byte);
        self.at += usize::from(found);
        found
    }

    /// `count` digits whose value lies within the limits.
    fn number(&mut self, count: usize, low: i32, high: i32) -> Option<i32> {
        let digits = self.bytes.get(self.at..self.at + count)?;
        let mut value = 0;
        for digit in digits {
            value = value * 10 + i32::from(digit.is_ascii_digit().then(|| digit - b'0')?);
        }
        self.at += count;
        (low..=high).contains(&value).then_some(value)
    }

    fn small(&mut self, count: usize, low: i32, high: i32) -> Option<u8> {
        u8::try_from(self.number(count, low, high)?).ok()
    }

    fn next_is_digit(&self, ahead: usize) -> bool {
        self.bytes.get(self.at + ahead).is_some_and(u8::is_ascii_digit)
    }

    /// `-` or `:` followed by a digit, so that `@2024-x` and `@T10:` end before the mark.
    fn separator(&mut self, mark: u8) -> bool {
        self.next_is_digit(1) && self.skip(mark)
    }

    fn date(&mut self, into: &mut Temporal) -> Option<()> {
        into.year = self.number(4, 1, 9999)?;
        into.precision = Precision::Year;
        if self.separator(b'-') {
            into.month = self.small(2, 1, 12)?;
            into.precision = Precision::Month;
            if self.separator(b'-') {
                into.day = self.small(2, 1, i32::from(days_in_month(into.year, into.month)))?;
                into.precision = Precision::Day;
            }
        }
        Some(())
    }

    fn time(&mut self, into: &mut Temporal) -> Option<()> {
        into.hour = self.small(2, 0, 23)?;
        into.precision = Precision::Hour;
        if self.separator(b':') {
            into.minute = self.small(2, 0, 59)?;
            into.precision = Precision::Minute;
            if self.separator(b':') {
                // FHIR allows 60 for a leap second.
                into.second = self.small(2, 0, 60)?;
                into.precision = Precision::Second;
                if self.next_is_digit(1) && self.skip(b'.') {
                    self.fraction(into);
                }
            }
        }
        Some(())
    }

    fn fraction(&mut self, into: &mut Temporal) {
        let mut unit = 100_000_000;
        while self.next_is_digit(0) {
            into.nanos += u32::from(self.bytes[self.at] - b'0') * unit;
            unit /= 10;
            into.fraction_digits = into.fraction_digits.saturating_add(1);
            self.at += 1;
        }
    }

    fn offset(&mut self, into: &mut Temporal) -> Option<()> {
        if self.skip(b'Z') {
            into.offset = Some(0);
            return Some(());
        }
        let sign = match self.bytes.get(self.at) {
            Some(b'+') => 1,
            Some(b'-') => -1,
            _ => return Some(()),
        };
        if !self.next_is_digit(1) {
            return Some(());
        }
        self.at += 1;
        let hours = self.number(2, 0, 14)?;
        self.skip(b':').then_some(())?;
        // From -14:00 to +14:00.
        let minutes = self.number(2, 0, if hours == 14 { 0 } else { 59 })?;
        into.offset = i16::try_from(sign * (hours * 60 + minutes)).ok();
        Some(())
    }
}

impl Temporal {
    /// Reads the longest date, date-time (`2024-02T`) or time (`T10:30`) literal at the front of a
    /// text, and returns its length too.
    pub fn scan(text: &str) -> Option<(Self, usize)> {
        let mut cursor = Cursor { bytes: text.as_bytes(), at: 0 };
        let mut value = Self { kind: TemporalKind::Date, ..Self::EMPTY };
        if cursor.skip(b'T') {
            value.kind = TemporalKind::Time;
            cursor.time(&mut value)?;
        } else {
            cursor.date(&mut value)?;
            if cursor.skip(b'T') {
                value.kind = TemporalKind::DateTime;
                if value.precision == Precision::Day && cursor.next_is_digit(0) {
                    cursor.time(&mut value)?;
                    cursor.offset(&mut value)?;
                }
            }
        }
        Some((value, cursor.at))
    }

    fn scan_all(text: &str) -> Option<Self> {
        Self::scan(text).filter(|&(_, length)| length == text.len()).map(|(value, _)| value)
    }

    /// Reads a FHIR `date`: `2024`, `2024-02`, `2024-02-29`.
    pub fn parse_date(text: &str) -> Option<Self> {
        Self::scan_all(text).filter(|value| value.kind == TemporalKind::Date)
    }

    /// Reads a FHIR `dateTime` or `instant`, from the year alone to a fraction of a second.
    pub fn parse_date_time(text: &str) -> Option<Self> {
        Self::scan_all(text)?.to_date_time()
    }

    /// Reads a FHIR `time`: `10`, `10:30`, `10:30:00.5`.
    pub fn parse_time(text: &str) -> Option<Self> {
        let mut cursor = Cursor { bytes: text.as_bytes(), at: 0 };
        let mut value = Self { kind: TemporalKind::Time, ..Self::EMPTY };
        cursor.time(&mut value)?;
        (cursor.at == text.len()).then_some(value)
    }
}

/// Written as FHIR writes it: without `@`, and a time without `T`.
impl fmt::Display for Temporal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.kind != TemporalKind::Time {
            write!(f, "{:04}", self.year)?;
            if self.precision >= Precision::Month {
                write!(f, "-{:02}", self.month)?;
            }
            if self.precision >= Precision::Day {
                write!(f, "-{:02}", self.day)?;
            }
            if self.precision >= Precision::Hour {
                f.write_str("T")?;
            }
        }
        if self.precision >= Precision::Hour {
            write!(f, "{:02}", self.hour)?;
        }
        if self.precision >= Precision::Minute {
            write!(f, ":{:02}", self.minute)?;
        }
        if self.precision >= Precision::Second {
            write!(f, ":{:02}", self.second)?;
            if self.fraction_digits > 0 {
                let digits = format!("{:09}", self.nanos);
                let shown = usize::from(self.fraction_digits).min(digits.len());
                write!(f, ".{}", &digits[..shown])?;
            }
        }
        match self.offset {
            Some(0) => f.write_str("Z"),
            Some(minutes) => {
                let sign = if minutes < 0 { '-' } else { '+' };
                write!(f, "{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
            }
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_written() {
        for text in ["2024", "2024-02", "2024-02-29", "2024-02-29T10:30:00Z", "2024-02-29T10:30:00.120+05:30"]
        {
            assert_eq!(Temporal::parse_date_time(text).map(|v| v.to_string()).as_deref(), Some(text));
        }
        for text in ["10", "10:30", "10:30:59", "23:59:60.5"] {
            assert_eq!(Temporal::parse_time(text).map(|v| v.to_string()).as_deref(), Some(text));
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in ["", "24", "2024-13", "2023-02-29", "2024-2-1", "2024-02-29T", "T10", "2024-02-29T10:00"]
        {
            assert_eq!(Temporal::parse_date(text), None, "{text}");
        }
        for text in
            ["2024-02-29T25", "2024-02-29T10:61", "2024-02-29T10:00:00+14:01", "2024-02-29T10:00:00+1"]
        {
            assert_eq!(Temporal::parse_date_time(text), None, "{text}");
        }
    }
}
