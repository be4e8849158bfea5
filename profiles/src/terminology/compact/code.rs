//! Codes as numbers.

/// The most characters in a code that is not a number.
const LONGEST: usize = 11;

/// A code as a number: digits are taken as that number, other codes are packed character by character; `None`
/// for longer codes or other characters.
pub(super) fn number(code: &str) -> Option<u64> {
    let is_number = code.len() <= 18 && !code.starts_with('0') && code.bytes().all(|c| c.is_ascii_digit());
    if is_number && !code.is_empty() {
        return Some(code.parse::<u64>().ok()? << 1);
    }
    if code.is_empty() || code.len() > LONGEST {
        return None;
    }
    let digit = |letter: u8| match letter {
        b'0'..=b'9' => Some(u64::from(letter - b'0') + 1),
        b'A'..=b'Z' => Some(u64::from(letter - b'A') + 11),
        b'-' => Some(37),
        _ => None,
    };
    let number = code.bytes().try_fold(0_u64, |number, letter| Some(number * 38 + digit(letter)?))?;
    Some(number << 1 | 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_number_of_its_own() {
        let codes = [
            "1",
            "10",
            "01",
            "138875005",
            "999999999999999999",
            "A81001",
            "RAE",
            "0",
            "00",
            "A-1",
            "ZZZZZZZZZZZ",
        ];
        let mut numbers: Vec<u64> = codes.iter().map(|code| number(code).unwrap()).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), codes.len());
        for code in ["", "a", "1234567890123456789", "ABCDEFGHIJKL", "ä", "1 2"] {
            assert_eq!(number(code), None, "{code}");
        }
    }
}
