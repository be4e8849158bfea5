//! The type of shortcuts, and helpers to look at nodes.

use ers_fhir_tree::{Kind, Name, Node};
use rustc_hash::FxHashSet;

/// Whether an invariant is certainly met at a node.
pub(crate) type Shortcut = fn(Node<'_>) -> bool;

/// Expressions without white space, and their shortcuts.
pub(super) type Table = &'static [(&'static str, Shortcut)];

/// Whether a node has a child of that name.
pub(super) fn has(node: Node<'_>, name: Name) -> bool {
    node.child(name).is_some_and(|child| child.kind() != Kind::EmptyArray)
}

/// The text of a child that has one and does not repeat.
pub(super) fn text(node: Node<'_>, name: Name) -> Option<&str> {
    let child = node.child(name).filter(|child| !child.in_array())?;
    child.value().filter(|text| !text.is_empty())
}

/// Whether all are present, and no two are equal.
pub(super) fn are_distinct<'d>(texts: impl Iterator<Item = Option<&'d str>>) -> bool {
    let mut seen = FxHashSet::default();
    seen.reserve(texts.size_hint().0);
    let mut texts = texts;
    texts.all(|text| text.is_some_and(|text| seen.insert(text)))
}
