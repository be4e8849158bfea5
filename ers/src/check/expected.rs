//! The answer of the service to a request whose structure is wrong.
//!
//! The findings themselves have the codes of the general rules, and their places. One more finding
//! for each kind says which error code of the service to expect.

use ers_fhir_report::{Rule, Severity, def, text};
use ers_fhir_validator::rule::{binding, cardinality, coding, primitive, slicing, structure};
use ers_fhir_validator::service::{Finding, Run};

use crate::deviation::{Side, deviation};
use crate::rule::payload as rules;

/// Rules of the service, the error code that it answers with, and the general rules that find the
/// same mistake.
static KINDS: &[(&Rule, &str, &[&Rule])] = &[
    (&rules::RULE_137, "UNEXPECTED_FIELD", &[&structure::UNKNOWN_ELEMENT, &slicing::SLICE_UNMATCHED]),
    (
        &rules::RULE_138,
        "INVALID_FHIR_STRUCTURE",
        &[&structure::ARRAY_EXPECTED, &structure::ARRAY_NOT_EXPECTED, &cardinality::CARDINALITY_MAX],
    ),
    (
        &rules::RULE_139,
        "INVALID_VALUE",
        &[
            &primitive::WRONG_JSON_KIND,
            &primitive::PRIMITIVE_EMPTY,
            &primitive::PRIMITIVE_FORMAT,
            &primitive::PRIMITIVE_RANGE,
            &primitive::MISSING_TIME_ZONE,
            &primitive::MAX_LENGTH,
        ],
    ),
    (&rules::RULE_140, "INVALID_CODE", &[&binding::BINDING_REQUIRED, &coding::UNKNOWN_CODE]),
    (&rules::RULE_141, "MISSING_VALUE", &[&cardinality::CARDINALITY_MIN]),
];

/// Whether a rule states the answer of the service to a breach of the other rule; asked about itself, whether it
/// states an answer at all.
pub(crate) fn answers_to(answer: &Rule, other: &Rule) -> bool {
    let mut of_kind = KINDS.iter().filter(|(rule, ..)| answer.is(rule));
    of_kind.any(|(rule, _, found_by)| other.is(rule) || found_by.iter().any(|found| other.is(found)))
}

pub(super) fn check(run: &Run<'_>, side: Side) {
    let mut errors = run.findings();
    errors.retain(|found| found.severity >= Severity::Error && deviation(found, side).is_none());
    for (rule, answer, found_by) in KINDS {
        let of_kind = errors.iter().filter(|found| found_by.iter().any(|rule| found.rule.is(rule)));
        if let Some(first) = of_kind.min_by_key(|found| found.span.start) {
            let message = text!("e-RS answers 422 {} to this", def(answer));
            run.report(Finding::new(rule, first.node, message).span(first.span.clone()));
        }
    }
}
