//! One element in place of another: it is not allowed there, and the other one is missing.

use ers_fhir_report::text;
use ers_fhir_tree::Node;

use super::scene::{Relation, Scene, Seen};
use crate::check::finding::{About, Finding};
use crate::rule::cardinality::{CARDINALITY_MAX, CARDINALITY_MIN};
use crate::rule::structure::UNKNOWN_ELEMENT;

pub(super) const RELATION: Relation = Relation { may_cause: is_surplus, may_follow: is_missing, follows };

fn follows(scene: &Scene<'_>, cause: Seen<'_>, effect: Seen<'_>) -> bool {
    let parent = |seen: Seen<'_>| seen.node.parent().map(Node::id);
    !matches!(cause.finding.about, About::Within(_))
        && parent(cause) == Some(effect.node.id())
        // With several, it is unknown which was meant to be which.
        && scene.all.iter().filter(|other| is_surplus(**other) && parent(**other) == parent(cause)).count() == 1
        && scene.all.iter().filter(|other| is_missing(**other) && other.node.id() == effect.node.id()).count() == 1
}

/// Whether an element is not allowed where it is.
fn is_surplus(seen: Seen<'_>) -> bool {
    seen.is(&[&CARDINALITY_MAX, &UNKNOWN_ELEMENT]) && !matches!(seen.finding.about, About::Child(_))
}

/// Whether an element is missing.
fn is_missing(seen: Seen<'_>) -> bool {
    seen.is(&[&CARDINALITY_MIN]) && matches!(seen.finding.about, About::Child(_))
}

/// Adds to the finding on the element that is not allowed which one is missing in its place.
pub(super) fn advise(cause: &mut Finding<'_>, effect: &Finding<'_>) {
    let is_said = cause.suggestion.is_some() && cause.about != About::Forbidden;
    let is_instead = (cause.rule.is(&CARDINALITY_MAX) || cause.rule.is(&UNKNOWN_ELEMENT))
        && effect.rule.is(&CARDINALITY_MIN)
        && matches!(effect.about, About::Child(_));
    if let Some(add) = effect.suggestion.as_ref().filter(|_| is_instead && !is_said) {
        cause.suggestion = Some(text!("{} in its place", add.clone()));
    }
}
