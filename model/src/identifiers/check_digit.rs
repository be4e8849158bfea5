//! The check digit of NHS numbers.

/// The check digit (modulus 11) for nine digits; `None` where no number begins with these nine.
pub(super) fn modulus_11(nine: &[u8]) -> Option<u8> {
    let weighted = nine.iter().zip((2..=10_u32).rev());
    let sum: u32 = weighted.map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    match 11 - sum % 11 {
        11 => Some(b'0'),
        10 => None,
        digit => u8::try_from(digit).ok().map(|digit| b'0' + digit),
    }
}
