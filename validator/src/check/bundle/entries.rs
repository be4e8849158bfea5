//! `Bundle.entry`.

use ers_fhir_tree::Node;

/// The resources of the entries, in order, with their entries.
pub(super) fn resources(bundle: Node<'_>) -> impl Iterator<Item = (Node<'_>, Node<'_>)> {
    bundle.named("entry").filter_map(|entry| Some((entry, entry.child("resource")?)))
}
