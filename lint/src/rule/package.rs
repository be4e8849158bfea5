//! What may be wrong with the packages of a run.

use ers_fhir_report::{Example, Issue, Rule, Severity};

/// Every rule of packages.
pub static RULES: &[&Rule] = &[&PACKAGE_MISSING];

const GOOD: Example = Example::r4(
    r#"{
  "name": "example.profiles",
  "version": "1.0.0",
  "fhirVersions": ["4.0.1"],
  "dependencies": { "hl7.fhir.r4.core": "4.0.1" }
}
"#,
);

/// A package that another one depends on is not there.
pub static PACKAGE_MISSING: Rule = Rule {
    code: "package-missing",
    severity: Severity::Warning,
    issue: Issue::NotFound,
    summary: "A package that is depended on is not available",
    explanation: "What the package defines is not known: its profiles are not checked, its extensions are unknown, and codes of its \
                  value sets are undecided. Get it with `ers-fhir package add`, put it into a folder of --package-dir, or state in \
                  fhir.lock that it is left out (`--override NAME#none`).",
    bad: GOOD
        .edited(r#""hl7.fhir.r4.core": "4.0.1""#, r#""hl7.fhir.r4.core": "4.0.1", "example.base": "2.1.0""#),
    good: GOOD,
    source: "https://confluence.hl7.org/display/FHIR/NPM+Package+Specification",
};
