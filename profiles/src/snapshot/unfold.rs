//! Unfolding: the children of an element that has them only through its type.

use crate::definition::ElementDefinition;

use super::error::SnapshotError;
use super::source::{Source, core_canonical};
use super::tree::{NodeId, Tree};

/// Whether an element has children, at least through its type.
///
/// The root of a type has no type of its own, and the text of a primitive nothing below it.
pub(super) fn has_children(element: &ElementDefinition) -> bool {
    element.content_reference.is_some() || element.types.iter().any(|t| !t.code.starts_with("System."))
}

/// Gives a node the children that it does not have yet, from the element it refers to or from its type.
pub(super) fn unfold(
    tree: &mut Tree,
    node: NodeId,
    source: &dyn Source,
    canonical: &str,
) -> Result<(), SnapshotError> {
    if let Some(reference) = tree.element(node).content_reference.clone() {
        return unfold_reference(tree, node, &reference, source, canonical);
    }
    // A slice has the children of the sliced element, with their constraints, and those that a narrower type
    // adds.
    if let Some(sliced) = tree.node(node).sliced.filter(|&sliced| !tree.node(sliced).children.is_empty()) {
        tree.copy_below(node, sliced);
        if tree.element(sliced).types == tree.element(node).types {
            return Ok(());
        }
    }
    let type_name = target(tree.element(node));
    let snapshot = match source.snapshot(&type_name) {
        // A profile that is being processed, or is not available, has at least the children of its type.
        Ok(None) | Err(SnapshotError::Cycle { .. }) => match tree.element(node).types.first() {
            Some(of) => source.snapshot(&core_canonical(&of.code))?,
            None => None,
        },
        found => found?,
    };
    let Some(snapshot) = snapshot else {
        return Err(SnapshotError::UnknownType {
            canonical: canonical.to_owned(),
            element: tree.element(node).id.clone(),
            type_name,
        });
    };
    tree.graft(node, &snapshot, 0);
    Ok(())
}

/// The definition whose children an element has: its only profile, else its only type, else what all its
/// types have in common.
fn target(element: &ElementDefinition) -> String {
    match element.types.as_slice() {
        [of] => match of.profiles.as_slice() {
            [profile] => profile.clone(),
            _ => core_canonical(&of.code),
        },
        _ => core_canonical("Element"),
    }
}

/// Unfolds `#Questionnaire.item`: the element becomes one like the element referred to.
///
/// Constraints on the element referred to do not apply here, so its children are taken from the type that
/// defines it.
fn unfold_reference(
    tree: &mut Tree,
    node: NodeId,
    reference: &str,
    source: &dyn Source,
    canonical: &str,
) -> Result<(), SnapshotError> {
    let id = reference.rsplit_once('#').map_or(reference, |(_, id)| id);
    let type_name = core_canonical(id.split('.').next().unwrap_or(id));
    let found = match source.snapshot(&type_name) {
        Ok(Some(snapshot)) => snapshot.find(id).map(|at| (snapshot, at)),
        Ok(None) | Err(SnapshotError::Cycle { .. }) => None,
        Err(error) => return Err(error),
    };
    if let Some((snapshot, at)) = found {
        let of = snapshot.element(at).types.clone();
        let element = tree.element_mut(node);
        element.types = of;
        element.content_reference = None;
        tree.graft(node, &snapshot, at);
        return Ok(());
    }
    // A definition that refers to itself while it is made.
    let at = (0..tree.len()).find(|&at| tree.element(at).id == id);
    let Some(at) = at else {
        return Err(SnapshotError::UnknownType {
            canonical: canonical.to_owned(),
            element: tree.element(node).id.clone(),
            type_name: reference.to_owned(),
        });
    };
    let of = tree.element(at).types.clone();
    let element = tree.element_mut(node);
    element.types = of;
    element.content_reference = None;
    tree.copy_below(node, at);
    Ok(())
}
