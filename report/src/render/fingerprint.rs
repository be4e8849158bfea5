//! What tells a finding from others, whatever lines it moves to.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::checked::Checked;
use super::shown::place;
use crate::Diagnostic;

/// Makes the fingerprints of the findings of one payload, in order.
#[derive(Debug)]
pub(super) struct Fingerprints<'c> {
    name: &'c str,
    /// How often the same was found before.
    seen: BTreeMap<[u8; 32], usize>,
}

impl<'c> Fingerprints<'c> {
    pub(super) fn of(checked: &'c Checked) -> Self {
        Self { name: &checked.name, seen: BTreeMap::new() }
    }

    /// The fingerprint of the next finding: 32 hexadecimal digits of its file, rule and element, and of how many
    /// like it came before.
    pub(super) fn next(&mut self, diagnostic: &Diagnostic) -> String {
        let parts = [
            self.name,
            diagnostic.rule.code,
            // Masked, so that no value of the payload is in it, not even hashed.
            &place(&diagnostic.location, true),
            diagnostic.key.as_deref().unwrap_or_default(),
            diagnostic.element.as_deref().unwrap_or_default(),
        ];
        let mut hash = Sha256::new();
        for part in parts {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        let count = self.seen.entry(hash.clone().finalize().into()).or_default();
        hash.update(count.to_le_bytes());
        *count += 1;
        let hash = hash.finalize();
        let [first, second] =
            [0, 8].map(|at| hash[at..at + 8].iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)));
        format!("{first:016x}{second:016x}")
    }
}
