//! Numbers as they are written: compared without losing a digit.

use std::cmp::Ordering;

/// How two numbers compare, as FHIR writes them; `None` where either text is not a number.
pub fn compare(a: &str, b: &str) -> Option<Ordering> {
    let (a, b) = (Number::new(a)?, Number::new(b)?);
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
    /// The power of ten of the first digit that is not zero; `None` for zero.
    magnitude: Option<i64>,
}

impl<'a> Number<'a> {
    fn new(text: &'a str) -> Option<Self> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?.into()),
            None => (text, 0),
        };
        let digits = mantissa.strip_prefix('-').unwrap_or(mantissa);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if digits.is_empty() || !is_number(whole) || !is_number(fraction) {
            return None;
        }
        let first = whole.bytes().chain(fraction.bytes()).position(|digit| digit != b'0');
        let signed = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let magnitude = first.map(|first| exponent + signed(whole.len()) - signed(first));
        Some(Self {
            is_negative: mantissa.starts_with('-') && magnitude.is_some(),
            whole,
            fraction,
            magnitude,
        })
    }

    /// The digits from the first non-zero one, followed by endless zeros.
    fn digits(&self) -> impl Iterator<Item = u8> + 'a {
        let written = self.whole.bytes().chain(self.fraction.bytes()).skip_while(|digit| *digit == b'0');
        written.chain(std::iter::repeat(b'0'))
    }

    fn compare_size(&self, other: &Self) -> Ordering {
        let longest = |number: &Self| number.whole.len() + number.fraction.len();
        let places = longest(self).max(longest(other));
        // Zero has no magnitude, which is less than any.
        self.magnitude
            .cmp(&other.magnitude)
            .then_with(|| self.digits().take(places).cmp(other.digits().take(places)))
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
            ("1e3", "1000.0", Equal),
            ("1.0E-30", "1e-40", Greater),
            ("-1e-30", "-1e-40", Less),
            ("0e5", "0.00", Equal),
            ("1e400", "1e399", Greater),
            ("0.0012", "1.2e-3", Equal),
        ] {
            assert_eq!(compare(a, b), Some(expected), "{a} with {b}");
        }
        for none in ["", "-", "a", "1e", "1e1.5", "1.2.3"] {
            assert_eq!(compare(none, "1"), None, "{none}");
        }
    }
}
