//! Regular expressions: linear in time, bounded in size.

use regex::{Regex, RegexBuilder};

/// Bound on the compiled program, so that nested repetitions cannot exhaust memory.
const SIZE_LIMIT: usize = 4 << 20;

/// Compiles a pattern; `.` matches line breaks too, as the specification says ("single line" mode).
pub(crate) fn compile(text: &str, full: bool) -> Result<Regex, String> {
    let anchored;
    let text = if full {
        anchored = format!(r"\A(?:{text})\z");
        &anchored
    } else {
        text
    };
    RegexBuilder::new(text).dot_matches_new_line(true).size_limit(SIZE_LIMIT).build().map_err(|error| {
        match error {
            regex::Error::CompiledTooBig(_) => "it is too large; use smaller repetition counts".to_owned(),
            // The full text draws the pattern with a caret over several lines; the last one says why.
            other => other.to_string().lines().last().unwrap_or_default().trim().to_owned(),
        }
    })
}
