//! References to contained resources: a wrong id or a wrong reference, and contained resources that nothing
//! refers to.

use ers_fhir_report::Rule;
use ers_fhir_tree::Node;

use super::scene::{Relation, Scene, Seen, is_within};
use crate::check::finding::About;
use crate::rule::bundle::{BUNDLE_ENTRY_UNREACHABLE, BUNDLE_REFERENCE_NOT_FOUND};
use crate::rule::cardinality::CARDINALITY_MIN;
use crate::rule::contained::CONTAINED_WITHOUT_ID;
use crate::rule::primitive::{PRIMITIVE_BLANK, PRIMITIVE_EMPTY, PRIMITIVE_FORMAT, WRONG_JSON_KIND};
use crate::rule::reference::{
    REFERENCE_FORMAT, REFERENCE_NOT_IN_BUNDLE, REFERENCE_TARGET_TYPE, REFERENCE_TYPE_MISMATCH,
    REFERENCE_UNKNOWN_TYPE, UNRESOLVED_LOCAL_REFERENCE,
};
use crate::rule::structure::{
    EMPTY_ARRAY, EMPTY_ELEMENT, MISSING_RESOURCE_TYPE, UNKNOWN_ELEMENT, UNKNOWN_RESOURCE_TYPE,
};

/// The invariant that contained resources are referred to.
const REFERRED_TO: &str = "dom-3";

pub(super) const RELATION: Relation = Relation { may_cause, may_follow, follows };

fn may_cause(cause: Seen<'_>) -> bool {
    cause.is(&OF_ID)
        || cause.is(&[&CONTAINED_WITHOUT_ID, &BUNDLE_REFERENCE_NOT_FOUND])
        || cause.is(&LOSING)
        || cause.is(&[&CARDINALITY_MIN, &REFERENCE_TYPE_MISMATCH])
        || cause.is(&OF_REFERENCE)
}

fn may_follow(effect: Seen<'_>) -> bool {
    effect.is_of_invariant()
        || effect.finding.key == Some(REFERRED_TO)
        || effect.is(&[&CARDINALITY_MIN, &BUNDLE_ENTRY_UNREACHABLE])
        || effect.is(&[&UNRESOLVED_LOCAL_REFERENCE, &REFERENCE_TARGET_TYPE, &REFERENCE_NOT_IN_BUNDLE])
}

/// Rules about the form of an id.
const OF_ID: [&Rule; 4] = [&PRIMITIVE_FORMAT, &PRIMITIVE_BLANK, &PRIMITIVE_EMPTY, &WRONG_JSON_KIND];

/// Rules about a missing element that has something else in its place.
const LOSING: [&Rule; 5] =
    [&EMPTY_ARRAY, &EMPTY_ELEMENT, &UNKNOWN_ELEMENT, &MISSING_RESOURCE_TYPE, &UNKNOWN_RESOURCE_TYPE];

/// Rules about where a reference leads.
const OF_REFERENCE: [&Rule; 4] =
    [&REFERENCE_FORMAT, &UNRESOLVED_LOCAL_REFERENCE, &REFERENCE_UNKNOWN_TYPE, &REFERENCE_TARGET_TYPE];

fn follows(_: &Scene<'_>, cause: Seen<'_>, effect: Seen<'_>) -> bool {
    let is_id = cause.is(&OF_ID) && is_contained_id(cause.node);
    let lacks_id = cause.is(&[&CONTAINED_WITHOUT_ID]);
    if effect.finding.key == Some(REFERRED_TO) {
        // A reference that was meant for something else does not leave a resource unreferenced.
        let is_reference = cause.is(&[&UNRESOLVED_LOCAL_REFERENCE])
            || cause.is(&[&REFERENCE_FORMAT]) && cause.finding.about == About::Contained;
        return (is_id || lacks_id || is_reference || is_lost_reference(cause))
            && is_within(cause.node, effect.node);
    }
    if lacks_id && effect.is(&[&CARDINALITY_MIN]) {
        return effect.node.id() == cause.node.id() && effect.finding.about == About::Child("id");
    }
    if effect.is(&[&UNRESOLVED_LOCAL_REFERENCE]) {
        let contained = if lacks_id { Some(cause.node) } else { cause.node.parent().filter(|_| is_id) };
        let holder = contained.and_then(Node::parent).or_else(|| holder_of_lost(cause));
        return holder.is_some_and(|holder| is_within(effect.node, holder));
    }
    // If a reference leads to no entry, the entry that was meant has no reference.
    if effect.is(&[&BUNDLE_ENTRY_UNREACHABLE]) {
        return cause.is(&[&BUNDLE_REFERENCE_NOT_FOUND]);
    }
    // For a reference that must lead to an entry, leading nowhere is already covered.
    if effect.is(&[&REFERENCE_NOT_IN_BUNDLE]) {
        return cause.is(&[&BUNDLE_REFERENCE_NOT_FOUND]) && cause.node.id() == effect.node.id();
    }
    if effect.is(&[&REFERENCE_TARGET_TYPE]) {
        // The target of a reference may be given by a child that is missing.
        let lacks =
            cause.is(&[&CARDINALITY_MIN]) && matches!(cause.finding.about, About::Child(_) | About::Slice(_));
        return (lacks || cause.is(&[&REFERENCE_FORMAT, &REFERENCE_UNKNOWN_TYPE, &REFERENCE_TYPE_MISMATCH]))
            && cause.node.id() == effect.node.id();
    }
    // A constraint of an invariant on the text of a reference.
    cause.is(&OF_REFERENCE) && effect.is_of_invariant() && is_within(effect.node, cause.node)
}

/// The container of a contained resource that does not exist as such.
fn holder_of_lost(cause: Seen<'_>) -> Option<Node<'_>> {
    let is_meant = matches!(cause.finding.about, About::Child("contained") | About::Within("contained"));
    let mut around = std::iter::successors(Some(cause.node), |node| node.parent());
    if cause.is(&[&UNKNOWN_ELEMENT]) && is_meant {
        return cause.node.parent();
    }
    let is_whole = cause.is(&[&EMPTY_ARRAY, &EMPTY_ELEMENT, &MISSING_RESOURCE_TYPE, &UNKNOWN_RESOURCE_TYPE]);
    // The type of a resource may be reported at its type element.
    let contained = around.by_ref().take(2).find(|node| node.name() == "contained").filter(|_| is_whole)?;
    contained.parent()
}

/// Whether the faulty element may have been a reference.
fn is_lost_reference(cause: Seen<'_>) -> bool {
    let is_meant = matches!(
        cause.finding.about,
        About::Child("extension" | "reference") | About::Within("extension" | "reference")
    );
    let is_empty = cause.is(&[&CARDINALITY_MIN]) && cause.node.name() == "extension";
    cause.is(&[&UNKNOWN_ELEMENT]) && is_meant
        || is_empty
        || cause.is(&[&EMPTY_ELEMENT, &EMPTY_ARRAY])
        || cause.is(&OF_ID) && cause.node.name() == "reference"
}

fn is_contained_id(node: Node<'_>) -> bool {
    node.name() == "id" && node.parent().is_some_and(|parent| parent.name() == "contained")
}
