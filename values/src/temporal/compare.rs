//! Order and equivalence of values that may have different precision.

use std::cmp::Ordering;

use super::{Precision, Temporal, TemporalKind, ZONE_DOUBT};

impl Temporal {
    /// Compares component by component; `None` when the known components leave the order open, or for a
    /// time of day and a date.
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        if (self.kind == TemporalKind::Time) != (other.kind == TemporalKind::Time) {
            return None;
        }
        let timed = self.precision.min(other.precision) >= Precision::Hour;
        if timed && self.kind != TemporalKind::Time {
            match (self.offset, other.offset) {
                (Some(left), Some(right)) if left != right => {
                    return self.to_utc()?.compare_components(&other.to_utc()?);
                }
                (Some(_), None) | (None, Some(_)) => return self.compare_across_zones(other),
                _ => {}
            }
        }
        self.compare_components(other)
    }

    /// Whether both are known to the same precision and are the same point.
    pub fn equivalent(&self, other: &Self) -> bool {
        self.precision == other.precision && self.compare(other) == Some(Ordering::Equal)
    }

    fn compare_components(&self, other: &Self) -> Option<Ordering> {
        let known = self.precision.min(other.precision);
        let components = |t: &Self| [t.year, t.month.into(), t.day.into(), t.hour.into(), t.minute.into()];
        let count = (known as usize + 1).min(5);
        let order = components(self)[..count].cmp(&components(other)[..count]).then_with(|| {
            if known == Precision::Second {
                (self.second, self.nanos).cmp(&(other.second, other.nanos))
            } else {
                Ordering::Equal
            }
        });
        (order != Ordering::Equal || self.precision == other.precision).then_some(order)
    }

    /// Compares values of which only one has a zone: decided when they are further apart than any zone is from UTC.
    fn compare_across_zones(&self, other: &Self) -> Option<Ordering> {
        let shift = |t: &Self| i64::from(t.offset.unwrap_or(0)) * 60;
        let seconds = |t: &Self| t.day_number() * 86_400 + t.second_of_day() - shift(t);
        let apart = seconds(self) - seconds(other);
        (apart.abs() > ZONE_DOUBT).then(|| apart.cmp(&0))
    }

    fn to_utc(self) -> Option<Self> {
        let shift = i64::from(self.offset?) * 60;
        let mut moved = self.plus_seconds(-shift)?;
        moved.offset = Some(0);
        Some(moved)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_decided_by_what_is_known() {
        let rows = [
            ("2012-04-15", "2012-04-16", Some(Ordering::Less)),
            ("2012-04", "2012-04-16", None),
            ("2012-03", "2012-04-16", Some(Ordering::Less)),
            ("2012-04-15T10:00:00", "2012-04-15T10:00:00.0", Some(Ordering::Equal)),
            ("2012-04-15T15:00:00+02:00", "2012-04-15T16:00:00+03:00", Some(Ordering::Equal)),
            ("2012-04-15T15:00:00Z", "2012-04-15T16:00:00", None),
            ("2012-04-12T15:00:00Z", "2012-04-15T16:00:00", Some(Ordering::Less)),
        ];
        for (left, right, expected) in rows {
            let [left, right] = [left, right].map(|text| Temporal::parse_date_time(text).expect(text));
            assert_eq!(left.compare(&right), expected, "{left} {right}");
            assert_eq!(right.compare(&left), expected.map(Ordering::reverse), "{right} {left}");
        }
    }
}
