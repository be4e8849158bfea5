//! CodeSystem: its codes.

use ers_fhir_tree::{Name, Node};
use rustc_hash::FxHashSet;

use super::look::{Table, has, text};
use crate::check::name;

const CONCEPT: Name = Name::known("concept");

pub(super) const TABLE: Table = &[
    // STU3
    ("(concept.code|descendants().concept.code).isDistinct()", csd_1),
    // R4
    ("concept.code.combine($this.descendants().concept.code).isDistinct()", csd_1),
];

/// No code occurs twice, at any depth.
fn csd_1(system: Node<'_>) -> bool {
    if has(system, name::CONTAINED) {
        return false;
    }
    let mut seen = FxHashSet::default();
    let mut open = vec![system];
    while let Some(node) = open.pop() {
        for concept in node.named(CONCEPT) {
            if !text(concept, name::CODE).is_some_and(|code| seen.insert(code)) {
                return false;
            }
            if has(concept, CONCEPT) {
                open.push(concept);
            }
        }
    }
    true
}
