//! A code whose system is wrong or which is unknown in its system, and which is therefore not in a value set or
//! in a slice.

use super::scene::{Coding, Relation, Scene, Seen};
use crate::check::finding::About;
use crate::rule::cardinality::CARDINALITY_MIN;
use crate::rule::slicing::SLICE_UNMATCHED;
use crate::rule::{binding, coding, primitive, value};

/// The rank of a system or code that is missing.
const MISSING: u8 = 0;
/// The rank of a code that is wrong in itself.
const OF_CODE: u8 = 4;
/// The rank of a code that is not in an extensible set.
const OF_OPEN_SET: u8 = 7;
/// The rank of a display that is not that of its code.
const OF_DISPLAY: u8 = 9;

pub(super) const RELATION: Relation = Relation {
    may_cause: |cause| rank(cause).is_some(),
    may_follow: |effect| rank(effect).is_some() || effect.is(&[&SLICE_UNMATCHED]),
    follows,
};

fn follows(_: &Scene<'_>, cause: Seen<'_>, effect: Seen<'_>) -> bool {
    if effect.is(&[&SLICE_UNMATCHED]) {
        return is_told_by(cause, effect);
    }
    if !is_same(cause.coding, effect.coding) {
        return false;
    }
    let (Some(first), Some(second)) = (rank(cause), rank(effect)) else { return false };
    // A missing system makes neither the code nor another fixed value wrong.
    let is_likely = first > MISSING || second > OF_CODE;
    // A code from elsewhere has a display of its own, which must be right.
    first < second && is_likely && (first < OF_OPEN_SET || second < OF_DISPLAY)
}

/// The rank of a finding about a code; `None` if it is about something else.
fn rank(seen: Seen<'_>) -> Option<u8> {
    let part = |names: &[&str]| names.contains(&seen.node.name());
    if seen.is(&[&CARDINALITY_MIN]) {
        return matches!(seen.finding.about, About::Child("system" | "code")).then_some(MISSING);
    }
    if seen.is(&[&primitive::PRIMITIVE_BLANK, &primitive::PRIMITIVE_FORMAT, &primitive::PRIMITIVE_EMPTY]) {
        return part(&["system", "code", "display"]).then_some(1);
    }
    if seen.is(&[
        &coding::CODING_SYSTEM_MISSPELT,
        &coding::CODING_SYSTEM_RELATIVE,
        &coding::CODING_SYSTEM_IS_VALUE_SET,
        &coding::CODING_SYSTEM_IS_SUPPLEMENT,
    ]) {
        return Some(2);
    }
    if seen.is(&[&value::FIXED_VALUE, &value::PATTERN_VALUE]) {
        return (part(&["system", "code"]) || seen.node.child("system").is_some()).then_some(3);
    }
    if seen.is(&[&coding::CODE_MALFORMED, &coding::UNKNOWN_CODE]) {
        return Some(OF_CODE);
    }
    if seen.is(&[&coding::CODING_WITHOUT_SYSTEM]) {
        return Some(5);
    }
    if seen.is(&[&binding::BINDING_REQUIRED, &binding::BINDING_WIDEST]) {
        return Some(6);
    }
    if seen.is(&[&binding::BINDING_EXTENSIBLE, &binding::BINDING_PREFERRED]) {
        return Some(OF_OPEN_SET);
    }
    if seen.is(&[&coding::CODE_NOT_CHECKED]) {
        return Some(8);
    }
    seen.is(&[&coding::WRONG_DISPLAY]).then_some(OF_DISPLAY)
}

/// Whether what would put an element into a slice is a code that is wrong whatever the slices are.
fn is_told_by(cause: Seen<'_>, effect: Seen<'_>) -> bool {
    let is_wrong = cause.is(&[&coding::CODE_MALFORMED, &coding::UNKNOWN_CODE, &binding::BINDING_REQUIRED]);
    let Coding { node, concept } = cause.coding;
    let places = [Some(cause.node.id()), Some(node), concept];
    let mut reasons = effect.finding.reasons.iter();
    is_wrong
        && (effect.finding.span == cause.node.span()
            || reasons.any(|reason| reason.rule.is(&SLICE_UNMATCHED) && places.contains(&Some(reason.node))))
}

/// Whether two findings are about one coding, or one is about the concept around it.
fn is_same(one: Coding, other: Coding) -> bool {
    one.node == other.node || one.concept == Some(other.node) || other.concept == Some(one.node)
}
