//! An element of a differential beside what it constrains.

use ers_fhir_profiles::definition::ElementDefinition;
use ers_fhir_profiles::snapshot::Met;
use ers_fhir_tree::Node;

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
