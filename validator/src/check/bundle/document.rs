//! Documents and messages: the first entry, what it refers to, and the date.
//!
//! Source: <http://hl7.org/fhir/R4/documents.html> and <http://hl7.org/fhir/R4/messaging.html>.

use ers_fhir_profiles::FhirVersion;
use ers_fhir_report::{Message, Severity, def, text};
use ers_fhir_tree::Node;

use super::entries::resources;
use super::reach;
use super::resolve::resolve;
use crate::check::{Checker, Finding};
use crate::rule::bundle as rules;

/// The deepest nesting of sections that is followed; the tree itself is bounded too.
const DEEPEST: usize = ers_fhir_tree::MAX_DEPTH;

/// Checks a document.
pub(super) fn check_document<'d>(ctx: &Checker<'_, 'd>, bundle: Node<'d>) {
    if ctx.version() == FhirVersion::Stu3 {
        let dated = bundle.child("meta").is_some_and(|meta| meta.child("lastUpdated").is_some());
        if !dated {
            let message = Message::text("an STU3 document needs its date in Bundle.meta.lastUpdated");
            ctx.report(Finding::new(&rules::BUNDLE_DOCUMENT_DATE, bundle, message).at_key(bundle));
        }
    }
    let Some(composition) = first_resource(ctx, bundle, "Composition") else { return };
    for name in ["subject", "author", "encounter", "custodian"] {
        check_references(ctx, bundle, composition, name);
    }
    for attester in composition.named("attester") {
        check_references(ctx, bundle, attester, "party");
    }
    for event in composition.named("event") {
        check_references(ctx, bundle, event, "detail");
    }
    check_sections(ctx, bundle, composition, 0);
    reach::check(ctx, bundle, Severity::Error);
}

/// Checks a message.
pub(super) fn check_message<'d>(ctx: &Checker<'_, 'd>, bundle: Node<'d>) {
    let Some(header) = first_resource(ctx, bundle, "MessageHeader") else { return };
    check_references(ctx, bundle, header, "focus");
    reach::check(ctx, bundle, Severity::Warning);
}

fn check_sections<'d>(ctx: &Checker<'_, 'd>, bundle: Node<'d>, around: Node<'d>, depth: usize) {
    if depth > DEEPEST {
        return;
    }
    for section in around.named("section") {
        for name in ["author", "focus", "entry"] {
            check_references(ctx, bundle, section, name);
        }
        check_sections(ctx, bundle, section, depth + 1);
    }
}

/// The resource of the first entry, if it is of the type that the Bundle must begin with.
fn first_resource<'d>(ctx: &Checker<'_, 'd>, bundle: Node<'d>, type_name: &str) -> Option<Node<'d>> {
    let first = bundle.named("entry").next();
    let resource = first.and_then(|entry| entry.child("resource"));
    if let Some(resource) = resource.filter(|resource| resource.resource_type() == Some(type_name)) {
        return Some(resource);
    }
    // R4 has an invariant for this, which is reported as such.
    if ctx.version() == FhirVersion::Stu3 {
        let kind = if type_name == "Composition" { "document" } else { "message" };
        let message = text!("a {} begins with an entry that holds its {}", def(kind), def(type_name));
        let place = first.unwrap_or(bundle);
        ctx.report(Finding::new(&rules::BUNDLE_FIRST_ENTRY, place, message).at_key(place));
    }
    None
}

/// Checks that the references with that name lead to an entry.
fn check_references<'d>(ctx: &Checker<'_, 'd>, bundle: Node<'d>, node: Node<'d>, name: &str) {
    for reference in node.named(name) {
        let Some(written) = reference.child("reference") else { continue };
        let Some(text) = written.value().filter(|text| !text.is_empty() && !text.starts_with('#')) else {
            continue;
        };
        if resolve(ctx, text, reference).is_none() {
            let message = Message::text("no entry of the Bundle matches ").value(text);
            let mut finding =
                Finding::new(&rules::BUNDLE_REFERENCE_NOT_FOUND, reference, message).underline(written);
            if let Some(suggestion) = near_miss(bundle, text) {
                finding = finding.suggest(suggestion);
            }
            ctx.report(finding);
        }
    }
}

/// Points out an entry that has the type and id of a relative reference, but a fullUrl that the reference
/// does not resolve to.
fn near_miss(bundle: Node<'_>, text: &str) -> Option<Message> {
    let (type_name, id) = text.split_once('/')?;
    let (entry, _) = resources(bundle).find(|(_, resource)| {
        resource.resource_type() == Some(type_name) && resource.child_value("id") == Some(id)
    })?;
    let full_url = entry.child_value("fullUrl")?;
    Some(
        Message::text("an entry has that type and id, but references are resolved by fullUrl: refer to ")
            .value(full_url),
    )
}
