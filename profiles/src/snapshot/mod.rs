//! Snapshots: the complete list of elements of a structure, made from its differential.
//!
//! A generator loads the snapshot of the base as a tree, walks to each element that the
//! differential names (unfolding types, content references and slices where it walks into them)
//! and lays the stated facts over what is there. Reading the tree in order gives the snapshot.

mod cache;
mod choice;
mod elements;
mod error;
mod generate;
mod inherit;
mod merge;
mod slicing;
mod step;
mod tree;
mod unfold;
mod walk;

use std::sync::Arc;

use crate::definition::StructureDefinition;

pub use cache::{SnapshotCache, Structures};
pub use elements::Snapshot;
pub use error::SnapshotError;
pub use generate::{Met, Trace, generate};

/// Where the generator finds other definitions, by canonical URL with or without a `|version`.
///
/// [`SnapshotCache`] is one, over any way to find a structure.
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
