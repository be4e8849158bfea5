//! Resolves references in a Bundle that must carry everything it refers to.

use ers_fhir_tree::Node;
use ers_fhir_values::uri::has_scheme;

use super::full_url::is_address_of;
use crate::check::Checker;
use crate::check::resolution::Place;

/// The entry that a reference leads to. A relative reference is resolved against the address of the resource
/// that contains it, so a fullUrl that is not the address of its resource gives it no base.
///
/// Source: <http://hl7.org/fhir/R4/bundle.html#references>.
pub(super) fn resolve<'d>(ctx: &Checker<'_, 'd>, text: &str, from: Node<'d>) -> Option<Node<'d>> {
    let target = ctx.resolution().resolve(text, from)?;
    let is_relative = !text.starts_with('#') && !has_scheme(text);
    (!is_relative || has_address(ctx, from)).then_some(target)
}

/// Whether the resource around a node is at the address that its entry gives.
fn has_address(ctx: &Checker<'_, '_>, node: Node<'_>) -> bool {
    ctx.resolution().container_of(node).is_some_and(|placed| match placed.place {
        Place::Entry(Some(full_url)) => is_address_of(full_url, placed.node),
        _ => true,
    })
}
