//! Business rules of e-RS that need more than the payload: the call, the clock's reference data, or
//! what several parts of a request mean together.
//!
//! Rules that FHIRPath can express are invariants of the packages. The rules here are checked if
//! the operation is known: the caller names it, or a profile that only one operation takes implies
//! it.

mod answer;
mod body;
mod call;
mod expected;
mod fault;
mod headers;
mod inline;
mod other;
mod path;
mod query;
mod reasons;
mod reference_data;
mod request;
mod sent;
mod update;
mod upload;

use ers_fhir_report::{CallPart, Diagnostic, Message, Report, def, text};
use ers_fhir_tree::Syntax;
use ers_fhir_validator::service::{Finding, Run};

use crate::call::url::Url;
use crate::call::{Context, Direction};
use crate::deviation::Side;
use crate::rule::access as rules;
use crate::service::{Body, Header, by_area};
use fault::Fault;

pub(crate) use expected::answers_to;
pub(crate) use reference_data::unlisted;

/// Requires the profile that the operation gives the payload.
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

/// Checks what is known about the call, together with the payload.
pub(crate) fn check(run: &Run<'_>, context: Option<&Context>, side: Side) {
    let root = run.root();
    if let Some(context) = context {
        let source = run.document().source().as_bytes();
        for fault in faults(context, source) {
            let finding =
                Finding::new(fault.rule, root, fault.message).severity(fault.severity).of_call(fault.part);
            run.report(match fault.suggestion {
                Some(suggestion) => finding.suggest(suggestion),
                None => finding,
            });
        }
        body::check(run, context, root);
        if context.direction == Direction::Request {
            syntax(run, context);
            other::check(run, context);
            sent::check(run, context, root);
            update::check_body(run, context, root);
            expected::check(run, side);
        } else {
            answer::check_body(run, context, root);
        }
    } else if let Some(context) = implied(run) {
        body::check(run, &context, root);
    }
}

/// The faults of the call itself.
fn faults(context: &Context, payload: &[u8]) -> Vec<Fault> {
    let mut faults = call::check(context);
    faults.extend(path::check_method(context));
    if let Some(url) = context.url.as_deref().map(Url::parse) {
        faults.extend(path::check(context, &url));
        faults.extend(query::check(context, &url));
    }
    headers::check(context, &mut faults);
    faults.extend(update::check_head(context));
    faults.extend(answer::check_head(context, payload));
    faults
}

/// The body is in the syntax that Content-Type says, and in JSON if there is none, since the service takes no
/// other.
fn syntax(run: &Run<'_>, context: &Context) {
    let says = context.header_value(Header::CONTENT_TYPE.name).map(headers::media_type);
    if run.document().syntax() != Syntax::Xml {
        return;
    }
    let message = match says.as_deref() {
        Some("application/fhir+json") => "Content-Type says JSON, but the body is XML",
        None | Some("") => "the body is XML, but the service accepts only JSON",
        // Another Content-Type is reported for the header.
        Some(_) => return,
    };
    let finding = Finding::new(&rules::RULE_18, run.root(), Message::text(message)).at_key(run.root());
    run.report(finding.suggest(Message::text("write the body as FHIR JSON: ers-fhir convert does that")));
}

/// Checks a request that carries no FHIR: the call, and the size of the file that it uploads.
pub(crate) fn check_call(context: &Context, payload: &[u8]) -> Report {
    let mut faults = faults(context, payload);
    match context.body() {
        Body::File(_) if context.direction == Direction::Request => {
            faults.extend(upload::check(context, payload));
        }
        Body::None if context.direction == Direction::Request && !payload.is_empty() => {
            let message =
                text!("the {} of {} has no body", def(&context.direction), def(&context.endpoint.id));
            faults.push(Fault::new(&rules::NO_BODY, CallPart::Body, message));
        }
        Body::None | Body::File(_) | Body::Resource(_) => {}
    }
    let diagnostics = faults.into_iter().map(|fault| Diagnostic {
        severity: fault.severity,
        part: Some(fault.part),
        suggestion: fault.suggestion,
        ..Diagnostic::new(fault.rule, fault.message)
    });
    Report::new(diagnostics.collect())
}

/// The request that a payload must belong to, if it declares a profile that only one operation
/// takes.
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
