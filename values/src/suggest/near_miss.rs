//! Whether a value was most likely meant to be another: a slip, not another value.

use super::edits;

/// The shortest word in which a slip can be told from another word.
const SHORTEST: usize = 4;
/// In how many letters a word may have one slip.
const LETTERS_OF_SLIP: usize = 5;

/// Whether a value is another but for a slip: they differ in case or punctuation, or in a letter of a longer word.
/// A short word, or one that differs in its digits, is most likely another one.
///
/// ```
/// use ers_fhir_values::suggest::is_near_miss;
///
/// assert!(is_near_miss("emial", "email"));
/// assert!(!is_near_miss("section1", "section2"));
/// ```
pub fn is_near_miss(written: &str, meant: &str) -> bool {
    let written = written.trim();
    if written == meant {
        return true;
    }
    if written.len().min(meant.len()) < 3 {
        return false;
    }
    let signs = |text: &str| text.bytes().filter(|byte| is_of_word(*byte)).collect::<Vec<u8>>();
    if signs(written).eq_ignore_ascii_case(&signs(meant)) {
        return true;
    }
    let (left, right) = differing(written.as_bytes(), meant.as_bytes());
    let letters =
        |word: &[u8]| word.iter().filter(|byte| !byte.is_ascii_digit()).copied().collect::<Vec<u8>>();
    let most = (left.len().max(right.len()) / LETTERS_OF_SLIP).max(1);
    left.len().max(right.len()) >= SHORTEST
        && left.len().min(right.len()) >= SHORTEST - 1
        && letters(left) != letters(right)
        && edits(left, right, most + 1).is_some()
}

/// The words in which two texts differ, from the first to the last.
fn differing<'t>(left: &'t [u8], right: &'t [u8]) -> (&'t [u8], &'t [u8]) {
    let same = left.iter().zip(right).take_while(|(one, other)| one == other).count();
    let start = left[..same].iter().rposition(|byte| !is_of_word(*byte)).map_or(0, |at| at + 1);
    let (left, right) = (&left[start..], &right[start..]);
    let same = left.iter().rev().zip(right.iter().rev()).take_while(|(one, other)| one == other).count();
    let end = left[left.len() - same..].iter().position(|byte| !is_of_word(*byte)).map_or(0, |at| same - at);
    (&left[..left.len() - end], &right[..right.len() - end])
}

fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || !byte.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::is_near_miss;

    #[test]
    fn a_slip_is_in_a_letter_of_a_longer_word() {
        for (written, meant, expected) in [
            ("emial", "email", true),
            ("http://example.org/numbr", "http://example.org/number", true),
            ("https://example.org/a", "http://example.org/a", true),
            ("http://example.org/a/", "http://example.org/a", true),
            ("Patient", "patient", true),
            ("a ", "a", true),
            ("2", "1", false),
            ("kg", "Kg", false),
            ("http://example.org/b", "http://example.org/a", false),
            ("http://example.org/patient-a", "http://example.org/patient-b", false),
            ("http://example.org/v2-0203", "http://example.org/v2-0204", false),
            ("section1", "section2", false),
            ("sms", "pms", false),
            ("fax", "email", false),
        ] {
            assert_eq!(is_near_miss(written, meant), expected, "{written} {meant}");
        }
    }
}
