//! The line of a payload that a finding is about, short enough to be shown.

use std::ops::Range;

/// Longest line, in bytes, that is taken whole; the renderer shows what fits of it.
const WHOLE: usize = 2000;
/// Bytes taken of a longer line before the finding.
const BEFORE: usize = 60;
/// Bytes taken from the finding on.
const AFTER: usize = 100;

/// A line, or the part of it around a finding.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Frame<'s> {
    pub(super) text: &'s str,
    /// The offending bytes in it.
    pub(super) span: Range<usize>,
    /// Whether columns are those of the payload.
    pub(super) is_whole: bool,
}

impl<'s> Frame<'s> {
    /// Cuts the frame out of a payload. Of a finding over several lines, the first is shown.
    pub(super) fn around(source: &'s str, span: Range<usize>) -> Self {
        let start = boundary_before(source, span.start);
        // A payload may be one long line with any number of findings, so no search goes far.
        let near = boundary_before(source, start.saturating_sub(WHOLE + 1));
        let line_start = source[near..start].rfind('\n').map_or(near, |at| near + at + 1);
        let far = boundary_before(source, start + WHOLE + 4);
        let line_end = source[start..far].find(['\n', '\r']).map_or(far, |at| start + at);
        let end = boundary_before(source, span.end).clamp(start, line_end.max(start));
        let is_whole = line_end.saturating_sub(line_start) <= WHOLE;
        let (from, to) = if is_whole {
            (line_start, line_end.max(start))
        } else {
            let from = boundary_before(source, line_start.max(start.saturating_sub(BEFORE)));
            (from, boundary_before(source, line_end.min(start + AFTER)).max(start))
        };
        Self { text: &source[from..to], span: start - from..end.min(to) - from, is_whole }
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
        let source = "é".repeat(WHOLE);
        for at in (0..source.len()).step_by(7) {
            let frame = Frame::around(&source, at..at + 1);
            assert!(frame.text.len() <= BEFORE + AFTER + 2);
            assert!(frame.span.end <= frame.text.len() && !frame.is_whole);
        }
        assert_eq!(Frame::around("", 5..9), Frame { text: "", span: 0..0, is_whole: true });
    }
}
