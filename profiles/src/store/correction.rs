//! Base types of FHIR, loaded from a package although they are in the binary, where faults of their invariants are
//! corrected.

use super::Definitions;
use crate::definition::{Constraint, Derivation, ElementDefinition, StructureDefinition};
use crate::package::Kind;
use crate::read;

impl Definitions {
    /// Gives a base type the corrected invariants of the same version in the binary.
    pub(super) fn correct(&self, canonical: &str, structure: &mut StructureDefinition) {
        if let Some(corrected) = self.corrected(canonical, structure) {
            for element in &mut structure.differential {
                if let Some(own) = corrected.differential.iter().find(|own| own.id == element.id) {
                    take_expressions(element, own);
                }
            }
        }
    }

    /// The definition in the binary of a base type that a package has in the same version.
    fn corrected(&self, canonical: &str, structure: &StructureDefinition) -> Option<StructureDefinition> {
        let (layer, _) = self.resolve(Kind::Structure, canonical)?;
        if self.layers[layer].opened().is_none() || structure.derivation != Derivation::Specialization {
            return None;
        }
        let mut embedded = self.layers.iter().filter(|layer| layer.opened().is_none());
        embedded.find_map(|layer| {
            let hits = layer.find(Kind::Structure, &structure.url);
            let is_same = |hit: &&(usize, Option<&str>)| hit.1 == structure.version.as_deref();
            let datum = layer.datum(hits.iter().find(is_same)?.0).ok()??;
            read::structure::read(&datum, self.version).ok()
        })
    }
}

fn take_expressions(element: &mut ElementDefinition, corrected: &ElementDefinition) {
    for constraint in &mut element.constraints {
        let is_same = |other: &&Constraint| other.key == constraint.key;
        if let Some(own) = corrected.constraints.iter().find(is_same) {
            constraint.expression.clone_from(&own.expression);
        }
    }
}
