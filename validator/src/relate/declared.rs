//! A declared profile that is not the required one: its findings are irrelevant.

use super::scene::{Relation, Scene, Seen, any};
use crate::rule::value::{FIXED_VALUE, PATTERN_VALUE};

pub(super) const RELATION: Relation = Relation { may_cause: is_other_profile, may_follow: any, follows };

fn follows(_: &Scene<'_>, cause: Seen<'_>, effect: Seen<'_>) -> bool {
    cause.node.value().is_some() && cause.node.value() == effect.definition()
}

/// Whether a declared profile is not the required one.
fn is_other_profile(cause: Seen<'_>) -> bool {
    cause.is(&[&FIXED_VALUE, &PATTERN_VALUE])
        && cause.node.name() == "profile"
        && cause.node.parent().is_some_and(|meta| meta.name() == "meta")
}
