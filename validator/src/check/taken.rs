//! Fixes that would give two members of an object the same name.

use ers_fhir_tree::{Document, Node, NodeId, Syntax};
use rustc_hash::FxHashMap;

use super::Finding;

/// The names in an element: the existing ones, and those that a fix introduces, each with the name that it
/// replaces.
type Names<'d> = FxHashMap<String, Option<&'d str>>;

/// Removes fixes that rename an element to the present or future name of a sibling.
///
/// Repeats of an XML element are renamed together, as they are not members there.
#[cold]
pub(super) fn keep_apart(findings: &mut [Finding<'_>], document: &Document<'_>) {
    let mut names: FxHashMap<NodeId, Names<'_>> = FxHashMap::default();
    for finding in findings {
        let node = document.node(finding.node);
        let Some(parent) = node.parent() else { continue };
        let Some(name) = new_name(finding, node) else { continue };
        let taken = names
            .entry(parent.id())
            .or_insert_with(|| parent.runs().map(|child| (child.name().to_owned(), None)).collect());
        let is_free = match taken.get(name) {
            None => true,
            Some(of) => document.syntax() == Syntax::Xml && *of == Some(node.name()),
        };
        if is_free {
            taken.insert(name.to_owned(), Some(node.name()));
        } else {
            finding.edits.clear();
        }
    }
}

/// The name of an element after the fix of a finding, if that renames it.
fn new_name<'f>(finding: &'f Finding<'_>, node: Node<'_>) -> Option<&'f str> {
    let key = node.key_span();
    let is_key = |start: usize, end: usize| (start, end) == (key.start, key.end);
    let renames = finding.edits.iter().find(|edit| {
        let span = &edit.span;
        !span.is_empty() && (is_key(span.start, span.end) || is_key(span.start.wrapping_sub(1), span.end + 1))
    });
    renames.map(|edit| edit.text.as_str()).filter(|name| !name.is_empty())
}
