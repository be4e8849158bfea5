//! Search results.

use ers_fhir_report::{Message, key, text};
use ers_fhir_tree::{Kind, Node};

use crate::check::{Checker, Finding};
use crate::rule::bundle as rules;

/// Checks the entries of a search result.
pub(super) fn check(ctx: &Checker<'_, '_>, bundle: Node<'_>) {
    // An array without items is reported as such, and is no entry.
    for entry in bundle.named("entry").filter(|entry| entry.kind() != Kind::EmptyArray) {
        let Some(resource) = entry.child("resource") else {
            if !has_request_or_response(entry) {
                report(ctx, entry, Message::text("an entry of a search result carries a resource"));
            }
            continue;
        };
        let Some(type_name) = resource.resource_type() else { continue };
        let mode = entry.child("search").and_then(|search| search.child_value("mode"));
        if mode == Some("outcome") {
            if type_name != "OperationOutcome" {
                report(ctx, entry, text!("an outcome is an OperationOutcome, not a {}", key(type_name)));
            }
        } else if resource.child("id").is_none() && type_name != "OperationOutcome" {
            let message = text!("the {} has no id, which everything that a search finds has", key(type_name));
            report(ctx, entry, message);
        }
    }
}

/// Then it is of another kind of Bundle, which an invariant reports.
fn has_request_or_response(entry: Node<'_>) -> bool {
    entry.child("request").is_some() || entry.child("response").is_some()
}

fn report(ctx: &Checker<'_, '_>, entry: Node<'_>, message: Message) {
    ctx.report(Finding::new(&rules::BUNDLE_SEARCH_ENTRY, entry, message).at_key(entry));
}
