//! From byte offsets to lines and columns.

use std::cell::Cell;

/// A place in a text file as editors count it: both from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in Unicode scalar values, from 1.
    pub column: usize,
}

/// Where the lines of a text begin, as far as that is needed to find any of them fast.
#[derive(Debug)]
pub struct LineIndex<'s> {
    source: &'s str,
    /// What precedes each whole block of the text, and the rest after the last one.
    blocks: Vec<Before>,
    /// The last answer: offsets are mostly asked for in order, and a line may be a whole payload.
    last: Cell<(usize, Position)>,
}

/// What precedes a block of a text.
#[derive(Debug, Clone, Copy)]
struct Before {
    /// How many lines end there.
    lines: usize,
    /// Where the last of them ends.
    start: usize,
}

/// Bytes per block. Counting the ends of lines is much faster than listing them.
const BLOCK: usize = 4096;

impl<'s> LineIndex<'s> {
    /// Counts the lines of a text.
    pub fn new(source: &'s str) -> Self {
        let mut before = Before { lines: 0, start: 0 };
        let mut blocks = vec![before];
        for (number, block) in source.as_bytes().chunks_exact(BLOCK).enumerate() {
            before = before.and(block, number * BLOCK);
            blocks.push(before);
        }
        Self { source, blocks, last: Cell::new((0, Position { line: 1, column: 1 })) }
    }

    /// The line and column of a byte offset; past the end means the end.
    pub fn position(&self, offset: usize) -> Position {
        let mut offset = offset.min(self.source.len());
        while !self.source.is_char_boundary(offset) {
            offset -= 1;
        }
        let from = offset / BLOCK * BLOCK;
        let before = self.blocks[offset / BLOCK];
        let Before { lines, start } = before.and(&self.source.as_bytes()[from..offset], from);
        let line = lines + 1;
        let (known, position) = self.last.get();
        let (from, column) =
            if position.line == line && known <= offset { (known, position.column) } else { (start, 1) };
        let position = Position { line, column: column + self.source[from..offset].chars().count() };
        self.last.set((offset, position));
        position
    }
}

impl Before {
    /// What precedes the text after these bytes, which begin at `at`.
    fn and(self, bytes: &[u8], at: usize) -> Self {
        match memchr::memrchr(b'\n', bytes) {
            Some(last) => {
                Self { lines: self.lines + memchr::memchr_iter(b'\n', bytes).count(), start: at + last + 1 }
            }
            None => self,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_are_those_that_counting_gives() {
        for text in [
            String::new(),
            "\n".repeat(2 * BLOCK),
            "é\n\nab".repeat(BLOCK),
            "x".repeat(BLOCK),
            format!("{}\n{}", "x".repeat(BLOCK - 1), "é".repeat(BLOCK)),
        ] {
            let expected = |offset: usize| {
                let before = &text[..offset];
                let start = before.rfind('\n').map_or(0, |at| at + 1);
                Position {
                    line: before.matches('\n').count() + 1,
                    column: before[start..].chars().count() + 1,
                }
            };
            let lines = LineIndex::new(&text);
            // In any order: the last answer must not matter.
            let spread = (0..=text.len()).step_by(501).chain([BLOCK - 1, BLOCK, BLOCK + 1, text.len()]);
            let offsets: Vec<usize> = spread.filter(|at| text.is_char_boundary(*at)).collect();
            for offset in offsets.iter().chain(offsets.iter().rev()) {
                assert_eq!(lines.position(*offset), expected(*offset), "{offset}");
            }
            assert_eq!(lines.position(usize::MAX), expected(text.len()));
        }
    }
}
