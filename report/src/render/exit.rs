//! Makes all output safe for its reader, be that a terminal, a build log or a program.

use std::borrow::Cow;
use std::fmt::Write;

/// The replacement for a character that is not shown.
const UNSHOWN: char = '\u{fffd}';

/// A text without what a terminal or the log of a build would obey: control characters, marks that change the
/// direction of writing, line ends, and what begins a command to a runner (`::`, `##`).
pub fn printable(text: &str) -> Cow<'_, str> {
    let commands = text.trim_start().starts_with("::");
    if !commands && !text.contains("##") && !text.chars().any(is_unshown) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 1);
    let mut last = None;
    let start = text.len() - text.trim_start().len();
    for (at, letter) in text.char_indices() {
        if (letter == '#' && last == Some('#')) || (commands && at == start + 1) {
            shown.push(' ');
        }
        shown.push(if is_unshown(letter) { UNSHOWN } else { letter });
        last = Some(letter);
    }
    Cow::Owned(shown)
}

/// Lines of a payload made safe to show, with tabs kept, and the position of a span in the result.
pub(super) fn printable_lines(line: &str, span: std::ops::Range<usize>) -> (String, std::ops::Range<usize>) {
    let mut last = None;
    let mut clean = |text: &str| -> String {
        text.chars()
            .map(|letter| {
                let is_command = letter == '#' && last.replace(letter) == Some('#');
                last = Some(letter);
                if is_command || !matches!(letter, '\t' | '\n') && is_unshown(letter) {
                    UNSHOWN
                } else {
                    letter
                }
            })
            .collect()
    };
    let mut shown = clean(&line[..span.start]);
    let start = shown.len();
    shown.push_str(&clean(&line[span.clone()]));
    let end = shown.len();
    shown.push_str(&clean(&line[span.end..]));
    (shown, start..end)
}

/// Equivalent JSON that does nothing to a terminal or a runner: characters that would are written as escapes. This
/// works because they can only occur in strings.
pub(super) fn printable_json(json: String) -> String {
    if !json.contains("##") && !json.chars().any(is_unshown) {
        return json;
    }
    let mut shown = String::with_capacity(json.len() + 16);
    let mut last = None;
    for letter in json.chars() {
        // Line ends of the layout are outside strings.
        if letter != '\n' && (is_unshown(letter) || (letter == '#' && last == Some('#'))) {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                let _infallible = write!(shown, "\\u{unit:04x}");
            }
        } else {
            shown.push(letter);
        }
        last = Some(letter);
    }
    shown
}

/// Whether a terminal or a runner obeys a character instead of showing it.
fn is_unshown(letter: char) -> bool {
    if letter.is_ascii() {
        return letter.is_ascii_control();
    }
    letter.is_control()
        || matches!(
            letter,
            '\u{61c}'
                | '\u{200b}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{fffe}'..='\u{ffff}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_speaks_to_a_terminal_or_a_runner() {
        for (text, shown) in [
            ("plain: é ::x #", "plain: é ::x #"),
            ("a\nb\u{1b}[1m\u{202e}", "a\u{fffd}b\u{fffd}[1m\u{fffd}"),
            ("::error::x", ": :error::x"),
            (" ::error::x", " : :error::x"),
            ("x ##vso[task]", "x # #vso[task]"),
            ("###", "# # #"),
            ("a\u{fffe}b\u{ffff}", "a\u{fffd}b\u{fffd}"),
        ] {
            assert_eq!(printable(text), shown);
        }
    }

    #[test]
    fn json_reads_the_same() {
        let text = "a\u{7f}\u{202e}##b\u{e0041}\nc";
        let json = printable_json(serde_json::to_string(text).unwrap_or_default());
        assert!(!json.chars().any(is_unshown) && !json.contains("##"), "{json}");
        assert_eq!(serde_json::from_str::<String>(&json).ok().as_deref(), Some(text));
    }

    #[test]
    fn a_span_stays_on_its_text() {
        let (line, span) = printable_lines("a\u{7}\tb\u{202e}c", 3..4);
        assert_eq!((line.as_str(), &line[span]), ("a\u{fffd}\tb\u{fffd}c", "b"));
        assert_eq!(printable_lines("##[x]", 1..2).0, "#\u{fffd}[x]");
    }
}
