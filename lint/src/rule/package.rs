//! What packages that were named may lack.

use ers_fhir_report::{Example, Issue, Rule, Severity};

/// Every rule of packages.
pub static RULES: &[&Rule] = &[&PACKAGE_MISSING];

const GOOD: Example = Example::r4(
    r#"{"name": "example.guide", "version": "1.0.0", "dependencies": {"hl7.fhir.r4.core": "4.0.1"}}"#,
);

/// A dependency that is not met.
pub static PACKAGE_MISSING: Rule = Rule {
    code: "package-missing",
    severity: Severity::Warning,
    issue: Issue::NotFound,
    summary: "A package that another depends on is not at hand",
    explanation: "What it defines is not known: extensions and profiles of it count as unknown, and its codes are not \
                  checked. Get it from a registry, put it where packages are looked for, or say in fhir.lock which \
                  version takes its place, or that none does.",
    bad: GOOD.edited(r#""4.0.1"}"#, r#""4.0.1", "example.base": "2.0.0"}"#),
    good: GOOD,
    source: "https://hl7.org/fhir/packages.html",
};
