//! Bundles: what their entries are called, how they hang together, what each kind demands.
//!
//! Invariants of the definition (`bdl-1` ...) are evaluated with all others; here is what the
//! specification says in words only.
//!
//! Source: <http://hl7.org/fhir/R4/bundle.html>.

mod document;
mod entries;
mod full_url;
mod link;
mod reach;
mod request;
mod resolve;
mod response;
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
        "transaction" | "batch" => request::check(ctx, bundle),
        "transaction-response" | "batch-response" => response::check(ctx, bundle),
        _ => {}
    }
}
