//! Slices: new ones, those of the base, and implied slicing.

use std::sync::Arc;

use crate::definition::{Discriminator, DiscriminatorKind, ElementDefinition, Slicing, SlicingRules};

use super::choice;
use super::tree::{NodeId, Tree};

/// The slice of a node by its full name (`a/b`), whether the base has it or an earlier element
/// of the differential made it.
pub(super) fn find(tree: &Tree, node: NodeId, name: &str) -> Option<NodeId> {
    let own = own_name(name);
    let by_id = |&&slice: &&NodeId| step_slice(&tree.element(slice).id) == Some(name);
    // STU3 ids of slices are in lower case, which not every derived profile knows.
    let by_name = |&&slice: &&NodeId| {
        tree.element(slice).slice_name.as_deref().is_some_and(|known| known == name || known == own)
    };
    if step_slice(&tree.element(node).id) == Some(name) {
        return Some(node);
    }
    let slices = &tree.node(node).slices;
    slices.iter().find(by_id).or_else(|| slices.iter().find(by_name)).copied()
}

/// Makes a slice of a node: like the node, except that it is optional. It has no children yet.
pub(super) fn add(tree: &mut Tree, sliced: NodeId, name: &str, slice_name: &str) -> NodeId {
    imply_slicing(tree, sliced);
    let element = tree.element(sliced);
    let id = match step_slice(&element.id) {
        Some(outer) if name.starts_with(outer) => format!("{}{}", element.id, &name[outer.len()..]),
        _ => format!("{}:{name}", element.id),
    };
    let mut slice = ElementDefinition {
        id,
        slice_name: Some(slice_name.to_owned()),
        slice_is_constraining: false,
        slicing: None,
        min: Some(0),
        ..element.clone()
    };
    // A slice named after one of the types of a choice is the slice of that type.
    if let Some(of) = choice::type_of(element, name) {
        slice.types = vec![of.clone()];
    }
    tree.add_slice(sliced, Arc::new(slice))
}

/// Whether a slice name only labels the element: nothing slices it, and the differential has no
/// second name for it. `id` is that of the element, as the differential writes it.
pub(super) fn is_label(tree: &Tree, node: NodeId, id: &str, differential: &[ElementDefinition]) -> bool {
    let element = tree.element(node);
    if element.slicing.is_some() || implied(element).is_some() || !tree.node(node).slices.is_empty() {
        return false;
    }
    // The slicing may come later.
    if differential.iter().any(|stated| stated.id == id && stated.slicing.is_some()) {
        return false;
    }
    let names = differential.iter().filter_map(|stated| {
        let name = stated.id.strip_prefix(id)?.strip_prefix(':')?;
        Some(name.split_once('.').map_or(name, |(name, _)| name))
    });
    let mut names = names.peekable();
    let first = names.peek().copied();
    names.all(|name| Some(name) == first)
}

/// Labels an element with a name, which becomes part of its id and of those below it.
pub(super) fn label(tree: &mut Tree, node: NodeId, name: &str, slice_name: &str) -> NodeId {
    let id = format!("{}:{name}", tree.element(node).id);
    tree.rename(node, &id);
    tree.element_mut(node).slice_name = Some(slice_name.to_owned());
    node
}

/// Gives a node its implied slicing.
fn imply_slicing(tree: &mut Tree, sliced: NodeId) {
    let element = tree.element(sliced);
    if element.slicing.is_none() {
        let slicing = implied(element);
        tree.element_mut(sliced).slicing = slicing;
    }
}

/// Slices of extensions are told apart by URL and slices of a choice by type, stated or not.
fn implied(element: &ElementDefinition) -> Option<Slicing> {
    match element.name() {
        "extension" | "modifierExtension" => Some(Slicing {
            discriminators: vec![Discriminator { kind: DiscriminatorKind::Value, path: "url".to_owned() }],
            rules: SlicingRules::Open,
            ordered: false,
        }),
        name => choice::stem(name).map(|_| choice::slicing(SlicingRules::Open)),
    }
}

/// The slice that the last step of an id names.
pub(super) fn step_slice(id: &str) -> Option<&str> {
    let step = id.rsplit_once('.').map_or(id, |(_, step)| step);
    step.split_once(':').map(|(_, slice)| slice)
}

/// The innermost name of a slice: `b` of `a/b`.
fn own_name(name: &str) -> &str {
    name.rsplit_once('/').map_or(name, |(_, own)| own)
}
