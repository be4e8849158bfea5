//! Where findings begin and end, in the lines and columns of editors.

use ers_fhir_tree::{LineIndex, Position};

use super::checked::{Before, Checked};
use crate::Diagnostic;

/// The lines of a payload.
#[derive(Debug)]
pub(super) struct Lines<'c> {
    index: LineIndex<'c>,
    before: Before,
}

impl<'c> Lines<'c> {
    pub(super) fn of(checked: &'c Checked) -> Self {
        Self { index: LineIndex::new(&checked.text), before: checked.before.unwrap_or_default() }
    }

    /// The place after the last character of a finding; never before its first.
    pub(super) fn end(&self, diagnostic: &Diagnostic) -> Position {
        let end = self.index.position(diagnostic.span.end);
        Position { line: end.line + self.before.lines, ..end }.max(diagnostic.position)
    }

    /// Maps a byte of the payload to a byte of the file.
    #[cfg(feature = "pipelines")]
    pub(super) fn byte_in_file(&self, byte: usize) -> usize {
        self.before.bytes + byte
    }
}
