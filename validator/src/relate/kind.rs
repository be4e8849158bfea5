//! A value of the wrong type or kind, and what is missed or found in it because of that.

use super::{Scene, Seen, is_within};
use crate::rule::primitive::WRONG_JSON_KIND;
use crate::rule::profile::{PROFILE_TYPE, WRONG_TYPE};
use crate::rule::structure::UNKNOWN_RESOURCE_TYPE;

pub(super) fn follows(_: &Scene<'_>, cause: Seen<'_>, effect: Seen<'_>) -> bool {
    if !cause.is(&[&WRONG_TYPE, &WRONG_JSON_KIND, &PROFILE_TYPE, &UNKNOWN_RESOURCE_TYPE])
        || effect.is(&[&PROFILE_TYPE, &UNKNOWN_RESOURCE_TYPE])
        || effect.finding.rule.is(cause.finding.rule)
    {
        return false;
    }
    // Of a resource of another type only what that profile asks of it is beside the point.
    if cause.is(&[&PROFILE_TYPE]) {
        return cause.definition().is_some() && cause.definition() == effect.definition();
    }
    is_within(effect.node, cause.node)
}
