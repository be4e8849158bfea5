//! Bundles: how entries are identified and connected, and what each kind of Bundle requires.
//!
//! Invariants of the definition (`bdl-1` ...) are evaluated with all others; the checks here are for rules
//! that the specification only states in words.
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
