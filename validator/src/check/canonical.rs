//! URIs that must mean the same wherever they stand.

use ers_fhir_values::uri::has_scheme;

use super::{Checker, Finding};
use crate::diagnostic::Message;
use crate::rule::datatype as rules;
use crate::schema::{Element, Origin};
use crate::tree::Node;

/// Checks a `uri` whose place demands an absolute one.
pub(super) fn check<'v>(ctx: &Checker<'v, '_>, node: Node<'_>, origin: Origin<'v>) {
    let demand = match node.name() {
        "url" if is_canonical_url(node, origin.element) => "the canonical URL of a definition is absolute",
        "system" if &*origin.element.id == "ValueSet.compose.include.system" => {
            "the code system of a value set is named by its absolute URL, even where it is contained"
        }
        _ => return,
    };
    if let Some(text) = node.value()
        && !has_scheme(text)
    {
        let message = Message::text("").value(text).then(" is relative; ").then(demand);
        ctx.report(Finding::new(&rules::CANONICAL_RELATIVE, node, message).demanded_by(origin));
    }
}

/// Whether this is the `url` of a definition. A device's URL is an address, not a name.
fn is_canonical_url(node: Node<'_>, element: &Element) -> bool {
    element.id.matches('.').count() == 1
        && node
            .parent()
            .and_then(Node::resource_type)
            .is_some_and(|name| !matches!(name, "Device" | "DeviceDefinition" | "Contract"))
}
