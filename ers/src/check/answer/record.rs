//! The returned record is the one requested, in the version that the headers say.

use ers_fhir_report::{Message, Severity, text};
use ers_fhir_tree::Node;
use ers_fhir_validator::service::{Finding, Run};

use crate::call::Context;
use crate::call::url::Url;
use crate::check::path;
use crate::rule::answers as rules;
use crate::service::Method;
use crate::service::form;

pub(super) fn check<'d>(run: &Run<'d>, context: &Context, url: Option<&Url>, root: Node<'d>) {
    if let Some(version) = context.answer_header("ETag").and_then(form::version_of) {
        etag(run, context, url, root, version);
    }
    let Some(url) = url else { return };
    let Some(endpoint) = path::at(context, url) else { return };
    let parameters = url.parameters(endpoint.path);
    // A malformed id is a fault of the path.
    let is_well_put = |name: &str, given: &str| {
        let form = form::path_parameter(endpoint.release, endpoint.resource_type(), name);
        form.is_none_or(|form| (form.is)(given))
    };
    let given = |names: &[&str]| {
        let mut named = parameters.iter().filter(|(name, _)| names.contains(name));
        named.next().filter(|(name, given)| is_well_put(name, given)).map(|(_, given)| *given)
    };
    let Some(record) = record(root, endpoint.resource_type()) else { return };
    // The answer to a change is documented less exactly than that to a read.
    let severity = if endpoint.method == Method::Get { Severity::Error } else { Severity::Warning };
    if let Some(asked) = given(&["ubrn", "id", "codeSystemType"])
        && let Some(id) = record.child("id")
        && id.value() != Some(asked)
    {
        let message =
            Message::text("the path names ").value(asked).then(", but the answer is another record");
        run.report(Finding::new(&rules::RECORD, id, message).severity(severity));
    }
    if let Some(asked) = given(&["version"])
        && let Some(version) = record.child("meta").and_then(|meta| meta.child("versionId"))
        && version.value() != Some(asked)
    {
        let message = Message::text("the path asks for version ").value(asked).then(", but this is another");
        run.report(Finding::new(&rules::RECORD, version, message));
    }
}

/// The returned resource of that type: by itself, or as a part of Parameters.
fn record<'d>(root: Node<'d>, resource_type: &str) -> Option<Node<'d>> {
    let is = |node: &Node<'d>| node.resource_type() == Some(resource_type);
    Some(root)
        .filter(is)
        .or_else(|| root.named("parameter").filter_map(|parameter| parameter.child("resource")).find(is))
}

/// The answers of the sandbox are made up of examples whose versions are not kept in step.
fn etag<'d>(run: &Run<'d>, context: &Context, url: Option<&Url>, root: Node<'d>, version: &str) {
    let Some(record) = record(root, context.endpoint.resource_type()) else { return };
    let Some(held) = record.child("meta").and_then(|meta| meta.child("versionId")) else { return };
    if held.value() != Some(version) {
        let message = text!("ETag and meta.versionId hold different versions");
        let severity = match url.and_then(Url::is_sandbox) {
            Some(true) => Severity::Information,
            Some(false) => Severity::Error,
            None => Severity::Warning,
        };
        run.report(Finding::new(&rules::VERSION, held, message).severity(severity));
    }
}
