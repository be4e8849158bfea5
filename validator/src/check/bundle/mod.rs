//! Bundles: what their entries are called, how they hang together, what each kind demands.
//!
//! Invariants of the definition (`bdl-1` ...) are evaluated with all others; here is what the
//! specification says in words only.
//!
//! Source: <http://hl7.org/fhir/R4/bundle.html>.

mod document;
mod full_url;
mod link;
mod reach;
mod search;

use ers_fhir_tree::Node;

use super::Checker;

/// Checks a Bundle; its entries have been walked.
pub(crate) fn check<'d>(ctx: &Checker<'_, 'd>, bundle: Node<'d>) {
    let kind = bundle.child_value("type").unwrap_or_default();
    link::check(ctx, bundle, kind);
    full_url::check(ctx, bundle, kind);
    match kind {
        "document" => document::check_document(ctx, bundle),
        "message" => document::check_message(ctx, bundle),
        "searchset" => search::check(ctx, bundle),
        _ => {}
    }
}

/// The resources of the entries, in order, with their entries.
fn resources(bundle: Node<'_>) -> impl Iterator<Item = (Node<'_>, Node<'_>)> {
    bundle.named("entry").filter_map(|entry| Some((entry, entry.child("resource")?)))
}
