//! The service's own payloads, and ours, each under its operation and declared profile.

use ers_fhir_profiles::FhirVersion;
use ers_fhir_tests::ers::{published, validator};
use ers_fhir_tests::workspace;
use ers_fhir_validator::{Options, Report, Severity};

fn findings(report: &Report, least: Severity) -> Vec<String> {
    let found = report.diagnostics.iter().filter(|found| found.severity >= least);
    found
        .map(|found| format!("{} {} {}", found.rule.code, found.location, found.message.revealed()))
        .collect()
}

#[test]
fn what_the_service_publishes_is_valid_under_its_operation() {
    let Some(published) = published() else { return };
    assert!(published.len() > 70, "{} payloads", published.len());
    let mut wrong = Vec::new();
    for payload in &published {
        let version = payload.context.endpoint.release;
        let options = Options { context: Some(payload.context.clone()), ..Options::default() };
        let report = validator(version).check(&payload.bytes, &options);
        if !report.is_valid() {
            wrong.push(format!("{}: {:#?}", payload.path.display(), findings(&report, Severity::Error)));
        }
    }
    assert!(wrong.is_empty(), "{} of {}: {}", wrong.len(), published.len(), wrong.join("\n"));
}

/// Nothing weighs more than information in the packages of e-RS: neither in their definitions nor in
/// their examples.
#[test]
fn our_packages_are_clean() {
    for (package, version) in [("stu3", FhirVersion::Stu3), ("r4", FhirVersion::R4)] {
        let folder = workspace(&format!("profiles/packages/ers-fhir.ers.{package}/package"));
        let mut wrong = Vec::new();
        let mut checked = 0;
        for folder in [folder.clone(), folder.join("example")] {
            for entry in std::fs::read_dir(&folder).expect("the package is there") {
                let path = entry.expect("the package is readable").path();
                if path.is_dir() || path.ends_with("package.json") {
                    continue;
                }
                checked += 1;
                let payload = std::fs::read(&path).expect("the package is readable");
                let report = validator(version).check(&payload, &Options::default());
                let found = findings(&report, Severity::Warning);
                if !found.is_empty() {
                    wrong.push(format!("{}: {found:#?}", path.display()));
                }
            }
        }
        assert!(checked > 40, "{package}: {checked}");
        wrong.sort();
        assert!(wrong.is_empty(), "{} of {checked}: {}", wrong.len(), wrong.join("\n"));
    }
}
