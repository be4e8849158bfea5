//! Where findings begin and end, as editors count it.

use ers_fhir_tree::{LineIndex, Position};

use super::checked::Checked;
use crate::Diagnostic;

/// The lines of a payload.
#[derive(Debug)]
pub(super) struct Lines<'c>(LineIndex<'c>);

impl<'c> Lines<'c> {
    pub(super) fn of(checked: &'c Checked) -> Self {
        Self(LineIndex::new(&checked.text))
    }

    /// The place behind the last character of a finding; never before its first.
    pub(super) fn end(&self, diagnostic: &Diagnostic) -> Position {
        self.0.position(diagnostic.span.end).max(diagnostic.position)
    }
}
