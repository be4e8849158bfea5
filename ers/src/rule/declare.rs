//! How a business rule is declared.

use ers_fhir_report::{Example, Issue, Rule, Severity};

/// A business rule of e-RS, for crates that check more than payloads and calls.
pub const fn rule(
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
