//! The same fault, found by two definitions (the base and a profile, or two profiles) or by two rules.

use ers_fhir_report::Issue;
use ers_fhir_tree::Node;

use super::scene::{Relation, Scene, Seen, any, is_within};
use crate::check::finding::About;
use crate::rule::cardinality::CARDINALITY_MAX;
use crate::rule::coding::{CODE_MALFORMED, CODING_SYSTEM_MISSPELT, CODING_WITHOUT_SYSTEM, UNKNOWN_CODE};
use crate::rule::datatype::CANONICAL_TYPE;
use crate::rule::definition::{ELEMENT_FACET, PROFILE_NOT_CHECKED};
use crate::rule::measure::MEASURE_REPORT_CODE;
use crate::rule::profile::UNKNOWN_PROFILE;
use crate::rule::questionnaire::QUESTIONNAIRE_ANSWER_NOT_ALLOWED;
use crate::rule::structure::{ARRAY_NOT_EXPECTED, EMPTY_ARRAY};
use crate::rule::syntax::NESTED_ARRAY;
use crate::rule::terminology::VALUE_SET_IMPORT;
use crate::rule::value::{FIXED_VALUE, PATTERN_VALUE};

pub(super) const RELATION: Relation = Relation { may_cause: any, may_follow: any, follows };

fn follows(_: &Scene<'_>, cause: Seen<'_>, effect: Seen<'_>) -> bool {
    if is_of_slice(cause, effect)
        || is_of_array(cause, effect)
        || is_of_canonical(cause, effect)
        || is_of_code(cause, effect)
    {
        return true;
    }
    if cause.node.id() != effect.node.id() {
        return match effect.finding.about {
            About::Expression(_) => is_of_repeats(cause, effect),
            About::Within(_) => outweighs(cause, effect) && is_of_one_child(cause, effect),
            _ => false,
        };
    }
    if !outweighs(cause, effect) {
        return false;
    }
    let values = [&FIXED_VALUE, &PATTERN_VALUE];
    if cause.is(&values) && effect.is(&values) {
        return true;
    }
    if !cause.finding.rule.is(effect.finding.rule) || cause.finding.span != effect.finding.span {
        return false;
    }
    // A rule of the service may be stated in several definitions and in code.
    if cause.finding.rule.issue == Issue::BusinessRule && cause.is_of_invariant() && effect.is_of_invariant()
    {
        return true;
    }
    match (cause.finding.about, effect.finding.about) {
        (About::Expression(_), About::Expression(_)) => cause.finding.key == effect.finding.key,
        (About::Nothing, About::Nothing) => cause.definition() != effect.definition(),
        (one, other) => {
            one == other && (cause.definition() != effect.definition() || cause.element() != effect.element())
        }
    }
}

/// Whether there is one repeat too many of a slice, and therefore of the element.
fn is_of_slice(cause: Seen<'_>, effect: Seen<'_>) -> bool {
    let sliced = || cause.element()?.rsplit_once(':').map(|(path, _)| path);
    cause.is(&[&CARDINALITY_MAX])
        && effect.is(&[&CARDINALITY_MAX])
        && cause.finding.about != About::Forbidden
        && cause.finding.severity >= effect.finding.severity
        && are_siblings(cause, effect)
        && effect.element().is_some_and(|element| sliced() == Some(element))
}

/// Whether there is an array where none belongs, and its content is therefore too much, or nothing.
fn is_of_array(cause: Seen<'_>, effect: Seen<'_>) -> bool {
    let is_one_array = || are_siblings(cause, effect) && cause.node.name() == effect.node.name();
    cause.is(&[&ARRAY_NOT_EXPECTED]) && effect.is(&[&CARDINALITY_MAX]) && is_one_array()
        || cause.is(&[&NESTED_ARRAY]) && effect.is(&[&EMPTY_ARRAY]) && cause.node.id() == effect.node.id()
}

/// Whether a canonical names a definition of another type, and therefore not the one that was looked for.
fn is_of_canonical(cause: Seen<'_>, effect: Seen<'_>) -> bool {
    let is_wrong_type = |seen: Seen<'_>| seen.is(&[&CANONICAL_TYPE]);
    cause.node.id() == effect.node.id()
        && (cause.is(&[&VALUE_SET_IMPORT]) && is_wrong_type(effect)
            || is_wrong_type(cause) && effect.is(&[&UNKNOWN_PROFILE, &PROFILE_NOT_CHECKED, &ELEMENT_FACET]))
}

/// Whether a code is wrong in itself, and therefore neither an answer to a question nor one of a Measure; or has
/// no system, which is said of the answer already.
fn is_of_code(cause: Seen<'_>, effect: Seen<'_>) -> bool {
    let is_of_form = |seen: Seen<'_>| seen.is(&[&QUESTIONNAIRE_ANSWER_NOT_ALLOWED, &MEASURE_REPORT_CODE]);
    if effect.is(&[&CODING_WITHOUT_SYSTEM]) {
        return is_of_form(cause) && is_within(effect.node, cause.node);
    }
    is_of_form(effect)
        && cause.is(&[&UNKNOWN_CODE, &CODE_MALFORMED, &CODING_SYSTEM_MISSPELT])
        && is_within(cause.node, effect.node)
}

/// Whether an invariant compares the repeats of an element with each other, so that it is broken at several.
/// If it counts equal ones, the last is the one too many.
fn is_of_repeats(cause: Seen<'_>, effect: Seen<'_>) -> bool {
    let (About::Expression(one), About::Expression(other)) = (cause.finding.about, effect.finding.about)
    else {
        return false;
    };
    let is_first = if one.contains("%context") && one.contains("count()") {
        cause.at > effect.at && cause.finding.severity == effect.finding.severity
    } else {
        outweighs(cause, effect)
    };
    is_first
        && one == other
        && OTHERS.iter().any(|name| one.contains(name))
        && are_siblings(cause, effect)
        && cause.node.name() == effect.node.name()
}

/// Whether both belong in the same missing child.
fn is_of_one_child(cause: Seen<'_>, effect: Seen<'_>) -> bool {
    matches!(cause.finding.about, About::Within(_))
        && cause.finding.about == effect.finding.about
        && are_siblings(cause, effect)
}

fn are_siblings(one: Seen<'_>, other: Seen<'_>) -> bool {
    one.node.parent().map(Node::id) == other.node.parent().map(Node::id)
}

/// An expression that leads from one repeat of an element to the others.
const OTHERS: [&str; 2] = ["%resource", "%context"];

/// Of two equal findings, the more severe one is kept; of equally severe ones the first.
fn outweighs(cause: Seen<'_>, effect: Seen<'_>) -> bool {
    match cause.finding.severity.cmp(&effect.finding.severity) {
        std::cmp::Ordering::Equal => cause.at < effect.at,
        order => order.is_gt(),
    }
}
