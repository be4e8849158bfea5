//! The text of an open file, and positions in it as editors count them.

use std::ops::Range;

use lsp_types::{Position, PositionEncodingKind, TextDocumentContentChangeEvent};

/// How an editor counts positions in a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Encoding {
    /// Bytes.
    Utf8,
    /// UTF-16 code units, which every editor supports.
    #[default]
    Utf16,
    /// Characters.
    Utf32,
}

impl Encoding {
    /// The best encoding that an editor offers: the one that needs no counting.
    pub(crate) fn best(offered: &[PositionEncodingKind]) -> Self {
        let offers = |kind| offered.contains(&kind);
        if offers(PositionEncodingKind::UTF8) {
            Self::Utf8
        } else if offers(PositionEncodingKind::UTF32) && !offers(PositionEncodingKind::UTF16) {
            Self::Utf32
        } else {
            Self::Utf16
        }
    }

    /// Its name in the protocol.
    pub(crate) fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
            Self::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    fn width(self, letter: char) -> usize {
        match self {
            Self::Utf8 => letter.len_utf8(),
            Self::Utf16 => letter.len_utf16(),
            Self::Utf32 => 1,
        }
    }
}

/// A text with the starts of its lines.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    content: String,
    starts: Vec<usize>,
    encoding: Encoding,
}

impl Text {
    /// A text with a position encoding.
    pub(crate) fn new(content: String, encoding: Encoding) -> Self {
        let starts = starts(&content);
        Self { content, starts, encoding }
    }

    /// All of it.
    pub(crate) fn content(&self) -> &str {
        &self.content
    }

    /// The place of a byte.
    pub(crate) fn position(&self, offset: usize) -> Position {
        let mut offset = offset.min(self.content.len());
        while !self.content.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.starts.partition_point(|start| *start <= offset) - 1;
        let before = &self.content[self.starts[line]..offset];
        let character = match self.encoding {
            Encoding::Utf8 => before.len(),
            encoding if before.is_ascii() && encoding != Encoding::Utf8 => before.len(),
            encoding => before.chars().map(|letter| encoding.width(letter)).sum(),
        };
        Position { line: line as u32, character: character as u32 }
    }

    /// The places of some bytes.
    pub(crate) fn range(&self, span: &Range<usize>) -> lsp_types::Range {
        lsp_types::Range { start: self.position(span.start), end: self.position(span.end.max(span.start)) }
    }

    /// The byte of a position; beyond the end of a line, its end.
    pub(crate) fn offset(&self, position: Position) -> usize {
        let Some(start) = self.starts.get(position.line as usize).copied() else { return self.content.len() };
        let end = self.starts.get(position.line as usize + 1).map_or(self.content.len(), |next| next - 1);
        let line = &self.content[start..end];
        let wanted = position.character as usize;
        let mut passed = 0;
        for (at, letter) in line.char_indices() {
            if passed >= wanted {
                return start + at;
            }
            passed += self.encoding.width(letter);
        }
        end
    }

    /// Applies an edit.
    pub(crate) fn change(&mut self, changes: Vec<TextDocumentContentChangeEvent>) {
        for change in changes {
            match change.range {
                Some(range) => {
                    let start = self.offset(range.start);
                    let end = self.offset(range.end).max(start);
                    self.content.replace_range(start..end, &change.text);
                }
                None => self.content = change.text,
            }
            self.starts = starts(&self.content);
        }
    }
}

fn starts(content: &str) -> Vec<usize> {
    let behind = content.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
    std::iter::once(0).chain(behind).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_bytes_agree_in_every_encoding() {
        let content = "{\n  \"ä\": \"𝒳y\"\n}";
        for (encoding, character) in [(Encoding::Utf8, 13), (Encoding::Utf16, 10), (Encoding::Utf32, 9)] {
            let text = Text::new(content.to_owned(), encoding);
            let at = content.find('y').expect("it is there");
            assert_eq!(text.position(at), Position { line: 1, character }, "{encoding:?}");
            for (offset, _) in content.char_indices() {
                assert_eq!(text.offset(text.position(offset)), offset, "{encoding:?}");
            }
        }
    }

    #[test]
    fn what_is_typed_is_taken_over() {
        let mut text = Text::new("{\n  \"ä\": 1\n}".to_owned(), Encoding::Utf16);
        let place = |line, character| Position { line, character };
        let change = |range, text: &str| TextDocumentContentChangeEvent {
            range,
            range_length: None,
            text: text.to_owned(),
        };
        let digit = lsp_types::Range { start: place(1, 7), end: place(1, 8) };
        let far = lsp_types::Range { start: place(9, 0), end: place(9, 9) };
        text.change(vec![change(Some(digit), "22"), change(Some(far), "\n")]);
        assert_eq!(text.content(), "{\n  \"ä\": 22\n}\n");
        text.change(vec![change(None, "{}")]);
        assert_eq!(text.content(), "{}");
        assert_eq!(text.offset(place(0, 99)), 2);
    }
}
