//! Answers: status and headers, and what the body says against the request.

mod asked;
mod body;
mod foreign;
mod head;
mod page;
mod parts;
mod record;
mod state;
mod worklist;

use ers_fhir_tree::Node;
use ers_fhir_validator::service::Run;

use super::fault::Fault;
use crate::call::url::Url;
use crate::call::{Context, Direction};

/// What is wrong with status and headers of an answer, whose body is of that many bytes.
pub(super) fn check_head(context: &Context, payload: &[u8]) -> Vec<Fault> {
    if context.direction == Direction::Response { head::check(context, payload) } else { Vec::new() }
}

/// What is wrong with the body of an answer.
pub(super) fn check_body<'d>(run: &Run<'d>, context: &Context, root: Node<'d>) {
    body::check(run, context, root);
    if context.succeeds() == Some(false) || root.resource_type() == Some("OperationOutcome") {
        return;
    }
    let url = context.url.as_deref().map(Url::parse);
    record::check(run, context, url.as_ref(), root);
    asked::check(run, context, root);
    page::check(run, context, url.as_ref(), root);
    parts::check(run, context, root);
    state::check(run, context, root);
    worklist::check(run, context, root);
}
