//! Dates and times as stretches of time, for comparison with limits.

use std::time::{SystemTime, UNIX_EPOCH};

const SECOND: i128 = 1_000_000_000;
const DAY: i128 = 86_400 * SECOND;

/// The stretch of time that a date or time covers: `1970` is the whole year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment {
    /// Nanoseconds since 1970.
    first: i128,
    last: i128,
    has_zone: bool,
}

impl Moment {
    /// Reads a `date`, `dateTime`, `instant` or `time` that was found well formed.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (date, time) = match text.split_once('T') {
            Some((date, time)) => (Some(date), Some(time)),
            None if text.contains(':') => (None, Some(text)),
            None => (Some(text), None),
        };
        let (first_day, last_day) = date.map_or(Some((0, 0)), days)?;
        let Some(time) = time else {
            return Some(Self { first: first_day * DAY, last: (last_day + 1) * DAY - 1, has_zone: false });
        };
        let (clock, zone) = match time.find(['Z', '+', '-']) {
            Some(at) => time.split_at(at),
            None => (time, ""),
        };
        let first = first_day * DAY + clock_nanos(clock)? - zone_nanos(zone)?;
        Some(Self { first, last: first, has_zone: !zone.is_empty() })
    }

    /// The present, moved by whole months or by nanoseconds.
    pub(super) fn from_now(amount: i64, unit: &str) -> Option<Self> {
        let now = i128::try_from(SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_nanos()).ok()?;
        let amount = i128::from(amount);
        let months = match unit {
            "a" => amount.checked_mul(12)?,
            "mo" => amount,
            _ => 0,
        };
        let length = match unit {
            "a" | "mo" => 0,
            "wk" => 7 * DAY,
            "d" => DAY,
            "h" => 3600 * SECOND,
            "min" => 60 * SECOND,
            "s" => SECOND,
            _ => return None,
        };
        let (year, month, day) = civil(now.div_euclid(DAY));
        let month = year * 12 + month - 1 + months;
        let day = day_number(month.div_euclid(12), month.rem_euclid(12) + 1, day);
        let at = day * DAY + now.rem_euclid(DAY) + amount.checked_mul(length)?;
        Some(Self { first: at, last: at, has_zone: true })
    }

    /// Whether all of it lies before all of the other.
    pub(crate) fn is_before(self, other: Self) -> bool {
        // Without a zone, the moment may be up to 14 hours off.
        let doubt = if self.has_zone == other.has_zone { 0 } else { 14 * 3600 * SECOND };
        self.last + doubt < other.first
    }
}

/// First and last day of `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, counted from 1970.
fn days(date: &str) -> Option<(i128, i128)> {
    let (sign, date) = match date.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, date),
    };
    let mut parts = date.split('-').map(str::parse::<i128>);
    let year = sign * parts.next()?.ok()?;
    let month = parts.next().transpose().ok()?;
    let day = parts.next().transpose().ok()?;
    Some(match (month, day) {
        (None, _) => (day_number(year, 1, 1), day_number(year + 1, 1, 1) - 1),
        (Some(month), None) => {
            let (next_year, next) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
            (day_number(year, month, 1), day_number(next_year, next, 1) - 1)
        }
        (Some(month), Some(day)) => (day_number(year, month, day), day_number(year, month, day)),
    })
}

/// Days from 1970-01-01 in the proleptic Gregorian calendar.
fn day_number(year: i128, month: i128, day: i128) -> i128 {
    // Years that start in March put the leap day last.
    let year = if month <= 2 { year - 1 } else { year };
    let month = (month + 9) % 12;
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leap_days + day_of_year - 719_468
}

/// Year, month and day of a day counted from 1970; the inverse of [`day_number`].
fn civil(day: i128) -> (i128, i128, i128) {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let year = era * 400 + year_of_era + i128::from(month >= 10);
    (year, if month < 10 { month + 3 } else { month - 9 }, day)
}

fn clock_nanos(clock: &str) -> Option<i128> {
    let (whole, fraction) = clock.split_once('.').unwrap_or((clock, ""));
    let mut parts = whole.split(':').map(str::parse::<i128>);
    let hour = parts.next()?.ok()?;
    let minute = parts.next().transpose().ok()?.unwrap_or(0);
    let second = parts.next().transpose().ok()?.unwrap_or(0);
    let mut nanos = 0;
    let mut unit = SECOND / 10;
    for digit in fraction.bytes().take(9) {
        nanos += i128::from(digit.checked_sub(b'0')?) * unit;
        unit /= 10;
    }
    Some(((hour * 60 + minute) * 60 + second) * SECOND + nanos)
}

fn zone_nanos(zone: &str) -> Option<i128> {
    let (sign, offset) = match zone.as_bytes().first() {
        Some(b'+') => (1, &zone[1..]),
        Some(b'-') => (-1, &zone[1..]),
        _ => return Some(0),
    };
    let (hours, minutes) = offset.split_once(':')?;
    Some(sign * (hours.parse::<i128>().ok()? * 60 + minutes.parse::<i128>().ok()?) * 60 * SECOND)
}

#[cfg(test)]
mod tests {
    use super::{Moment, civil, day_number};

    #[test]
    fn days_and_dates_are_inverse() {
        for day in (-800_000..800_000).step_by(97) {
            let (year, month, of_month) = civil(day);
            assert_eq!(day_number(year, month, of_month), day);
        }
        assert_eq!(civil(0), (1970, 1, 1));
    }

    #[test]
    fn orders_what_does_not_overlap() {
        for (a, b, before) in [
            ("1970", "1971", true),
            ("1970", "1970-06", false),
            ("1970-05-31", "1970-06", true),
            ("2024-05-01T10:00:00+02:00", "2024-05-01T09:00:00Z", true),
            ("2024-05-01T10:00:00Z", "2024-05-01T10:00:00.001Z", true),
            ("2024-05-01", "2024-05-02T00:00:00Z", false),
            ("09:00:00", "10:00:00", true),
        ] {
            let [a_read, b_read] = [a, b].map(Moment::parse);
            let is_before = a_read.zip(b_read).map(|(a, b)| a.is_before(b));
            assert_eq!(is_before, Some(before), "{a} before {b}");
        }
    }
}
