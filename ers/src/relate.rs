//! Which findings follow from others, as far as only e-RS tells.

use std::iter::successors;

use ers_fhir_report::{Issue, Rule, Severity};
use ers_fhir_tree::Node;
use ers_fhir_validator::rule::cardinality::CARDINALITY_MIN;
use ers_fhir_validator::service::Found;

use crate::check::answers_to;
use crate::rule::advice::{RULE_122, RULE_132};
use crate::rule::answers::RELEASE;
use crate::rule::appointments::{RULE_83, RULE_86, RULE_87};
use crate::rule::attachments::RULE_65;
use crate::rule::payload::{OTHER_OPERATION, RULE_136, RULE_140, RULE_142, RULE_143};
use crate::rule::shortlist::{RULE_40, RULE_41};

/// Where the definitions of FHIR itself are.
const OF_FHIR: &str = "http://hl7.org/fhir/StructureDefinition/";
/// Keys of invariants that say of a value what a rule of the service says again where it is asked.
const FORMAT: &str = "ers-format-";

/// Rules about what the body of one operation holds.
const BODIES: [&Rule; 2] = [&RULE_83, &RULE_87];

/// Whether the second finding follows from the first.
pub(crate) fn follows(cause: &Found<'_>, effect: &Found<'_>) -> bool {
    is_answer(cause, effect)
        || is_of_other_body(cause, effect)
        || is_same_value(cause, effect)
        || is_of_inline_file(cause, effect)
        || is_of_other_release(cause, effect)
        || is_same_parameter(cause, effect)
        || is_of_other_list(cause, effect)
        || is_of_long_list(cause, effect)
        || is_of_criteria(cause, effect)
        || is_of_reason(cause, effect)
        || is_of_participants(cause, effect)
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
    let is_of_body = BODIES.iter().any(|rule| effect.rule.is(rule)) || answers_to(effect.rule, effect.rule);
    cause.rule.is(&OTHER_OPERATION) && (is_of_profile || is_of_body)
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

/// What FHIR finds in an OperationOutcome of the other release.
fn is_of_other_release(cause: &Found<'_>, effect: &Found<'_>) -> bool {
    cause.rule.is(&RELEASE) && effect.rule.issue != Issue::BusinessRule
}

/// What a profile misses, where a rule of the service says the same of the parameter.
fn is_same_parameter(cause: &Found<'_>, effect: &Found<'_>) -> bool {
    let missing = |name: &str| {
        effect.element.and_then(|element| element.rsplit_once(':')).is_some_and(|(_, slice)| slice == name)
    };
    effect.rule.is(&CARDINALITY_MIN)
        && same(cause.node, effect.node)
        && (cause.rule.is(&RULE_122) && missing("updatedPriority")
            || cause.rule.is(&RULE_132) && missing("providerConversionAuthorisation"))
}

/// A code that is in no list of that name, where it is the name that is wrong.
fn is_of_other_list(cause: &Found<'_>, effect: &Found<'_>) -> bool {
    let of_coding = |found: &Found<'_>| found.node.parent().map(Node::id);
    cause.rule.is(&RULE_143) && effect.rule.is(&RULE_140) && of_coding(cause) == of_coding(effect)
}

/// What the service does not send, where a client sends more than it may.
fn is_of_long_list(cause: &Found<'_>, effect: &Found<'_>) -> bool {
    let is_too_many = cause.rule.is(&RULE_40) || cause.rule.is(&RULE_41);
    is_too_many && effect.rule.is(&RULE_136)
}

/// That nothing refers to the search criteria, where a rule of the service says so in its own words.
fn is_of_criteria(cause: &Found<'_>, effect: &Found<'_>) -> bool {
    cause.rule.is(&RULE_142) && effect.key == Some("dom-3") && is_within(effect.node, cause.node)
}

/// Where a reason comes from that should not be there, or that is not of the list which the request takes it from.
fn is_of_reason(cause: &Found<'_>, effect: &Found<'_>) -> bool {
    let rank = |found: &Found<'_>| {
        let keys = ["ers-rule-79-reason", "ers-rule-83-reason", "ers-appointment-reason"];
        keys.iter().position(|key| found.key == Some(*key))
    };
    let ranks = rank(cause).zip(rank(effect));
    ranks.is_some_and(|(cause, effect)| cause < effect) && is_within(effect.node, cause.node)
}

/// That the participants are not those of an appointment, where it is told which one is missing.
fn is_of_participants(cause: &Found<'_>, effect: &Found<'_>) -> bool {
    let is_participant =
        |element: &str| element.rsplit_once(':').is_some_and(|(path, _)| path == "Appointment.participant");
    cause.rule.is(&CARDINALITY_MIN)
        && cause.element.is_some_and(is_participant)
        && effect.rule.is(&RULE_86)
        && same(cause.node, effect.node)
}

fn is_within(node: Node<'_>, outer: Node<'_>) -> bool {
    successors(Some(node), |node| node.parent()).any(|node| same(node, outer))
}

fn same(one: Node<'_>, other: Node<'_>) -> bool {
    one.id() == other.id()
}
