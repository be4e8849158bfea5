//! What keeps the nearest candidate from being what was looked for, where that is a fault of its own.

use super::scene::{Scene, Seen};

pub(super) fn follows(_: &Scene<'_>, cause: Seen<'_>, effect: Seen<'_>) -> bool {
    !cause.is(&[effect.finding.rule])
        && effect.finding.reasons.iter().any(|reason| {
            // Where several things are said of one place, it must be the same thing.
            reason.node == cause.finding.node && reason.about == cause.finding.about
        })
}
