//! Identifies a finding, even when its line number changes.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::checked::Checked;
use super::earlier::likeness;
use crate::Diagnostic;

/// Makes the fingerprints of the findings of one payload, in order.
#[derive(Debug)]
pub(super) struct Fingerprints {
    name: String,
    /// How often similar findings occurred before.
    seen: BTreeMap<String, usize>,
}

impl Fingerprints {
    pub(super) fn of(checked: &Checked) -> Self {
        let is_of_file = checked.before.is_some();
        let name = if is_of_file { checked.file().to_owned() } else { checked.name_in_repository() };
        Self { name, seen: checked.earlier.clone() }
    }

    /// The fingerprint of the next finding: 32 hexadecimal digits from its file, rule and element, and from how many
    /// similar findings came before.
    pub(super) fn next(&mut self, diagnostic: &Diagnostic) -> String {
        let like = likeness(diagnostic);
        let mut hash = Sha256::new();
        for part in [&self.name, &like] {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        let count = self.seen.entry(like).or_default();
        hash.update(count.to_le_bytes());
        *count += 1;
        let hash = hash.finalize();
        let [first, second] =
            [0, 8].map(|at| hash[at..at + 8].iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)));
        format!("{first:016x}{second:016x}")
    }
}
