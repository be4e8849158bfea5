//! Counts similar findings in a file of payloads, to tell them apart: line numbers may change and do not identify them.

use std::collections::BTreeMap;

use super::checked::Checked;
use super::shown::place;
use crate::Diagnostic;

/// Counts the findings of files that hold several payloads, one payload after the other.
#[derive(Debug, Default)]
pub struct Earlier {
    file: Option<String>,
    counts: BTreeMap<String, usize>,
}

impl Earlier {
    /// Records, in a payload that is a line of a file, how often each of its findings occurred on earlier lines.
    /// Payloads must come in the order in which they are written.
    pub fn count(&mut self, checked: &mut Checked) {
        if checked.before.is_none() {
            return;
        }
        if self.file != checked.within {
            self.file.clone_from(&checked.within);
            self.counts.clear();
        }
        for diagnostic in &checked.report.diagnostics {
            let like = likeness(diagnostic);
            let count = self.counts.entry(like.clone()).or_default();
            checked.earlier.entry(like).or_insert(*count);
            *count += 1;
        }
    }
}

/// What similar findings have in common: rule and element. It is masked, so it holds no value of the payload.
pub(super) fn likeness(diagnostic: &Diagnostic) -> String {
    let parts = [
        diagnostic.rule.code,
        &place(&diagnostic.location, true),
        diagnostic.key.as_deref().unwrap_or_default(),
        diagnostic.element.as_deref().unwrap_or_default(),
    ];
    parts.join("\0")
}
