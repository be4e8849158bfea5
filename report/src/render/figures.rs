//! The summary of a run in words.

use std::fmt::Write;

use super::exit::printable;
use super::summary::Summary;

/// How much was checked, and how much was found.
pub(super) fn headline(summary: &Summary) -> String {
    let mut text = format!(
        "{} checked, {} failed: {}, {}, {} information",
        count(summary.checked, "payload"),
        summary.failing,
        count(summary.errors, "error"),
        count(summary.warnings, "warning"),
        summary.information,
    );
    if summary.guessed > 0 {
        let _ = write!(
            text,
            "; the release of {} was assumed, as nothing states it",
            if summary.guessed == summary.checked { "each".to_owned() } else { summary.guessed.to_string() }
        );
    }
    if !summary.skipped.is_empty() {
        let _ = write!(text, "; {} skipped", count(summary.skipped.len(), "file"));
    }
    if summary.ignored > 0 {
        let _ = write!(text, "; {} ignored", count(summary.ignored, "path"));
    }
    if summary.unreadable > 0 {
        let _ = write!(text, "; {} could not be read", summary.unreadable);
    }
    if summary.unwritten > 0 {
        let _ = write!(text, "; {} could not be written", summary.unwritten);
    }
    if summary.known > 0 {
        let _ = write!(text, "; {} in the baseline left out", count(summary.known, "finding"));
    }
    if summary.suppressed > 0 {
        let _ = write!(text, "; {} suppressed", count(summary.suppressed, "finding"));
    }
    text
}

/// What could not be checked.
pub(super) fn unchecked(summary: &Summary) -> Option<String> {
    (!summary.gaps.is_empty()).then(|| format!("not checked: {}", summary.gaps))
}

/// Both, one per line.
pub(super) fn figures(summary: &Summary) -> impl Iterator<Item = String> {
    std::iter::once(headline(summary)).chain(unchecked(summary))
}

/// How often each rule is broken, and where first; the most frequent rule comes first.
pub(super) fn table(summary: &Summary) -> String {
    let mut rows: Vec<_> = summary.rules.iter().collect();
    rows.sort_by_key(|(code, often)| (std::cmp::Reverse(often.count), **code));
    let width = rows.iter().map(|(code, _)| code.len()).max().unwrap_or_default();
    rows.iter().fold(String::new(), |mut text, (code, often)| {
        let _ = writeln!(text, "{:>7}  {code:width$}  {}", often.count, printable(&often.first));
        text
    })
}

pub(super) fn count(number: usize, thing: &str) -> String {
    if number == 1 { format!("1 {thing}") } else { format!("{number} {thing}s") }
}
