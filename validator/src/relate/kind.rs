//! A value of the wrong type or kind, and what is missed or found in it because of that.

use super::scene::{Scene, Seen, is_within};
use crate::check::finding::About;
use crate::rule::primitive::WRONG_JSON_KIND;
use crate::rule::profile::{PROFILE_TYPE, WRONG_TYPE};
use crate::rule::structure::{
    MISSING_RESOURCE_TYPE, UNKNOWN_ELEMENT, UNKNOWN_RESOURCE_TYPE, WRONG_RESOURCE_TYPE,
};
use crate::rule::syntax::NOT_A_RESOURCE;

pub(super) fn follows(_: &Scene<'_>, cause: Seen<'_>, effect: Seen<'_>) -> bool {
    // What a resource is comes before all that is found in it.
    let of_resource = [&MISSING_RESOURCE_TYPE, &UNKNOWN_RESOURCE_TYPE, &WRONG_RESOURCE_TYPE];
    if cause.is(&[&NOT_A_RESOURCE]) {
        return effect.is(&of_resource);
    }
    if cause.is(&of_resource) {
        let resource =
            if cause.is(&[&UNKNOWN_RESOURCE_TYPE]) { cause.node.parent() } else { Some(cause.node) };
        return !effect.is(&of_resource) && resource.is_some_and(|resource| is_within(effect.node, resource));
    }
    if effect.is(&of_resource) || effect.is(&[&PROFILE_TYPE]) {
        return false;
    }
    // Of a resource of another type only what that profile asks of it is beside the point.
    if cause.is(&[&PROFILE_TYPE]) {
        return cause.definition().is_some() && cause.definition() == effect.definition();
    }
    // What must not be there at all need not be right.
    if cause.finding.about == About::Forbidden {
        return is_within(effect.node, cause.node) || effect.finding.span == cause.node.span();
    }
    cause.is(&[&WRONG_TYPE, &WRONG_JSON_KIND, &UNKNOWN_ELEMENT])
        && !effect.finding.rule.is(cause.finding.rule)
        && is_within(effect.node, cause.node)
}
