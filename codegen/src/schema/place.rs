//! An element of a snapshot, and navigation to others.

use std::sync::Arc;

use ers_fhir_profiles::Definitions;
use ers_fhir_profiles::definition::{Derivation, ElementDefinition, StructureDefinition};
use ers_fhir_profiles::slicing::{Told, tell};
use ers_fhir_profiles::snapshot::Snapshot;

use crate::error::Error;

/// An element of a snapshot.
#[derive(Clone)]
pub(super) struct Place {
    pub(super) definition: Arc<StructureDefinition>,
    snapshot: Arc<Snapshot>,
    index: usize,
}

impl Place {
    /// The root of a type or profile.
    pub(super) fn root(definitions: &Definitions, canonical: &str, wanted_by: &str) -> Result<Self, Error> {
        let unknown = || Error::Unknown { canonical: canonical.to_owned(), wanted_by: wanted_by.to_owned() };
        let definition = definitions.structure(canonical)?.ok_or_else(unknown)?;
        let snapshot = definitions.sound_snapshot(canonical)?.ok_or_else(unknown)?;
        Ok(Self { definition, snapshot, index: 0 })
    }

    pub(super) fn element(&self) -> &ElementDefinition {
        self.snapshot.element(self.index)
    }

    fn at(&self, index: usize) -> Self {
        Self { index, ..self.clone() }
    }

    /// The elements below, without slices.
    pub(super) fn children(&self) -> impl Iterator<Item = Self> + '_ {
        self.snapshot.children(self.index).map(|child| self.at(child))
    }

    pub(super) fn has_children(&self) -> bool {
        self.snapshot.children(self.index).next().is_some()
    }

    /// The slices of the element.
    pub(super) fn slices(&self) -> impl Iterator<Item = Self> + '_ {
        self.snapshot.slices(self.index).map(|slice| self.at(slice))
    }

    /// The element that this is a slice of.
    pub(super) fn sliced(&self) -> Option<Self> {
        self.snapshot.sliced(self.index).map(|sliced| self.at(sliced))
    }

    /// The element with this id in the same snapshot.
    pub(super) fn find(&self, id: &str) -> Option<Self> {
        self.snapshot.find(id).map(|index| self.at(index))
    }

    /// What the definitions that this one constrains say of the element, the nearest first.
    pub(super) fn inherited(&self, definitions: &Definitions) -> Vec<Self> {
        let mut found = Vec::new();
        let mut definition = Arc::clone(&self.definition);
        while definition.derivation == Derivation::Constraint
            && let Some(canonical) = definition.base_definition.as_deref()
            && let Ok(base) = Self::root(definitions, canonical, &self.element().id)
        {
            found.extend(
                base.find(&self.element().id).or_else(|| base.follow(definitions, &self.element().id)),
            );
            definition = base.definition;
        }
        found
    }

    /// The element that an id leads to from a root, whatever its slices, through the definitions of types.
    fn follow(&self, definitions: &Definitions, id: &str) -> Option<Self> {
        let names = id.split('.').skip(1).map(|part| part.split(':').next().unwrap_or(part));
        let mut place = self.clone();
        for name in names {
            if let Some(reference) = &place.element().content_reference {
                place = place.find(reference.rsplit('#').next()?)?;
            } else if !place.has_children() {
                let [only] = place.element().types.as_slice() else { return None };
                let of = definitions.type_definition(&only.code).ok()??;
                place = Self::root(definitions, &of.url, id).ok()?;
            }
            let child = place.children().find(|child| child.element().name() == name)?;
            place = child;
        }
        Some(place)
    }

    /// What tells this slice from the other slices of an element of the same snapshot.
    pub(super) fn told(&self, definitions: &Definitions, sliced: &Self) -> Told<'_> {
        tell(definitions, &self.snapshot, sliced.index, self.index)
    }

    /// Whether other elements of the same type have the content of this one.
    pub(super) fn is_shared(&self) -> bool {
        let path = &self.element().path;
        self.definition.derivation == Derivation::Specialization
            && self.snapshot.elements().iter().any(|element| {
                let reference = element.content_reference.as_deref();
                reference.is_some_and(|reference| reference.rsplit('#').next() == Some(path))
            })
    }

    /// The depth of the element in its structure.
    pub(super) fn depth(&self) -> usize {
        self.element().path.matches('.').count()
    }
}
