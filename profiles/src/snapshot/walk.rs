//! The way from the root to the element that a differential names.
//!
//! Steps that the base does not have yet are made on the way: children by unfolding a type, slices
//! by copying the sliced element, and in a new type the elements themselves.

use std::sync::Arc;

use ers_fhir_values::FhirVersion;

use crate::definition::{Derivation, ElementDefinition, SlicingRules};

use super::error::SnapshotError;
use super::generate::Generator;
use super::step::Step;
use super::tree::{NodeId, Reached, Tree};
use super::{choice, slicing, unfold};

/// The deepest element that a differential may name; the deepest published ones are at about ten.
const MAX_DEPTH: usize = 64;

/// A step with its context.
struct Context<'a> {
    step: Step<'a>,
    /// The element of the differential.
    stated: &'a ElementDefinition,
    /// Id of the element the step leads from, as the differential writes it.
    parent_id: &'a str,
    /// Id of the element the step leads to, without the slice of the last step.
    sliced_id: &'a str,
    is_last: bool,
    /// Whether a step before this one leads into a slice.
    in_slice: bool,
}

impl Generator<'_> {
    /// Finds the node that a differential element names, and makes missing nodes on the way.
    pub(super) fn locate(&mut self, stated: &ElementDefinition) -> Result<Reached, SnapshotError> {
        let id = stated.id.as_str();
        let mut place = Reached { node: Tree::ROOT, mirrors: Vec::new(), is_new: false };
        let mut end = 0;
        let mut in_slice = false;
        for (depth, step) in Step::of(id).enumerate() {
            if depth > MAX_DEPTH {
                return Err(self.too_large("levels of elements", MAX_DEPTH));
            }
            let parent_id = &id[..end];
            end += usize::from(depth > 0) + step.name.len();
            let sliced_id = &id[..end];
            end += step.slice.map_or(0, |slice| slice.len() + 1);
            let context = Context { step, stated, parent_id, sliced_id, is_last: end == id.len(), in_slice };
            if depth > 0 {
                place = self.step_down(place, &context)?;
            }
            if step.slice.is_some() {
                in_slice = true;
                self.step_into_slice(&mut place, &context)?;
            } else {
                self.mirror_slices(&mut place);
            }
        }
        Ok(place)
    }

    /// Goes from an element to one of its children.
    fn step_down(&mut self, place: Reached, context: &Context<'_>) -> Result<Reached, SnapshotError> {
        let Reached { node: parent, mirrors, .. } = place;
        let name = context.step.name;
        self.open(parent)?;
        let (node, is_new) = match self.known(parent, name) {
            Some(node) => (node, false),
            None if self.definition.derivation == Derivation::Specialization => {
                (self.add(parent, name), true)
            }
            None => (self.missing(parent, context)?, false),
        };
        let mut below = Vec::new();
        for mirror in mirrors {
            self.open(mirror)?;
            below.extend(self.tree.child(mirror, name));
        }
        Ok(Reached { node, mirrors: below, is_new })
    }

    /// Goes from an element to one of its slices, through those that it re-slices.
    fn step_into_slice(&mut self, place: &mut Reached, context: &Context<'_>) -> Result<(), SnapshotError> {
        for name in context.step.slices() {
            let mirrors = place.mirrors.iter();
            place.mirrors = mirrors.filter_map(|&mirror| slicing::find(&self.tree, mirror, name)).collect();
            let slice_name = context.stated.slice_name.as_deref().filter(|_| context.is_last).unwrap_or(name);
            place.node = if let Some(slice) = slicing::find(&self.tree, place.node, name) {
                slice
            } else if slicing::is_label(
                &self.tree,
                place.node,
                context.sliced_id,
                &self.definition.differential,
            ) {
                slicing::label(&mut self.tree, place.node, name, slice_name)
            } else {
                self.add_slice(place.node, name, slice_name)?
            };
        }
        Ok(())
    }

    /// The slices of a node, and of those slices, mirror the node.
    fn mirror_slices(&self, place: &mut Reached) {
        let mut pending = self.tree.node(place.node).slices.clone();
        while let Some(slice) = pending.pop() {
            place.mirrors.push(slice);
            pending.extend(&self.tree.node(slice).slices);
        }
    }

    /// Gives a node its children, if it has them only through its type.
    fn open(&mut self, node: NodeId) -> Result<(), SnapshotError> {
        if !self.tree.node(node).children.is_empty() || !unfold::has_children(self.tree.element(node)) {
            return Ok(());
        }
        let grown = self.tree.len();
        unfold::unfold(&mut self.tree, node, self.source, &self.definition.url)?;
        self.drop_inherited_slicing(grown);
        Ok(())
    }

    /// The child of that name, which a published STU3 snapshot may call `valueQuantity` where the
    /// differential says `value[x]`.
    fn known(&self, parent: NodeId, name: &str) -> Option<NodeId> {
        self.tree.child(parent, name).or_else(|| {
            choice::stem(name)?;
            let is_renamed = |&&child: &&NodeId| {
                let base = self.tree.element(child).base.as_ref();
                base.is_some_and(|base| base.path.rsplit('.').next() == Some(name))
            };
            self.tree.node(parent).children.iter().find(is_renamed).copied()
        })
    }

    /// A child that a profile names and that the base does not have under that name.
    fn missing(&mut self, parent: NodeId, context: &Context<'_>) -> Result<NodeId, SnapshotError> {
        if let Some(node) = self.shorthand(parent, context)? {
            return Ok(node);
        }
        // The base walked into the element when it still had several types.
        if unfold::has_children(self.tree.element(parent)) {
            unfold::unfold(&mut self.tree, parent, self.source, &self.definition.url)?;
        }
        let above = self.tree.element(parent);
        self.known(parent, context.step.name).ok_or_else(|| match above.types.as_slice() {
            [_, _, ..] => SnapshotError::SeveralTypes {
                canonical: self.definition.url.clone(),
                element: context.stated.id.clone(),
                parent: above.id.clone(),
            },
            _ => SnapshotError::UnknownElement {
                canonical: self.definition.url.clone(),
                element: context.stated.id.clone(),
                parent: above.id.clone(),
                name: context.step.name.to_owned(),
            },
        })
    }

    /// The node that a shorthand such as `valueQuantity` stands for.
    fn shorthand(&mut self, parent: NodeId, context: &Context<'_>) -> Result<Option<NodeId>, SnapshotError> {
        let name = context.step.name;
        let is_choice = |&&child: &&NodeId| choice::type_of(self.tree.element(child), name).is_some();
        let Some(&node) = self.tree.node(parent).children.iter().find(is_choice) else { return Ok(None) };
        if let Some(slice) = slicing::find(&self.tree, node, name) {
            return Ok(Some(slice));
        }
        if self.tree.element(node).slicing.is_none() {
            let differential = &self.definition.differential;
            let named = choice::shorthands(differential, context.parent_id, self.tree.element(node));
            let element = self.tree.element_mut(node);
            let is_narrow = element.types.len() == 1;
            choice::narrow(element, &named);
            let is_stu3 = self.definition.fhir_version == FhirVersion::Stu3;
            if named.len() == 1 && (is_narrow || context.in_slice || is_stu3) {
                return Ok(Some(node));
            }
            element.slicing = Some(choice::slicing(SlicingRules::Closed));
        }
        self.add_slice(node, name, name).map(Some)
    }

    /// Adds a slice, with children if the sliced element already has some.
    fn add_slice(&mut self, sliced: NodeId, name: &str, slice_name: &str) -> Result<NodeId, SnapshotError> {
        let slice = slicing::add(&mut self.tree, sliced, name, slice_name);
        if !self.tree.node(sliced).children.is_empty() {
            unfold::unfold(&mut self.tree, slice, self.source, &self.definition.url)?;
        }
        Ok(slice)
    }

    /// Adds an element to a new type.
    fn add(&mut self, parent: NodeId, name: &str) -> NodeId {
        let above = self.tree.element(parent);
        let element = ElementDefinition {
            id: format!("{}.{name}", above.id),
            path: format!("{}.{name}", above.path),
            ..ElementDefinition::default()
        };
        self.tree.add_child(Some(parent), Arc::new(element))
    }
}
