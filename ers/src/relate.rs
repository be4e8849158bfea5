//! Which findings follow from others, as far as only e-RS tells.

use ers_fhir_report::{Issue, Severity};
use ers_fhir_tree::Node;
use ers_fhir_validator::service::Found;

use crate::check::answers_to;
use crate::rule::attachments::RULE_65;
use crate::rule::payload::OTHER_OPERATION;

/// Where the definitions of FHIR itself are.
const OF_FHIR: &str = "http://hl7.org/fhir/StructureDefinition/";
/// Keys of invariants that say of a value what a rule of the service says again where it is asked.
const FORMAT: &str = "ers-format-";

/// Whether the second finding follows from the first.
pub(crate) fn follows(cause: &Found<'_>, effect: &Found<'_>) -> bool {
    is_answer(cause, effect)
        || is_of_other_body(cause, effect)
        || is_same_value(cause, effect)
        || is_of_inline_file(cause, effect)
}

/// What the service answers to a fault.
fn is_answer(cause: &Found<'_>, effect: &Found<'_>) -> bool {
    cause.severity >= Severity::Error
        && cause.span.start == effect.span.start
        && cause.node.id() == effect.node.id()
        && answers_to(effect.rule, cause.rule)
}

/// What the profile of an operation finds in the body of another.
fn is_of_other_body(cause: &Found<'_>, effect: &Found<'_>) -> bool {
    let is_of_profile = effect.definition.is_some_and(|definition| !definition.starts_with(OF_FHIR));
    cause.rule.is(&OTHER_OPERATION) && (is_of_profile || answers_to(effect.rule, effect.rule))
}

/// What an invariant says in general of a value of which something more exact is said.
fn is_same_value(cause: &Found<'_>, effect: &Found<'_>) -> bool {
    let is_general = |found: &Found<'_>| found.key.is_some_and(|key| key.starts_with(FORMAT));
    is_general(effect)
        && !is_general(cause)
        && (cause.severity > Severity::Warning || cause.rule.issue == Issue::BusinessRule)
        && (same(cause.node, effect.node)
            || effect.node.parent().is_some_and(|parent| same(cause.node, parent)))
}

/// What an attachment lacks that carries the file itself.
fn is_of_inline_file(cause: &Found<'_>, effect: &Found<'_>) -> bool {
    cause.rule.is(&RULE_65)
        && cause.node.name() == "data"
        && cause.node.parent().is_some_and(|attachment| same(attachment, effect.node))
}

fn same(one: Node<'_>, other: Node<'_>) -> bool {
    one.id() == other.id()
}
