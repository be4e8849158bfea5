//! `Bundle.entry.fullUrl`.

use ers_fhir_report::{Message, key, text, value};
use ers_fhir_tree::Node;
use ers_fhir_values::reference::is_id;
use ers_fhir_values::uri::has_scheme;

use crate::check::canonical::has_canonical;
use crate::check::name;
use crate::check::{Checker, Finding};
use crate::rule::bundle as rules;

/// Checks the full URL of every entry.
pub(super) fn check(ctx: &Checker<'_, '_>, bundle: Node<'_>, kind: &str) {
    // A resource that a client sends to be stored may have no identity yet.
    let is_optional = matches!(kind, "transaction" | "transaction-response" | "batch" | "batch-response");
    for entry in bundle.named("entry") {
        let resource = entry.child("resource");
        match (entry.child("fullUrl"), resource) {
            (Some(full_url), resource) => check_value(ctx, full_url, resource),
            (None, Some(resource)) if !is_optional && !is_outcome(entry, resource) => {
                let message = Message::text("the entry needs a fullUrl, the identity of the resource in it");
                ctx.report(Finding::new(&rules::BUNDLE_FULL_URL_MISSING, entry, message).at_key(entry));
            }
            (None, _) => {}
        }
    }
}

/// A remark on the search itself, which is not stored anywhere.
fn is_outcome(entry: Node<'_>, resource: Node<'_>) -> bool {
    let mode = entry.child("search").and_then(|search| search.child_value("mode"));
    mode == Some("outcome")
        || (resource.resource_type() == Some("OperationOutcome") && resource.child(name::ID).is_none())
}

fn check_value(ctx: &Checker<'_, '_>, written: Node<'_>, resource: Option<Node<'_>>) {
    let Some(full_url) = written.value() else { return };
    if !has_scheme(full_url) {
        let message = Message::text("the fullUrl ").value(full_url).then(" is not absolute");
        ctx.report(Finding::new(&rules::BUNDLE_FULL_URL_RELATIVE, written, message));
        return;
    }
    let Some(resource) = resource else { return };
    let Some(actual_type) = resource.resource_type() else { return };
    if is_address_of(full_url, resource) {
        return;
    }
    // A definition is known by its canonical URL, but stored at the address of its id.
    let is_canonical = full_url.starts_with("http")
        && resource.child_value(name::URL) == Some(full_url)
        && resource.child(name::ID).is_some()
        && has_canonical(ctx, actual_type);
    let is_address = || restful(full_url).is_some_and(|(type_name, _)| is_resource_type(ctx, type_name));
    if !is_canonical && !is_address() {
        return;
    }
    let message = if let Some(actual) = resource.child_value(name::ID) {
        text!(
            "the fullUrl is the address of another resource: this is the {} with the id {}",
            key(actual_type),
            value(actual)
        )
    } else {
        text!(
            "the fullUrl {} is an address on a server, and the {} has no id",
            value(full_url),
            key(actual_type)
        )
    };
    let suggestion = "give the id that the fullUrl ends with, or write the fullUrl as a urn:uuid:";
    let finding = Finding::new(&rules::BUNDLE_FULL_URL_MISMATCH, written, message);
    ctx.report(finding.suggest(Message::text(suggestion)));
}

/// Whether a URL ends in the type and the id of a resource.
pub(super) fn is_address_of(url: &str, resource: Node<'_>) -> bool {
    let Some((before, id)) = url.rsplit_once('/') else { return false };
    let type_name = before.rsplit_once('/').map_or(before, |(_, type_name)| type_name);
    resource.child_value(name::ID) == Some(id) && resource.resource_type() == Some(type_name)
}

/// Type and id at the end of an http(s) URL that looks like an address on a FHIR server.
fn restful(full_url: &str) -> Option<(&str, &str)> {
    if !full_url.starts_with("http:") && !full_url.starts_with("https:") {
        return None;
    }
    let mut parts = full_url.rsplit('/');
    let (id, type_name) = (parts.next()?, parts.next()?);
    is_id(id).then_some((type_name, id))
}

fn is_resource_type(ctx: &Checker<'_, '_>, name: &str) -> bool {
    use ers_fhir_profiles::definition::StructureKind;
    name.bytes().all(|b| b.is_ascii_alphabetic())
        && ctx.validator.schemas().of_type(name).is_some_and(|schema| schema.kind == StructureKind::Resource)
}
