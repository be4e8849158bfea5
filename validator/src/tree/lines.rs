//! From byte offsets to lines and columns.

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
}

impl<'s> LineIndex<'s> {
    /// Finds the lines of a text.
    pub fn new(source: &'s str) -> Self {
        let newlines = memchr::memchr_iter(b'\n', source.as_bytes()).map(|at| at + 1);
        Self { source, starts: std::iter::once(0).chain(newlines).collect() }
    }

    /// The line and column of a byte offset; past the end means the end.
    pub fn position(&self, offset: usize) -> Position {
        let mut offset = offset.min(self.source.len());
        while !self.source.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = self.starts[line - 1];
        Position { line, column: self.source[start..offset].chars().count() + 1 }
    }
}
