//! A profile that is declared and is not the one that is asked for: what it finds is beside the point.

use super::scene::{Scene, Seen};
use crate::rule::value::{FIXED_VALUE, PATTERN_VALUE};

pub(super) fn follows(_: &Scene<'_>, cause: Seen<'_>, effect: Seen<'_>) -> bool {
    cause.is(&[&FIXED_VALUE, &PATTERN_VALUE])
        && cause.node.name() == "profile"
        && cause.node.parent().is_some_and(|meta| meta.name() == "meta")
        && cause.node.value().is_some()
        && cause.node.value() == effect.definition()
}
