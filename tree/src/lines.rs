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

/// Where the lines of a text begin.
#[derive(Debug)]
pub struct LineIndex<'s> {
    source: &'s str,
    starts: Vec<usize>,
    /// The last answer: offsets are mostly asked for in order, and a line may be a whole payload.
    last: Cell<(usize, Position)>,
}

impl<'s> LineIndex<'s> {
    /// Finds the lines of a text.
    pub fn new(source: &'s str) -> Self {
        let newlines = memchr::memchr_iter(b'\n', source.as_bytes()).map(|at| at + 1);
        Self {
            source,
            starts: std::iter::once(0).chain(newlines).collect(),
            last: Cell::new((0, Position { line: 1, column: 1 })),
        }
    }

    /// The line and column of a byte offset; past the end means the end.
    pub fn position(&self, offset: usize) -> Position {
        let mut offset = offset.min(self.source.len());
        while !self.source.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.starts.partition_point(|start| *start <= offset);
        let (known, position) = self.last.get();
        let (from, column) = if position.line == line && known <= offset {
            (known, position.column)
        } else {
            (self.starts[line - 1], 1)
        };
        let position = Position { line, column: column + self.source[from..offset].chars().count() };
        self.last.set((offset, position));
        position
    }
}
