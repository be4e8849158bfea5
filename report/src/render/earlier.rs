//! Which findings of a file of payloads are like earlier ones in it: lines of the file may move, so they tell nothing.

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
    /// Tells a payload that is a line of a file how often each of its findings was met on earlier lines. Payloads are
    /// given in the order in which they are written.
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

/// What is the same of findings that are alike: rule and element. Masked, so that no value of the payload is in it.
pub(super) fn likeness(diagnostic: &Diagnostic) -> String {
    let parts = [
        diagnostic.rule.code,
        &place(&diagnostic.location, true),
        diagnostic.key.as_deref().unwrap_or_default(),
        diagnostic.element.as_deref().unwrap_or_default(),
    ];
    parts.join("\0")
}
