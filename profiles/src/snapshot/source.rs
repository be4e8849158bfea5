//! Where other definitions are found.

use std::sync::Arc;

use super::elements::Snapshot;
use super::error::SnapshotError;
use crate::definition::StructureDefinition;

/// Where the generator finds other definitions, by canonical URL with or without a `|version`.
///
/// [`SnapshotCache`](super::SnapshotCache) implements it on top of any way to find a structure.
pub trait Source {
    /// A definition as authored; `None` where no package has it.
    fn structure(&self, canonical: &str) -> Result<Option<Arc<StructureDefinition>>, SnapshotError>;

    /// The snapshot of a definition; `None` where no package has it.
    ///
    /// Asked for a definition whose snapshot is being made, it answers
    /// [`SnapshotError::Cycle`], which the generator takes as "do without" where it can.
    fn snapshot(&self, canonical: &str) -> Result<Option<Arc<Snapshot>>, SnapshotError>;
}

/// The canonical URL of a type: `http://hl7.org/fhir/StructureDefinition/HumanName`.
pub(crate) fn core_canonical(type_name: &str) -> String {
    if type_name.contains("://") {
        type_name.to_owned()
    } else {
        format!("http://hl7.org/fhir/StructureDefinition/{type_name}")
    }
}
