//! Invariants that an element inherits because it is an element or an extension.
//!
//! Published R4 snapshots repeat `ele-1` on every element of a type and `ext-1` on every
//! extension; STU3 ones only on elements that are defined in place.

use std::sync::Arc;

use ers_fhir_values::FhirVersion;

use crate::definition::{Constraint, ElementDefinition};

use super::error::SnapshotError;
use super::source::Source;

/// The invariants at the roots of `Element` and `Extension`, read when first needed.
#[derive(Default)]
pub(super) struct Common {
    element: Option<Arc<[Constraint]>>,
    extension: Option<Arc<[Constraint]>>,
}

impl Common {
    /// Adds the inherited invariants to an element of a new type.
    pub(super) fn apply(
        &mut self,
        element: &mut ElementDefinition,
        version: FhirVersion,
        source: &dyn Source,
    ) -> Result<(), SnapshotError> {
        let in_place =
            || matches!(element.types.as_slice(), [t] if t.code == "BackboneElement" || t.code == "Element");
        let applies = match version {
            FhirVersion::Stu3 => in_place(),
            FhirVersion::R4 => is_element(element),
        };
        if !applies {
            return Ok(());
        }
        let mut invariants = vec![load(&mut self.element, "Element", source)?];
        if version == FhirVersion::R4 && element.types.iter().any(|t| t.code == "Extension") {
            invariants.push(load(&mut self.extension, "Extension", source)?);
        }
        for of in invariants {
            super::merge::add_constraints(element, &of, None);
        }
        Ok(())
    }
}

/// Whether values of the element are elements, and not resources or the text of a primitive.
fn is_element(element: &ElementDefinition) -> bool {
    let other = |code: &str| code.starts_with("System.") || code == "Resource" || code == "DomainResource";
    element.content_reference.is_some() || element.types.iter().any(|t| !other(&t.code))
}

fn load(
    slot: &mut Option<Arc<[Constraint]>>,
    type_name: &str,
    source: &dyn Source,
) -> Result<Arc<[Constraint]>, SnapshotError> {
    if let Some(loaded) = slot {
        return Ok(Arc::clone(loaded));
    }
    // The root as authored: a snapshot of `Element` would need that of `Extension`, and so on.
    let definition = source.structure(&super::source::core_canonical(type_name))?;
    let root =
        definition.as_ref().and_then(|d| d.differential.iter().chain(d.snapshot.iter().flatten()).next());
    let mut constraints = root.map_or_else(Vec::new, |root| root.constraints.clone());
    for constraint in &mut constraints {
        constraint.source.get_or_insert_with(|| super::source::core_canonical(type_name));
    }
    Ok(Arc::clone(slot.insert(constraints.into())))
}
