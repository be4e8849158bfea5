//! Numbers as they are written: compared without losing a digit.

use std::cmp::Ordering;

/// How two numbers compare, as FHIR writes them; `None` where one is none.
pub fn compare(a: &str, b: &str) -> Option<Ordering> {
    if [a, b].iter().any(|text| text.contains(['e', 'E'])) {
        // Exponents are rare, and limits are never so close that the rounding of a float matters.
        return a.parse::<f64>().ok()?.partial_cmp(&b.parse::<f64>().ok()?);
    }
    let (a, b) = (Number::new(a), Number::new(b));
    Some(match (a.is_negative, b.is_negative) {
        (false, true) => Ordering::Greater,
        (true, false) => Ordering::Less,
        (false, false) => a.compare_size(&b),
        (true, true) => b.compare_size(&a),
    })
}

/// A decimal taken apart without losing a digit.
struct Number<'a> {
    is_negative: bool,
    whole: &'a str,
    fraction: &'a str,
}

impl<'a> Number<'a> {
    fn new(text: &'a str) -> Self {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
        let is_zero = whole.is_empty() && fraction.is_empty();
        Self { is_negative: text.starts_with('-') && !is_zero, whole, fraction }
    }

    fn compare_size(&self, other: &Self) -> Ordering {
        let by_whole = self.whole.len().cmp(&other.whole.len()).then(self.whole.cmp(other.whole));
        by_whole.then(self.fraction.cmp(other.fraction))
    }
}

#[cfg(test)]
mod tests {
    use super::compare;
    use std::cmp::Ordering::{Equal, Greater, Less};

    #[test]
    fn numbers_compare_by_value_without_rounding() {
        for (a, b, expected) in [
            ("1", "1.00", Equal),
            ("-0", "0.0", Equal),
            ("9", "10", Less),
            ("-9", "-10", Greater),
            ("0.1", "0.09", Greater),
            ("123456789012345678901.1", "123456789012345678901.2", Less),
            ("1e3", "999", Greater),
        ] {
            assert_eq!(compare(a, b), Some(expected), "{a} with {b}");
        }
    }
}
