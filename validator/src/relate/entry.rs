//! The entries of a Bundle: a fault in one does not follow from a fault in another.

use std::ops::Range;

use ers_fhir_tree::{Document, NodeId};

use crate::check::finding::Finding;

/// For each finding, in document order, the entry of the Bundle that it is in; the root if it is in none.
pub(super) struct Entries(Vec<NodeId>);

impl Entries {
    pub(super) fn of(findings: &[Finding<'_>], document: &Document<'_>) -> Self {
        if document.root().resource_type() != Some("Bundle") {
            return Self(vec![NodeId::ROOT; findings.len()]);
        }
        let entry_of = |finding: &Finding<'_>| {
            let mut node = document.node(finding.node);
            while let Some(parent) = node.parent() {
                if parent.id() == NodeId::ROOT && node.is_called("entry") {
                    return node.id();
                }
                node = parent;
            }
            NodeId::ROOT
        };
        Self(findings.iter().map(entry_of).collect())
    }

    /// The nearby findings in the entry of a finding; all nearby ones if it is in none.
    pub(super) fn around(&self, at: usize, near: Range<usize>) -> Range<usize> {
        let entry = self.0[at];
        if entry == NodeId::ROOT {
            return near;
        }
        let is_other = |other: &usize| self.0[*other] != entry;
        let start = (near.start..at).rev().find(is_other).map_or(near.start, |other| other + 1);
        let end = (at..near.end).find(is_other).unwrap_or(near.end);
        start..end
    }
}
