//! A repeat that cannot be identified because its identifying value is wrong or missing.

use ers_fhir_report::Rule;
use ers_fhir_tree::Node;

use super::scene::{Relation, Scene, Seen, any, is_of_name};
use crate::check::finding::About;
use crate::rule::cardinality::CARDINALITY_MIN;
use crate::rule::extension::{EXTENSION_URL_RELATIVE, UNKNOWN_EXTENSION};
use crate::rule::primitive::{PRIMITIVE_BLANK, PRIMITIVE_EMPTY, PRIMITIVE_FORMAT, WRONG_JSON_KIND};
use crate::rule::slicing::SLICE_UNMATCHED;
use crate::rule::structure::{
    EMPTY_ARRAY, EMPTY_ELEMENT, MISSING_RESOURCE_TYPE, UNKNOWN_ELEMENT, UNKNOWN_RESOURCE_TYPE,
};

pub(super) const RELATION: Relation = Relation {
    may_cause: any,
    may_follow: |effect| effect.is(&[&SLICE_UNMATCHED, &UNKNOWN_EXTENSION]),
    follows,
};

/// Rules about the form of an identifying value.
const FORM: [&Rule; 4] = [&PRIMITIVE_FORMAT, &PRIMITIVE_BLANK, &PRIMITIVE_EMPTY, &WRONG_JSON_KIND];

/// The child that identifies a repeat: an extension, a part of Parameters.
const TELLING: [&str; 2] = ["url", "name"];

fn follows(_: &Scene<'_>, cause: Seen<'_>, effect: Seen<'_>) -> bool {
    if cause.finding.severity < effect.finding.severity || cause.is(&[effect.finding.rule]) {
        return false;
    }
    // For an unknown part of an extension, a finding that knows which one was meant says more.
    if effect.is(&[&UNKNOWN_EXTENSION]) {
        return cause.is(&[&SLICE_UNMATCHED])
            && matches!(cause.finding.about, About::Slice(_))
            && cause.node.id() == effect.node.id();
    }
    if cause.node.id() == effect.node.id() {
        let is_known = matches!(effect.finding.about, About::Slice(_)) && effect.finding.reasons.is_empty();
        return cause.is(&[&EMPTY_ELEMENT])
            || cause.is(&[&UNKNOWN_EXTENSION]) && !is_known
            || cause.is_of_invariant() && !effect.finding.reasons.is_empty();
    }
    // A part of Parameters and an extension are identified by one child.
    if repeat(cause).is_some_and(|repeat| repeat.id() == effect.node.id()) && cause.is(&FORM) {
        return true;
    }
    // The step by which slices are distinguished, and faults on the path from there.
    let mut way = std::iter::successors(Some(cause.node), |node| node.parent());
    let step = way.find(|node| node.parent().map(Node::id) == Some(effect.node.id()));
    let Some(step) = step.filter(|_| is_unreadable(cause)) else { return false };
    // If nothing was left to compare.
    if effect.finding.reasons.is_empty() {
        return cause.is(&[&WRONG_JSON_KIND]) && cause.node.value().is_none();
    }
    effect.finding.reasons.iter().any(|reason| {
        let About::Child(wanted) = reason.about else { return false };
        let is_meant = || match cause.finding.about {
            About::Child(meant) | About::Within(meant) => is_of_name(meant, wanted),
            _ => false,
        };
        is_of_name(step.name(), wanted) || cause.node.id() == step.id() && is_meant()
    })
}

/// Whether something counts as absent.
fn is_unreadable(cause: Seen<'_>) -> bool {
    cause.is(&[
        &EMPTY_ELEMENT,
        &EMPTY_ARRAY,
        &UNKNOWN_ELEMENT,
        &MISSING_RESOURCE_TYPE,
        &UNKNOWN_RESOURCE_TYPE,
    ]) || cause.is(&FORM)
        || cause.is(&[&CARDINALITY_MIN])
}

/// The extension, part of Parameters or resource that a finding reports as unidentifiable.
pub(super) fn repeat(seen: Seen<'_>) -> Option<Node<'_>> {
    let is_telling = |name: &str| TELLING.contains(&name);
    let of_child = match seen.finding.about {
        About::Child(name) | About::Within(name) => is_telling(name),
        _ => false,
    };
    if seen.is(&[&EMPTY_ELEMENT, &UNKNOWN_EXTENSION, &EXTENSION_URL_RELATIVE, &MISSING_RESOURCE_TYPE])
        || seen.is(&[&CARDINALITY_MIN]) && of_child
    {
        return Some(seen.node);
    }
    let is_inside = seen.is(&[&UNKNOWN_RESOURCE_TYPE])
        || seen.is(&[&UNKNOWN_ELEMENT]) && of_child
        || seen.is(&FORM) && is_telling(seen.node.name());
    seen.node.parent().filter(|_| is_inside)
}
