//! One element stands in the place of another: it is not allowed there, and the other one is missing.

use ers_fhir_tree::Node;

use super::scene::{Scene, Seen};
use crate::check::finding::About;
use crate::rule::cardinality::{CARDINALITY_MAX, CARDINALITY_MIN};
use crate::rule::structure::UNKNOWN_ELEMENT;

pub(super) fn follows(scene: &Scene<'_>, cause: Seen<'_>, effect: Seen<'_>) -> bool {
    let parent = |seen: Seen<'_>| seen.node.parent().map(Node::id);
    let is_surplus = |seen: Seen<'_>| {
        seen.is(&[&CARDINALITY_MAX, &UNKNOWN_ELEMENT]) && seen.finding.about == About::Nothing
    };
    let is_missing =
        |seen: Seen<'_>| seen.is(&[&CARDINALITY_MIN]) && matches!(seen.finding.about, About::Child(_));
    is_missing(effect)
        && is_surplus(cause)
        && parent(cause) == Some(effect.node.id())
        // Of several, nobody knows which was meant to be which.
        && scene.all.iter().filter(|other| is_surplus(**other) && parent(**other) == parent(cause)).count() == 1
        && scene.all.iter().filter(|other| is_missing(**other) && other.node.id() == effect.node.id()).count() == 1
}
