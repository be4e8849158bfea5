//! Answers: status, headers, and the body compared with the request.

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

/// The faults in the status and the headers of an answer with this body.
pub(super) fn check_head(context: &Context, payload: &[u8]) -> Vec<Fault> {
    if context.direction == Direction::Response { head::check(context, payload) } else { Vec::new() }
}

/// The faults in the body of an answer.
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
