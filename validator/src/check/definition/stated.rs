//! Pairs each element of a differential with what it constrains.

use ers_fhir_profiles::definition::ElementDefinition;
use ers_fhir_profiles::snapshot::{Met, SnapshotError, Trace};
use ers_fhir_tree::Node;

/// An element of a differential, and the result of applying it.
pub(super) struct Step<'a, 'd> {
    /// Its node in the payload.
    pub(super) node: Node<'d>,
    /// Its content.
    pub(super) own: &'a ElementDefinition,
    /// What it constrains, or why it has no place.
    pub(super) met: &'a Result<Met, SnapshotError>,
}

/// The result of applying each element of a differential, except those that cannot be read.
pub(super) fn steps<'a, 'd>(
    differential: Node<'d>,
    elements: &'a [ElementDefinition],
    trace: &'a Trace,
) -> Vec<Step<'a, 'd>> {
    let mut nodes = differential.named("element");
    let read = elements.iter().zip(&trace.steps);
    read.filter_map(|(own, met)| {
        // Elements that cannot be read are skipped by matching the path of the next one that can.
        let node = nodes.find(|node| node.child_value("path") == Some(&*own.path))?;
        Some(Step { node, own, met })
    })
    .collect()
}

/// An element of a differential, and the element of the base that it constrains.
pub(super) struct Stated<'a, 'd> {
    /// Its node in the payload.
    pub(super) node: Node<'d>,
    /// Its content.
    pub(super) own: &'a ElementDefinition,
    /// What it constrains.
    pub(super) met: &'a Met,
    /// The element with its constraints applied; the constrained element, if it is not in the snapshot.
    pub(super) now: &'a ElementDefinition,
}
