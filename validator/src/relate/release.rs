//! A resource that is checked as another release than that of the profile it declares: the findings in it are
//! irrelevant.

use super::scene::{Relation, Scene, Seen, any, is_within};
use crate::check::finding::About;

pub(super) const RELATION: Relation = Relation { may_cause: is_of_release, may_follow: any, follows };

fn follows(_: &Scene<'_>, cause: Seen<'_>, effect: Seen<'_>) -> bool {
    let mut around = std::iter::successors(cause.node.parent(), |node| node.parent());
    let resource = around.find(|node| node.resource_type().is_some());
    resource.is_some_and(|resource| is_within(effect.node, resource))
}

fn is_of_release(seen: Seen<'_>) -> bool {
    seen.finding.about == About::Release
}
