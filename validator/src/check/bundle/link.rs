//! `Bundle.link`.

use ers_fhir_report::{Message, def, text};
use ers_fhir_tree::Node;
use ers_fhir_values::uri::has_scheme;
use rustc_hash::FxHashSet;

use super::entries::resources;
use crate::check::{Checker, Finding};
use crate::rule::bundle as rules;

/// Checks the links of a Bundle.
pub(super) fn check<'d>(ctx: &Checker<'_, 'd>, bundle: Node<'d>, kind: &str) {
    let mut seen = FxHashSet::default();
    for link in bundle.named("link") {
        let Some(relation) = link.child("relation") else { continue };
        let Some(name) = relation.value() else { continue };
        match kind {
            "searchset" | "history" if is_about_pages(name) && !seen.insert(name) => {
                let message = text!("there can be only one link '{}'", def(name));
                ctx.report(Finding::new(&rules::BUNDLE_LINK, link, message).underline(relation));
            }
            "document"
            | "message"
            | "transaction"
            | "transaction-response"
            | "batch"
            | "batch-response"
            | "collection"
                if is_about_pages(name) && name != "self" =>
            {
                let message =
                    text!("a Bundle of type {} has no pages, so no link '{}'", def(kind), def(name));
                ctx.report(Finding::new(&rules::BUNDLE_LINK, relation, message));
            }
            "document" if name == "stylesheet" => check_stylesheet(ctx, bundle, link),
            _ => {}
        }
    }
}

fn is_about_pages(relation: &str) -> bool {
    matches!(relation, "self" | "first" | "previous" | "prev" | "next" | "last")
}

/// The entry that a relative style sheet link means, as the Composition would refer to it.
pub(super) fn stylesheet<'d>(ctx: &Checker<'_, 'd>, bundle: Node<'d>, link: Node<'d>) -> Option<Node<'d>> {
    if link.child_value("relation") != Some("stylesheet") {
        return None;
    }
    let (_, first) = resources(bundle).next()?;
    ctx.resolution().resolve(link.child_value("url")?, first)
}

fn check_stylesheet<'d>(ctx: &Checker<'_, 'd>, bundle: Node<'d>, link: Node<'d>) {
    let Some(url) = link.child("url") else { return };
    let Some(text) = url.value() else { return };
    if !has_scheme(text) && stylesheet(ctx, bundle, link).is_none() {
        let message = Message::text("no entry of the document matches ").value(text);
        ctx.report(Finding::new(&rules::BUNDLE_STYLESHEET, url, message));
    }
}
