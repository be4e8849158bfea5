//! A snapshot, with what each element of the differential met on the way: for those who check definitions.

use crate::definition::{ElementDefinition, StructureDefinition};

use super::generate::Generator;
use super::{Snapshot, SnapshotError, Source};

/// What came of a differential.
#[derive(Debug)]
pub struct Trace {
    /// The elements complete, as far as those of the differential could be placed.
    pub snapshot: Snapshot,
    /// For each element of the differential what it constrains, or why it has no place.
    pub steps: Vec<Result<Met, SnapshotError>>,
}

/// What an element of a differential constrains.
#[derive(Debug)]
pub struct Met {
    /// The element as it was: as the base has it, with what earlier elements of the differential said of it.
    pub was: ElementDefinition,
    /// Index of the element in the snapshot; `None` where it got lost.
    pub index: Option<usize>,
    /// Whether the differential adds the element to a new type.
    pub is_new: bool,
}

/// Makes the snapshot of a differential, and goes on where an element cannot be placed.
///
/// # Errors
///
/// Why there is nothing to start from: the base is not at hand.
pub(super) fn trace(definition: &StructureDefinition, source: &dyn Source) -> Result<Trace, SnapshotError> {
    let mut generator = Generator::start(definition, source)?;
    let mut met = Vec::with_capacity(definition.differential.len());
    for stated in &definition.differential {
        let place = generator.place(stated);
        met.push(place.and_then(|place| {
            let was = generator.tree.element(place.node).clone();
            generator.lay(&place, stated)?;
            Ok((place.node, was, place.is_new))
        }));
    }
    let ids: Vec<Result<_, SnapshotError>> = met
        .into_iter()
        .map(|step| step.map(|(node, was, is_new)| (generator.tree.element(node).id.clone(), was, is_new)))
        .collect();
    let snapshot = generator.finish();
    let steps = ids
        .into_iter()
        .map(|step| step.map(|(id, was, is_new)| Met { was, index: snapshot.find(&id), is_new }))
        .collect();
    Ok(Trace { snapshot, steps })
}
