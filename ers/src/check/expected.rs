//! What the service will answer to a request whose structure is wrong.
//!
//! The findings themselves stand under the codes of the general rules, with their places. One line
//! for each kind says which error code of the service to expect.

use crate::check::deviation::deviation;
use crate::check::{Checker, Finding};
use crate::diagnostic::{Message, Severity};
use crate::rule::ers::payload as rules;
use crate::rule::{Rule, binding, cardinality, coding, primitive, slicing, structure};
use crate::tree::Node;

/// Rules of the service, the error code it answers with, and the general rules that find the same.
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

pub(super) fn check<'d>(ctx: &Checker<'_, 'd>, root: Node<'d>) {
    let mut expected = Vec::new();
    {
        let findings = ctx.findings.borrow();
        for (rule, answer, found_by) in KINDS {
            let is_kind = |finding: &&Finding<'_>| {
                finding.severity >= Severity::Error
                    && deviation(finding, ctx.document).is_none()
                    && found_by.iter().any(|rule| std::ptr::eq(*rule, finding.rule))
            };
            let first = findings.iter().filter(is_kind).min_by_key(|finding| finding.span.start);
            expected.extend(first.map(|first| (*rule, *answer, first.node, first.span.clone())));
        }
    }
    for (rule, answer, node, span) in expected {
        let message = Message::text(format!("e-RS answers 422 {answer} to this"));
        let mut finding = Finding::new(rule, root, message);
        finding.node = node;
        finding.span = span;
        ctx.report(finding);
    }
}
