//! `mustHaveValue`: an extension cannot replace the value of a primitive. A profile may say the same, or the
//! opposite, by the cardinality of the `value` of the primitive.

use ers_fhir_profiles::definition::ElementDefinition;
use ers_fhir_report::{def, text};
use ers_fhir_tree::Node;

use super::host::Host;
use crate::check::finding::{Finding, Source};
use crate::rule::cardinality::CARDINALITY_MAX;
use crate::rule::value::MISSING_VALUE;

/// Whether a definition requires it.
pub(super) fn compile(definition: &ElementDefinition) -> bool {
    definition.must_have_value == Some(true)
}

pub(super) fn check<'v, 'd>(host: &impl Host<'v, 'd>, node: Node<'d>, source: Source<'v>) {
    if node.value().is_none() {
        let message = text!("'{}' must have a value", def(&source.element));
        host.report(Finding::new(&MISSING_VALUE, node, message).demanded_by(source).at_key(node));
    }
}

/// Checks that there is no value if only extensions are allowed.
pub(super) fn check_absence<'v, 'd>(host: &impl Host<'v, 'd>, node: Node<'d>, source: Source<'v>) {
    if node.value().is_some() {
        let message = text!("'{}' may not have a value, only extensions", def(source.element));
        host.report(Finding::new(&CARDINALITY_MAX, node, message).demanded_by(source));
    }
}
