//! The same fault, found by two definitions: the base and a profile, or two profiles.

use super::scene::{Scene, Seen};
use crate::check::finding::About;
use crate::rule::value::{FIXED_VALUE, PATTERN_VALUE};
use ers_fhir_report::Issue;

pub(super) fn follows(_: &Scene<'_>, cause: Seen<'_>, effect: Seen<'_>) -> bool {
    if cause.node.id() != effect.node.id() || !outweighs(cause, effect) {
        return false;
    }
    let values = [&FIXED_VALUE, &PATTERN_VALUE];
    if cause.is(&values) && effect.is(&values) {
        return true;
    }
    if !cause.finding.rule.is(effect.finding.rule) || cause.finding.span != effect.finding.span {
        return false;
    }
    // A rule of the service may be stated by several definitions and in code.
    if cause.finding.rule.issue == Issue::BusinessRule && cause.is_of_invariant() && effect.is_of_invariant()
    {
        return true;
    }
    match (cause.finding.about, effect.finding.about) {
        (About::Expression(_), About::Expression(_)) => cause.finding.key == effect.finding.key,
        (About::Nothing, About::Nothing) => cause.definition() != effect.definition(),
        (one, other) => one == other && cause.definition() != effect.definition(),
    }
}

/// Of two that say the same, the one that weighs more is told; of equal ones the first.
fn outweighs(cause: Seen<'_>, effect: Seen<'_>) -> bool {
    match cause.finding.severity.cmp(&effect.finding.severity) {
        std::cmp::Ordering::Equal => cause.at < effect.at,
        order => order.is_gt(),
    }
}
