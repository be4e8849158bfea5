//! The requests of a transaction or a batch.
//!
//! Interactions and their URLs are the same in both releases.
//!
//! Source: <http://hl7.org/fhir/R4/http.html#transaction>.

use ers_fhir_report::{Message, Severity, key, text};
use ers_fhir_tree::Node;
use ers_fhir_values::reference::is_id;
use ers_fhir_values::uri::has_scheme;

use crate::check::name;
use crate::check::{Checker, Finding};
use crate::rule::bundle as rules;

/// Checks the request of every entry.
pub(super) fn check(ctx: &Checker<'_, '_>, bundle: Node<'_>) {
    for entry in bundle.named("entry") {
        let Some(request) = entry.child("request") else { continue };
        let Some(url) = request.child(name::URL) else { continue };
        if let (Some(method), Some(text)) = (request.child_value("method"), url.value())
            && let Some((severity, message)) = fault(ctx, method, text, entry.child("resource"))
        {
            ctx.report(Finding::new(&rules::BUNDLE_REQUEST_URL, url, message).severity(severity));
        }
    }
}

/// What is wrong with a request, if anything is.
fn fault(
    ctx: &Checker<'_, '_>,
    method: &str,
    url: &str,
    resource: Option<Node<'_>>,
) -> Option<(Severity, Message)> {
    if has_scheme(url) {
        let message =
            Message::text("").value(url).then(" is not relative to the server that the Bundle is sent to");
        return Some((Severity::Warning, message));
    }
    // The examples of FHIR itself begin with a slash as often as not.
    let url = url.strip_prefix('/').unwrap_or(url);
    let (path, has_query) = url.split_once('?').map_or((url, false), |(path, _)| (path, true));
    let mut steps = path.split('/');
    let type_name = steps.next().unwrap_or_default();
    // An operation or a search on the whole server, or an addition of the server's own.
    if !type_name.starts_with(|first: char| first.is_ascii_uppercase()) {
        return None;
    }
    if ctx.validator.schemas().of_type(type_name).is_none() {
        let message = Message::text("").value(url).then(" does not begin with a resource type");
        return Some((Severity::Error, message));
    }
    let id = steps.next();
    // An operation, a search by POST, a history.
    if id.is_some_and(|step| step.starts_with(['$', '_'])) || steps.next().is_some() {
        return None;
    }
    let demand = match method {
        "POST" if id.is_some() || has_query => "a POST names the type alone; the server assigns the id",
        "PUT" | "PATCH" | "DELETE" if id.is_none() && !has_query => "does not name a resource",
        "PUT" | "PATCH" | "DELETE" if id.is_some_and(|id| !is_id(id)) => "does not end in an id",
        "POST" | "PUT" => return other_resource(method, type_name, id, resource?),
        _ => return None,
    };
    let message = if method == "POST" {
        Message::text(demand)
    } else {
        text!("the URL of a {} {}; write Type/id or Type?criteria", key(method), demand)
    };
    Some((Severity::Error, message))
}

/// Checks that the resource is the one that the request is for.
fn other_resource(
    method: &str,
    type_name: &str,
    id: Option<&str>,
    resource: Node<'_>,
) -> Option<(Severity, Message)> {
    let actual = resource.resource_type()?;
    if actual != type_name {
        let message =
            text!("the {} is for a {}, but the entry holds a {}", key(method), key(type_name), key(actual));
        return Some((Severity::Error, message));
    }
    let (Some(wanted), Some(given)) = (id, resource.child_value(name::ID)) else { return None };
    (wanted != given).then(|| {
        let message = Message::text("the PUT is for the id ")
            .value(wanted)
            .then(", but the resource has the id ")
            .value(given);
        (Severity::Error, message)
    })
}
