//! How a service plugs in: which methods are called for which payloads, and the effect of their results.

use std::sync::Arc;

use ers_fhir_profiles::package::Package;
use ers_fhir_profiles::{Definitions, FhirVersion};
use ers_fhir_validator::rule::{self, Rule, coding, invariant, value};
use ers_fhir_validator::service::{Finding, Found, Run, Service, Unlisted};
use ers_fhir_validator::tree::Document;
use ers_fhir_validator::{Message, Options, Report, Severity, Validator};

const NAMED: &str = "http://example.org/StructureDefinition/named";
const NOTED: &str = "http://example.org/StructureDefinition/noted";

/// A profile of Patient, an extension, and a code system of which only a part is loaded.
fn definitions() -> Definitions {
    let mut definitions = Definitions::embedded(FhirVersion::R4);
    for (file, json) in [
        (
            "named.json",
            r#"{ "resourceType": "StructureDefinition", "url": "http://example.org/StructureDefinition/named",
              "name": "Named", "status": "active", "kind": "resource", "abstract": false, "type": "Patient",
              "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient", "derivation": "constraint",
              "differential": { "element": [
                { "id": "Patient", "path": "Patient", "constraint": [{ "key": "reg-1-name", "severity": "error",
                  "human": "There is a name", "expression": "name.exists()" }] },
                { "id": "Patient.active", "path": "Patient.active", "fixedBoolean": true }] } }"#,
        ),
        (
            "noted.json",
            r#"{ "resourceType": "StructureDefinition", "url": "http://example.org/StructureDefinition/noted",
              "name": "Noted", "status": "active", "kind": "complex-type", "abstract": false,
              "type": "Extension", "context": [{ "type": "element", "expression": "Element" }],
              "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Extension", "derivation": "constraint",
              "differential": { "element": [
                { "id": "Extension", "path": "Extension" },
                { "id": "Extension.url", "path": "Extension.url",
                  "fixedUri": "http://example.org/StructureDefinition/noted" }] } }"#,
        ),
        (
            "list.json",
            r#"{ "resourceType": "CodeSystem", "url": "http://example.org/CodeSystem/list", "status": "active",
              "content": "fragment", "concept": [{ "code": "old" }] }"#,
        ),
    ] {
        definitions.add(Package::from_resource(file, json.as_bytes()).expect("it is a definition"));
    }
    definitions
}

/// A registry of patients that owns the profile and the extension, and takes any value for a fixed one.
#[derive(Debug, Default)]
struct Registry {
    claims: bool,
    demands: bool,
}

impl Service for Registry {
    fn owns(&self, package: &str) -> bool {
        ["named.json", "noted.json"].contains(&package)
    }

    fn claims(&self) -> bool {
        self.claims
    }

    fn marks(&self, document: &Document<'_>) -> bool {
        document.root().child("active").is_some()
    }

    fn check_other(&self, payload: &[u8]) -> Option<Report> {
        (payload == b"upload").then(Report::default)
    }

    fn begin(&self, run: &Run<'_>) {
        if self.demands {
            run.demand(NAMED);
        }
    }

    fn check(&self, run: &Run<'_>) {
        if run.declared_profiles(run.root()).any(|profile| profile == NAMED)
            && run.findings().iter().any(|found| found.key == Some("reg-1-name"))
        {
            let message = Message::text("the registry will refuse this");
            run.report(Finding::new(&rule::profile::NO_PROFILE_MATCHES, run.root(), message));
        }
    }

    fn ignores(&self, rule: &'static Rule) -> bool {
        rule.is(&coding::CODING_WITHOUT_SYSTEM)
    }

    fn excuses(&self, found: &Found<'_>) -> Option<&'static Rule> {
        let is_active = found.element == Some("Patient.active") && found.text == "false";
        (found.rule.is(&value::FIXED_VALUE) && is_active).then_some(&rule::profile::NO_PROFILE)
    }

    fn rule_of(&self, key: &str) -> Option<&'static Rule> {
        key.starts_with("reg-1-").then_some(&rule::cardinality::CARDINALITY_MIN)
    }

    fn unlisted(&self, system: &str) -> Option<Unlisted> {
        (system == "http://example.org/CodeSystem/list").then(|| Unlisted {
            rule: &coding::UNKNOWN_CODE,
            severity: Severity::Warning,
            says: Message::text(" is not in the old list"),
            suggestion: Message::text("fetch the new one"),
        })
    }
}

fn check(payload: &str, service: Option<Registry>) -> Vec<(&'static str, Severity)> {
    let service = service.map(|registry| Arc::new(registry) as Arc<dyn Service>);
    let options = Options { service, lists_effects: true, ..Options::default() };
    let report = Validator::new(definitions()).check(payload.as_bytes(), &options);
    report.diagnostics.iter().map(|found| (found.rule.code, found.severity)).collect()
}

fn patient(profile: &str, more: &str) -> String {
    format!(
        r#"{{ "resourceType": "Patient", "text": {{ "status": "empty", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\">-</div>" }},
          "meta": {{ "profile": [{profile}] }}{more} }}"#
    )
}

#[test]
fn an_invariant_of_the_service_is_reported_under_its_rule_and_seen_by_its_check() {
    let payload = patient(&format!("\"{NAMED}\""), "");
    let without = check(&payload, None);
    assert!(without.contains(&(invariant::INVARIANT.code, Severity::Error)), "{without:?}");
    let with = check(&payload, Some(Registry::default()));
    assert!(with.contains(&("cardinality-min", Severity::Error)), "{with:?}");
    assert!(with.contains(&("no-profile-matches", Severity::Error)), "{with:?}");
    assert!(with.iter().all(|(code, _)| *code != invariant::INVARIANT.code), "{with:?}");
}

#[test]
fn what_the_service_is_known_for_is_excused_in_its_own_payloads_only() {
    let more = r#", "active": false, "name": [{ "family": "Ashdown" }],
        "maritalStatus": { "coding": [{ "code": "M" }] }"#;
    let own = patient(&format!("\"{NAMED}\""), more);
    let without = check(&own, None);
    assert!(without.contains(&("fixed-value", Severity::Error)), "{without:?}");
    assert!(without.iter().any(|(code, _)| *code == coding::CODING_WITHOUT_SYSTEM.code), "{without:?}");
    let with = check(&own, Some(Registry::default()));
    assert!(with.contains(&("no-profile", Severity::Information)), "{with:?}");
    assert!(
        with.iter().all(|(code, _)| !["fixed-value", "coding-without-system"].contains(code)),
        "{with:?}"
    );

    let extension = format!(r#", "extension": [{{ "url": "{NOTED}", "valueString": "x" }}]"#);
    let foreign = patient("", &format!("{more}{extension}"));
    let foreign = foreign.replace(r#""meta": { "profile": [] },"#, "").replace(r#""active": false,"#, "");
    let with = check(&foreign, Some(Registry::default()));
    assert!(with.iter().any(|(code, _)| *code == coding::CODING_WITHOUT_SYSTEM.code), "{with:?}");
    let claimed = check(&foreign, Some(Registry { claims: true, ..Registry::default() }));
    assert!(claimed.iter().all(|(code, _)| *code != coding::CODING_WITHOUT_SYSTEM.code), "{claimed:?}");
}

#[test]
fn a_profile_that_the_service_demands_is_checked() {
    let payload = r#"{ "resourceType": "Patient", "active": true }"#;
    let asked = check(payload, Some(Registry { demands: true, claims: true }));
    assert!(asked.contains(&("cardinality-min", Severity::Error)), "{asked:?}");
    let unasked = check(payload, Some(Registry::default()));
    assert!(!unasked.contains(&("cardinality-min", Severity::Error)), "{unasked:?}");
    assert!(unasked.iter().any(|(code, _)| *code == "no-profile"), "{unasked:?}");
    let claimed = check(payload, Some(Registry { claims: true, ..Registry::default() }));
    assert!(claimed.iter().all(|(code, _)| *code != "no-profile"), "{claimed:?}");
}

#[test]
fn the_service_speaks_of_codes_that_its_lists_lack() {
    let payload = r#"{ "resourceType": "Basic", "code": { "coding": [
        { "system": "http://example.org/CodeSystem/list", "code": "new" }] } }"#;
    let without = check(payload, None);
    assert!(without.iter().any(|(code, _)| *code == coding::CODE_NOT_CHECKED.code), "{without:?}");
    let with = check(payload, Some(Registry::default()));
    assert!(with.contains(&(coding::UNKNOWN_CODE.code, Severity::Warning)), "{with:?}");
    assert!(with.iter().all(|(code, _)| *code != coding::CODE_NOT_CHECKED.code), "{with:?}");
}

#[test]
fn what_is_no_fhir_is_left_to_the_service() {
    assert_eq!(check("upload", Some(Registry::default())), []);
    assert_ne!(check("upload", None), []);
    assert_ne!(check("something else", Some(Registry::default())), []);
}
