//! The lines of a payload around a finding, shortened where needed.

use std::ops::Range;

use crate::mask::HIDDEN;

/// Longest line, in bytes, that is shown in full.
const WIDTH: usize = 120;
/// Bytes shown before the finding on a longer line.
const BEFORE: usize = 40;
/// Bytes shown of the beginning of a long finding, and of its end.
const EDGE: usize = 40;
/// Size, in bytes, up to which a finding over several lines is shown to its end.
const MOST: usize = 8 << 10;
/// How far to look for the ends of a line: a payload may be one long line with any number of findings.
const REACH: usize = 2000;
/// Marks omitted text.
const CUT: char = '…';

/// The part of a payload that is shown.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Frame {
    /// The lines, joined by `\n`.
    pub(super) text: String,
    /// The offending bytes in these lines.
    pub(super) span: Range<usize>,
    /// Whether the finding extends beyond the text shown.
    pub(super) ends_elsewhere: bool,
}

impl Frame {
    /// Cuts the frame out of a payload.
    pub(super) fn around(source: &str, span: Range<usize>) -> Self {
        let start = boundary_before(source, span.start);
        let end = boundary_before(source, span.end).max(start);
        let (line, is_near) = line_around(source, start);
        if end <= line.end || end - start > MOST || !is_near {
            let shown = line.start..line.end.max(start);
            let upto = end.clamp(start, shown.end);
            let (text, span) = cut(&source[shown.clone()], start - shown.start..upto - shown.start);
            return Self { text, span, ends_elsewhere: end > line.end };
        }
        let (last, _) = line_around(source, end);
        let (mut text, mut from, mut at) = (String::new(), 0, line.start);
        loop {
            let whole = source[at..last.end].split_once('\n').map_or(&source[at..last.end], |(line, _)| line);
            let shown = whole.trim_end_matches('\r');
            let is_first = at == line.start;
            let is_last = at + whole.len() >= end;
            let inner = (if is_first { start - at } else { 0 }).min(shown.len());
            let upto = if is_last { (end - at).min(shown.len()) } else { shown.len() };
            let (piece, span) = cut(shown, inner..upto.max(inner));
            let offset = text.len();
            text.push_str(&piece);
            if is_first {
                from = offset + span.start;
            }
            if is_last {
                let span = from..(offset + span.end).max(from);
                return Self { text, span, ends_elsewhere: false };
            }
            text.push('\n');
            at += whole.len() + 1;
        }
    }
}

impl Frame {
    /// The frame with all runs of `*` equally long: the length of a hidden value may give it away.
    pub(super) fn with_even_stars(self) -> Self {
        let mut text = String::with_capacity(self.text.len());
        let (mut start, mut end) = (0, 0);
        let mut is_hidden = false;
        for (at, letter) in self.text.char_indices() {
            if at == self.span.start {
                start = text.len();
            }
            if at == self.span.end {
                end = text.len();
            }
            let was_hidden = std::mem::replace(&mut is_hidden, letter == '*');
            if !is_hidden {
                text.push(letter);
            } else if !was_hidden {
                text.push_str(HIDDEN);
            }
        }
        if self.span.start >= self.text.len() {
            start = text.len();
        }
        if self.span.end >= self.text.len() {
            end = text.len();
        }
        Self { span: start..end.max(start), text, ends_elsewhere: self.ends_elsewhere }
    }
}

/// The line that a byte is on, as far as its ends are within reach, and whether they are.
fn line_around(source: &str, at: usize) -> (Range<usize>, bool) {
    let near = boundary_before(source, at.saturating_sub(REACH));
    let begin = source[near..at].rfind('\n').map(|found| near + found + 1);
    let far = boundary_before(source, at + REACH);
    let end = source[at..far].find(['\n', '\r']).map(|found| at + found);
    let is_near = (begin.is_some() || near == 0) && (end.is_some() || far == source.len());
    (begin.unwrap_or(near)..end.unwrap_or(far), is_near)
}

/// A line folded around a span of it.
fn cut(line: &str, span: Range<usize>) -> (String, Range<usize>) {
    if line.len() <= WIDTH {
        return (line.to_owned(), span);
    }
    let mut text = String::with_capacity(WIDTH + 64);
    let from = boundary_before(line, span.start.saturating_sub(BEFORE));
    if from > 0 {
        text.push(CUT);
    }
    text.push_str(&line[from..span.start]);
    let start = text.len();
    if span.len() <= 2 * EDGE {
        text.push_str(&line[span.clone()]);
    } else {
        text.push_str(&line[span.start..boundary_before(line, span.start + EDGE)]);
        text.push(CUT);
        text.push_str(&line[boundary_before(line, span.end - EDGE)..span.end]);
    }
    let end = text.len();
    let to = boundary_before(line, span.end + BEFORE);
    text.push_str(&line[span.end..to]);
    if to < line.len() {
        text.push(CUT);
    }
    (text, start..end)
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
    fn a_frame_is_the_lines_of_the_finding() {
        let source = "{\n  \"a\": {\r\n    \"b\": 1\n  }\n}";
        for (bytes, lines, underlined) in [
            ("\"a\"", "  \"a\": {", "\"a\""),
            ("{\r\n    \"b\": 1\n  }", "  \"a\": {\n    \"b\": 1\n  }", "{\n    \"b\": 1\n  }"),
            ("1", "    \"b\": 1", "1"),
        ] {
            let start = source.find(bytes).expect("in the source");
            let frame = Frame::around(source, start..start + bytes.len());
            assert_eq!((frame.text.as_str(), &frame.text[frame.span]), (lines, underlined));
        }
    }

    #[test]
    fn what_is_hidden_is_of_one_length() {
        for (masked, span, shown, underlined) in [
            ("  \"a\": ****,", 7..11, "  \"a\": ***,", "***"),
            ("  \"a\": *****,", 7..12, "  \"a\": ***,", "***"),
            ("{\"*\": \"**\"}", 1..4, "{\"***\": \"***\"}", "\"***\""),
            ("** ****", 3..7, "*** ***", "***"),
        ] {
            let frame = Frame { text: masked.to_owned(), span, ends_elsewhere: false }.with_even_stars();
            assert_eq!((frame.text.as_str(), &frame.text[frame.span.clone()]), (shown, underlined));
        }
    }

    #[test]
    fn a_long_line_is_folded_around_the_finding_between_characters() {
        let source = "é".repeat(3 * REACH);
        for (at, length) in (0..source.len()).step_by(7).zip([1, 30, 90, 500].into_iter().cycle()) {
            let frame = Frame::around(&source, at..at + length);
            assert!(frame.text.len() <= 2 * BEFORE + 2 * EDGE + 12, "{}", frame.text.len());
            assert!(frame.span.end <= frame.text.len() && frame.text.is_char_boundary(frame.span.start));
        }
        let line = format!("{}<{}>{}", "a".repeat(300), "b".repeat(300), "c".repeat(300));
        let frame = Frame::around(&line, 300..602);
        let underlined = &frame.text[frame.span.clone()];
        assert!(underlined.starts_with("<bb") && underlined.ends_with("bb>"), "{underlined}");
        assert!(frame.text.starts_with("…aa") && frame.text.ends_with("cc…"), "{}", frame.text);
    }

    #[test]
    fn what_is_too_long_or_not_there_ends_elsewhere_or_is_empty() {
        let source = "[\n".to_owned() + &"1,\n".repeat(MOST) + "]";
        assert!(Frame::around(&source, 0..source.len()).ends_elsewhere);
        let none = Frame { text: String::new(), span: 0..0, ends_elsewhere: false };
        assert_eq!(Frame::around("", 5..9), none);
        let last = Frame::around("{\n}", 0..3);
        assert_eq!((last.text.as_str(), last.span), ("{\n}", 0..3));
    }
}
