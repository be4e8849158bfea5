//! Shortcuts: code that sees at once that one of the commonest invariants is met. Where it does not see that,
//! the FHIRPath decides, so a shortcut is never the reason of a finding.
//!
//! In debug builds each "yes" is compared with what the FHIRPath says.

mod bundle;
mod code_system;
mod element_definition;
mod structure_definition;

use ers_fhir_tree::{Kind, Name, Node};
use rustc_hash::FxHashSet;

/// Whether an invariant is surely met at a node.
pub(super) type Shortcut = fn(Node<'_>) -> bool;

/// Expressions without white space, and their shortcuts.
type Table = &'static [(&'static str, Shortcut)];

/// The shortcut of an expression, recognised by its text without white space.
pub(super) fn of(bare: &str) -> Option<Shortcut> {
    let tables: [Table; 4] =
        [bundle::TABLE, code_system::TABLE, element_definition::TABLE, structure_definition::TABLE];
    tables.into_iter().flatten().find(|(expression, _)| *expression == bare).map(|(_, shortcut)| *shortcut)
}

/// Whether a node has a child of that name.
fn has(node: Node<'_>, name: Name) -> bool {
    node.child(name).is_some_and(|child| child.kind() != Kind::EmptyArray)
}

/// The text of a child that has one and does not repeat.
fn text(node: Node<'_>, name: Name) -> Option<&str> {
    let child = node.child(name).filter(|child| !child.in_array())?;
    child.value().filter(|text| !text.is_empty())
}

/// Whether all are there, and no two are the same.
fn are_distinct<'d>(texts: impl Iterator<Item = Option<&'d str>>) -> bool {
    let mut seen = FxHashSet::default();
    seen.reserve(texts.size_hint().0);
    let mut texts = texts;
    texts.all(|text| text.is_some_and(|text| seen.insert(text)))
}
