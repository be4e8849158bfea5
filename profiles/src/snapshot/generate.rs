//! Generation: applies the differential to the elements of the base, in order.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::definition::{
    Derivation, ElementBase, ElementDefinition, Max, StructureDefinition, StructureKind,
};

use super::elements::Snapshot;
use super::error::SnapshotError;
use super::inherit::Common;
use super::merge;
use super::source::{Source, core_canonical};
use super::tree::{MAX_ELEMENTS, NodeId, Prefix, Reached, Tree};

/// Makes the complete list of elements of a structure from its differential.
///
/// A definition without a differential is taken as published. An element of the differential that has no
/// place is left out, with all elements below it, and is among the [faults](Snapshot::faults). `source` gives
/// the base and the types and profiles that the differential walks into.
///
/// Source: <http://hl7.org/fhir/R4/profiling.html#snapshot>.
pub fn generate(definition: &StructureDefinition, source: &dyn Source) -> Result<Snapshot, SnapshotError> {
    if definition.differential.is_empty() {
        return match &definition.snapshot {
            Some(elements) => Ok(Snapshot::from(elements.clone())),
            None if definition.base_definition.is_some() => {
                Ok(Generator::start(definition, source)?.finish())
            }
            None => Err(SnapshotError::NoElements { canonical: definition.url.clone() }),
        };
    }
    let mut generator = Generator::start(definition, source)?;
    let mut left_out: Vec<&str> = Vec::new();
    for stated in &definition.differential {
        let is_below = |above: &&str| {
            stated.id.strip_prefix(*above).is_some_and(|rest| rest.starts_with(['.', ':', '/']))
        };
        if left_out.iter().any(is_below) {
            continue;
        }
        match generator.apply(stated) {
            Err(
                fault @ (SnapshotError::UnknownElement { .. }
                | SnapshotError::SeveralTypes { .. }
                | SnapshotError::UnknownType { .. }),
            ) => {
                left_out.push(&stated.id);
                generator.faults.push(fault);
            }
            other => other?,
        }
    }
    Ok(generator.finish())
}

/// The result of applying a differential.
#[derive(Debug)]
pub struct Trace {
    /// The complete elements, as far as those of the differential could be placed.
    pub snapshot: Snapshot,
    /// For each element of the differential, what it constrains, or why it has no place.
    pub steps: Vec<Result<Met, SnapshotError>>,
}

/// What an element of a differential constrains.
#[derive(Debug)]
pub struct Met {
    /// The element before: as in the base, with the changes of earlier elements of the differential.
    pub was: Arc<ElementDefinition>,
    /// Index of the element in the snapshot; `None` if it is not in it.
    pub index: Option<usize>,
    /// Whether the differential adds the element to a new type.
    pub is_new: bool,
}

/// Makes the snapshot of a differential, and continues if an element cannot be placed.
///
/// # Errors
///
/// If the base is not available.
pub(super) fn trace(definition: &StructureDefinition, source: &dyn Source) -> Result<Trace, SnapshotError> {
    let mut generator = Generator::start(definition, source)?;
    let mut met = Vec::with_capacity(definition.differential.len());
    for stated in &definition.differential {
        let place = generator.place(stated);
        met.push(place.and_then(|place| {
            let was = Arc::clone(&generator.tree.node(place.node).element);
            generator.lay(&place, stated)?;
            Ok((place.node, was, place.is_new))
        }));
    }
    let ids: Vec<Result<_, SnapshotError>> = met
        .into_iter()
        .map(|step| step.map(|(node, was, is_new)| (generator.tree.element(node).id.clone(), was, is_new)))
        .collect();
    let snapshot = generator.finish();
    let mut places: FxHashMap<&str, usize> = FxHashMap::default();
    for (index, element) in snapshot.elements().iter().enumerate() {
        places.entry(&element.id).or_insert(index);
    }
    let steps = ids
        .into_iter()
        .map(|step| step.map(|(id, was, is_new)| Met { was, index: places.get(&*id).copied(), is_new }))
        .collect();
    Ok(Trace { snapshot, steps })
}

/// One definition, with the tree of its elements so far.
pub(super) struct Generator<'a> {
    pub(super) definition: &'a StructureDefinition,
    pub(super) source: &'a dyn Source,
    pub(super) tree: Tree,
    common: Common,
    faults: Vec<SnapshotError>,
}

impl<'a> Generator<'a> {
    /// The tree of the base, under the name of the type.
    fn start(definition: &'a StructureDefinition, source: &'a dyn Source) -> Result<Self, SnapshotError> {
        let unreadable = |reason: &String| SnapshotError::Unreadable {
            canonical: definition.url.clone(),
            reason: reason.clone(),
        };
        let faults = definition.faults.iter().map(unreadable).collect();
        let (tree, common) = (Tree::default(), Common::default());
        let mut generator = Self { definition, source, tree, common, faults };
        // `Base` is the root of all types in R5, whose logical models name it; here it has no elements.
        let base = definition.base_definition.as_deref().filter(|base| *base != core_canonical("Base"));
        let root = match base {
            Some(canonical) => {
                let unknown = || SnapshotError::UnknownBase {
                    canonical: definition.url.clone(),
                    base: canonical.to_owned(),
                };
                let base = source.snapshot(canonical)?.ok_or_else(unknown)?;
                let root = generator.load(&base);
                generator.faults.extend_from_slice(base.faults());
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
        let place = self.place(stated)?;
        self.lay(&place, stated)
    }

    /// Where an element of the differential leads.
    fn place(&mut self, stated: &ElementDefinition) -> Result<Reached, SnapshotError> {
        if self.tree.len() > MAX_ELEMENTS {
            return Err(self.too_large("elements", MAX_ELEMENTS));
        }
        self.locate(stated)
    }

    /// Applies an element of the differential to the one that it names.
    fn lay(&mut self, place: &Reached, stated: &ElementDefinition) -> Result<(), SnapshotError> {
        let url = &self.definition.url;
        if !place.mirrors.is_empty() {
            let was = self.tree.element(place.node).clone();
            for &mirror in &place.mirrors {
                merge::tighten(self.tree.element_mut(mirror), &was, stated, url);
            }
        }
        match self.definition.derivation {
            Derivation::Constraint => self.adopt(place.node, stated)?,
            Derivation::Specialization => merge::redefine(self.tree.element_mut(place.node), stated),
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
        // The constraints of a resource or a reference apply to that resource, and are not facts of the
        // element.
        let kind = self.source.structure(profile)?.map(|definition| definition.kind);
        if of.code == "Reference" || kind != Some(StructureKind::Complex) {
            return Ok(());
        }
        match self.source.snapshot(profile) {
            Ok(Some(snapshot)) => merge::adopt(self.tree.element_mut(node), snapshot.element(0)),
            // The profile is checked where it is used; what it adds here is a convenience.
            Ok(None) | Err(SnapshotError::Cycle { .. }) => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// That extensions are sliced by URL holds everywhere, but only datatypes repeat it.
    pub(super) fn drop_inherited_slicing(&mut self, from: NodeId) {
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

    fn finish(self) -> Snapshot {
        self.tree.into_snapshot().with_faults(self.faults)
    }

    pub(super) fn too_large(&self, what: &'static str, limit: usize) -> SnapshotError {
        SnapshotError::TooLarge { canonical: self.definition.url.clone(), what, limit }
    }
}
