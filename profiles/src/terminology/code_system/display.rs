//! When two displays are the same text.

/// Whether two displays differ in no more than case and white space.
pub(crate) fn is_same(a: &str, b: &str) -> bool {
    a == b || folded(a).eq(folded(b))
}

/// The characters of a display in lower case, with one space between words.
pub(crate) fn folded(text: &str) -> impl Iterator<Item = char> {
    text.split_whitespace()
        .enumerate()
        .flat_map(|(i, word)| (i > 0).then_some(' ').into_iter().chain(word.chars()))
        .flat_map(char::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::is_same;

    #[test]
    fn case_and_white_space_make_no_difference() {
        assert!(is_same("Two Week Wait", "two week  wait "));
        assert!(is_same("Überweisung", "überweisung"));
        assert!(!is_same("Two Week Wait", "TwoWeek Wait"));
        assert!(!is_same("Urgent", "Routine"));
        assert!(!is_same("Urgent", ""));
    }
}
