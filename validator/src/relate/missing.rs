//! An element that is missing because it is present under another name, or in an invalid form.

use ers_fhir_report::Message;
use ers_fhir_tree::Node;

use super::nameless;
use super::scene::{Relation, Scene, Seen, any, is_of_name};
use crate::check::finding::{About, Finding};
use crate::rule::cardinality::CARDINALITY_MIN;
use crate::rule::primitive::{PRIMITIVE_EMPTY, WRONG_JSON_KIND};
use crate::rule::slicing::SLICE_UNMATCHED;
use crate::rule::structure::{ARRAY_EXPECTED, EMPTY_ARRAY, UNKNOWN_ELEMENT};

pub(super) const RELATION: Relation =
    Relation { may_cause: any, may_follow: |effect| effect.is(&[&CARDINALITY_MIN]), follows };

fn follows(scene: &Scene<'_>, cause: Seen<'_>, effect: Seen<'_>) -> bool {
    if matches!(effect.finding.about, About::Slice(_)) && is_nameless(scene, cause, effect) {
        return true;
    }
    // An element that is missing altogether is also missing as a slice.
    if let (About::Child(missing), About::Slice(_)) = (cause.finding.about, effect.finding.about)
        && cause.is(&[&CARDINALITY_MIN])
    {
        return cause.node.id() == effect.node.id() && missing == sliced(effect);
    }
    if cause.node.parent().map(Node::id) != Some(effect.node.id()) {
        return false;
    }
    match (effect.finding.about, cause.finding.about) {
        (About::Child(missing), About::Child(meant) | About::Within(meant)) => {
            cause.is(&[&UNKNOWN_ELEMENT]) && (is_of_name(meant, missing) || is_of_name(missing, meant))
        }
        (About::Child(missing), _) => {
            cause.is(&[&EMPTY_ARRAY, &PRIMITIVE_EMPTY, &WRONG_JSON_KIND])
                && is_of_name(cause.node.name(), missing)
        }
        (About::Slice(_), _) if cause.is(&[&ARRAY_EXPECTED]) => is_of_name(cause.node.name(), sliced(effect)),
        (About::Slice(_), About::Child(meant) | About::Within(meant)) => {
            cause.is(&[&UNKNOWN_ELEMENT]) && is_of_name(meant, sliced(effect))
        }
        (About::Slice(missing), About::Slice(meant)) => {
            cause.is(&[&SLICE_UNMATCHED]) && sliced(cause) == sliced(effect) && fills(meant, missing)
        }
        (About::Slice(_), _) => cause.is(&[&SLICE_UNMATCHED]) && is_only_one(scene, cause, effect),
        _ => false,
    }
}

/// For an empty array that must have items, suggests what it lacks instead of leaving it out.
pub(super) fn advise(cause: &mut Finding<'_>, effect: &Finding<'_>) {
    if cause.rule.is(&EMPTY_ARRAY)
        && effect.rule.is(&CARDINALITY_MIN)
        && matches!(effect.about, About::Child(_))
    {
        cause.suggestion = Some(Message::text("it must hold at least one"));
        cause.edits = Vec::new();
    }
}

/// Whether one is missing, and another cannot be identified.
fn is_nameless(scene: &Scene<'_>, cause: Seen<'_>, effect: Seen<'_>) -> bool {
    let nameless = |seen: Seen<'_>| {
        let repeat = nameless::repeat(seen)?;
        let is_of_element =
            repeat.name() == sliced(effect) && repeat.parent().map(Node::id) == Some(effect.node.id());
        is_of_element.then(|| repeat.id())
    };
    let Some(repeat) = nameless(cause) else { return false };
    let is_other = |seen: &Seen<'_>| nameless(*seen).is_some_and(|other| other != repeat);
    lacking(scene, effect) == 1 && !scene.all.iter().any(is_other)
}

/// How many slices of an element are missing.
fn lacking(scene: &Scene<'_>, effect: Seen<'_>) -> usize {
    let is_one = |seen: &&Seen<'_>| {
        seen.is(&[&CARDINALITY_MIN])
            && seen.node.id() == effect.node.id()
            && matches!(seen.finding.about, About::Slice(_))
            && sliced(**seen) == sliced(effect)
    };
    scene.all.iter().filter(is_one).count()
}

/// Whether what is in a slice is also in another, which is that slice or one that it refines.
fn fills(meant: &str, missing: &str) -> bool {
    meant.strip_prefix(missing).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether one is missing and there is one too many: it was most likely written in place of the other.
fn is_only_one(scene: &Scene<'_>, cause: Seen<'_>, effect: Seen<'_>) -> bool {
    let surplus = |seen: &&Seen<'_>| {
        seen.is(&[&SLICE_UNMATCHED])
            && seen.node.parent().map(Node::id) == Some(effect.node.id())
            && sliced(**seen) == sliced(effect)
    };
    cause.definition() == effect.definition()
        && sliced(cause) == sliced(effect)
        && lacking(scene, effect) == 1
        && scene.all.iter().filter(surplus).count() == 1
}

/// The name of the element that a finding about one of its slices is about.
fn sliced(seen: Seen<'_>) -> &str {
    let id = seen.finding.demanded_by.map_or("", |source| source.element);
    id.rsplit('.').next().and_then(|last| last.split(':').next()).unwrap_or_default()
}
