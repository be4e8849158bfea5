//! The elements of a structure, complete and in order, with the structure that their ids spell out.

use std::sync::Arc;

use super::error::SnapshotError;
use crate::definition::ElementDefinition;

/// "None" in the links between elements.
const NIL: u32 = u32::MAX;

/// Every element of a structure, in document order.
///
/// Elements are addressed by index; the root is 0. An element has *children*, one for each name,
/// and *slices* of itself. A slice has children and slices (re-slices) of its own, and is not
/// among the children of its parent.
///
/// Source: <http://hl7.org/fhir/R4/profiling.html#snapshot>.
#[derive(Debug, Clone)]
pub struct Snapshot {
    elements: Vec<Arc<ElementDefinition>>,
    links: Vec<Links>,
    faults: Vec<SnapshotError>,
}

/// The links of an element; each is an index or [`NIL`].
#[derive(Debug, Clone, Copy)]
struct Links {
    parent: u32,
    sliced: u32,
    first_child: u32,
    first_slice: u32,
    /// Next child of the same parent, or next slice of the same element.
    next: u32,
}

impl Snapshot {
    /// Links elements in document order, such as those of a published snapshot, by their ids.
    ///
    /// Elements that come before their parents count as children of the root.
    pub fn new(elements: Vec<Arc<ElementDefinition>>) -> Self {
        let mut links: Vec<Links> = Vec::with_capacity(elements.len());
        // Elements that may still get children or slices, each with its last child and slice.
        let mut open: Vec<(u32, u32, u32)> = Vec::new();
        for index in 0..elements.len() as u32 {
            let id = elements[index as usize].id.as_str();
            while open.len() > 1 && owner(&elements, &open, id) == Owner::Neither {
                open.pop();
            }
            let mut link = Links { parent: NIL, sliced: NIL, first_child: NIL, first_slice: NIL, next: NIL };
            let kind = owner(&elements, &open, id);
            if let Some((top, last_child, last_slice)) = open.last_mut() {
                let owner = *top as usize;
                let last = if kind == Owner::Sliced {
                    link.sliced = *top;
                    link.parent = links[owner].parent;
                    std::mem::replace(last_slice, index)
                } else {
                    link.parent = *top;
                    std::mem::replace(last_child, index)
                };
                match (last, kind) {
                    (NIL, Owner::Sliced) => links[owner].first_slice = index,
                    (NIL, _) => links[owner].first_child = index,
                    (last, _) => links[last as usize].next = index,
                }
            }
            links.push(link);
            open.push((index, NIL, NIL));
        }
        Self { elements, links, faults: Vec::new() }
    }

    /// Elements of the differential that were left out because they have no place here.
    pub fn faults(&self) -> &[SnapshotError] {
        &self.faults
    }

    pub(super) fn with_faults(self, faults: Vec<SnapshotError>) -> Self {
        Self { faults, ..self }
    }

    /// The elements in document order.
    pub fn elements(&self) -> &[Arc<ElementDefinition>] {
        &self.elements
    }

    /// The element at that index.
    ///
    /// # Panics
    ///
    /// If the index does not come from this snapshot.
    pub fn element(&self, index: usize) -> &ElementDefinition {
        &self.elements[index]
    }

    /// The children of an element in order, without the slices among them.
    pub fn children(&self, index: usize) -> impl Iterator<Item = usize> + '_ {
        self.chain(self.links[index].first_child)
    }

    /// The slices of an element in order.
    pub fn slices(&self, index: usize) -> impl Iterator<Item = usize> + '_ {
        self.chain(self.links[index].first_slice)
    }

    /// The element that this one is a child of; a slice has the parent of the element it slices.
    pub fn parent(&self, index: usize) -> Option<usize> {
        link(self.links[index].parent)
    }

    /// The element that this one is a slice of.
    pub fn sliced(&self, index: usize) -> Option<usize> {
        link(self.links[index].sliced)
    }

    /// The child of that name.
    pub fn child(&self, index: usize, name: &str) -> Option<usize> {
        self.children(index).find(|&child| self.elements[child].is_named(name))
    }

    /// The element with that id: `Patient.name:official.family`.
    pub fn find(&self, id: &str) -> Option<usize> {
        self.elements.iter().position(|e| e.id == id)
    }

    fn chain(&self, first: u32) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(link(first), |&index| link(self.links[index].next))
    }
}

/// Published elements; ids as the reader completes them.
impl From<Vec<ElementDefinition>> for Snapshot {
    fn from(elements: Vec<ElementDefinition>) -> Self {
        Self::new(elements.into_iter().map(Arc::new).collect())
    }
}

fn link(index: u32) -> Option<usize> {
    (index != NIL).then_some(index as usize)
}

/// The relation of the innermost open element to the next one.
#[derive(PartialEq, Eq, Clone, Copy)]
enum Owner {
    Parent,
    Sliced,
    Neither,
}

fn owner(elements: &[Arc<ElementDefinition>], open: &[(u32, u32, u32)], id: &str) -> Owner {
    let Some(&(top, ..)) = open.last() else { return Owner::Neither };
    let Some(rest) = id.strip_prefix(elements[top as usize].id.as_str()) else { return Owner::Neither };
    match rest.as_bytes().first() {
        Some(b'.') => Owner::Parent,
        Some(b':' | b'/') => Owner::Sliced,
        _ => Owner::Neither,
    }
}
