//! Where local links may lead: every id in a resource and in its narratives.

use ers_fhir_tree::Node;
use rustc_hash::FxHashSet;

use super::markup::{Event, scan};
use crate::check::memory::Anchors;

impl Anchors {
    /// Whether the resource around a node has that anchor.
    pub(crate) fn contains(&self, node: Node<'_>, anchor: &str) -> bool {
        let resource = enclosing(node);
        let mut known = self.0.borrow_mut();
        let anchors = match &mut *known {
            Some((id, anchors)) if *id == resource.id() => anchors,
            slot => &mut slot.insert((resource.id(), gather(resource))).1,
        };
        anchors.contains(anchor)
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
                // What is malformed is reported by the check itself.
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
