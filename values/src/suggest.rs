//! The nearest of several names, for "did you mean".

mod near_miss;

pub use near_miss::is_near_miss;

/// Most punctuation and white space by which words of the same letters may differ in length.
const MOST_SIGNS: usize = 6;
/// Longest word that is compared; a difference in anything longer is hardly a typing error.
const LONGEST: usize = 128;

/// The candidate closest to `word`, where one is close enough for a typing error.
///
/// Among equally close candidates the first wins, so callers give them in a fixed order. A difference only in
/// case, white space or punctuation counts as no difference.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (word.len() / 3).clamp(1, 3);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let bound = best.map_or(limit + 1, |(closest, _)| closest);
        if bound == 0 {
            break;
        }
        let (left, right) = (word.as_bytes(), candidate.as_bytes());
        let distance = if left.len() <= LONGEST && has_letters_of(left, right) {
            Some(0)
        } else {
            edits(left, right, bound)
        };
        if let Some(distance) = distance {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Whether two words have the same letters and digits in the same order, whatever their case.
fn has_letters_of(left: &[u8], right: &[u8]) -> bool {
    fn letters(word: &[u8]) -> impl Iterator<Item = u8> + '_ {
        let letters = word.iter().filter(|letter| letter.is_ascii_alphanumeric() || !letter.is_ascii());
        letters.map(u8::to_ascii_lowercase)
    }
    // Most words differ early, and are told apart there.
    let is_like = || letters(left).eq(letters(right)) && left.iter().any(u8::is_ascii_alphanumeric);
    left.eq_ignore_ascii_case(right) || left.len().abs_diff(right.len()) <= MOST_SIGNS && is_like()
}

/// How a word differs from the one that was meant, as the end of a sentence about it.
///
/// ```
/// use ers_fhir_values::suggest::slip;
///
/// assert_eq!(slip("patient ", "patient"), "has white space around it");
/// assert_eq!(slip("Patient", "patient"), "differs in upper and lower case");
/// assert_eq!(slip("pateint", "patient"), "is spelt differently");
/// ```
pub fn slip(written: &str, meant: &str) -> &'static str {
    slight(written, meant).unwrap_or("is spelt differently")
}

/// The single small difference between a value and the one that was meant; `None` where they differ in more.
///
/// ```
/// use ers_fhir_values::suggest::slight;
///
/// assert_eq!(slight("https://example.org/a", "http://example.org/a"), Some("begins with 'https:' instead of 'http:'"));
/// assert_eq!(slight("example-a", "example-a-1"), Some("lacks the last characters"));
/// assert_eq!(slight("example-b", "example-a"), None);
/// ```
pub fn slight(written: &str, meant: &str) -> Option<&'static str> {
    let without = |text: &str, scheme: &str| text.strip_prefix(scheme).map(str::to_owned);
    if written == meant || written.len().max(meant.len()) > 4 * LONGEST {
        None
    } else if written.trim() == meant {
        Some("has white space around it")
    } else if written.eq_ignore_ascii_case(meant) {
        Some("differs in upper and lower case")
    } else if without(written, "http:").is_some_and(|rest| without(meant, "https:") == Some(rest)) {
        Some("begins with 'http:' instead of 'https:'")
    } else if without(written, "https:").is_some_and(|rest| without(meant, "http:") == Some(rest)) {
        Some("begins with 'https:' instead of 'http:'")
    } else if written.strip_suffix('/') == Some(meant) {
        Some("has an extra '/' at the end")
    } else if written.trim_start_matches('#') == meant {
        Some("has an extra '#' at the start")
    } else if meant.strip_prefix(written).is_some_and(|rest| rest.len() <= 3 && !written.is_empty()) {
        Some("lacks the last characters")
    } else if has_letters_of(written.as_bytes(), meant.as_bytes()) {
        Some("differs in case, white space or punctuation")
    } else {
        None
    }
}

/// Edits (insert, delete, replace, swap neighbours) between two words of bytes or characters, where
/// they are fewer than `bound`; `None` also where a word is longer than 128.
///
/// Most pairs are told apart without counting: by their lengths, or by the letters that only one has.
///
/// ```
/// use ers_fhir_values::suggest::edits;
///
/// assert_eq!(edits(b"acitve", b"active", 3), Some(1));
/// assert_eq!(edits(b"active", b"draft", 3), None);
/// ```
pub fn edits<T: Copy + Eq + Into<u32>>(left: &[T], right: &[T], bound: usize) -> Option<usize> {
    if left.len().abs_diff(right.len()) >= bound || left.len().max(right.len()) > LONGEST {
        return None;
    }
    let (left, right) = without_common_ends(left, right);
    if fewest_edits(left, right) >= bound {
        return None;
    }
    count(left, right, bound)
}

/// Two words without their common beginning and end, which need no edits.
fn without_common_ends<'w, T: Eq>(left: &'w [T], right: &'w [T]) -> (&'w [T], &'w [T]) {
    let start = left.iter().zip(right).take_while(|(l, r)| l == r).count();
    let (left, right) = (&left[start..], &right[start..]);
    let end = left.iter().rev().zip(right.iter().rev()).take_while(|(l, r)| l == r).count();
    (&left[..left.len() - end], &right[..right.len() - end])
}

/// A lower bound of the number of edits: each removes or adds at most one kind of letter.
fn fewest_edits<T: Copy + Into<u32>>(left: &[T], right: &[T]) -> usize {
    let letters = |word: &[T]| word.iter().fold(0_u64, |mask, letter| mask | 1 << ((*letter).into() % 64));
    let (left, right) = (letters(left), letters(right));
    (left & !right).count_ones().max((right & !left).count_ones()) as usize
}

/// The cost of making each prefix of a word out of nothing.
const FIRST_ROW: [u8; LONGEST + 1] = {
    let mut row = [0; LONGEST + 1];
    let mut column = 1;
    while column <= LONGEST {
        row[column] = row[column - 1] + 1;
        column += 1;
    }
    row
};

/// Counts edits by dynamic programming, in a band around the diagonal.
fn count<T: Copy + Eq>(left: &[T], right: &[T], bound: usize) -> Option<usize> {
    let width = right.len();
    // No cost exceeds the length of a word, so a byte holds it, and rows are small.
    let far = u8::try_from(bound).unwrap_or(u8::MAX);
    let mut before = [0_u8; LONGEST + 1];
    let mut previous = FIRST_ROW;
    let mut current = [0_u8; LONGEST + 1];
    for ((row, l), removed) in left.iter().enumerate().zip(1_u8..) {
        // Cells further than `bound` from the diagonal cannot lead to a distance below it.
        let (first, last) = (row.saturating_sub(bound), (row + bound).min(width));
        current[first] = if first == 0 { removed } else { far };
        let mut lowest = current[first];
        for column in first..last {
            let r = &right[column];
            // The band of the row before ends one column earlier.
            let above = if row == 0 || column + 1 < row + bound { previous[column + 1] } else { far };
            let mut cost = (previous[column] + u8::from(l != r)).min(above + 1).min(current[column] + 1);
            if row > 0 && column > 0 && *l == right[column - 1] && left[row - 1] == *r {
                cost = cost.min(before[column - 1] + 1);
            }
            current[column + 1] = cost;
            lowest = lowest.min(cost);
        }
        if lowest >= far {
            return None;
        }
        std::mem::swap(&mut before, &mut previous);
        std::mem::swap(&mut previous, &mut current);
    }
    Some(usize::from(previous[width])).filter(|distance| *distance < bound)
}

#[cfg(test)]
mod tests {
    use super::{edits, nearest};

    #[test]
    fn finds_slips_and_nothing_else() {
        let names = ["birthDate", "deceased", "gender", "name"];
        assert_eq!(nearest("birthdate", names), Some("birthDate"));
        assert_eq!(nearest("gnder", names), Some("gender"));
        assert_eq!(nearest("nmae", names), Some("name"));
        assert_eq!(nearest("telecom", names), None);
        assert_eq!(nearest("nickname", ["contained"]), None);
        assert_eq!(nearest("birth_date", names), Some("birthDate"));
        assert_eq!(nearest("--", ["-"]), Some("-"));
    }

    #[test]
    fn edits_are_counted() {
        for (a, b, expected) in [
            ("active", "active", 0),
            ("actve", "active", 1),
            ("acitve", "active", 1),
            ("avtice", "active", 2),
            ("", "abc", 3),
            ("abc", "", 3),
        ] {
            let [a, b]: [Vec<char>; 2] = [a, b].map(|text| text.chars().collect());
            assert_eq!(edits(&a, &b, 4), Some(expected), "{a:?} {b:?}");
        }
    }

    /// The definition of the distance, cell by cell.
    fn plainly(a: &[u8], b: &[u8]) -> usize {
        let mut cells = vec![vec![0; b.len() + 1]; a.len() + 1];
        for i in 0..=a.len() {
            for j in 0..=b.len() {
                cells[i][j] = match (i, j) {
                    (0, _) => j,
                    (_, 0) => i,
                    _ => {
                        let replaced = cells[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                        let mut cost = replaced.min(cells[i - 1][j] + 1).min(cells[i][j - 1] + 1);
                        if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                            cost = cost.min(cells[i - 2][j - 2] + 1);
                        }
                        cost
                    }
                };
            }
        }
        cells[a.len()][b.len()]
    }

    #[test]
    fn no_short_cut_changes_the_count() {
        let mut words: Vec<Vec<u8>> = vec![Vec::new()];
        for length in 0..5 {
            let longest: Vec<Vec<u8>> = words.iter().filter(|word| word.len() == length).cloned().collect();
            words
                .extend(longest.iter().flat_map(|word| b"abc".map(|letter| [&word[..], &[letter]].concat())));
        }
        for a in words.iter().step_by(3) {
            for b in &words {
                let plain = plainly(a, b);
                for bound in [1, 2, 3, 6] {
                    assert_eq!(edits(a, b, bound), Some(plain).filter(|n| *n < bound), "{a:?} {b:?} {bound}");
                }
            }
        }
    }
}
