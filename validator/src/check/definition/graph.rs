//! GraphDefinition: its links can be followed.
//!
//! Source: <http://hl7.org/fhir/R4/graphdefinition-definitions.html#GraphDefinition.link>.

use ers_fhir_fhirpath::{Expression, Function};
use ers_fhir_profiles::FhirVersion;
use ers_fhir_report::Message;
use ers_fhir_tree::Node;

use super::typed;
use crate::check::{Checker, Finding};
use crate::rule::conformance as rules;

/// Checks a GraphDefinition.
pub(in crate::check) fn check<'d>(ctx: &Checker<'_, 'd>, graph: Node<'d>) {
    let mut pending: Vec<Node<'d>> = graph.named("link").collect();
    while let Some(link) = pending.pop() {
        if ctx.version() == FhirVersion::R4 {
            check_path(ctx, link);
        }
        for target in link.named("target") {
            typed::check(ctx, target, "type");
            check_parameters(ctx, target);
            pending.extend(target.named("link"));
        }
    }
}

/// The reference at the end of a path is followed anyway.
fn check_path(ctx: &Checker<'_, '_>, link: Node<'_>) {
    let Some((node, path)) = link.child("path").and_then(|node| Some((node, node.value()?))) else { return };
    if Expression::parse(path).is_ok_and(|path| path.calls(Function::Resolve)) {
        let message = Message::text("the path of a link must not call resolve()");
        let suggestion = Message::text("end the path at the reference");
        ctx.report(Finding::new(&rules::GRAPH_LINK, node, message).suggest(suggestion));
    }
}

/// The parameters that search for what refers to a resource name that resource.
fn check_parameters(ctx: &Checker<'_, '_>, target: Node<'_>) {
    let Some(parameters) = target.child("params") else { return };
    let Some(text) = parameters.value() else { return };
    let is_reference = |pair: &str| pair.split_once('=').is_some_and(|(_, value)| value.contains("{ref}"));
    if !text.split('&').any(is_reference) {
        let message = Message::text("none of the parameters has the value {ref}");
        let suggestion = Message::text(
            "give one of them the value {ref}, which stands for the resource where the link begins",
        );
        ctx.report(Finding::new(&rules::GRAPH_LINK, parameters, message).suggest(suggestion));
    }
}
