//! A value that is not well-formed, and other findings on the same value.

use ers_fhir_report::{Rule, text};

use super::scene::{Relation, Scene, Seen, any};
use crate::check::finding::{About, Finding};
use crate::rule::cardinality::CARDINALITY_MIN;
use crate::rule::datatype::CANONICAL_RELATIVE;
use crate::rule::narrative::{NARRATIVE_CONTENT, NARRATIVE_MALFORMED, NARRATIVE_MARKUP};
use crate::rule::syntax::TEXT_IN_XML;
use crate::rule::{binding, coding, primitive, profile, reference, structure, value};

pub(super) const RELATION: Relation = Relation { may_cause, may_follow: any, follows };

/// Rules about the form of a value.
const FORM: [&Rule; 7] = [
    &primitive::PRIMITIVE_FORMAT,
    &primitive::PRIMITIVE_RANGE,
    &primitive::PRIMITIVE_EMPTY,
    &primitive::PRIMITIVE_BLANK,
    &primitive::CONTROL_CHARACTER,
    &primitive::MISSING_TIME_ZONE,
    &primitive::WRONG_JSON_KIND,
];

fn may_cause(cause: Seen<'_>) -> bool {
    cause.is(&FORM)
        || cause.is(&[&NARRATIVE_MALFORMED, &CANONICAL_RELATIVE])
        || cause.is(&[&structure::EMPTY_ELEMENT, &TEXT_IN_XML, &value::FIXED_VALUE, &value::PATTERN_VALUE])
}

fn follows(_: &Scene<'_>, cause: Seen<'_>, effect: Seen<'_>) -> bool {
    // A finding on the value around it, such as a discriminator, is meaningless if this one is invalid.
    if cause.node.id() != effect.node.id() && effect.finding.span == cause.node.span() {
        return cause.is(&FORM) && !effect.is(&FORM) && cause.finding.severity >= effect.finding.severity;
    }
    if cause.node.id() != effect.node.id() || cause.finding.rule.is(effect.finding.rule) {
        return false;
    }
    // An empty element lacks everything that it must hold.
    if effect.is(&[&CARDINALITY_MIN]) && cause.is(&[&structure::EMPTY_ELEMENT]) {
        return true;
    }
    // Nothing has this name.
    if cause.is(&[&CANONICAL_RELATIVE]) {
        return effect.is(&[&profile::UNKNOWN_PROFILE]);
    }
    // A malformed narrative was only read in part.
    if cause.is(&[&NARRATIVE_MALFORMED]) {
        return effect.is(&[&NARRATIVE_CONTENT, &NARRATIVE_MARKUP]);
    }
    if cause.is(&[&TEXT_IN_XML]) {
        return effect.is(&[&primitive::PRIMITIVE_EMPTY, &structure::EMPTY_ELEMENT]);
    }
    if effect.is(&[&TEXT_IN_XML]) {
        return false;
    }
    if cause.is(&FORM) {
        return !effect.is(&FORM)
            || effect.is(&[&primitive::PRIMITIVE_BLANK]) && cause.is(&[&primitive::PRIMITIVE_FORMAT]);
    }
    // The only allowed value says more than a rule about all values.
    cause.is(&[&value::FIXED_VALUE, &value::PATTERN_VALUE])
        && (effect.is_of_invariant()
            || effect.is(&[
                &primitive::MAX_LENGTH,
                &binding::BINDING_REQUIRED,
                &binding::BINDING_EXTENSIBLE,
                &coding::CODING_SYSTEM_MISSPELT,
                &coding::CODING_SYSTEM_RELATIVE,
                &coding::CODING_SYSTEM_IS_VALUE_SET,
                &reference::REFERENCE_FORMAT,
                &profile::UNKNOWN_PROFILE,
            ]))
}

/// Adds to an empty element everything that it must hold.
pub(super) fn advise<'v>(cause: &mut Finding<'v>, effect: &Finding<'v>) {
    let is_lacking = cause.rule.is(&structure::EMPTY_ELEMENT) && effect.rule.is(&CARDINALITY_MIN);
    let Some(add) = effect.suggestion.clone().filter(|_| is_lacking) else { return };
    let is_first = cause.about == About::Nothing;
    let others = cause.suggestion.take().filter(|_| !is_first);
    cause.suggestion = Some(text!("{}{}", others.map(|others| text!("{}; ", others)), add));
    cause.about = effect.about;
}
