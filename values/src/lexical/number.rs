//! Numbers: form and range. The text is checked rather than a float, so no digit is lost.

use crate::FhirVersion;

use super::fault::Fault;

const INTEGER: &str = "a whole number without leading zeros";
const DECIMAL: &str = "a decimal number such as 1.50, without leading zeros";

pub(super) fn integer(text: &str) -> Result<(), Fault> {
    whole(text, i64::from(i32::MIN), "integers run from -2147483648 to 2147483647")
}

pub(super) fn unsigned_int(text: &str) -> Result<(), Fault> {
    if text.starts_with("-0") {
        return Err(Fault::form("a whole number without a sign"));
    }
    whole(text, 0, "an unsignedInt runs from 0 to 2147483647")
}

pub(super) fn positive_int(text: &str) -> Result<(), Fault> {
    whole(text, 1, "a positiveInt runs from 1 to 2147483647")
}

fn whole(text: &str, least: i64, range: &'static str) -> Result<(), Fault> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if !is_plain_number(digits.as_bytes()) {
        return Err(Fault::form(INTEGER));
    }
    match text.parse::<i64>() {
        Ok(value) if (least..=i64::from(i32::MAX)).contains(&value) => Ok(()),
        _ => Err(Fault::range(range)),
    }
}

/// `0`, or digits that do not start with a zero.
fn is_plain_number(digits: &[u8]) -> bool {
    matches!(digits, [b'0'] | [b'1'..=b'9', ..]) && digits.iter().all(u8::is_ascii_digit)
}

pub(super) fn decimal(text: &str, version: FhirVersion) -> Result<(), Fault> {
    let bytes = text.strip_prefix('-').unwrap_or(text).as_bytes();
    let (number, exponent) = match bytes.iter().position(|byte| matches!(byte, b'e' | b'E')) {
        Some(at) => (&bytes[..at], Some(&bytes[at + 1..])),
        None => (bytes, None),
    };
    let (whole, fraction) = match number.iter().position(|byte| *byte == b'.') {
        Some(at) => (&number[..at], Some(&number[at + 1..])),
        None => (number, None),
    };
    let is_digits = |digits: &[u8]| !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    if !is_plain_number(whole) || !fraction.is_none_or(is_digits) {
        return Err(Fault::form(DECIMAL));
    }
    let Some(exponent) = exponent else { return Ok(()) };
    if version == FhirVersion::Stu3 {
        return Err(Fault::form("a decimal number without an exponent (STU3 has none)"));
    }
    let digits = exponent.strip_prefix(b"+").or(exponent.strip_prefix(b"-")).unwrap_or(exponent);
    if is_digits(digits) { Ok(()) } else { Err(Fault::form(DECIMAL)) }
}
