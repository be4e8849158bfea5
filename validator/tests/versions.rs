//! Several versions of a definition side by side, and definitions of other releases.

use ers_fhir_profiles::package::Package;
use ers_fhir_profiles::{Definitions, FhirVersion};
use ers_fhir_validator::{Gap, Options, Report, Validator};

const NONE: [&str; 0] = [];

/// A profile of a version that demands an element, and the FHIR release that it names.
fn profile(name: &str, version: &str, element: &str, release: &str) -> String {
    format!(
        r#"{{ "resourceType": "StructureDefinition", "url": "https://example.org/StructureDefinition/{name}",
  "version": "{version}", "name": "A", "status": "active", "fhirVersion": "{release}", "kind": "resource",
  "abstract": false, "type": "Patient", "derivation": "constraint",
  "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient",
  "differential": {{ "element": [{{ "id": "Patient.{element}", "path": "Patient.{element}", "min": 1 }}] }} }}"#
    )
}

fn check(definitions: &[&str], payload: &str, asked: &[&str]) -> Report {
    let mut known = Definitions::embedded(FhirVersion::R4);
    for (number, definition) in definitions.iter().enumerate() {
        let package = Package::from_resource(&format!("{number}.json"), definition.as_bytes());
        known.add(package.expect("the definition can be read"));
    }
    let profiles = asked.iter().map(|url| (*url).to_owned()).collect();
    Validator::new(known)
        .check(payload.as_bytes(), &Options { profiles, lists_effects: true, ..Options::default() })
}

/// Severity, code and message of the findings.
fn found(definitions: &[&str], payload: &str, asked: &[&str]) -> Vec<String> {
    let report = check(definitions, payload, asked);
    let lines = report.diagnostics.iter().filter(|d| d.rule.code != "no-profile");
    lines.map(|d| format!("{} {} {}", d.severity, d.rule.code, d.message.revealed())).collect()
}

fn declaring(canonical: &str) -> String {
    format!(r#"{{ "resourceType": "Patient", "meta": {{ "profile": ["{canonical}"] }} }}"#)
}

#[test]
fn a_profile_is_the_one_of_the_version_that_is_named() {
    let versions = [profile("a", "1.0.0", "name", "4.0.1"), profile("a", "2.0.0", "identifier", "4.0.1")];
    let [old, new] = &versions;
    let url = "https://example.org/StructureDefinition/a";
    for loaded in [[old.as_str(), new], [new, old]] {
        for (version, missing) in
            [("|1.0.0", "name"), ("|1.0", "name"), ("|2.0.0", "identifier"), ("|2", "identifier")]
        {
            let canonical = format!("{url}{version}");
            let expected = format!("error cardinality-min 'Patient.{missing}' is missing");
            assert_eq!(
                found(&loaded, &declaring(&canonical), &[]),
                [expected.as_str()],
                "declared {version}"
            );
            let plain = r#"{ "resourceType": "Patient" }"#;
            assert_eq!(found(&loaded, plain, &[&canonical]), [expected.as_str()], "asked {version}");
        }
    }
    // Of two packages, the one that was loaded last wins.
    let unversioned = |loaded: [&str; 2]| found(&loaded, &declaring(url), &[]);
    assert_eq!(unversioned([old, new]), ["error cardinality-min 'Patient.identifier' is missing"]);
    assert_eq!(unversioned([new, old]), ["error cardinality-min 'Patient.name' is missing"]);
}

#[test]
fn a_finding_names_the_version_that_is_not_the_usual_one() {
    let versions = [profile("a", "1.0.0", "name", "4.0.1"), profile("a", "2.0.0", "identifier", "4.0.1")];
    let report = check(
        &[&versions[0], &versions[1]],
        &declaring("https://example.org/StructureDefinition/a|1.0.0"),
        &[],
    );
    let demanded: Vec<_> = report.diagnostics.iter().filter_map(|d| d.profile.as_deref()).collect();
    assert_eq!(demanded, ["https://example.org/StructureDefinition/a|1.0.0"]);
}

#[test]
fn a_version_that_is_not_loaded_is_said_with_those_that_are() {
    let versions = [profile("a", "1.0.0", "name", "4.0.1"), profile("a", "2.0.0", "identifier", "4.0.1")];
    let url = "https://example.org/StructureDefinition/a|3.0.0";
    let expected = format!(
        "warning unknown-profile the profile '{url}' is not loaded in version '3.0.0', but in 1.0.0 and 2.0.0"
    );
    assert_eq!(found(&[&versions[0], &versions[1]], &declaring(url), &[]), [expected]);
}

#[test]
fn a_version_may_start_from_an_earlier_one_of_itself() {
    let url = "https://example.org/StructureDefinition/a";
    let first = profile("a", "1.0.0", "name", "4.0.1");
    let second = profile("a", "2.0.0", "identifier", "4.0.1")
        .replace("http://hl7.org/fhir/StructureDefinition/Patient", &format!("{url}|1.0.0"));
    assert_eq!(
        found(&[&first, &second], &declaring(&format!("{url}|2.0.0")), &[]),
        [
            "error cardinality-min 'Patient.identifier' is missing",
            "error cardinality-min 'Patient.name' is missing"
        ]
    );
}

#[test]
fn types_targets_and_value_sets_are_of_the_version_that_is_named() {
    let set = |version: &str, code: &str| {
        format!(
            r#"{{ "resourceType": "ValueSet", "url": "https://example.org/ValueSet/s", "version": "{version}",
  "status": "active", "compose": {{ "include": [{{ "system": "http://hl7.org/fhir/administrative-gender",
    "concept": [{{ "code": "{code}" }}] }}] }} }}"#
        )
    };
    let importing = r#"{ "resourceType": "ValueSet", "url": "https://example.org/ValueSet/i", "status": "active",
  "compose": { "include": [{ "valueSet": ["https://example.org/ValueSet/s|1.0.0"] }] } }"#;
    let bound = |canonical: &str| {
        format!(
            r#"{{ "resourceType": "StructureDefinition", "url": "https://example.org/StructureDefinition/bound",
  "name": "B", "status": "active", "kind": "resource", "abstract": false, "type": "Patient",
  "derivation": "constraint", "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient",
  "differential": {{ "element": [
    {{ "id": "Patient.gender", "path": "Patient.gender",
       "binding": {{ "strength": "required", "valueSet": "{canonical}" }} }},
    {{ "id": "Patient.link.other", "path": "Patient.link.other",
       "type": [{{ "code": "Reference", "targetProfile": ["https://example.org/StructureDefinition/a|1.0.0"] }}] }}] }} }}"#
        )
    };
    let asked = ["https://example.org/StructureDefinition/bound"];
    let sets = [set("1.0.0", "female"), set("2.0.0", "male")];
    let female = r#"{ "resourceType": "Patient", "gender": "female" }"#;
    for (canonical, errors) in [
        ("https://example.org/ValueSet/s|1.0.0", 0),
        ("https://example.org/ValueSet/s|2.0.0", 1),
        ("https://example.org/ValueSet/s", 1),
        ("https://example.org/ValueSet/i", 0),
    ] {
        let bound = bound(canonical);
        let found = found(&[&sets[0], &sets[1], importing, &bound], female, &asked);
        assert_eq!(found.len(), errors, "{canonical}: {found:?}");
    }
    let versions = [profile("a", "1.0.0", "name", "4.0.1"), profile("a", "2.0.0", "identifier", "4.0.1")];
    let linked = r##"{ "resourceType": "Patient", "contained": [{ "resourceType": "Patient", "id": "p" }],
        "link": [{ "type": "seealso", "other": { "reference": "#p" } }] }"##;
    let bound = bound("http://hl7.org/fhir/ValueSet/administrative-gender");
    let found = found(&[&versions[0], &versions[1], &bound], linked, &asked);
    assert_eq!(found, ["error cardinality-min 'Patient.name' is missing"]);
}

#[test]
fn a_definition_of_the_other_release_is_said_and_not_used() {
    let older = profile("a", "1.0.0", "name", "3.0.2");
    let report = found(&[&older], &declaring("https://example.org/StructureDefinition/a"), &[]);
    assert_eq!(
        report,
        [
            "warning unknown-profile the profile 'https://example.org/StructureDefinition/a' is loaded, but written for FHIR 3.0.2, and this is checked as R4"
        ]
    );
}

#[test]
fn a_definition_of_a_release_that_is_not_known_is_used_and_said_once() {
    let later = profile("a", "1.0.0", "name", "5.0.0");
    let declaring = declaring("https://example.org/StructureDefinition/a");
    let bundle = format!(
        r#"{{ "resourceType": "Bundle", "type": "collection", "entry": [
            {{ "fullUrl": "https://example.org/Patient/1", "resource": {declaring} }},
            {{ "fullUrl": "https://example.org/Patient/2", "resource": {declaring} }}] }}"#
    );
    let codes: Vec<String> = found(&[&later], &bundle, &[])
        .into_iter()
        .map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" "))
        .collect();
    let count = |wanted: &str| codes.iter().filter(|code| *code == wanted).count();
    assert_eq!((count("warning definition-release"), count("error cardinality-min")), (1, 2), "{codes:?}");
}

#[test]
fn a_canonical_of_fhir_may_name_the_release_inside() {
    let of = |release: &str| declaring(&format!("http://hl7.org/fhir/{release}/StructureDefinition/Patient"));
    assert_eq!(found(&[], &of("4.0"), &[]), NONE);
    let other = found(&[], &of("3.0"), &[]);
    assert_eq!(other.len(), 1);
    assert!(other[0].starts_with("warning unknown-profile "), "{other:?}");
}

#[test]
fn what_could_not_be_checked_is_counted_by_kind() {
    let needy = r#"{ "resourceType": "StructureDefinition", "url": "https://example.org/StructureDefinition/needy",
  "name": "N", "status": "active", "kind": "resource", "abstract": false, "type": "Patient", "derivation": "constraint",
  "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient", "differential": { "element": [
    { "id": "Patient.managingOrganization", "path": "Patient.managingOrganization", "type": [{ "code": "Reference",
       "targetProfile": ["https://example.org/StructureDefinition/org"] }] }] } }"#;
    let organization = r#"{ "resourceType": "StructureDefinition", "url": "https://example.org/StructureDefinition/org",
  "name": "O", "status": "active", "kind": "resource", "abstract": false, "type": "Organization", "derivation": "constraint",
  "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Organization", "differential": { "element": [
    { "id": "Organization.name", "path": "Organization.name", "min": 1 }] } }"#;
    let payload = r#"{ "resourceType": "Patient",
  "meta": { "profile": ["https://example.org/StructureDefinition/needy", "https://example.org/StructureDefinition/none"] },
  "extension": [{ "url": "https://example.com/unknown", "valueBoolean": true }],
  "maritalStatus": { "coding": [{ "system": "http://snomed.info/sct", "code": "87915002" }] },
  "generalPractitioner": [{ "reference": "Practitioner/1" }],
  "managingOrganization": { "reference": "Organization/1" } }"#;
    let report = check(&[needy, organization], payload, &[]);
    let gaps: Vec<_> = report.gaps.iter().collect();
    assert_eq!(gaps, [(Gap::Profile, 1), (Gap::Extension, 1), (Gap::Code, 1), (Gap::Reference, 1)]);
    // Available facts are checked: the plain type of another reference is in its text.
    let plain = check(
        &[],
        r#"{ "resourceType": "Patient", "managingOrganization": { "reference": "Organization/1" } }"#,
        &[],
    );
    assert!(plain.gaps.is_empty(), "{:?}", plain.gaps);
}

#[test]
fn unknown_extensions_are_allowed_by_domain_but_a_modifier_is_never_silent() {
    let payload = |name: &str, url: &str| {
        format!(r#"{{ "resourceType": "Patient", "{name}": [{{ "url": "{url}", "valueBoolean": true }}] }}"#)
    };
    let severity = |name: &str, url: &str| {
        let options = Options {
            allowed_extensions: vec!["example.com".to_owned()],
            lists_effects: true,
            ..Options::default()
        };
        let validator = Validator::new(Definitions::embedded(FhirVersion::R4));
        let report = validator.check(payload(name, url).as_bytes(), &options);
        report.diagnostics.iter().find(|d| d.rule.code == "unknown-extension").map(|d| d.severity.to_string())
    };
    for (name, url, expected) in [
        ("extension", "https://example.com/x", None),
        ("extension", "https://FHIR.example.com:8080/x", None),
        ("extension", "https://example.com.evil.net/x", Some("error")),
        ("extension", "https://notexample.com/x", Some("error")),
        ("extension", "https://evil.net/example.com/x", Some("error")),
        ("extension", "https://example.org/x", Some("information")),
        ("extension", "https://my-example.org/x", Some("error")),
        ("modifierExtension", "https://example.com/x", Some("warning")),
        ("modifierExtension", "https://example.org/x", Some("warning")),
        ("modifierExtension", "https://evil.net/x", Some("error")),
    ] {
        assert_eq!(severity(name, url).as_deref(), expected, "{name} {url}");
    }
}
