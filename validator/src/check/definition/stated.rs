//! An element of a differential beside what it constrains.

use ers_fhir_profiles::definition::ElementDefinition;
use ers_fhir_profiles::snapshot::{Met, SnapshotError, Trace};
use ers_fhir_tree::Node;

/// An element of a differential, and what came of it.
pub(super) struct Step<'a, 'd> {
    /// Where it stands in the payload.
    pub(super) node: Node<'d>,
    /// What it says.
    pub(super) own: &'a ElementDefinition,
    /// What it constrains, or why it has no place.
    pub(super) met: &'a Result<Met, SnapshotError>,
}

/// What came of each element of a differential, but for those that cannot be read.
pub(super) fn steps<'a, 'd>(
    differential: Node<'d>,
    elements: &'a [ElementDefinition],
    trace: &'a Trace,
) -> Vec<Step<'a, 'd>> {
    let mut nodes = differential.named("element");
    let read = elements.iter().zip(&trace.steps);
    read.filter_map(|(own, met)| {
        // Those that cannot be read are passed over by the path of the next that can.
        let node = nodes.find(|node| node.child_value("path") == Some(&*own.path))?;
        Some(Step { node, own, met })
    })
    .collect()
}

/// An element of a differential, and what it met in the base.
pub(super) struct Stated<'a, 'd> {
    /// Where it stands in the payload.
    pub(super) node: Node<'d>,
    /// What it says.
    pub(super) own: &'a ElementDefinition,
    /// What it constrains.
    pub(super) met: &'a Met,
    /// What holds with it; what it constrains, where it got lost.
    pub(super) now: &'a ElementDefinition,
}
