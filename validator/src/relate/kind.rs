//! A value of the wrong type or kind, and findings in it that follow from that.

use ers_fhir_report::Rule;
use ers_fhir_tree::Node;

use super::scene::{Relation, Scene, Seen, any, is_within};
use crate::check::finding::About;
use crate::rule::bundle::{BUNDLE_FULL_URL_MISMATCH, BUNDLE_SEARCH_ENTRY};
use crate::rule::primitive::WRONG_JSON_KIND;
use crate::rule::profile::{PROFILE_TYPE, WRONG_TYPE};
use crate::rule::slicing::SLICE_UNMATCHED;
use crate::rule::structure::{
    MISSING_RESOURCE_TYPE, UNKNOWN_ELEMENT, UNKNOWN_RESOURCE_TYPE, WRONG_RESOURCE_TYPE,
};
use crate::rule::syntax::{NOT_A_RESOURCE, WRONG_NAMESPACE};

pub(super) const RELATION: Relation = Relation { may_cause, may_follow: any, follows };

/// Rules about the type of a resource, which precede all findings in it.
const OF_RESOURCE: [&Rule; 3] = [&MISSING_RESOURCE_TYPE, &UNKNOWN_RESOURCE_TYPE, &WRONG_RESOURCE_TYPE];

fn may_cause(cause: Seen<'_>) -> bool {
    cause.finding.about == About::Forbidden
        || cause.is(&OF_RESOURCE)
        || cause.is(&[
            &NOT_A_RESOURCE,
            &WRONG_NAMESPACE,
            &PROFILE_TYPE,
            &WRONG_TYPE,
            &WRONG_JSON_KIND,
            &UNKNOWN_ELEMENT,
        ])
}

/// Whether a finding is about the container of a resource, and depends on the type of the resource.
fn is_around(resource: Node<'_>, effect: Seen<'_>) -> bool {
    let Some(holder) = resource.parent() else { return false };
    let is_of_holder = effect.node.id() == holder.id();
    let of_holder = [&SLICE_UNMATCHED, &BUNDLE_SEARCH_ENTRY];
    is_of_holder && (effect.is(&of_holder) || effect.is_of_invariant())
        || effect.is(&[&BUNDLE_FULL_URL_MISMATCH])
            && effect.node.parent().is_some_and(|entry| entry.id() == holder.id())
}

fn follows(_: &Scene<'_>, cause: Seen<'_>, effect: Seen<'_>) -> bool {
    if cause.is(&[&NOT_A_RESOURCE]) {
        return effect.is(&OF_RESOURCE);
    }
    // A wrapper around a resource, such as a SOAP envelope, is not a resource.
    if cause.is(&[&WRONG_NAMESPACE]) {
        return effect.is(&OF_RESOURCE) && is_within(effect.node, cause.node);
    }
    if cause.is(&OF_RESOURCE) {
        let resource =
            if cause.is(&[&UNKNOWN_RESOURCE_TYPE]) { cause.node.parent() } else { Some(cause.node) };
        return !effect.is(&OF_RESOURCE)
            && resource
                .is_some_and(|resource| is_within(effect.node, resource) || is_around(resource, effect));
    }
    if effect.is(&OF_RESOURCE) || effect.is(&[&PROFILE_TYPE]) {
        return false;
    }
    // For a resource of another type, the constraints of that profile are irrelevant, and its elements are
    // those of the type that was meant.
    if cause.is(&[&PROFILE_TYPE]) {
        let is_child = effect.node.parent().map(Node::id) == Some(cause.node.id());
        return cause.definition().is_some() && cause.definition() == effect.definition()
            || effect.is(&[&UNKNOWN_ELEMENT]) && is_child;
    }
    // An element that must not be there at all need not be right.
    if cause.finding.about == About::Forbidden {
        return is_within(effect.node, cause.node) || effect.finding.span == cause.node.span();
    }
    // The type that an entry asks for in its resource.
    if effect.is(&[&BUNDLE_SEARCH_ENTRY]) {
        return cause.is(&[&WRONG_TYPE])
            && cause.node.resource_type().is_some()
            && is_around(cause.node, effect);
    }
    cause.is(&[&WRONG_TYPE, &WRONG_JSON_KIND, &UNKNOWN_ELEMENT])
        && !effect.finding.rule.is(cause.finding.rule)
        && is_within(effect.node, cause.node)
}
