//! Adding calendar durations to dates and times.

use super::{Precision, Temporal, TemporalKind};
use crate::CalendarUnit;
use crate::calendar::days_in_month;

const SECONDS_PER_DAY: i64 = 86_400;

impl Temporal {
    /// Adds a whole number of units. A unit finer than the precision is first converted to the
    /// precision and truncated, as FHIRPath demands: `@2014 + 25 months` is `@2016`.
    ///
    /// `None` when the result leaves the years 1 to 9999.
    pub fn plus(self, amount: i64, unit: CalendarUnit) -> Option<Self> {
        use CalendarUnit as U;
        if self.kind == TemporalKind::Time && unit < U::Hour {
            return None;
        }
        let (amount, unit) = self.at_own_precision(amount, unit)?;
        match unit {
            U::Year => self.plus_months(amount.checked_mul(12)?),
            U::Month => self.plus_months(amount),
            U::Week => self.plus_days(amount.checked_mul(7)?),
            U::Day => self.plus_days(amount),
            U::Hour => self.plus_seconds(amount.checked_mul(3600)?),
            U::Minute => self.plus_seconds(amount.checked_mul(60)?),
            U::Second => self.plus_seconds(amount),
            U::Millisecond => self.plus_millis(amount),
        }
    }

    fn at_own_precision(&self, amount: i64, unit: CalendarUnit) -> Option<(i64, CalendarUnit)> {
        use CalendarUnit as U;
        let finest = match self.precision {
            Precision::Year => U::Year,
            Precision::Month => U::Month,
            Precision::Day => U::Day,
            Precision::Hour => U::Hour,
            Precision::Minute => U::Minute,
            Precision::Second => U::Millisecond,
        };
        let (mut amount, mut unit) = (amount, unit);
        if unit == U::Week && finest < U::Day {
            (amount, unit) = (amount.checked_mul(7)?, U::Day);
        }
        while unit > finest {
            (amount, unit) = match unit {
                U::Millisecond => (amount / 1000, U::Second),
                U::Second => (amount / 60, U::Minute),
                U::Minute => (amount / 60, U::Hour),
                U::Hour => (amount / 24, U::Day),
                U::Day | U::Week if finest == U::Year => (amount / 365, U::Year),
                U::Day | U::Week => (amount / 30, U::Month),
                U::Month | U::Year => (amount / 12, U::Year),
            };
        }
        Some((amount, unit))
    }

    fn plus_months(mut self, months: i64) -> Option<Self> {
        let total = (i64::from(self.year) * 12 + i64::from(self.month) - 1).checked_add(months)?;
        self.year = i32::try_from(total.div_euclid(12)).ok()?;
        self.month = u8::try_from(total.rem_euclid(12) + 1).ok()?;
        self.day = self.day.min(days_in_month(self.year, self.month));
        self.in_range()
    }

    fn plus_days(mut self, days: i64) -> Option<Self> {
        let day = self.day_number().checked_add(days)?;
        // Well inside what the calendar arithmetic can hold; in_range refuses the rest.
        (day.abs() < 4_000_000).then(|| self.set_day_number(day))?;
        self.in_range()
    }

    pub(super) fn plus_seconds(mut self, seconds: i64) -> Option<Self> {
        let total = self.second_of_day().checked_add(seconds)?;
        self.set_second_of_day(total.rem_euclid(SECONDS_PER_DAY));
        if self.kind == TemporalKind::Time {
            return Some(self);
        }
        self.plus_days(total.div_euclid(SECONDS_PER_DAY))
    }

    fn plus_millis(mut self, millis: i64) -> Option<Self> {
        let total = (i64::from(self.nanos) / 1_000_000).checked_add(millis)?;
        let fraction = u32::try_from(total.rem_euclid(1000)).ok()?;
        self.nanos = self.nanos % 1_000_000 + fraction * 1_000_000;
        self.fraction_digits = self.fraction_digits.max(3);
        self.plus_seconds(total.div_euclid(1000))
    }

    fn in_range(self) -> Option<Self> {
        (1..=9999).contains(&self.year).then_some(self)
    }

    /// Days since 1970-01-01 in the proleptic Gregorian calendar.
    pub(super) fn day_number(&self) -> i64 {
        // Years start in March, so that the leap day is the last of its year.
        let year = i64::from(self.year) - i64::from(self.month <= 2);
        let month = (i64::from(self.month) + 9) % 12;
        let year_of_era = year.rem_euclid(400);
        let day_of_year = (153 * month + 2) / 5 + i64::from(self.day) - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        year.div_euclid(400) * 146_097 + day_of_era - 719_468
    }

    #[expect(clippy::cast_sign_loss, reason = "remainders of Euclidean division are not negative")]
    pub(super) fn set_day_number(&mut self, day: i64) {
        let shifted = day + 719_468;
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month = (5 * day_of_year + 2) / 153;
        self.day = (day_of_year - (153 * month + 2) / 5 + 1) as u8;
        self.month = (if month < 10 { month + 3 } else { month - 9 }) as u8;
        self.year = (year_of_era + shifted.div_euclid(146_097) * 400 + i64::from(self.month <= 2)) as i32;
    }

    pub(super) fn second_of_day(&self) -> i64 {
        i64::from(self.hour) * 3600 + i64::from(self.minute) * 60 + i64::from(self.second)
    }

    #[expect(clippy::cast_sign_loss, reason = "remainders of Euclidean division are not negative")]
    pub(super) fn set_second_of_day(&mut self, second: i64) {
        self.hour = (second / 3600) as u8;
        self.minute = (second / 60 % 60) as u8;
        self.second = (second % 60) as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use CalendarUnit as U;

    #[test]
    fn durations_are_added_at_the_precision_of_the_value() {
        let rows = [
            ("1973-12-25", 1, U::Month, "1974-01-25"),
            ("2024-01-31", 1, U::Month, "2024-02-29"),
            ("2024-02-29", 1, U::Year, "2025-02-28"),
            ("1973-12-25", -1, U::Week, "1973-12-18"),
            ("2014", 25, U::Month, "2016"),
            ("2014-01", 61, U::Day, "2014-03"),
            ("2014-01-01", 49, U::Hour, "2014-01-03"),
            ("1973-12-31T23:59:59.900+10:00", 100, U::Millisecond, "1974-01-01T00:00:00.000+10:00"),
            ("0001-03-01", 1, U::Day, "0001-03-02"),
        ];
        for (start, amount, unit, expected) in rows {
            let start = Temporal::parse_date_time(start).expect(start);
            assert_eq!(start.plus(amount, unit).map(|t| t.to_string()).as_deref(), Some(expected));
        }
    }

    #[test]
    fn the_calendar_has_ends() {
        let last = Temporal::parse_date("9999-12-31").expect("a date");
        assert_eq!(last.plus(1, U::Day), None);
        assert_eq!(last.plus(i64::MAX, U::Year), None);
        assert_eq!(last.plus(i64::MAX, U::Day), None);
    }

    #[test]
    fn a_time_of_day_wraps() {
        let late = Temporal::parse_time("23:00").expect("a time");
        assert_eq!(late.plus(2, U::Hour).map(|t| t.to_string()).as_deref(), Some("01:00"));
        assert_eq!(late.plus(1, U::Day), None);
    }
}
