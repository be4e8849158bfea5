//! Which entries are connected to the first one.

use ers_fhir_report::{Message, Severity};
use ers_fhir_tree::{Node, NodeId};
use rustc_hash::FxHashMap;

use super::entries::resources;
use super::link;
use super::resolve::resolve;
use crate::check::name;
use crate::check::{Checker, Finding};
use crate::rule::bundle as rules;

/// Reports the entries that no chain of references, in either direction, connects to the first.
pub(super) fn check<'d>(ctx: &Checker<'_, 'd>, bundle: Node<'d>, severity: Severity) {
    let entries: Vec<(Node<'d>, Node<'d>)> = resources(bundle).collect();
    let places: FxHashMap<NodeId, usize> =
        entries.iter().enumerate().map(|(place, (_, resource))| (resource.id(), place)).collect();
    let mut neighbours: Vec<Vec<usize>> = vec![Vec::new(); entries.len()];
    for (place, (_, resource)) in entries.iter().enumerate() {
        each_reference(*resource, &mut |node, reference| {
            let target = resolve(ctx, reference, node);
            if let Some(other) = target.and_then(|target| places.get(&target.id())) {
                neighbours[place].push(*other);
                neighbours[*other].push(place);
            }
        });
    }
    let sheets = bundle
        .named("link")
        .filter_map(|link| link::stylesheet(ctx, bundle, link))
        .filter_map(|sheet| places.get(&sheet.id()).copied());
    let mut reached = vec![false; entries.len()];
    let mut pending: Vec<usize> = sheets.chain((!entries.is_empty()).then_some(0)).collect();
    while let Some(place) = pending.pop() {
        if !std::mem::replace(&mut reached[place], true) {
            pending.extend(&neighbours[place]);
        }
    }
    for ((entry, _), _) in entries.iter().zip(reached).filter(|(_, reached)| !reached) {
        let message = Message::text("no reference connects this entry to the first one");
        let finding = Finding::new(&rules::BUNDLE_ENTRY_UNREACHABLE, *entry, message);
        ctx.report(finding.severity(severity).at_key(*entry));
    }
}

/// Visits the text of every reference in a resource.
fn each_reference<'d>(resource: Node<'d>, to: &mut impl FnMut(Node<'d>, &'d str)) {
    let mut pending = vec![resource];
    while let Some(node) = pending.pop() {
        if node.is_called(name::REFERENCE)
            && let Some(text) = node.value()
        {
            to(node, text);
        }
        pending.extend(node.children());
    }
}
