//! `mustHaveValue`: an extension does not stand in for the value of a primitive.

use ers_fhir_profiles::definition::ElementDefinition;
use ers_fhir_report::{def, text};
use ers_fhir_tree::Node;

use super::host::Host;
use crate::check::finding::{Finding, Source};
use crate::rule::value::MISSING_VALUE;

/// Whether a definition demands it.
pub(super) fn compile(definition: &ElementDefinition) -> bool {
    definition.must_have_value == Some(true)
}

pub(super) fn check<'v, 'd>(host: &impl Host<'v, 'd>, node: Node<'d>, source: Source<'v>) {
    if node.value().is_none() {
        let message = text!("'{}' must have a value", def(&source.element));
        host.report(Finding::new(&MISSING_VALUE, node, message).demanded_by(source).at_key(node));
    }
}
