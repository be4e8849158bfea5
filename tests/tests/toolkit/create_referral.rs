//! What A011 (create referral) sends and returns, as HL7 and e-RS see it.

use std::path::PathBuf;
use std::sync::LazyLock;

use ers_fhir_corpora::{shared, workspace};
use ers_fhir_ers::Ers;
use ers_fhir_profiles::FhirVersion;
use ers_fhir_validator::{Diagnostic, Options, Report, Severity, Validator};
use serde_json::Value;

pub(crate) static STU3: LazyLock<Validator> =
    LazyLock::new(|| Validator::new(ers_fhir_ers::definitions(FhirVersion::Stu3)));

pub(crate) const PROFILE: &str =
    "https://fhir.nhs.uk/STU3/StructureDefinition/eRS-CreateReferral-Parameters-1";

/// Our own example.
pub(crate) fn ours() -> String {
    std::fs::read_to_string(workspace("examples/create-referral.json")).expect("the example is there")
}

/// The published payloads, as published and as they come from a server.
fn published() -> Vec<(PathBuf, String)> {
    let mut payloads = Vec::new();
    for folder in ["createReferral/requests", "createReferral/responses", "retrieveReferralRequest/responses"]
    {
        let folder = shared(&format!("ers/examples/stu3/{folder}"));
        for entry in std::fs::read_dir(folder).expect("the folder can be read") {
            let path = entry.expect("the folder can be read").path();
            let text = std::fs::read_to_string(&path).expect("payloads are text");
            let base = "https://api.service.nhs.uk/referrals/FHIR";
            let served = text.replace("_baseUrl_", base).replace("_baseurl_", base);
            payloads.push((path.clone(), served));
            payloads.push((path, text));
        }
    }
    payloads.sort();
    payloads
}

fn errors(report: &Report) -> Vec<String> {
    let errors = report.all().filter(|d| d.severity >= Severity::Error);
    errors.map(|d| format!("{} at {}: {}", d.rule.code, d.location, d.message.revealed())).collect()
}

fn is_deviation(diagnostic: &Diagnostic) -> bool {
    diagnostic.rule.code.starts_with("ers-deviation-")
}

pub(crate) fn published_payloads_are_valid() {
    for (path, text) in published() {
        let report = STU3.check(text.as_bytes(), &Options::from(Ers::new()));
        assert_eq!(errors(&report), [""; 0], "{}", path.display());
        assert!(report.all().all(|d| d.rule.code != "no-profile"), "{}", path.display());
    }
}

pub(crate) fn deviations_of_the_service_are_information_in_its_payloads_only() {
    for (path, text) in published() {
        let lenient = STU3.check(text.as_bytes(), &Options::from(Ers::new()));
        let strict = STU3.check(text.as_bytes(), &Options::from(Ers::new().strict(true)));
        let mut bare: Value = serde_json::from_str(&text).expect("payloads are JSON");
        forget_profiles(&mut bare);
        let bare = bare.to_string();
        let marked = STU3.check(bare.as_bytes(), &Options::from(Ers::new()));
        assert_eq!(errors(&marked), [""; 0], "{}: its code systems tell whose it is", path.display());
        let elsewhere = STU3.check(bare.as_bytes(), &Options::default());
        for deviation in lenient.all().filter(|d| is_deviation(d)) {
            assert_eq!(deviation.severity, Severity::Information, "{deviation:#?}");
            for (report, how) in [(&strict, "when strict"), (&elsewhere, "in payloads of nobody")] {
                let mut errors = report.all().filter(|d| d.severity >= Severity::Error);
                let is_found = errors.any(|error| error.location == deviation.location);
                assert!(is_found, "{} {how}: {deviation:#?}", path.display());
            }
        }
    }
}

pub(crate) fn the_responses_do_deviate() {
    let published = published();
    let deviating = published.iter().filter(|(_, text)| {
        let report = STU3.check(text.as_bytes(), &Options::from(Ers::new()));
        report.all().any(is_deviation)
    });
    assert!(deviating.count() > 0, "the deviations are what this test file is about");
}

pub(crate) fn without_a_profile_the_nearest_is_named_once() {
    let mut payload: Value = serde_json::from_str(&ours()).expect("the example is JSON");
    forget_profiles(&mut payload);
    let report = STU3.check(payload.to_string().as_bytes(), &Options::from(Ers::new()));
    let notes: Vec<_> = report.all().filter(|d| d.rule.code == "no-profile").collect();
    let [note] = notes[..] else { panic!("{notes:#?}") };
    assert_eq!(note.severity, Severity::Information);
    let suggestion = note.suggestion.as_ref().map(|suggestion| suggestion.revealed().to_owned());
    assert!(suggestion.as_ref().is_some_and(|text| text.contains(PROFILE)), "{note:#?}");
    assert_eq!(errors(&report), [""; 0]);
}

/// Removes every `meta.profile`.
fn forget_profiles(json: &mut Value) {
    match json {
        Value::Object(members) => {
            if let Some(Value::Object(meta)) = members.get_mut("meta") {
                meta.remove("profile");
                if meta.is_empty() {
                    members.remove("meta");
                }
            }
            members.values_mut().for_each(forget_profiles);
        }
        Value::Array(items) => items.iter_mut().for_each(forget_profiles),
        _ => {}
    }
}
