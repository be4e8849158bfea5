//! References to contained resources: a wrong id or a wrong reference, and that nothing refers to what is
//! contained.

use ers_fhir_report::Rule;
use ers_fhir_tree::Node;

use super::scene::{Relation, Scene, Seen, is_within};
use crate::check::finding::About;
use crate::rule::bundle::{BUNDLE_ENTRY_UNREACHABLE, BUNDLE_REFERENCE_NOT_FOUND};
use crate::rule::cardinality::CARDINALITY_MIN;
use crate::rule::contained::CONTAINED_WITHOUT_ID;
use crate::rule::primitive::{PRIMITIVE_BLANK, PRIMITIVE_FORMAT};
use crate::rule::reference::{
    REFERENCE_FORMAT, REFERENCE_NOT_IN_BUNDLE, REFERENCE_TARGET_TYPE, REFERENCE_UNKNOWN_TYPE,
    UNRESOLVED_LOCAL_REFERENCE,
};

/// The invariant that what is contained is referred to.
const REFERRED_TO: &str = "dom-3";

pub(super) const RELATION: Relation = Relation { may_cause, may_follow, follows };

fn may_cause(cause: Seen<'_>) -> bool {
    cause.is(&[&PRIMITIVE_FORMAT, &PRIMITIVE_BLANK, &CONTAINED_WITHOUT_ID, &BUNDLE_REFERENCE_NOT_FOUND])
        || cause.is(&OF_REFERENCE)
}

fn may_follow(effect: Seen<'_>) -> bool {
    effect.is_of_invariant()
        || effect.finding.key == Some(REFERRED_TO)
        || effect.is(&[&CARDINALITY_MIN, &BUNDLE_ENTRY_UNREACHABLE])
        || effect.is(&[&UNRESOLVED_LOCAL_REFERENCE, &REFERENCE_TARGET_TYPE, &REFERENCE_NOT_IN_BUNDLE])
}

/// Rules about where a reference leads.
const OF_REFERENCE: [&Rule; 4] =
    [&REFERENCE_FORMAT, &UNRESOLVED_LOCAL_REFERENCE, &REFERENCE_UNKNOWN_TYPE, &REFERENCE_TARGET_TYPE];

fn follows(_: &Scene<'_>, cause: Seen<'_>, effect: Seen<'_>) -> bool {
    let is_id = cause.is(&[&PRIMITIVE_FORMAT, &PRIMITIVE_BLANK]) && is_contained_id(cause.node);
    let lacks_id = cause.is(&[&CONTAINED_WITHOUT_ID]);
    if effect.finding.key == Some(REFERRED_TO) {
        // A reference that was meant for something else leaves nothing without one.
        let is_reference = cause.is(&[&UNRESOLVED_LOCAL_REFERENCE])
            || cause.is(&[&REFERENCE_FORMAT]) && cause.finding.about == About::Contained;
        return (is_id || lacks_id || is_reference) && is_within(cause.node, effect.node);
    }
    if lacks_id && effect.is(&[&CARDINALITY_MIN]) {
        return effect.node.id() == cause.node.id() && effect.finding.about == About::Child("id");
    }
    if effect.is(&[&UNRESOLVED_LOCAL_REFERENCE]) {
        let contained = if lacks_id { Some(cause.node) } else { cause.node.parent().filter(|_| is_id) };
        let holder = contained.and_then(Node::parent);
        return holder.is_some_and(|holder| is_within(effect.node, holder));
    }
    // Where a reference leads to no entry, the entry that was meant is left without one.
    if effect.is(&[&BUNDLE_ENTRY_UNREACHABLE]) {
        return cause.is(&[&BUNDLE_REFERENCE_NOT_FOUND]);
    }
    // Of a reference that must lead to an entry it is no news that it leads nowhere.
    if effect.is(&[&REFERENCE_NOT_IN_BUNDLE]) {
        return cause.is(&[&BUNDLE_REFERENCE_NOT_FOUND]) && cause.node.id() == effect.node.id();
    }
    if effect.is(&[&REFERENCE_TARGET_TYPE]) {
        return cause.is(&[&REFERENCE_FORMAT, &REFERENCE_UNKNOWN_TYPE])
            && cause.node.id() == effect.node.id();
    }
    // What an invariant asks of the text of a reference.
    cause.is(&OF_REFERENCE) && effect.is_of_invariant() && is_within(effect.node, cause.node)
}

fn is_contained_id(node: Node<'_>) -> bool {
    node.name() == "id" && node.parent().is_some_and(|parent| parent.name() == "contained")
}
