//! The constraints of the base type on an element that a profile mentions.

use std::sync::Arc;

use ers_fhir_profiles::definition::{Constraint, ElementDefinition};
use ers_fhir_profiles::snapshot::Snapshot;

use super::catalogue::Catalogue;

/// An element of a type's snapshot.
#[derive(Clone)]
pub(super) struct Baseline {
    snapshot: Arc<Snapshot>,
    index: usize,
}

impl Baseline {
    /// The root of a type's own snapshot.
    pub(super) fn of_type(catalogue: &Catalogue, type_code: &str) -> Option<Self> {
        let index = catalogue.find_type(type_code)?;
        let snapshot = catalogue.definitions().snapshot(catalogue.url(index)).ok()??;
        Some(Self { snapshot, index: 0 })
    }

    pub(super) fn element(&self) -> &ElementDefinition {
        &self.snapshot.elements()[self.index]
    }

    /// The child with that name (`value[x]` for a choice), looked up in the element itself, in the target of
    /// its content reference, or in its type.
    pub(super) fn child(&self, catalogue: &Catalogue, name: &str, type_code: &str) -> Option<Self> {
        if let Some(found) = self.own_child(self.index, name) {
            return Some(found);
        }
        if let Some(reference) = &self.element().content_reference {
            let id = reference.rsplit_once('#').map_or(reference.as_str(), |(_, id)| id);
            return self.own_child(self.snapshot.find(id)?, name);
        }
        if self.index == 0 && self.element().path == type_code {
            return None;
        }
        Self::of_type(catalogue, type_code)?.child_of_root(name)
    }

    fn child_of_root(&self, name: &str) -> Option<Self> {
        self.own_child(0, name)
    }

    fn own_child(&self, parent: usize, name: &str) -> Option<Self> {
        let elements = self.snapshot.elements();
        let index = self.snapshot.children(parent).find(|child| {
            let own = elements[*child].name();
            own == name || own.strip_suffix("[x]").is_some_and(|stem| suffixed(name, stem))
        })?;
        Some(Self { snapshot: Arc::clone(&self.snapshot), index })
    }

    /// Whether the base type checks the same invariant here, on the element or on its type.
    pub(super) fn demands(&self, catalogue: &Catalogue, constraint: &Constraint, type_code: &str) -> bool {
        let same =
            |other: &Constraint| other.key == constraint.key && other.expression == constraint.expression;
        self.element().constraints.iter().any(same)
            || Self::of_type(catalogue, type_code)
                .is_some_and(|base| base.element().constraints.iter().any(same))
    }
}

/// Whether a name is the stem of a choice with a type behind it: `valueQuantity` of `value`.
fn suffixed(name: &str, stem: &str) -> bool {
    name.strip_prefix(stem).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()))
}

/// The code of an element's type; empty if it has several or none.
pub(super) fn single_type(definition: &ElementDefinition) -> &str {
    match definition.types.as_slice() {
        [only] => &only.code,
        _ => "",
    }
}
