//! Why the nearest candidate is not what was looked for, if that is a finding of its own.

use ers_fhir_tree::Node;

use super::scene::{Relation, Scene, Seen, any};
use crate::check::finding::{About, Finding};
use crate::rule::structure::UNKNOWN_ELEMENT;

pub(super) const RELATION: Relation =
    Relation { may_cause: any, may_follow: |effect| !effect.finding.reasons.is_empty(), follows };

fn follows(_: &Scene<'_>, cause: Seen<'_>, effect: Seen<'_>) -> bool {
    !cause.is(&[effect.finding.rule])
        && effect.finding.reasons.iter().any(|reason| {
            // If there are several findings at one place, it must be the same one, and a warning under
            // another rule does not explain an error.
            let is_same = reason.node == cause.finding.node && reason.about == cause.finding.about;
            let is_as_grave = cause.is(&[reason.rule]) || cause.finding.severity >= reason.severity;
            is_same && is_as_grave || is_why_missing(reason, cause)
        })
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
