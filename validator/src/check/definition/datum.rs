//! A part of a payload as plain data, as those who read definitions want it.

use ers_fhir_profiles::datum::Datum;
use ers_fhir_tree::Node;

/// Deepest level that is copied; no definition goes as deep.
const MAX_DEPTH: usize = 64;

/// The node and all below it, without narrative and without what a resource contains.
pub(super) fn datum(node: Node<'_>) -> Datum {
    at_depth(node, 0)
}

fn at_depth(node: Node<'_>, depth: usize) -> Datum {
    let is_data = |child: &Node<'_>| depth > 0 || !matches!(child.name(), "text" | "contained");
    let children = node.children().filter(is_data).filter(|_| depth < MAX_DEPTH);
    Datum {
        text: node.value().map(Box::from),
        fields: children.map(|child| (child.name().into(), at_depth(child, depth + 1))).collect(),
    }
}
