//! The possible targets of local links: every id in a resource and in its narratives.

use ers_fhir_tree::Node;
use rustc_hash::FxHashSet;

use super::markup::{Event, scan};
use crate::check::memory::{Anchors, KnownAnchors};

impl Anchors {
    /// Whether the resource that contains a narrative has that anchor.
    pub(crate) fn contains(&self, narrative: Node<'_>, anchor: &str) -> bool {
        let mut known = self.0.borrow_mut();
        if let Some(known) = &*known
            && known.narrative == narrative.id()
        {
            return known.anchors.contains(anchor);
        }
        let resource = enclosing(narrative);
        let anchors = match known.take() {
            Some(known) if known.resource == resource.id() => known.anchors,
            _ => gather(resource),
        };
        let is_there = anchors.contains(anchor);
        *known = Some(KnownAnchors { narrative: narrative.id(), resource: resource.id(), anchors });
        is_there
    }
}

/// The resource around a node that is not contained in another one.
fn enclosing(node: Node<'_>) -> Node<'_> {
    let mut at = node;
    while let Some(parent) = at.parent() {
        if at.resource_type().is_some() && at.name() != "contained" {
            break;
        }
        at = parent;
    }
    at
}

fn gather(resource: Node<'_>) -> FxHashSet<Box<str>> {
    let mut anchors = FxHashSet::default();
    let mut open = vec![resource];
    while let Some(node) = open.pop() {
        open.extend(node.children());
        let Some(text) = node.value() else { continue };
        match node.name() {
            "id" => {
                anchors.insert(text.into());
            }
            "div" => {
                // Malformed markup is reported by the check itself.
                let _ = scan(text, |event| {
                    if let Event::Attribute { name: "id" | "name" | "xml:id", value } = event {
                        anchors.insert(value.into());
                    }
                });
            }
            _ => {}
        }
    }
    anchors
}
