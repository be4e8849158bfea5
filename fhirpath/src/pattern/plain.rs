//! Patterns for whole texts that need no automaton. Most invariants check codes, numbers and URLs with such patterns.
//!
//! A pattern with anything more is not read here; it is left to the regular expression.

/// Most endings that are told apart.
const MOST_ENDINGS: usize = 8;

/// Greatest number of repetitions that a plain pattern names.
const MOST_TIMES: usize = 1000;

/// A pattern of a whole text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Plain {
    /// A sequence of letters from sets, each with a number of repetitions: `^[A-Z]{3}-[0-9]+$`.
    Pieces(Box<[Piece]>),
    /// Anything, followed by one of some texts: `^.+/codes/(v1/)?a$`.
    Ending(Box<[Box<str>]>),
}

/// Repeated letters from one set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece {
    /// A bit for each ASCII letter.
    set: u128,
    min: usize,
    max: usize,
}

impl Plain {
    /// Reads a pattern; `None` where it is not plain enough.
    pub(super) fn read(pattern: &str) -> Option<Self> {
        let inner = pattern.strip_prefix('^')?.strip_suffix('$').filter(|inner| inner.is_ascii())?;
        match inner.strip_prefix(".+") {
            Some(ending) => Self::ending(ending),
            None => Self::pieces(inner.as_bytes()),
        }
    }

    /// Whether a text matches the pattern.
    pub(super) fn is_match(&self, text: &str) -> bool {
        match self {
            Self::Pieces(pieces) => {
                let mut rest = text.as_bytes();
                for piece in pieces {
                    let most = piece.max.min(rest.len());
                    let count = rest[..most].iter().take_while(|letter| piece.has(**letter)).count();
                    if count < piece.min {
                        return false;
                    }
                    rest = &rest[count..];
                }
                rest.is_empty()
            }
            Self::Ending(endings) => {
                endings.iter().any(|ending| text.len() > ending.len() && text.ends_with(&**ending))
            }
        }
    }

    /// Literal text with optional parts in brackets.
    fn ending(mut pattern: &str) -> Option<Self> {
        let mut endings = vec![String::new()];
        while let Some((before, behind)) = pattern.split_once('(') {
            let (part, rest) = behind.split_once(")?")?;
            if !is_literal(before) || !is_literal(part) || 2 * endings.len() > MOST_ENDINGS {
                return None;
            }
            endings = endings
                .iter()
                .flat_map(|ending| [format!("{ending}{before}"), format!("{ending}{before}{part}")])
                .collect();
            pattern = rest;
        }
        let endings = endings.into_iter().map(|ending| (ending + pattern).into());
        is_literal(pattern).then(|| Self::Ending(endings.collect()))
    }

    fn pieces(mut pattern: &[u8]) -> Option<Self> {
        let mut pieces = Vec::new();
        while !pattern.is_empty() {
            let set = read_set(&mut pattern)?;
            let (min, max) = read_count(&mut pattern)?;
            pieces.push(Piece { set, min, max });
        }
        // Greedy matching must never take a letter that a later piece needs.
        let is_clear = |at: usize| {
            let piece: &Piece = &pieces[at];
            let behind = pieces[at + 1..].iter();
            let mut until_needed = true;
            piece.min == piece.max
                || behind
                    .take_while(|next| std::mem::replace(&mut until_needed, next.min == 0))
                    .all(|next| piece.set & next.set == 0)
        };
        (0..pieces.len()).all(is_clear).then(|| Self::Pieces(pieces.into()))
    }
}

impl Piece {
    fn has(self, letter: u8) -> bool {
        1_u128.checked_shl(letter.into()).is_some_and(|bit| self.set & bit != 0)
    }
}

/// Whether a part of a pattern is literal.
fn is_literal(part: &str) -> bool {
    part.bytes().all(is_plain)
}

/// Whether a letter of a pattern is literal.
fn is_plain(letter: u8) -> bool {
    !b"\\^$.|?*+()[]{}".contains(&letter)
}

/// Reads a letter, or a set of letters in brackets.
fn read_set(pattern: &mut &[u8]) -> Option<u128> {
    let (first, rest) = pattern.split_first()?;
    *pattern = rest;
    match first {
        b'[' => {
            let end = rest.iter().position(|letter| *letter == b']')?;
            *pattern = &rest[end + 1..];
            read_class(&rest[..end])
        }
        letter if is_plain(*letter) => Some(1 << letter),
        _ => None,
    }
}

/// Reads letters and ranges of letters; anything more is not supported.
fn read_class(mut class: &[u8]) -> Option<u128> {
    let mut set = 0_u128;
    // Two dashes subtract one set from another.
    if class.is_empty() || class.windows(2).any(|pair| pair == b"--") {
        return None;
    }
    while let Some((first, rest)) = class.split_first() {
        let (last, rest) = match rest {
            [b'-', last, rest @ ..] => (last, rest),
            _ => (first, rest),
        };
        let is_simple = |letter: &u8| !matches!(letter, b'\\' | b'[' | b'^' | b'&' | b'~');
        if !is_simple(first)
            || !is_simple(last)
            || first > last
            || rest.first() == Some(&b'-') && !rest[1..].is_empty()
        {
            return None;
        }
        set |= (*first..=*last).fold(0, |bits, letter| bits | 1_u128 << letter);
        class = rest;
    }
    Some(set)
}

/// Reads a repetition: exactly once where there is none.
fn read_count(pattern: &mut &[u8]) -> Option<(usize, usize)> {
    let (range, rest) = match pattern {
        [b'+', rest @ ..] => ((1, usize::MAX), rest),
        [b'*', rest @ ..] => ((0, usize::MAX), rest),
        [b'?', rest @ ..] => ((0, 1), rest),
        [b'{', rest @ ..] => {
            let end = rest.iter().position(|letter| *letter == b'}')?;
            let written = std::str::from_utf8(&rest[..end]).ok()?;
            let (min, max) = written.split_once(',').unwrap_or((written, written));
            let number = |digits: &str| {
                digits.bytes().all(|digit| digit.is_ascii_digit()).then(|| digits.parse().ok())?
            };
            let range = (number(min)?, if max.is_empty() { usize::MAX } else { number(max)? });
            (range, &rest[end + 1..])
        }
        _ => return Some((1, 1)),
    };
    // A following quantifier would make it lazy, or repeat the repetition.
    if matches!(rest.first(), Some(b'+' | b'*' | b'?' | b'{')) || range.0 > range.1.min(MOST_TIMES) {
        return None;
    }
    *pattern = rest;
    Some(range)
}

#[cfg(test)]
mod tests {
    use super::Plain;
    use crate::pattern::Pattern;

    const PLAIN: &[&str] = &[
        "^$",
        "^a$",
        "^[0-9]{10}$",
        "^[0-9]+$",
        "^Order/[0-9]{3}/_history/[0-9]+$",
        "^[A-Z0-9]{3,10}$",
        "^N-[0-9]+$",
        "^Binary/[A-Za-z0-9.-]{1,64}$",
        "^[ab]*c?[de]{2,}$",
        "^a?b$",
        "^.+/codes/(v1/)?a$",
        "^.+a$",
        "^.+(a)?(b)?$",
    ];

    const OTHER: &[&str] = &[
        "",
        "[0-9]",
        "^[0-9]",
        "^a|b$",
        "^(ab)+$",
        "^[^a]$",
        "^[a\\d]$",
        "^\\d$",
        "^a+a$",
        "^a?b?a$",
        "^[a-c]*[c-d]$",
        "^a+?$",
        "^a{2}{3}$",
        "^a{3,2}$",
        "^[]$",
        "^[z-a]$",
        "^é$",
        "^.+a.$",
        "^.+(a|b)?$",
        "^.+(a)$",
        "^a\\$",
        "^[a-c-e]$",
        "^[--a]$",
        "^[a-z--c]$",
        "^[[:alpha:]]$",
        "^a^b$",
        "^a{1001}$",
    ];

    const WHOLE: &[&str] = &[
        "",
        "\n",
        "é",
        "0123456789",
        "ABC",
        "Order/007/_history/5",
        "N-1",
        "Binary/a.b-c",
        "x/codes/a",
        "x/codes/v1/a",
        "/codes/a",
        "\n/codes/a",
        "x/codes/v2/a",
    ];

    #[test]
    fn plain_patterns_are_read_and_no_others() {
        for pattern in PLAIN {
            assert!(Plain::read(pattern).is_some(), "{pattern}");
        }
        for pattern in OTHER {
            assert_eq!(Plain::read(pattern), None, "{pattern}");
        }
    }

    #[test]
    fn it_decides_as_the_regular_expression_does() {
        let mut texts: Vec<String> = WHOLE.iter().map(|text| (*text).to_owned()).collect();
        // All short texts of a few letters, and each of the above with one letter changed, more and less.
        let letters = ["a", "b", "c", "d", "0", "-", "\n", "é"];
        let mut last = vec![String::new()];
        for _ in 0..4 {
            last = last.iter().flat_map(|text| letters.map(|letter| format!("{text}{letter}"))).collect();
            texts.extend(last.iter().cloned());
        }
        for text in WHOLE {
            for at in 0..text.chars().count() {
                let before: String = text.chars().take(at).collect();
                let behind: String = text.chars().skip(at + 1).collect();
                texts.extend(["", "Z", "00"].map(|letter| format!("{before}{letter}{behind}")));
            }
        }
        for pattern in PLAIN {
            let plain = Plain::read(pattern).unwrap();
            let pattern = Pattern::read(pattern, false).unwrap();
            let regex = pattern.regex().unwrap();
            for text in &texts {
                assert_eq!(plain.is_match(text), regex.is_match(text), "{regex} of {text:?}");
            }
        }
    }
}
