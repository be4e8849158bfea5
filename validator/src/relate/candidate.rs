//! Why the nearest candidate is not what was looked for, if that is a finding of its own.

use ers_fhir_tree::Node;

use super::scene::{Relation, Scene, Seen, any};
use crate::check::finding::{About, Finding};
use crate::rule::cardinality::CARDINALITY_MIN;
use crate::rule::structure::UNKNOWN_ELEMENT;

pub(super) const RELATION: Relation =
    Relation { may_cause: any, may_follow: |effect| !effect.finding.reasons.is_empty(), follows };

fn follows(_: &Scene<'_>, cause: Seen<'_>, effect: Seen<'_>) -> bool {
    if cause.is(&[&CARDINALITY_MIN]) && effect.is(&[&CARDINALITY_MIN]) && !cause.finding.reasons.is_empty() {
        return are_for_same_reasons(cause, effect);
    }
    !cause.is(&[effect.finding.rule])
        && effect.finding.reasons.iter().any(|reason| {
            // If there are several findings at one place, it must be the same one, and a warning under
            // another rule does not explain an error.
            let is_same = reason.node == cause.finding.node && reason.about == cause.finding.about;
            let is_as_grave = cause.is(&[reason.rule]) || cause.finding.severity >= reason.severity;
            is_same && is_as_grave || is_why_missing(reason, cause)
        })
}

/// Whether a slice is missing for the same reasons as one before it: the candidate for one refers to that for the
/// other.
fn are_for_same_reasons(cause: Seen<'_>, effect: Seen<'_>) -> bool {
    let is_same = |(one, other): (&Finding<'_>, &Finding<'_>)| {
        one.node == other.node && one.about == other.about && one.rule.is(other.rule)
    };
    let (one, other) = (&cause.finding.reasons, &effect.finding.reasons);
    cause.at < effect.at
        && matches!((cause.finding.about, effect.finding.about), (About::Slice(_), About::Slice(_)))
        && cause.node.id() == effect.node.id()
        && one.len() == other.len()
        && one.iter().zip(other).all(is_same)
}

/// Whether the child that a candidate lacks is present under another name, or its content is next to where it
/// belongs.
fn is_why_missing(reason: &Finding<'_>, cause: Seen<'_>) -> bool {
    let (About::Child(missing), About::Child(meant) | About::Within(meant)) =
        (reason.about, cause.finding.about)
    else {
        return false;
    };
    cause.is(&[&UNKNOWN_ELEMENT])
        && missing == meant
        && cause.node.parent().map(Node::id) == Some(reason.node)
}
