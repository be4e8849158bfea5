//! Generation: the elements of the base, with the differential laid over them in order.

use std::sync::Arc;

use crate::definition::{
    Derivation, ElementBase, ElementDefinition, Max, SlicingRules, StructureDefinition, StructureKind,
};
use crate::version::FhirVersion;

use super::inherit::Common;
use super::step::Step;
use super::tree::{MAX_ELEMENTS, NodeId, Prefix, Tree};
use super::unfold::unfold;
use super::{Snapshot, SnapshotError, Source, choice, merge, slicing};

/// Deepest element that a differential may name; the deepest published ones are at about ten.
const MAX_DEPTH: usize = 64;

/// Makes the complete list of elements of a structure from its differential.
///
/// A definition without a differential is taken as published. `source` gives the base and the
/// types and profiles that the differential walks into.
///
/// Source: <http://hl7.org/fhir/R4/profiling.html#snapshot>.
pub fn generate(definition: &StructureDefinition, source: &dyn Source) -> Result<Snapshot, SnapshotError> {
    if definition.differential.is_empty() {
        return match &definition.snapshot {
            Some(elements) => Ok(Snapshot::from(elements.clone())),
            None if definition.base_definition.is_some() => Generator::start(definition, source)?.finish(),
            None => Err(SnapshotError::NoElements { canonical: definition.url.clone() }),
        };
    }
    let mut generator = Generator::start(definition, source)?;
    for stated in &definition.differential {
        generator.apply(stated)?;
    }
    generator.finish()
}

struct Generator<'a> {
    definition: &'a StructureDefinition,
    source: &'a dyn Source,
    tree: Tree,
    common: Common,
}

/// Where an element of the differential leads.
struct Place {
    node: NodeId,
    /// Nodes in slices of the base that the constraint holds for as well.
    mirrors: Vec<NodeId>,
    /// Whether the differential adds the element.
    is_new: bool,
}

impl<'a> Generator<'a> {
    /// The tree of the base, under the name of the type.
    fn start(definition: &'a StructureDefinition, source: &'a dyn Source) -> Result<Self, SnapshotError> {
        let mut generator = Self { definition, source, tree: Tree::default(), common: Common::default() };
        let root = match &definition.base_definition {
            Some(canonical) => {
                let unknown = || SnapshotError::UnknownBase {
                    canonical: definition.url.clone(),
                    base: canonical.clone(),
                };
                let base = source.snapshot(canonical)?.ok_or_else(unknown)?;
                let root = generator.load(&base);
                generator.drop_inherited_slicing(root);
                root
            }
            None if definition.derivation == Derivation::Constraint => {
                return Err(SnapshotError::NoBase {
                    canonical: definition.url.clone(),
                    type_name: definition.type_name.clone(),
                });
            }
            None => {
                let name = generator.root_name().to_owned();
                let root = ElementDefinition { id: name.clone(), path: name, ..ElementDefinition::default() };
                generator.tree.add_child(None, Arc::new(root))
            }
        };
        if definition.derivation == Derivation::Specialization {
            let path = generator.tree.element(root).path.clone();
            generator.tree.element_mut(root).base = Some(ElementBase { path, min: 0, max: Max::Unbounded });
        }
        Ok(generator)
    }

    /// Name of the root element, which a logical model's type (a URL) does not give.
    fn root_name(&self) -> &str {
        let first = self.definition.differential.first().map(|e| e.path.as_str());
        first.map_or(self.definition.type_name.as_str(), |path| path.split('.').next().unwrap_or(path))
    }

    fn load(&mut self, base: &Snapshot) -> NodeId {
        let name = self.root_name();
        let old = base.element(0);
        let root = if old.path == name {
            Arc::clone(&base.elements()[0])
        } else {
            let named = ElementDefinition {
                id: name.to_owned(),
                path: name.to_owned(),
                ..ElementDefinition::default()
            };
            Prefix::between(old, &named).rewrite(&base.elements()[0])
        };
        let root = self.tree.add_child(None, root);
        self.tree.graft(root, base, 0);
        root
    }

    fn apply(&mut self, stated: &ElementDefinition) -> Result<(), SnapshotError> {
        if self.tree.len() > MAX_ELEMENTS {
            return Err(self.too_large("elements", MAX_ELEMENTS));
        }
        let place = self.locate(stated)?;
        let url = &self.definition.url;
        if !place.mirrors.is_empty() {
            let was = self.tree.element(place.node).clone();
            for &mirror in &place.mirrors {
                merge::tighten(self.tree.element_mut(mirror), &was, stated, url);
            }
        }
        if self.definition.derivation == Derivation::Constraint {
            self.adopt(place.node, stated)?;
        }
        let element = self.tree.element_mut(place.node);
        merge::overlay(element, stated, url);
        if place.is_new {
            let (min, max) = (element.min.unwrap_or(0), element.max.unwrap_or(Max::Count(1)));
            (element.min, element.max) = (Some(min), Some(max));
            element.base = Some(ElementBase { path: element.path.clone(), min, max });
            self.common.apply(element, self.definition.fhir_version, self.source)?;
        }
        Ok(())
    }

    /// Adds what a stated type profile demands of the element itself.
    fn adopt(&mut self, node: NodeId, stated: &ElementDefinition) -> Result<(), SnapshotError> {
        let [of] = stated.types.as_slice() else { return Ok(()) };
        let [profile] = of.profiles.as_slice() else { return Ok(()) };
        match self.source.snapshot(profile) {
            Ok(Some(snapshot)) => merge::adopt(self.tree.element_mut(node), snapshot.element(0)),
            // The profile is checked where it is used; what it adds here is a convenience.
            Ok(None) | Err(SnapshotError::Cycle { .. }) => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Finds the node that a differential element names, and makes what is missing on the way.
    fn locate(&mut self, stated: &ElementDefinition) -> Result<Place, SnapshotError> {
        let mut place = Place { node: Tree::ROOT, mirrors: Vec::new(), is_new: false };
        let mut end = 0;
        let mut in_slice = false;
        for (depth, step) in Step::of(&stated.id).enumerate() {
            if depth > MAX_DEPTH {
                return Err(self.too_large("levels of elements", MAX_DEPTH));
            }
            let parent_end = end;
            end += step.name.len() + step.slice.map_or(0, |s| s.len() + 1) + usize::from(depth > 0);
            let is_last = end == stated.id.len();
            if depth > 0 {
                let parent_id = &stated.id[..parent_end];
                place = self.child(place, step, parent_id, stated, in_slice)?;
            }
            for name in step.slices() {
                in_slice = true;
                place.mirrors =
                    place.mirrors.iter().filter_map(|&m| slicing::find(&self.tree, m, name)).collect();
                let sliced = &stated.id[..end - step.slice.map_or(0, |slice| slice.len() + 1)];
                let slice_name = stated.slice_name.as_deref().filter(|_| is_last).unwrap_or(name);
                place.node = match slicing::find(&self.tree, place.node, name) {
                    Some(slice) => slice,
                    None if slicing::is_label(
                        &self.tree,
                        place.node,
                        sliced,
                        &self.definition.differential,
                    ) =>
                    {
                        slicing::label(&mut self.tree, place.node, name, slice_name)
                    }
                    None => slicing::add(&mut self.tree, place.node, name, slice_name),
                };
            }
            if step.slice.is_none() {
                self.mirror_slices(&mut place);
            }
        }
        Ok(place)
    }

    /// The slices of a node, and of those slices, mirror the node.
    fn mirror_slices(&self, place: &mut Place) {
        let mut pending = self.tree.node(place.node).slices.clone();
        while let Some(slice) = pending.pop() {
            place.mirrors.push(slice);
            pending.extend(&self.tree.node(slice).slices);
        }
    }

    /// Goes one step down, unfolding what has no children yet.
    fn child(
        &mut self,
        place: Place,
        step: Step<'_>,
        parent_id: &str,
        stated: &ElementDefinition,
        in_slice: bool,
    ) -> Result<Place, SnapshotError> {
        let Place { node: parent, mirrors, .. } = place;
        self.unfold(parent, step.name)?;
        let known = self.tree.child(parent, step.name);
        let (node, is_new) = match known.or_else(|| self.renamed(parent, step.name)) {
            Some(node) => (node, false),
            None => match self.shorthand(parent, step.name, parent_id, in_slice) {
                Some(node) => (node, false),
                None if self.definition.derivation == Derivation::Specialization => {
                    (self.add(parent, step.name), true)
                }
                None => {
                    return Err(SnapshotError::UnknownElement {
                        canonical: self.definition.url.clone(),
                        element: stated.id.clone(),
                        parent: self.tree.element(parent).id.clone(),
                        name: step.name.to_owned(),
                    });
                }
            },
        };
        let mut below = Vec::new();
        for mirror in mirrors {
            self.unfold(mirror, step.name)?;
            below.extend(self.tree.child(mirror, step.name));
        }
        Ok(Place { node, mirrors: below, is_new })
    }

    fn unfold(&mut self, node: NodeId, child: &str) -> Result<(), SnapshotError> {
        if !self.tree.node(node).children.is_empty() {
            return Ok(());
        }
        let element = self.tree.element(node);
        if element.types.is_empty() && element.content_reference.is_none() {
            // Only the root of a type without a base, which is about to grow.
            return Ok(());
        }
        if element.types.iter().all(|t| t.code.starts_with("System.")) && element.content_reference.is_none()
        {
            return Err(SnapshotError::UnknownElement {
                canonical: self.definition.url.clone(),
                element: format!("{}.{child}", element.id),
                parent: element.id.clone(),
                name: child.to_owned(),
            });
        }
        let grown = self.tree.len();
        unfold(&mut self.tree, node, self.source, &self.definition.url)?;
        self.drop_inherited_slicing(grown);
        Ok(())
    }

    /// Only datatypes repeat that extensions are sliced by URL, which holds everywhere.
    fn drop_inherited_slicing(&mut self, from: NodeId) {
        let Self { definition, tree, .. } = self;
        if definition.derivation == Derivation::Constraint || definition.kind == StructureKind::Complex {
            return;
        }
        for node in from..tree.len() {
            if tree.element(node).slicing.is_some() {
                tree.element_mut(node).slicing = None;
            }
        }
    }

    /// The child that a published STU3 snapshot calls `valueQuantity`, asked for as `value[x]`.
    fn renamed(&self, parent: NodeId, name: &str) -> Option<NodeId> {
        choice::stem(name)?;
        let is_renamed = |&&child: &&NodeId| {
            let base = self.tree.element(child).base.as_ref();
            base.is_some_and(|base| base.path.rsplit_once('.').is_some_and(|(_, last)| last == name))
        };
        self.tree.node(parent).children.iter().find(is_renamed).copied()
    }

    /// The node that a shorthand such as `valueQuantity` stands for.
    fn shorthand(&mut self, parent: NodeId, name: &str, parent_id: &str, in_slice: bool) -> Option<NodeId> {
        let children = &self.tree.node(parent).children;
        let node =
            children.iter().copied().find(|&c| choice::type_of(self.tree.element(c), name).is_some())?;
        if let Some(slice) = slicing::find(&self.tree, node, name) {
            return Some(slice);
        }
        let choice_element = self.tree.element(node);
        let is_sliced = choice_element.slicing.is_some();
        let named = choice::shorthands(&self.definition.differential, parent_id, choice_element);
        if !is_sliced {
            let element = self.tree.element_mut(node);
            choice::narrow(element, &named);
            if named.len() == 1 && (in_slice || self.definition.fhir_version == FhirVersion::Stu3) {
                return Some(node);
            }
            element.slicing = Some(choice::slicing(SlicingRules::Closed));
        }
        Some(slicing::add(&mut self.tree, node, name, name))
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

    fn finish(self) -> Result<Snapshot, SnapshotError> {
        Ok(self.tree.into_snapshot())
    }

    fn too_large(&self, what: &'static str, limit: usize) -> SnapshotError {
        SnapshotError::TooLarge { canonical: self.definition.url.clone(), what, limit }
    }
}
