//! Definitions as payloads: what a profile, a search parameter or a form says of its base and of itself.

use ers_fhir_profiles::package::Package;
use ers_fhir_profiles::{Definitions, FhirVersion};
use ers_fhir_validator::{Options, Validator};

const NONE: [&str; 0] = [];

/// Severity, code and location of what the rules on definitions find.
fn found(version: FhirVersion, definitions: &[&str], payload: &str) -> Vec<String> {
    let mut known = Definitions::embedded(version);
    for (number, definition) in definitions.iter().enumerate() {
        let package = Package::from_resource(&format!("{number}.json"), definition.as_bytes());
        known.add(package.expect("the definition can be read"));
    }
    let report = Validator::new(known)
        .check(payload.as_bytes(), &Options { lists_effects: true, ..Options::default() });
    report
        .diagnostics
        .iter()
        .filter(|d| d.key.is_none())
        .map(|d| {
            let place = d.location.rsplit("differential.").next().unwrap_or_default();
            format!("{} {} {place}", d.severity, d.rule.code)
        })
        .collect()
}

/// A profile with that name on a base, with these elements.
fn profile(name: &str, base: &str, type_name: &str, elements: &str) -> String {
    let base = if base.contains('/') {
        base.to_owned()
    } else {
        format!("http://hl7.org/fhir/StructureDefinition/{base}")
    };
    format!(
        r#"{{ "resourceType": "StructureDefinition", "url": "http://example.org/StructureDefinition/{name}",
  "name": "A", "status": "active", "kind": "resource", "abstract": false, "type": "{type_name}",
  "derivation": "constraint", "baseDefinition": "{base}", "differential": {{ "element": [{elements}] }} }}"#
    )
}

/// What is found in a profile on Patient with these elements, in both releases alike.
fn in_patient(elements: &str) -> Vec<String> {
    let payload = profile("a", "Patient", "Patient", elements);
    let found_in_r4 = found(FhirVersion::R4, &[], &payload);
    assert_eq!(found(FhirVersion::Stu3, &[], &payload), found_in_r4, "{elements}");
    found_in_r4
}

/// An element of Patient and what it says.
fn element(id: &str, rest: &str) -> String {
    let path: Vec<&str> = id.split('.').map(|step| step.split(':').next().unwrap_or(step)).collect();
    let path = path.join(".");
    format!(r#"{{ "id": "{id}", "path": "{path}", {rest} }}"#)
}

#[test]
fn what_narrows_the_base_is_right() {
    for good in [
        element("Patient.name", r#""min": 1, "max": "3""#),
        element("Patient.deceased[x]", r#""type": [{ "code": "boolean" }]"#),
        element("Patient.gender", r#""fixedCode": "female""#),
        element("Patient.maritalStatus", r#""min": 1, "patternCodeableConcept": { "text": "a" }"#),
        element("Patient.contact.name.family", r#""maxLength": 20"#),
    ] {
        assert_eq!(in_patient(&good), NONE, "{good}");
    }
}

#[test]
fn what_loosens_the_base_is_found() {
    for (bad, at) in [
        (element("Patient.link.other", r#""min": 0"#), "min"),
        (element("Patient.active", r#""max": "*""#), "max"),
        (element("Patient.deceased[x]", r#""type": [{ "code": "string" }]"#), "type[0].code"),
        (element("Patient.gender", r#""binding": { "strength": "preferred" }"#), "binding.strength"),
    ] {
        assert_eq!(in_patient(&bad), [format!("error profile-loosens-base element[0].{at}")], "{bad}");
    }
}

#[test]
fn paths_values_and_bases_that_do_not_fit_are_found() {
    let path = element("Patient.contact.nickname", r#""min": 1"#);
    assert_eq!(in_patient(&path), ["error profile-path element[0].path"]);
    let value = element("Patient.birthDate", r#""fixedString": "2000-01-01""#);
    assert_eq!(in_patient(&value), ["error element-value-type element[0].fixed.ofType(string)"]);
    let other = profile("a", "Observation", "Patient", &element("Patient.id", r#""min": 1"#));
    assert!(
        found(FhirVersion::R4, &[], &other).iter().any(|line| line.starts_with("error profile-base")),
        "the types differ"
    );
    let unknown = profile("a", "http://example.org/b", "Patient", &element("Patient.id", r#""min": 1"#));
    let lines = found(FhirVersion::R4, &[], &unknown);
    assert!(lines.iter().any(|line| line.contains("profile-not-checked")), "{lines:?}");
}

#[test]
fn what_follows_one_bad_element_is_checked() {
    let both = format!(
        "{}, {}",
        element("Patient.nickname", r#""min": 1"#),
        element("Patient.active", r#""max": "*""#)
    );
    assert_eq!(
        in_patient(&both),
        ["error profile-path element[0].path", "error profile-loosens-base element[1].max"]
    );
}

#[test]
fn targets_outside_the_base_are_found() {
    let target = |name: &str| {
        element(
            "Patient.managingOrganization",
            &format!(
                r#""type": [{{ "code": "Reference", "targetProfile": ["http://hl7.org/fhir/StructureDefinition/{name}"] }}]"#
            ),
        )
    };
    let check = |elements: &str| found(FhirVersion::R4, &[], &profile("a", "Patient", "Patient", elements));
    assert_eq!(check(&target("Organization")), NONE);
    let lines = check(&target("Location"));
    assert_eq!(lines, ["error profile-loosens-base element[0].type[0].targetProfile[0]"]);
}

const SLICED: &str = r#"{ "id": "Patient.identifier", "path": "Patient.identifier",
  "slicing": { "discriminator": [{ "type": "value", "path": "system" }], "rules": "closed" } }"#;

fn slice(name: &str, system: &str) -> String {
    format!(
        "{}, {}",
        element(&format!("Patient.identifier:{name}"), &format!(r#""sliceName": "{name}", "max": "1""#)),
        element(
            &format!("Patient.identifier:{name}.system"),
            &format!(r#""min": 1, "fixedUri": "{system}""#)
        )
    )
}

#[test]
fn slices_are_told_apart() {
    let good = format!("{SLICED}, {}, {}", slice("a", "http://a.example"), slice("b", "http://b.example"));
    assert_eq!(in_patient(&good), NONE);
    let twins = format!("{SLICED}, {}, {}", slice("a", "http://a.example"), slice("b", "http://a.example"));
    assert_eq!(in_patient(&twins), ["warning slice-not-told-apart element[3].sliceName"]);
    let silent = format!("{SLICED}, {}", element("Patient.identifier:a", r#""sliceName": "a", "min": 1"#));
    assert_eq!(in_patient(&silent), ["warning slice-not-told-apart element[1].sliceName"]);
    let unsliced = format!("{}, {}", slice("a", "http://a.example"), slice("b", "http://b.example"));
    assert!(in_patient(&unsliced).iter().all(|line| line.starts_with("error slice-without-slicing")));
}

#[test]
fn a_closed_slicing_stays_closed() {
    let base =
        profile("base", "Patient", "Patient", &format!("{SLICED}, {}", slice("a", "http://a.example")));
    let check = |elements: &str| {
        let derived = profile("a", "http://example.org/StructureDefinition/base", "Patient", elements);
        found(FhirVersion::R4, &[&base], &derived)
    };
    assert_eq!(check(&slice("a", "http://a.example")), NONE);
    let opened = SLICED.replace("closed", "open");
    assert_eq!(check(&opened), ["error profile-loosens-base element[0].slicing.rules"]);
    let added = check(&slice("b", "http://b.example"));
    assert_eq!(added, ["error profile-loosens-base element[0].sliceName"]);
}
