//! Contained resources and the ids inside a resource.
//!
//! The functions named after an invariant are its native twins: they give the same answer as its
//! FHIRPath, on the resource that holds `contained`.
//!
//! Source: <http://hl7.org/fhir/R4/references.html#contained>.

use ers_fhir_report::Message;
use ers_fhir_tree::{Kind, Node};
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
                ctx.report(Finding::new(&rules::CONTAINED_WITHOUT_ID, inner, message).at_key(inner));
            }
            Some(id) => report_repeat(ctx, inner, id, &mut contained),
        }
    }
    if resource.parent().is_none() {
        check_element_ids(ctx);
    }
}

/// Element ids are unique in the nearest resource around them, but for those of element
/// definitions, which a snapshot and a differential share. One scan of the arena serves all resources of a
/// document: hardly any payload has such ids.
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
        let message = Message::text("the id ").value(value).then(" is used before in the same resource");
        ctx.report(Finding::new(&rules::DUPLICATE_ID, owner, message).underline(id));
    }
}

/// `dom-2`: a contained resource contains none.
pub(crate) fn dom_2(resource: Node<'_>) -> bool {
    resource.named(name::CONTAINED).all(|inner| inner.child(name::CONTAINED).is_none())
}

/// `dom-3`: every contained resource is referred to from somewhere in the resource or (R4) refers
/// to the resource around it.
///
/// Any element whose text is `#id` counts as a reference to it: canonicals and URLs may be one. So
/// does a link or an image of a narrative.
pub(crate) fn dom_3(resource: Node<'_>) -> bool {
    if resource.child(name::CONTAINED).is_none() {
        return true;
    }
    let mut fragments = FxHashSet::default();
    visit(resource, &mut |node| {
        let Some(value) = node.value() else { return };
        if node.kind() == Kind::Xhtml || node.name() == "div" {
            fragments.extend(linked_fragments(value));
        } else if let Some(fragment) = value.strip_prefix('#') {
            fragments.insert(fragment);
        }
    });
    resource.named(name::CONTAINED).all(|inner| {
        let Some(id) = inner.child_value(name::ID) else { return true };
        fragments.contains(id) || refers_to_container(inner)
    })
}

/// What attributes of the form `href="#id"` refer to.
fn linked_fragments(markup: &str) -> impl Iterator<Item = &str> {
    markup.match_indices('#').filter_map(|(at, _)| {
        let quote = markup[..at].chars().next_back().filter(|before| matches!(before, '"' | '\''))?;
        markup[at + 1..].split_once(quote).map(|(fragment, _)| fragment)
    })
}

fn refers_to_container(inner: Node<'_>) -> bool {
    let mut refers = false;
    visit(inner, &mut |node| refers |= node.value() == Some("#"));
    refers
}

/// `dom-4`: a contained resource has no version of its own.
pub(crate) fn dom_4(resource: Node<'_>) -> bool {
    metas(resource).all(|meta| meta.child("versionId").is_none() && meta.child("lastUpdated").is_none())
}

/// `dom-5`: a contained resource has no security label.
pub(crate) fn dom_5(resource: Node<'_>) -> bool {
    metas(resource).all(|meta| meta.child("security").is_none())
}

fn metas(resource: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    resource.named(name::CONTAINED).filter_map(|inner| inner.child(name::META))
}

/// Hands over a node and all below it.
fn visit<'d>(node: Node<'d>, to: &mut impl FnMut(Node<'d>)) {
    let mut pending = vec![node];
    while let Some(node) = pending.pop() {
        to(node);
        pending.extend(node.children());
    }
}
