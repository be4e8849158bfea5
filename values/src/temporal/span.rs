//! Dates and times as the periods of time that they cover, to tell what certainly comes before what.

use super::{Precision, Temporal, TemporalKind, ZONE_DOUBT};

/// Nanoseconds since 1970, or since midnight for a time of day.
type Nanos = i128;

const SECOND: Nanos = 1_000_000_000;

impl Temporal {
    /// Reads a `date`, `dateTime`, `instant` or `time`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::parse_date_time(text).or_else(|| Self::parse_time(text))
    }

    /// Whether all of it lies before all of the other: `2024` covers the whole year. Where only one of the two
    /// has a zone, the other may be in any zone.
    ///
    /// ```
    /// use ers_fhir_values::Temporal;
    ///
    /// let [may, june, year] = ["2026-05-31", "2026-06", "2026"].map(|t| Temporal::parse(t).expect(t));
    /// assert!(may.is_before(&june));
    /// assert!(!may.is_before(&year));
    /// ```
    pub fn is_before(&self, other: &Self) -> bool {
        self.last() + self.doubt(other) < other.first()
    }

    /// Whether all of it is at or after the beginning of another.
    pub fn is_from(&self, other: &Self) -> bool {
        self.first() - self.doubt(other) >= other.first()
    }

    /// Whether all of it is at or before the end of another.
    pub fn is_until(&self, other: &Self) -> bool {
        self.last() + self.doubt(other) <= other.last()
    }

    /// How much the distance between the two is in doubt, because only one of them has a zone.
    fn doubt(&self, other: &Self) -> Nanos {
        let seconds = if self.offset.is_some() == other.offset.is_some() { 0 } else { ZONE_DOUBT };
        Nanos::from(seconds) * SECOND
    }

    /// The first instant that it covers, in UTC where its zone is known.
    fn first(&self) -> Nanos {
        let days = if self.kind == TemporalKind::Time { 0 } else { self.day_number() };
        let seconds = days * 86_400 + self.second_of_day() - i64::from(self.offset.unwrap_or(0)) * 60;
        Nanos::from(seconds) * SECOND + Nanos::from(self.nanos)
    }

    /// The last instant that it covers.
    fn last(&self) -> Nanos {
        let end = match self.precision {
            Precision::Year => Self { year: self.year + 1, ..*self }.first(),
            Precision::Month if self.month == 12 => Self { year: self.year + 1, month: 1, ..*self }.first(),
            Precision::Month => Self { month: self.month + 1, ..*self }.first(),
            Precision::Day => self.first() + 86_400 * SECOND,
            Precision::Hour => self.first() + 3600 * SECOND,
            Precision::Minute => self.first() + 60 * SECOND,
            Precision::Second => return self.first(),
        };
        end - 1
    }
}

#[cfg(test)]
mod tests {
    use crate::Temporal;

    #[test]
    fn orders_what_does_not_overlap() {
        for (a, b, before) in [
            ("1970", "1971", true),
            ("1970", "1970-06", false),
            ("1970-05-31", "1970-06", true),
            ("1970-12", "1971-01-01", true),
            ("2024-05-01T10:00:00+02:00", "2024-05-01T09:00:00Z", true),
            ("2024-05-01T10:00:00Z", "2024-05-01T10:00:00.001Z", true),
            ("2024-05-01", "2024-05-02T00:00:00Z", false),
            ("09:00:00", "10:00:00", true),
        ] {
            let [a_read, b_read] = [a, b].map(|text| Temporal::parse(text).expect(text));
            assert_eq!(a_read.is_before(&b_read), before, "{a} before {b}");
        }
    }
}
