//! Business rules of e-RS that need more than the payload: the call, the clock's reference data, or
//! what several parts of a request mean together.
//!
//! Rules that FHIRPath can say are invariants of the packages. What stands here is checked where an
//! operation is known: the caller names it, or a profile that only one operation takes implies it.

mod body;
mod call;
mod expected;
mod fault;
mod query;
mod reasons;
mod reference_data;
mod request;
mod upload;

use ers_fhir_report::{Diagnostic, Report, def, text};
use ers_fhir_tree::LineIndex;
use ers_fhir_validator::service::{Finding, Run};

use crate::call::{Context, Direction};
use crate::rule::access as rules;
use crate::service::{Body, by_area};
use fault::Fault;

pub(crate) use reference_data::unlisted;

/// Asks for the profile that the operation gives the payload.
pub(crate) fn demand_profile(run: &Run<'_>, context: &Context) {
    let root = run.root();
    let resource_type = root.resource_type().unwrap_or_default();
    if let Some(profile) = context.profile(resource_type, root.child_value("url")) {
        run.demand(profile);
    } else {
        let endpoint = context.endpoint;
        let message = text!("the {} of {} carries no FHIR", def(&context.direction), def(&endpoint.id));
        run.report(Finding::new(&rules::NO_BODY, root, message).at_key(root));
    }
}

/// Checks what is known of the call together with the payload.
pub(crate) fn check(run: &Run<'_>, context: Option<&Context>) {
    let root = run.root();
    if let Some(context) = context {
        for fault in faults(context) {
            let finding = Finding::new(fault.rule, root, fault.message).severity(fault.severity).at_key(root);
            run.report(match fault.suggestion {
                Some(suggestion) => finding.suggest(suggestion),
                None => finding,
            });
        }
        body::check(run, context, root);
        if context.direction == Direction::Request {
            expected::check(run);
        }
    } else if let Some(context) = implied(run) {
        body::check(run, &context, root);
    }
}

/// What is wrong with the call itself.
fn faults(context: &Context) -> Vec<Fault> {
    let mut faults = call::check(context);
    faults.extend(query::check(context));
    faults
}

/// Checks a request that carries no FHIR: the call, and the size of the file that it uploads.
pub(crate) fn check_call(context: &Context, payload: &[u8]) -> Report {
    let mut faults = faults(context);
    match context.body() {
        Body::File(_) => faults.extend(upload::check(context, payload)),
        Body::None if !payload.is_empty() => {
            let message =
                text!("the {} of {} has no body", def(&context.direction), def(&context.endpoint.id));
            faults.push(Fault::new(&rules::NO_BODY, message));
        }
        Body::None | Body::Resource(_) => {}
    }
    let start = LineIndex::new("").position(0);
    let diagnostics = faults.into_iter().map(|fault| Diagnostic {
        rule: fault.rule,
        severity: fault.severity,
        message: fault.message,
        location: String::new(),
        span: 0..0,
        position: start,
        profile: None,
        element: None,
        key: None,
        suggestion: fault.suggestion,
        related: Vec::new(),
        edits: Vec::new(),
    });
    Report::new(diagnostics.collect())
}

/// The request that a payload must be, where it declares a profile that only one operation takes.
fn implied(run: &Run<'_>) -> Option<Context> {
    let declared: Vec<&str> = run.declared_profiles(run.root()).collect();
    if declared.is_empty() {
        return None;
    }
    let takes = |body: Body| match body {
        Body::Resource(profiles) => profiles.iter().any(|profile| declared.contains(profile)),
        Body::None | Body::File(_) => false,
    };
    let mut found = by_area().filter(|endpoint| takes(endpoint.request));
    match (found.next(), found.next()) {
        (Some(endpoint), None) => Some(Context::request(endpoint)),
        _ => None,
    }
}
