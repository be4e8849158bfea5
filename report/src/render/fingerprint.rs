//! What tells a finding from others, whatever lines it moves to.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::checked::Checked;
use super::earlier::likeness;
use crate::Diagnostic;

/// Makes the fingerprints of the findings of one payload, in order.
#[derive(Debug)]
pub(super) struct Fingerprints<'c> {
    name: &'c str,
    /// How often the like was found before.
    seen: BTreeMap<String, usize>,
}

impl<'c> Fingerprints<'c> {
    pub(super) fn of(checked: &'c Checked) -> Self {
        let name = checked.place_name();
        Self { name: name.strip_prefix("./").unwrap_or(name), seen: checked.earlier.clone() }
    }

    /// The fingerprint of the next finding: 32 hexadecimal digits of its file, rule and element, and of how many
    /// like it came before.
    pub(super) fn next(&mut self, diagnostic: &Diagnostic) -> String {
        let like = likeness(diagnostic);
        let mut hash = Sha256::new();
        for part in [self.name, &like] {
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
