//! Reading the parameters of a request.

use ers_fhir_tree::Node;

/// The parameters of that name.
pub(super) fn named<'d>(parameters: Node<'d>, name: &str) -> impl Iterator<Item = Node<'d>> {
    parameters.named("parameter").filter(move |parameter| parameter.child_value("name") == Some(name))
}

/// The first parameter of that name.
pub(super) fn first<'d>(parameters: Node<'d>, name: &str) -> Option<Node<'d>> {
    named(parameters, name).next()
}

/// The coding that a parameter holds, outright or in a concept.
pub(super) fn coding(parameter: Node<'_>) -> Option<Node<'_>> {
    parameter.child("valueCoding").or_else(|| parameter.child("valueCodeableConcept")?.child("coding"))
}

/// The code that the first parameter of that name holds.
pub(super) fn code<'d>(parameters: Node<'d>, name: &str) -> Option<Node<'d>> {
    coding(first(parameters, name)?)?.child("code")
}

/// The search criteria of a request: its own resource, or those inside its shortlist.
pub(super) fn criteria(parameters: Node<'_>) -> Option<Node<'_>> {
    let held = |name| first(parameters, name).and_then(|parameter| parameter.child("resource"));
    held("searchCriteria").or_else(|| {
        held("shortlist")?.named("contained").find(|inner| inner.resource_type() == Some("Parameters"))
    })
}

/// The text that the first parameter of that name holds.
pub(super) fn text<'d>(root: Node<'d>, name: &str) -> Option<&'d str> {
    named(root, name).find_map(|parameter| parameter.child_value("valueString"))
}
