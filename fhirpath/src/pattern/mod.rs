//! Regular expressions: linear in time, bounded in size.

mod plain;

use std::borrow::Cow;

use regex::{Regex, RegexBuilder};

use plain::Plain;

/// Bound on the compiled program, so that nested repetitions cannot exhaust memory.
const SIZE_LIMIT: usize = 4 << 20;

/// A valid regular expression.
#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    text: Box<str>,
    means: Means,
}

/// The matcher of a pattern.
#[derive(Debug, Clone)]
enum Means {
    Plain(Plain),
    Regex(Regex),
}

impl Pattern {
    /// Reads a pattern, which must match a whole text if `is_whole`; the error says why it cannot be used.
    pub(crate) fn read(text: &str, is_whole: bool) -> Result<Self, String> {
        let text: Box<str> = if is_whole { format!(r"\A(?:{text})\z").into() } else { text.into() };
        let means = match Plain::read(&text) {
            Some(plain) => Means::Plain(plain),
            None => Means::Regex(compile(&text)?),
        };
        Ok(Self { text, means })
    }

    /// The text that is compiled.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Whether some part of a text matches the pattern.
    pub(crate) fn is_match(&self, text: &str) -> bool {
        match &self.means {
            Means::Plain(plain) => plain.is_match(text),
            Means::Regex(regex) => regex.is_match(text),
        }
    }

    /// The regular expression, to find matches with; that of a plain pattern is compiled each time.
    pub(crate) fn regex(&self) -> Result<Cow<'_, Regex>, String> {
        match &self.means {
            Means::Plain(_) => compile(&self.text).map(Cow::Owned),
            Means::Regex(regex) => Ok(Cow::Borrowed(regex)),
        }
    }
}

/// Compiles a pattern; `.` matches line breaks too, as the specification says ("single line" mode).
fn compile(text: &str) -> Result<Regex, String> {
    RegexBuilder::new(text).dot_matches_new_line(true).size_limit(SIZE_LIMIT).build().map_err(|error| {
        match error {
            regex::Error::CompiledTooBig(_) => "it is too large; use smaller repetition counts".to_owned(),
            // The full text draws the pattern with a caret over several lines; the last one says why.
            other => other.to_string().lines().last().unwrap_or_default().trim().to_owned(),
        }
    })
}

/// Roughly how many states a pattern unfolds to: a repetition counts as often as it may occur.
pub(crate) fn size(text: &str) -> u64 {
    // For each open group, the size of its content and of the last part of it.
    let mut open: Vec<(u64, u64)> = vec![(0, 0)];
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let part = match letter {
            '(' => {
                open.push((0, 0));
                continue;
            }
            ')' if open.len() > 1 => open.pop().map_or(1, |(sum, last)| sum.saturating_add(last).max(1)),
            '\\' => {
                let is_class =
                    matches!(letters.next(), Some('w' | 'W' | 'd' | 'D' | 's' | 'S' | 'p' | 'P' | 'b' | 'B'));
                if is_class { STATES_OF_CLASS } else { 1 }
            }
            '{' => {
                let mut most = 0_u64;
                let mut count = 0_u64;
                while let Some(inner) = letters.next_if(|next| next.is_ascii_digit() || *next == ',') {
                    count = inner
                        .to_digit(10)
                        .map_or(0, |digit| count.saturating_mul(10).saturating_add(u64::from(digit)));
                    most = most.max(count);
                }
                letters.next_if_eq(&'}');
                if let Some((_, last)) = open.last_mut() {
                    *last = last.saturating_mul(most.max(1));
                }
                continue;
            }
            _ => 1,
        };
        if let Some((sum, last)) = open.last_mut() {
            *sum = sum.saturating_add(std::mem::replace(last, part));
        }
    }
    open.into_iter().fold(1, |all, (sum, last)| all.saturating_add(sum).saturating_add(last))
}

/// A class of Unicode is a tree of ranges of bytes.
const STATES_OF_CLASS: u64 = 50;

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn repetitions_count_as_often_as_they_may_come() {
        assert_eq!(size("abc"), 4);
        assert_eq!(size("(ab){10}c{2,5}"), 26);
        assert_eq!(size("((a{90}){90}){90}"), 729_001);
        assert!(size("a{99999999999999999999}{9999999999999999}") > 1 << 60);
        assert_eq!(size(")(\\{"), 3);
    }
}
