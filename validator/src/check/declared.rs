//! What a resource declares about itself.

use ers_fhir_tree::Node;

use super::name;

/// The nodes of `meta.profile`.
pub(crate) fn declared_profiles(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    node.named(name::META).flat_map(|meta| meta.named(name::PROFILE))
}
