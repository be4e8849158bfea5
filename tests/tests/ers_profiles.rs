//! Every e-RS profile: a good payload and, for each row of its table, a bad one, derived from the good one
//! by the definition itself. Each bad one is reported under the right code at the right place.

use std::fmt::Write;

use ers_fhir_ers::Ers;
use ers_fhir_profiles::FhirVersion;
use ers_fhir_profiles::definition::StructureKind;
use ers_fhir_tests::bad::{Bad, Fault, bad_payloads, examples, packages, structures};
use ers_fhir_tests::ers::validator;
use ers_fhir_validator::{Diagnostic, Options, Report};
use serde_json::Value;

fn check(version: FhirVersion, profile: &str, payload: &Value) -> Report {
    let options = Options {
        profiles: vec![profile.to_owned()],
        now: "2026-03-01T00:00:00Z".parse().ok(),
        ..Ers::new().into()
    };
    validator(version).check(payload.to_string().as_bytes(), &options)
}

fn says(report: &Report, bad: &Bad) -> bool {
    let fits = |found: &Diagnostic| match &bad.key {
        Some(key) => found.key.as_ref() == Some(key),
        None => bad.codes.contains(&found.rule.code),
    };
    report.all().any(|found| fits(found) && found.location.starts_with(&bad.location))
}

#[test]
fn every_row_of_every_profile_is_checked() {
    let (mut wrong, mut profiles, mut rows) = (String::new(), 0_u32, 0_u32);
    let mut by_fault = std::collections::BTreeMap::<Fault, u32>::new();
    for (version, package) in packages() {
        let definitions = ers_fhir_ers::definitions(version);
        for (id, url) in structures(&package) {
            let profile = definitions.structure(&url).expect("it is readable").expect("it is known");
            if profile.kind != StructureKind::Resource {
                continue;
            }
            let good = examples(&package, &id);
            let snapshot = definitions.snapshot(&url).expect("it is readable").expect("it is known");
            if good.is_empty() {
                let _infallible = writeln!(wrong, "{id}: no example");
                continue;
            }
            profiles += 1;
            for (name, payload) in &good {
                let report = check(version, &url, payload);
                assert!(report.is_valid(), "{name}: {:#?}", report.diagnostics);
                for row in &profile.differential {
                    for bad in bad_payloads(&snapshot, row, payload) {
                        rows += 1;
                        *by_fault.entry(bad.fault).or_default() += 1;
                        let report = check(version, &url, &bad.payload);
                        if !says(&report, &bad) {
                            let found: Vec<String> = report
                                .all()
                                .map(|found| format!("{} {}", found.rule.code, found.location))
                                .collect();
                            let _infallible = writeln!(
                                wrong,
                                "{name}: {} {:?} at {}: found {found:?}",
                                row.id, bad.fault, bad.location
                            );
                        }
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{profiles} profiles, {rows} bad payloads, {by_fault:?}:\n{wrong}");
    assert!(profiles > 40 && rows > 750, "{profiles} profiles, {rows} bad payloads, {by_fault:?}");
}
