//! A part of a payload as plain data, as the readers of definitions need it.

use ers_fhir_profiles::datum::Datum;
use ers_fhir_tree::Node;

/// The deepest level that is copied; no definition is that deep.
const MAX_DEPTH: usize = 64;

/// A StructureDefinition without its snapshot, which is regenerated, and without texts for people.
pub(super) fn structure(node: Node<'_>) -> Datum {
    let is_data = |child: &Node<'_>| !matches!(child.name(), "text" | "contained" | "snapshot" | "mapping");
    let fields = node.children().filter(is_data).map(|child| match child.name() {
        name @ "differential" => {
            let elements = child.named("element").map(|child| ("element".into(), element(child)));
            (name.into(), Datum { text: None, fields: elements.collect() })
        }
        name => (name.into(), at_depth(child, 1)),
    });
    Datum { text: None, fields: fields.collect() }
}

/// An ElementDefinition without texts for people.
pub(super) fn element(node: Node<'_>) -> Datum {
    let is_data = |child: &Node<'_>| {
        !matches!(
            child.name(),
            "short"
                | "definition"
                | "comment"
                | "comments"
                | "requirements"
                | "alias"
                | "example"
                | "mapping"
        )
    };
    let fields = node.children().filter(is_data).map(|child| (child.name().into(), at_depth(child, 2)));
    Datum { text: None, fields: fields.collect() }
}

fn at_depth(node: Node<'_>, depth: usize) -> Datum {
    let children = node.children().filter(|_| depth < MAX_DEPTH);
    Datum {
        text: node.value().map(Box::from),
        fields: children.map(|child| (child.name().into(), at_depth(child, depth + 1))).collect(),
    }
}
