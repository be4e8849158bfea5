//! Search results.

use ers_fhir_report::{Message, Severity, def, key, text};
use ers_fhir_tree::{Kind, Node};

use crate::check::{Checker, Finding};
use crate::rule::bundle as rules;

/// Checks the entries of a search result.
pub(super) fn check(ctx: &Checker<'_, '_>, bundle: Node<'_>) {
    let wanted = types_searched(ctx, bundle);
    let has_modes = bundle.named("entry").any(|entry| mode_of(entry).is_some());
    // An empty array is reported as such, and is not an entry.
    for entry in bundle.named("entry").filter(|entry| entry.kind() != Kind::EmptyArray) {
        let Some(resource) = entry.child("resource") else {
            if !has_request_or_response(entry) {
                report(ctx, entry, Message::text("an entry of a search result carries a resource"));
            }
            continue;
        };
        let Some(type_name) = resource.resource_type() else { continue };
        let mode = mode_of(entry);
        if mode.is_none() && has_modes {
            let message = "other entries say why they are in the search result; search.mode is missing here";
            let finding = Finding::new(&rules::BUNDLE_SEARCH_ENTRY, entry, Message::text(message));
            ctx.report(finding.severity(Severity::Warning).at_key(entry));
        }
        if mode == Some("match") && !wanted.is_empty() && !wanted.contains(&type_name) {
            let message = text!(
                "the search was for {}, which a {} does not match",
                def(wanted.join(" or ")),
                key(type_name)
            );
            report(ctx, entry, message);
        }
        if mode == Some("outcome") {
            if type_name != "OperationOutcome" {
                report(ctx, entry, text!("an outcome is an OperationOutcome, not a {}", key(type_name)));
            }
        } else if resource.child("id").is_none() && type_name != "OperationOutcome" {
            let message = text!("the {} has no id, but every search result has one", key(type_name));
            report(ctx, entry, message);
        }
    }
}

fn mode_of(entry: Node<'_>) -> Option<&str> {
    entry.child("search").and_then(|search| search.child_value("mode"))
}

/// The types that the 'self' link of the search asks for; none if they cannot be determined.
fn types_searched<'d>(ctx: &Checker<'_, '_>, bundle: Node<'d>) -> Vec<&'d str> {
    let mut links = bundle.named("link").filter(|link| link.child_value("relation") == Some("self"));
    let Some(url) = links.next().and_then(|link| link.child_value("url")) else { return Vec::new() };
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let listed = query.split('&').find_map(|parameter| parameter.strip_prefix("_type="));
    let path = path.trim_end_matches('/');
    let path = path.strip_suffix("/_search").unwrap_or(path);
    let types: Vec<&str> = match listed {
        Some(listed) => listed.split(',').collect(),
        None => path.rsplit('/').take(1).collect(),
    };
    let are_known = types.iter().all(|name| ctx.validator.schemas().of_type(name).is_some());
    if are_known { types } else { Vec::new() }
}

/// Then the Bundle is of another kind, which an invariant reports.
fn has_request_or_response(entry: Node<'_>) -> bool {
    entry.child("request").is_some() || entry.child("response").is_some()
}

fn report(ctx: &Checker<'_, '_>, entry: Node<'_>, message: Message) {
    ctx.report(Finding::new(&rules::BUNDLE_SEARCH_ENTRY, entry, message).at_key(entry));
}
