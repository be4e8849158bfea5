//! The elements of a snapshot while it is made: a tree that only grows.

use std::sync::Arc;

use crate::definition::ElementDefinition;

use super::elements::Snapshot;

/// The most elements that a snapshot may have; the largest published ones have under two thousand.
pub(super) const MAX_ELEMENTS: usize = 50_000;

/// Index of a node in its tree.
pub(super) type NodeId = usize;

/// An element with its place.
#[derive(Debug)]
pub(super) struct Node {
    /// Shared with the base until it is changed.
    pub(super) element: Arc<ElementDefinition>,
    /// Element this one is a child of; `None` at the root.
    pub(super) parent: Option<NodeId>,
    /// Element this one is a slice of.
    pub(super) sliced: Option<NodeId>,
    pub(super) children: Vec<NodeId>,
    pub(super) slices: Vec<NodeId>,
}

/// The tree; its root is node 0.
#[derive(Debug, Default)]
pub(super) struct Tree {
    nodes: Vec<Node>,
}

/// Where an element of the differential leads.
pub(super) struct Reached {
    pub(super) node: NodeId,
    /// Nodes in slices of the base to which the constraint also applies.
    pub(super) mirrors: Vec<NodeId>,
    /// Whether the differential adds the element.
    pub(super) is_new: bool,
}

impl Tree {
    pub(super) const ROOT: NodeId = 0;

    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(super) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id]
    }

    pub(super) fn element(&self, id: NodeId) -> &ElementDefinition {
        &self.nodes[id].element
    }

    pub(super) fn element_mut(&mut self, id: NodeId) -> &mut ElementDefinition {
        Arc::make_mut(&mut self.nodes[id].element)
    }

    /// Makes the root, or adds the last child of a node.
    pub(super) fn add_child(&mut self, parent: Option<NodeId>, element: Arc<ElementDefinition>) -> NodeId {
        let id = self.push(element, parent, None);
        if let Some(parent) = parent {
            self.nodes[parent].children.push(id);
        }
        id
    }

    /// Adds the last slice of a node.
    pub(super) fn add_slice(&mut self, sliced: NodeId, element: Arc<ElementDefinition>) -> NodeId {
        let id = self.push(element, self.nodes[sliced].parent, Some(sliced));
        self.nodes[sliced].slices.push(id);
        id
    }

    fn push(
        &mut self,
        element: Arc<ElementDefinition>,
        parent: Option<NodeId>,
        sliced: Option<NodeId>,
    ) -> NodeId {
        self.nodes.push(Node { element, parent, sliced, children: Vec::new(), slices: Vec::new() });
        self.nodes.len() - 1
    }

    /// The child of that name.
    ///
    /// Differentials follow the order of the base, so the search starts at the end, where a new type grows.
    pub(super) fn child(&self, parent: NodeId, name: &str) -> Option<NodeId> {
        self.nodes[parent].children.iter().rev().copied().find(|&c| self.nodes[c].element.is_named(name))
    }

    /// Copies the descendants of an element of a snapshot to a node, under the id and path of the node.
    /// Children that the node already has stay as they are.
    pub(super) fn graft(&mut self, to: NodeId, from: &Snapshot, at: usize) {
        let prefix = Prefix::between(from.element(at), self.element(to));
        let missing = from.children(at).filter(|&child| self.child(to, from.element(child).name()).is_none());
        let mut pending: Vec<(Place, usize)> = missing.map(|child| (Place::Child(to), child)).collect();
        pending.reverse();
        while let Some((place, source)) = pending.pop() {
            let element = prefix.rewrite(&from.elements()[source]);
            let node = match place {
                Place::Child(parent) => self.add_child(Some(parent), element),
                Place::Slice(sliced) => self.add_slice(sliced, element),
            };
            let below = pending.len();
            pending.extend(from.children(source).map(|child| (Place::Child(node), child)));
            pending.extend(from.slices(source).map(|slice| (Place::Slice(node), slice)));
            pending[below..].reverse();
        }
    }

    /// Copies the descendants of one node to another. Children that the other already has stay as they are.
    pub(super) fn copy_below(&mut self, to: NodeId, from: NodeId) {
        let prefix = Prefix::between(self.element(from), self.element(to));
        let missing = self.nodes[from].children.iter().rev().copied();
        let missing = missing.filter(|&child| self.child(to, self.element(child).name()).is_none());
        let mut pending: Vec<(Place, NodeId)> = missing.map(|child| (Place::Child(to), child)).collect();
        while let Some((place, source)) = pending.pop() {
            let element = prefix.rewrite(&self.nodes[source].element);
            let node = match place {
                Place::Child(parent) => self.add_child(Some(parent), element),
                Place::Slice(sliced) => self.add_slice(sliced, element),
            };
            let source = &self.nodes[source];
            pending.extend(source.slices.iter().rev().map(|&slice| (Place::Slice(node), slice)));
            pending.extend(source.children.iter().rev().map(|&child| (Place::Child(node), child)));
        }
    }

    /// Changes the id of a node, and with it the ids of its descendants.
    pub(super) fn rename(&mut self, node: NodeId, id: &str) {
        let old = self.element(node).id.clone();
        let mut pending = vec![node];
        while let Some(node) = pending.pop() {
            // Published ids might not begin with those of their parents; such ids stay.
            if let Some(rest) = self.element(node).id.strip_prefix(&old) {
                let renamed = format!("{id}{rest}");
                self.element_mut(node).id = renamed;
            }
            pending.extend(&self.nodes[node].slices);
            pending.extend(&self.nodes[node].children);
        }
    }

    /// The elements in document order: each, its children, then its slices.
    pub(super) fn into_snapshot(self) -> Snapshot {
        let mut elements = Vec::with_capacity(self.nodes.len());
        let mut pending = if self.nodes.is_empty() { Vec::new() } else { vec![Self::ROOT] };
        while let Some(id) = pending.pop() {
            let node = &self.nodes[id];
            elements.push(Arc::clone(&node.element));
            pending.extend(node.slices.iter().rev());
            pending.extend(node.children.iter().rev());
        }
        Snapshot::new(elements)
    }
}

/// Where a copy goes.
#[derive(Clone, Copy)]
enum Place {
    Child(NodeId),
    Slice(NodeId),
}

/// A change of the first steps of ids and paths.
pub(super) struct Prefix {
    old_id: usize,
    old_path: usize,
    new_id: String,
    new_path: String,
}

impl Prefix {
    /// A change from the id and path of one element to those of another.
    pub(super) fn between(from: &ElementDefinition, to: &ElementDefinition) -> Self {
        Self {
            old_id: from.id.len(),
            old_path: from.path.len(),
            new_id: to.id.clone(),
            new_path: to.path.clone(),
        }
    }

    /// The element under the new prefix, which is most often the old one: then it stays shared.
    pub(super) fn rewrite(&self, element: &Arc<ElementDefinition>) -> Arc<ElementDefinition> {
        let has_id = self.old_id == self.new_id.len() && element.id.starts_with(&self.new_id);
        if has_id && self.old_path == self.new_path.len() && element.path.starts_with(&self.new_path) {
            return Arc::clone(element);
        }
        let join = |new: &str, old: &str, at: usize| {
            let rest = old.get(at..).unwrap_or_default();
            let mut joined = String::with_capacity(new.len() + rest.len());
            joined.push_str(new);
            joined.push_str(rest);
            joined
        };
        Arc::new(ElementDefinition {
            id: join(&self.new_id, &element.id, self.old_id),
            path: join(&self.new_path, &element.path, self.old_path),
            ..ElementDefinition::clone(element)
        })
    }
}
