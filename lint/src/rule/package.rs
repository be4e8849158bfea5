//! Rules about named packages.

use ers_fhir_report::{Example, Issue, Rule, Severity};

/// Every rule about packages.
pub static RULES: &[&Rule] = &[&PACKAGE_MISSING];

const GOOD: Example = Example::r4(
    r#"{"name": "example.guide", "version": "1.0.0", "dependencies": {"hl7.fhir.r4.core": "4.0.1"}}"#,
);

/// An unmet dependency.
pub static PACKAGE_MISSING: Rule = Rule {
    code: "package-missing",
    severity: Severity::Warning,
    issue: Issue::NotFound,
    summary: "A package that another depends on is not available",
    explanation: "Its definitions are unknown: its extensions and profiles are reported as unknown, and its \
                  codes are not checked. Get it from a registry, put it in a folder of packages, or say in \
                  fhir.lock which version to use instead, or that none is needed.",
    bad: GOOD.edited(r#""4.0.1"}"#, r#""4.0.1", "example.base": "2.0.0"}"#),
    good: GOOD,
    source: "https://hl7.org/fhir/packages.html",
};
