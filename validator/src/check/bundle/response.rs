//! The responses to a transaction or a batch.

use ers_fhir_report::Message;
use ers_fhir_tree::Node;

use crate::check::{Checker, Finding};
use crate::rule::bundle as rules;

/// Checks the response of every entry.
pub(super) fn check(ctx: &Checker<'_, '_>, bundle: Node<'_>) {
    let statuses = bundle.named("entry").filter_map(|entry| entry.child("response")?.child("status"));
    for (status, text) in statuses.filter_map(|status| Some((status, status.value()?))) {
        if !text.is_empty() && !begins_with_code(text) {
            let message = Message::text("").value(text).then(" does not begin with an HTTP status code");
            let advice = Message::text("write the three digits first, and words after a space: '200 OK'");
            ctx.report(Finding::new(&rules::BUNDLE_RESPONSE_STATUS, status, message).suggest(advice));
        }
    }
}

/// Whether a status begins with the three digits of an HTTP status code.
fn begins_with_code(status: &str) -> bool {
    let code = status.split(' ').next().unwrap_or_default();
    code.len() == 3
        && code.starts_with(|class| ('1'..='5').contains(&class))
        && code.bytes().all(|b| b.is_ascii_digit())
}
