//! The line of a payload that a finding is about, short enough to be shown.

use std::ops::Range;

/// Bytes shown before the finding in a line that is too long to be shown whole.
const BEFORE: usize = 60;
/// Bytes shown from the finding on.
const AFTER: usize = 100;

/// A line, or the part of it around a finding.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Frame<'s> {
    pub(super) text: &'s str,
    /// The offending bytes in it.
    pub(super) span: Range<usize>,
}

impl<'s> Frame<'s> {
    /// Cuts the frame out of a payload. Of a finding over several lines, the first is shown.
    pub(super) fn around(source: &'s str, span: Range<usize>) -> Self {
        let start = boundary_before(source, span.start);
        let line_start = source[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = source[start..].find(['\n', '\r']).map_or(source.len(), |at| start + at);
        let end = boundary_before(source, span.end).clamp(start, line_end.max(start));
        let from = boundary_before(source, line_start.max(start.saturating_sub(BEFORE)));
        let to = boundary_before(source, line_end.min(start + AFTER)).max(start);
        Self { text: &source[from..to], span: start - from..end.min(to) - from }
    }
}

fn boundary_before(source: &str, at: usize) -> usize {
    let mut at = at.min(source.len());
    while !source.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_one_line_around_the_finding() {
        let source = "{\n  \"a\": {\r\n    \"b\": 1\n  }\n}";
        for (bytes, line, underlined) in [
            ("\"a\"", "  \"a\": {", "\"a\""),
            ("{\r\n    \"b\": 1\n  }", "  \"a\": {", "{"),
            ("1", "    \"b\": 1", "1"),
        ] {
            let start = source.find(bytes).expect("in the source");
            let frame = Frame::around(source, start..start + bytes.len());
            assert_eq!((frame.text, &frame.text[frame.span]), (line, underlined));
        }
    }

    #[test]
    fn a_long_line_is_cut_between_characters() {
        let source = "é".repeat(1000);
        for at in 0..source.len() {
            let frame = Frame::around(&source, at..at + 1);
            assert!(frame.text.len() <= BEFORE + AFTER + 2);
            assert!(frame.span.end <= frame.text.len());
        }
        assert_eq!(Frame::around("", 5..9), Frame { text: "", span: 0..0 });
    }
}
