//! A value that is not well-formed, and what else is said of the same value.

use ers_fhir_report::Rule;

use super::scene::{Relation, Scene, Seen, any};
use crate::rule::cardinality::CARDINALITY_MIN;
use crate::rule::slicing::SLICE_UNMATCHED;
use crate::rule::syntax::TEXT_IN_XML;
use crate::rule::{binding, coding, primitive, reference, structure, value};

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
    cause.is(&FORM) || cause.is(&[&CARDINALITY_MIN, &TEXT_IN_XML, &value::FIXED_VALUE, &value::PATTERN_VALUE])
}

fn follows(_: &Scene<'_>, cause: Seen<'_>, effect: Seen<'_>) -> bool {
    // What tells slices apart is looked for in a value, and says nothing where that is none.
    if effect.is(&[&SLICE_UNMATCHED]) && effect.finding.span == cause.node.span() {
        return cause.is(&[&primitive::WRONG_JSON_KIND, &primitive::PRIMITIVE_EMPTY]);
    }
    if cause.node.id() != effect.node.id() || cause.finding.rule.is(effect.finding.rule) {
        return false;
    }
    // What is empty lacks what it must hold.
    if effect.is(&[&structure::EMPTY_ELEMENT]) && cause.is(&[&CARDINALITY_MIN]) {
        return true;
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
    // What the only allowed value is tells more than a rule about all values.
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
            ]))
}
