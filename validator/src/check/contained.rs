//! Contained resources and the ids inside a resource.
//!
//! The invariants on contained resources are in their native twins.
//!
//! Source: <http://hl7.org/fhir/R4/references.html#contained>.

use ers_fhir_report::Message;
use ers_fhir_tree::Node;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Checker, Finding, name};
use crate::rule::contained as rules;
use crate::schema::Family;

/// Checks the ids of contained resources and, at the top, those of elements.
pub(crate) fn check(ctx: &Checker<'_, '_>, resource: Node<'_>) {
    let mut contained = FxHashSet::default();
    for inner in resource.named(name::CONTAINED) {
        if inner.resource_type().is_none() {
            continue;
        }
        match inner.child(name::ID) {
            None => {
                let message = Message::text("a contained resource needs an id to be referred to");
                let finding = Finding::new(&rules::CONTAINED_WITHOUT_ID, inner, message).at_key(inner);
                ctx.report(finding.suggest(Message::text("add 'id', and refer to it by '#' and that id")));
            }
            Some(id) => report_repeat(ctx, inner, id, &mut contained),
        }
    }
    if resource.parent().is_none() {
        check_element_ids(ctx);
    }
}

/// Element ids are unique in the nearest enclosing resource, except those of element definitions, which a
/// snapshot and a differential share. One scan of the arena serves all resources of a document, as hardly any
/// payload has such ids.
fn check_element_ids(ctx: &Checker<'_, '_>) {
    let mut seen = FxHashMap::default();
    for id in ctx.document.nodes().filter(|node| node.is_called(name::ID)) {
        let Some(owner) = id.parent().filter(|owner| owner.resource_type().is_none()) else { continue };
        if ctx.fact(owner).of.is_some_and(|of| of.family == Family::ElementDefinition) {
            continue;
        }
        if let Some(resource) = ctx.resolution().resource_of(owner) {
            report_repeat(ctx, owner, id, seen.entry(resource.node.id()).or_default());
        }
    }
}

fn report_repeat<'d>(ctx: &Checker<'_, '_>, owner: Node<'d>, id: Node<'d>, seen: &mut FxHashSet<&'d str>) {
    if let Some(value) = id.value().filter(|value| !seen.insert(value)) {
        let message = Message::text("the id ").value(value).then(" is already used in the same resource");
        ctx.report(Finding::new(&rules::DUPLICATE_ID, owner, message).underline(id));
    }
}
