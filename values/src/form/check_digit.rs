//! Check digits.

/// Whether the last digit is the check digit of the others by Verhoeff's scheme.
///
/// Source: J. Verhoeff, Error Detecting Decimal Codes, 1969: the dihedral group of order ten, and one
/// permutation applied once more for each place.
pub(super) fn has_verhoeff_digit(digits: &str) -> bool {
    const PERMUTATION: [u8; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    let sum = digits.bytes().rev().enumerate().fold(0, |sum, (place, byte)| {
        let digit = (0..place % 8).fold(byte - b'0', |digit, _| PERMUTATION[usize::from(digit)]);
        product(sum, digit)
    });
    sum == 0
}

/// The product of two elements of the dihedral group of order ten: 0 to 4 turn, 5 to 9 turn and flip.
fn product(a: u8, b: u8) -> u8 {
    match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => 5 + (a + b) % 5,
        (false, true) => 5 + (a + 5 - b) % 5,
        (false, false) => (a + 5 - b) % 5,
    }
}

/// Whether the digit is the check digit of the number: every second digit doubled, from the right, and the sum
/// of all digits made up to a multiple of ten.
pub(super) fn has_luhn_digit(number: &str, digit: &str) -> bool {
    let sum: u32 = number
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let value = u32::from(byte - b'0') * if place % 2 == 0 { 2 } else { 1 };
            value / 10 + value % 10
        })
        .sum();
    digit.parse() == Ok((10 - sum % 10) % 10)
}

/// Whether a text is ten digits, of which the last is the check digit of the others by modulus 11.
///
/// ```
/// use ers_fhir_values::form::has_modulus_11_digit;
///
/// assert!(has_modulus_11_digit("0306406152"));
/// assert!(!has_modulus_11_digit("0306406153"));
/// ```
pub fn has_modulus_11_digit(text: &str) -> bool {
    if text.len() != 10 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let sum: u32 =
        text.bytes().zip((1..=10).rev()).map(|(byte, weight)| u32::from(byte - b'0') * weight).sum();
    sum.is_multiple_of(11)
}
