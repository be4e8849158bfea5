//! A profile that is declared and is not the one that is asked for: what it finds is beside the point.

use super::scene::{Relation, Scene, Seen, any};
use crate::rule::value::{FIXED_VALUE, PATTERN_VALUE};

pub(super) const RELATION: Relation = Relation { may_cause: is_other_profile, may_follow: any, follows };

fn follows(_: &Scene<'_>, cause: Seen<'_>, effect: Seen<'_>) -> bool {
    cause.node.value().is_some() && cause.node.value() == effect.definition()
}

/// Whether a profile that is declared is not the one that must be.
fn is_other_profile(cause: Seen<'_>) -> bool {
    cause.is(&[&FIXED_VALUE, &PATTERN_VALUE])
        && cause.node.name() == "profile"
        && cause.node.parent().is_some_and(|meta| meta.name() == "meta")
}
