//! Business rules of e-RS, by the sections of its documentation.
//!
//! Their numbers are one series, in which those that only the service can decide are missing: see
//! [`ers_fhir_ers::service::duties`]. A rule that FHIRPath can say is an invariant of the packages,
//! whose key begins with the code of the rule; what is found by it is reported under the rule.

pub(crate) mod access;
pub(crate) mod advice;
pub(crate) mod appointments;
pub(crate) mod attachments;
mod examples;
pub(crate) mod patient;
pub(crate) mod payload;
pub(crate) mod review;
pub(crate) mod shortlist;
pub(crate) mod worklists;

use super::{Example, Issue, Rule};
use crate::diagnostic::Severity;

/// The rules of this family, a list for each section.
pub(super) static SECTIONS: [&[&Rule]; 9] = [
    access::RULES,
    patient::RULES,
    shortlist::RULES,
    attachments::RULES,
    appointments::RULES,
    review::RULES,
    worklists::RULES,
    advice::RULES,
    payload::RULES,
];

const fn rule(
    code: &'static str,
    severity: Severity,
    summary: &'static str,
    explanation: &'static str,
    bad: Example,
    good: Example,
) -> Rule {
    Rule {
        code,
        severity,
        issue: Issue::BusinessRule,
        summary,
        explanation,
        bad,
        good,
        source: "https://digital.nhs.uk/developer/api-catalogue/e-referral-service-fhir",
    }
}

/// The business rule that an invariant states: `ers-rule-23` of the key `ers-rule-23-check`.
pub(crate) fn of_key(key: &str) -> Option<&'static Rule> {
    let mut code = key;
    loop {
        let found = SECTIONS.iter().copied().flatten().find(|rule| rule.code == code);
        if found.is_some() {
            return found.copied();
        }
        code = code.rsplit_once('-')?.0;
    }
}
