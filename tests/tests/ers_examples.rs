//! The service's own payloads, and ours, each under its operation and declared profile.

use std::process::ExitCode;

use ers_fhir_corpora::{Suite, tests, workspace};
use ers_fhir_ers::service::find;
use ers_fhir_ers::{Context, Ers};
use ers_fhir_profiles::FhirVersion;
use ers_fhir_tests::ers::{folder, published, validator};
use ers_fhir_validator::{Options, Report, Severity};
use serde_json::Value;

fn main() -> ExitCode {
    Suite::new()
        .always(tests![what_the_service_sends_against_base_fhir_passes, our_packages_are_clean])
        .reading([&folder()], tests![what_the_service_publishes_is_valid_under_its_operation])
        .run()
}

fn findings(report: &Report, least: Severity) -> Vec<String> {
    let found = report.all().filter(|found| found.severity >= least);
    found
        .map(|found| format!("{} {} {}", found.rule.code, found.location, found.message.revealed()))
        .collect()
}

fn what_the_service_publishes_is_valid_under_its_operation() {
    let published = published();
    assert!(published.len() > 70, "{} payloads", published.len());
    let mut wrong = Vec::new();
    for payload in &published {
        let version = payload.context.endpoint.release;
        let options = Options::from(Ers::called(payload.context.clone()));
        let report = validator(version).check(&payload.bytes, &options);
        if !report.is_valid() {
            wrong.push(format!("{}: {:#?}", payload.path.display(), findings(&report, Severity::Error)));
        }
    }
    assert!(wrong.is_empty(), "{} of {}: {}", wrong.len(), published.len(), wrong.join("\n"));
}

/// What the service is known to send in spite of base FHIR, applied to our own payloads: file, operation,
/// place, and the value to put there.
const DEVIATIONS: &[(&str, &str, &str, &str)] = &[
    ("Task-Bundle.json", "A029", "/entry", "[]"),
    ("AppointmentSlot-Bundle.json", "A015", "/entry", "[]"),
    ("eRS-ReferralRequest-1.json", "A005", "/replaces", "[]"),
    ("eRS-FetchServices-List-1.json", "A010", "/entry", "[]"),
    (
        "eRS-Appointment-1.json",
        "A038",
        "/participant/0/type",
        r#"{ "coding": [{ "system": "http://hl7.org/fhir/ValueSet/encounter-participant-type", "code": "CON" }] }"#,
    ),
    ("eRS-Appointment-1.json", "A038", "/participant/1/actor/identifier/value", "\"9994827163\""),
    (
        "eRS-ReferralRequest-1.json",
        "A005",
        "/specialty/coding/0/system",
        "\"_baseUrl_/STU3/v1/CodeSystem/SPECIALTY\"",
    ),
    ("eRS-ReferralRequest-1.json", "A005", "/contained/0/meta/versionId", "\"4\""),
];

fn what_the_service_sends_against_base_fhir_passes() {
    let folder = workspace("profiles/packages/ers-fhir.ers.stu3/package/example");
    for (file, id, place, value) in DEVIATIONS {
        let text = std::fs::read_to_string(folder.join(file)).expect("the example is there");
        let mut payload: Value = serde_json::from_str(&text).expect("the example is JSON");
        let (holder, name) = place.rsplit_once('/').expect("a place is below the root");
        let holder = payload.pointer_mut(holder).and_then(Value::as_object_mut).expect("the place is there");
        holder.insert(name.to_owned(), serde_json::from_str(value).expect("the value is JSON"));
        let endpoint = find(id).next().expect("the operation exists");
        let call = Context::response(endpoint);
        let options = Options::from(Ers::called(call.clone()));
        let check =
            |options: &Options| validator(FhirVersion::Stu3).check(payload.to_string().as_bytes(), options);
        let report = check(&options);
        assert!(report.is_valid(), "{file} {place}: {:#?}", findings(&report, Severity::Error));
        let strict = check(&Ers::called(call).strict(true).into());
        let is_weighed = strict.count(Severity::Error) > 0 || report.has(Severity::Warning);
        assert!(is_weighed, "{file} {place}: nothing is said of it");
    }
}

/// Nothing in the e-RS packages, definitions or examples, gives a finding above information.
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
                let report = validator(version).check(&payload, &Options::from(Ers::new()));
                // Payloads declare profiles that their publisher owns: these are not loaded.
                let is_of_others =
                    |found: &String| found.starts_with("unknown-profile") && found.contains("/CareConnect-");
                let mut found = findings(&report, Severity::Warning);
                found.retain(|found| !is_of_others(found));
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
