//! Reading parameters and extensions.

use ers_fhir_tree::Node;

/// The parameters of that name.
pub(super) fn named<'d>(parameters: Node<'d>, name: &str) -> impl Iterator<Item = Node<'d>> {
    parameters.named("parameter").filter(move |parameter| parameter.child_value("name") == Some(name))
}

/// The first parameter of that name.
pub(super) fn first<'d>(parameters: Node<'d>, name: &str) -> Option<Node<'d>> {
    named(parameters, name).next()
}

/// The coding that a parameter holds, directly or in a concept.
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

/// The extensions of a node whose canonicals end in this: the service has them under several base
/// URLs.
pub(super) fn extensions<'d>(node: Node<'d>, name: &'static str) -> impl Iterator<Item = Node<'d>> {
    let is_called = move |url: &str| url.ends_with(name);
    node.named("extension").filter(move |extension| extension.child_value("url").is_some_and(is_called))
}

/// The code of the state that a referral is in.
pub(super) fn state(referral: Node<'_>) -> Option<Node<'_>> {
    let mut parts = extensions(referral, "/Extension-eRS-ReferralState-1").next()?.named("extension");
    let state = parts.find(|part| part.child_value("url") == Some("state"))?;
    state.child("valueCoding")?.child("code")
}

/// The text that the first parameter of that name holds.
pub(super) fn text<'d>(root: Node<'d>, name: &str) -> Option<&'d str> {
    named(root, name).find_map(|parameter| parameter.child_value("valueString"))
}
