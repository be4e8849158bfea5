//! The rules of e-RS: each bad example breaks its rule, each good one breaks nothing. And the reference data
//! that rules ask.

use std::sync::LazyLock;

use ers_fhir_ers::rule::{self, Example, Payload, Rule};
use ers_fhir_profiles::FhirVersion;
use ers_fhir_profiles::package::Package;
use ers_fhir_validator::{Report, Severity, Validator};

static STU3: LazyLock<Validator> =
    LazyLock::new(|| Validator::new(ers_fhir_ers::definitions(FhirVersion::Stu3)));

fn check(example: &Example) -> Report {
    assert_eq!(example.version, FhirVersion::Stu3);
    if let Payload::Edited { text, find, .. } = example.payload {
        assert!(text.contains(find), "the example does not hold {find}");
    }
    STU3.check(&example.payload.bytes(), &rule::options(example))
}

/// Whether it is about what the service is known to do: these are tried with those of FHIR.
fn is_deviation(rule: &Rule) -> bool {
    rule.code.starts_with("ers-deviation-") || rule.code == "ers-profile-of-others"
}

fn rules() -> Vec<&'static Rule> {
    rule::all().filter(|rule| rule.code.starts_with("ers-") && !is_deviation(rule)).collect()
}

#[test]
fn examples_do_what_their_pages_say() {
    let mut wrong = Vec::new();
    for rule in rules() {
        if !check(&rule.bad).all().any(|found| found.rule == rule) {
            wrong.push(format!("{}: the bad example does not break it", rule.code));
        }
        let good = check(&rule.good);
        for found in good.all().filter(|found| found.severity >= Severity::Error || found.rule == rule) {
            wrong.push(format!(
                "{}: its good example breaks {} at {}: {}",
                rule.code,
                found.rule.code,
                found.location,
                found.message.revealed()
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_clock_can_be_fixed() {
    let rule = rule::find("ers-rule-51").expect("it is declared");
    assert!(check(&rule.good).is_valid());
    let later = rule::options(&rule.good).now.is_some();
    assert!(later, "the good example is good at its own time only");
    let mut options = rule::options(&rule.good);
    options.now = "2026-02-01T00:00:00Z".parse().ok();
    let report = STU3.check(&rule.good.payload.bytes(), &options);
    let broken: Vec<&str> = report.all().map(|found| found.rule.code).collect();
    assert!(broken.contains(&"ers-rule-51"), "{broken:?}");
}

/// A payload of A011 with that specialty, whose list has the URL of that server.
fn with_specialty(server: &str, code: &str) -> Vec<u8> {
    let rule = rule::find("ers-rule-140").expect("it is declared");
    let text = String::from_utf8(rule.good.payload.bytes().into_owned()).expect("it is text");
    let list = format!("{server}/STU3/CodeSystem/SPECIALTY");
    text.replace("https://api.service.nhs.uk/referrals/FHIR/STU3/CodeSystem/SPECIALTY", &list)
        .replace("\"DERMATOLOGY\"", &format!("\"{code}\""))
        .into_bytes()
}

/// Whether a specialty is reported, and how heavily.
fn weight(validator: &Validator, payload: &[u8]) -> Option<Severity> {
    let options = rule::options(&rule::find("ers-rule-140").expect("it is declared").good);
    let report = validator.check(payload, &options);
    let about_code = report.all().filter(|found| found.location.ends_with("ofType(Coding).code"));
    about_code.map(|found| found.severity).max()
}

#[test]
fn every_environment_has_the_same_reference_data() {
    for server in [
        "https://api.service.nhs.uk/referrals/FHIR",
        "https://int.api.service.nhs.uk/referrals/FHIR",
        "https://sandbox.api.service.nhs.uk/referrals/FHIR",
        "_baseUrl_",
        "_baseurl_",
    ] {
        assert_eq!(weight(&STU3, &with_specialty(server, "UROLOGY")), Some(Severity::Warning), "{server}");
        assert_eq!(weight(&STU3, &with_specialty(server, "DERMATOLOGY")), None, "{server}");
        assert_eq!(weight(&STU3, &with_specialty(server, "NEWLY_MADE")), Some(Severity::Warning), "{server}");
    }
}

#[test]
fn a_saved_list_replaces_the_snapshot() {
    let list = r#"{
        "resourceType": "CodeSystem", "id": "SPECIALTY", "status": "active", "content": "complete",
        "url": "https://int.api.service.nhs.uk/referrals/FHIR/STU3/CodeSystem/SPECIALTY",
        "concept": [{ "code": "DERMATOLOGY" }, { "code": "NEWLY_MADE" }]
    }"#;
    let mut definitions = ers_fhir_ers::definitions(FhirVersion::Stu3);
    definitions.add(Package::from_resource("specialty.json", list.as_bytes()).expect("it is a definition"));
    let validator = Validator::new(definitions);
    let server = "https://api.service.nhs.uk/referrals/FHIR";
    assert_eq!(weight(&validator, &with_specialty(server, "DERMATOLOGY")), None);
    // The clinic type of the payload is one of dermatology, hence the warning.
    assert_eq!(weight(&validator, &with_specialty(server, "NEWLY_MADE")), Some(Severity::Warning));
    assert_eq!(weight(&validator, &with_specialty(server, "UROLOGY")), Some(Severity::Error));
}
