//! What follows from a finding, and what does not, under small profiles: each mistake is one finding of its own severity.

use ers_fhir_profiles::package::Package;
use ers_fhir_profiles::{Definitions, FhirVersion};
use ers_fhir_report::{Relation, Report};
use ers_fhir_validator::{Options, Severity, Validator};

const URL: &str = "http://example.org/StructureDefinition";

/// A profile with that id.
fn profile(id: &str, type_name: &str, elements: &str) -> String {
    format!(
        r#"{{ "resourceType": "StructureDefinition", "url": "{URL}/{id}", "name": "A", "status": "active", "kind": "resource",
  "abstract": false, "type": "{type_name}", "derivation": "constraint",
  "baseDefinition": "http://hl7.org/fhir/StructureDefinition/{type_name}", "differential": {{ "element": [{elements}] }} }}"#
    )
}

/// The report on a payload under the first of some profiles, which has the id `a`.
fn check(profiles: &[&str], payload: &str) -> Report {
    let mut known = Definitions::embedded(FhirVersion::R4);
    for text in profiles {
        known.add(Package::from_resource("a.json", text.as_bytes()).expect("the profile can be read"));
    }
    let options = Options { profiles: vec![format!("{URL}/a")], ..Options::default() };
    Validator::new(known).check(payload.as_bytes(), &options)
}

/// Each finding above information with its severity, its place, and those that follow from it.
fn listed(report: &Report) -> Vec<String> {
    let above = report.diagnostics.iter().filter(|found| found.severity > Severity::Information);
    above
        .map(|found| {
            let word =
                |found: &ers_fhir_report::Diagnostic| found.key.clone().unwrap_or(found.rule.code.to_owned());
            let effects = found.related.iter().filter(|note| note.relation == Relation::Effect);
            let effects: Vec<_> = effects.map(|note| format!(" <- {}", word(&note.finding))).collect();
            let mark = if found.severity == Severity::Warning { "?" } else { "" };
            format!("{}{mark} {}{}", word(found), found.location, effects.concat())
        })
        .collect()
}

/// What is found in a Patient with these members, under a profile with these elements.
fn patient(elements: &str, members: &str) -> Vec<String> {
    let payload = format!(r#"{{ "resourceType": "Patient", {members} }}"#);
    listed(&check(&[&profile("a", "Patient", elements)], &payload))
}

/// A Patient under invariants, each with its severity and expression.
fn under(invariants: &[(&str, &str)], more: &str, members: &str) -> Vec<String> {
    let constraint = |(at, (severity, expression)): (usize, &(&str, &str))| {
        format!(
            r#"{{ "key": "x-{at}", "severity": "{severity}", "human": "h", "expression": "{expression}" }}"#
        )
    };
    let constraints: Vec<String> = invariants.iter().enumerate().map(constraint).collect();
    let root =
        format!(r#"{{ "id": "Patient", "path": "Patient", "constraint": [{}] }}"#, constraints.join(","));
    patient(&format!("{root}{more}"), members)
}

#[test]
fn a_warning_stays_a_warning() {
    let found = under(
        &[
            ("warning", "telecom.exists()"),
            ("error", "telecom.where(system = 'phone').exists() or name.exists()"),
        ],
        "",
        r#""active": true"#,
    );
    assert_eq!(found, ["x-0? Patient", "x-1 Patient"]);
}

#[test]
fn an_invariant_does_not_follow_from_another_one() {
    let found = under(
        &[("error", "active = true"), ("error", "active.exists() implies gender.exists()")],
        "",
        r#""active": false"#,
    );
    assert_eq!(found, ["x-0 Patient", "x-1 Patient"]);
}

#[test]
fn an_invariant_with_another_condition_does_not_follow_from_a_faulty_value() {
    let more = r#", { "id": "Patient.name.family", "path": "Patient.name.family", "maxLength": 3 }"#;
    let name = r#""name": [{ "family": "ABCD" }]"#;
    let found = under(&[("error", "name.all(family.length() <= 3) and birthDate.exists()")], more, name);
    assert_eq!(found, ["x-0 Patient", "max-length Patient.name[0].family"]);
    // If nothing else is asked, it does.
    let found = under(&[("error", "name.all(family.length() <= 3)")], more, name);
    assert_eq!(found, ["max-length Patient.name[0].family <- x-0"]);
    let found = under(&[("error", "name.all(family.exists() and given.exists())")], more, name);
    assert_eq!(found, ["x-0 Patient", "max-length Patient.name[0].family"]);
}

const TELECOMS: &str = r#"
    { "id": "Patient.telecom", "path": "Patient.telecom",
      "slicing": { "discriminator": [{ "type": "value", "path": "system" }], "rules": "closed" } },
    { "id": "Patient.telecom:p", "path": "Patient.telecom", "sliceName": "p", "min": 1 },
    { "id": "Patient.telecom:p.system", "path": "Patient.telecom.system", "min": 1, "fixedCode": "phone" },
    { "id": "Patient.telecom:e", "path": "Patient.telecom", "sliceName": "e" },
    { "id": "Patient.telecom:e.system", "path": "Patient.telecom.system", "min": 1, "fixedCode": "email" }"#;

#[test]
fn a_slice_is_missing_because_of_a_slip_only_if_it_was_meant() {
    let found = patient(TELECOMS, r#""telecom": [{ "system": "emial", "value": "a" }]"#);
    assert_eq!(
        found,
        ["cardinality-min Patient", "binding-required Patient.telecom[0].system <- slice-unmatched"]
    );
    let found = patient(TELECOMS, r#""telecom": [{ "system": "phoen", "value": "a" }]"#);
    assert_eq!(found, ["binding-required Patient.telecom[0].system <- cardinality-min <- slice-unmatched"]);
}

const NAMED: &str = r#"{ "id": "Patient.name", "path": "Patient.name", "min": 1 }"#;

/// A document Bundle whose Composition refers to a Patient without a name.
fn document(meta: &str) -> String {
    format!(
        r#"{{ "resourceType": "Bundle", "type": "collection", "entry": [
        {{ "fullUrl": "urn:uuid:00000000-0000-4000-8000-000000000000", "resource": {{ "resourceType": "Composition",
          "status": "final", "type": {{ "text": "a" }}, "date": "2026-01-01", "title": "a", "author": [{{ "display": "b" }}],
          "subject": {{ "reference": "urn:uuid:00000000-0000-4000-8000-000000000001" }},
          "section": [{{ "title": "c", "entry": [{{ "reference": "urn:uuid:00000000-0000-4000-8000-000000000001" }}] }}] }} }},
        {{ "fullUrl": "urn:uuid:00000000-0000-4000-8000-000000000001",
          "resource": {{ "resourceType": "Patient", {meta} "active": true }} }}] }}"#
    )
}

/// Slices of entries by profile, each with its name, minimum, type and profile.
fn entries(slices: &[(&str, u8, &str)]) -> String {
    let slicing = r#"{ "id": "Bundle.entry", "path": "Bundle.entry",
        "slicing": { "discriminator": [{ "type": "profile", "path": "resource" }], "rules": "open" } }"#;
    let slice = |(id, min, type_name): &(&str, u8, &str)| {
        format!(
            r#", {{ "id": "Bundle.entry:{id}", "path": "Bundle.entry", "sliceName": "{id}", "min": {min} }},
            {{ "id": "Bundle.entry:{id}.resource", "path": "Bundle.entry.resource", "min": 1,
              "type": [{{ "code": "{type_name}", "profile": ["{URL}/{id}"] }}] }}"#
        )
    };
    format!("{slicing}{}", slices.iter().map(slice).collect::<String>())
}

#[test]
fn two_slices_that_are_missing_for_one_reason_are_one_mistake() {
    let subject = format!(
        r#"{{ "id": "Composition.subject", "path": "Composition.subject", "min": 1,
          "type": [{{ "code": "Reference", "targetProfile": ["{URL}/p"] }}] }}"#
    );
    let (composition, named) = (profile("c", "Composition", &subject), profile("p", "Patient", NAMED));
    let bundle = profile("a", "Bundle", &entries(&[("c", 1, "Composition"), ("p", 1, "Patient")]));
    let report = check(&[&bundle, &composition, &named], &document(""));
    assert_eq!(listed(&report), ["cardinality-min Bundle <- cardinality-min"], "{report:#?}");
    let reasons = report.diagnostics[0].related.iter().filter(|note| note.relation == Relation::Reason);
    let reasons: Vec<&str> = reasons.map(|note| &*note.finding.location).collect();
    assert_eq!(reasons, ["Bundle.entry[1].resource"]);
}

#[test]
fn what_a_failed_trial_found_elsewhere_is_found_again() {
    let subject = format!(
        r#"{{ "id": "Composition.subject", "path": "Composition.subject", "min": 1,
          "type": [{{ "code": "Reference", "targetProfile": ["{URL}/p"] }}] }}"#
    );
    let (composition, named) = (profile("c", "Composition", &subject), profile("p", "Patient", NAMED));
    // No entry has to be in the slice, but the Patient declares the profile of the subject.
    let bundle = profile("a", "Bundle", &entries(&[("c", 0, "Composition")]));
    let declared = format!(r#""meta": {{ "profile": ["{URL}/p"] }},"#);
    let report = check(&[&bundle, &composition, &named], &document(&declared));
    assert_eq!(listed(&report), ["cardinality-min Bundle.entry[1].resource"], "{report:#?}");
}

#[test]
fn the_reason_of_a_reason_is_told() {
    let section = format!(
        r#"{{ "id": "Composition.section.entry", "path": "Composition.section.entry",
          "slicing": {{ "discriminator": [{{ "type": "profile", "path": "resolve()" }}], "rules": "open" }} }},
        {{ "id": "Composition.section.entry:o", "path": "Composition.section.entry", "sliceName": "o", "min": 1,
          "type": [{{ "code": "Reference", "targetProfile": ["{URL}/p"] }}] }}"#
    );
    let (composition, named) = (profile("c", "Composition", &section), profile("p", "Patient", NAMED));
    let bundle = profile("a", "Bundle", &entries(&[("c", 1, "Composition")]));
    let report = check(&[&bundle, &composition, &named], &document(""));
    let help =
        report.diagnostics[0].suggestion.as_ref().map(|help| help.revealed().to_owned()).unwrap_or_default();
    assert!(help.ends_with("'Composition.section.entry:o' is missing; 'Patient.name' is missing"), "{help}");
}

#[test]
fn a_code_that_is_unknown_is_one_mistake() {
    let elements = r#"
        { "id": "Patient.maritalStatus", "path": "Patient.maritalStatus" },
        { "id": "Patient.communication", "path": "Patient.communication",
          "slicing": { "discriminator": [{ "type": "value", "path": "language" }], "rules": "closed" } },
        { "id": "Patient.communication:a", "path": "Patient.communication", "sliceName": "a" },
        { "id": "Patient.communication:a.language", "path": "Patient.communication.language",
          "patternCodeableConcept": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus", "code": "M" }] } }"#;
    let found = patient(
        elements,
        r#""communication": [{ "language": { "coding": [
            { "system": "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus", "code": "nothing" }] } }]"#,
    );
    assert!(found.iter().all(|found| !found.starts_with("slice-unmatched")), "{found:?}");
}

#[test]
fn a_resource_of_the_wrong_type_is_one_mistake() {
    let elements = r#"
        { "id": "Bundle.entry", "path": "Bundle.entry",
          "slicing": { "discriminator": [{ "type": "value", "path": "search.mode" }], "rules": "open" } },
        { "id": "Bundle.entry:o", "path": "Bundle.entry", "sliceName": "o" },
        { "id": "Bundle.entry:o.resource", "path": "Bundle.entry.resource", "type": [{ "code": "OperationOutcome" }] },
        { "id": "Bundle.entry:o.search", "path": "Bundle.entry.search", "min": 1 },
        { "id": "Bundle.entry:o.search.mode", "path": "Bundle.entry.search.mode", "min": 1, "fixedCode": "outcome" }"#;
    let payload = r#"{ "resourceType": "Bundle", "type": "searchset", "entry": [{
        "fullUrl": "urn:uuid:00000000-0000-4000-8000-000000000001", "search": { "mode": "outcome" },
        "resource": { "resourceType": "Patient", "active": true } }] }"#;
    let report = check(&[&profile("a", "Bundle", elements)], payload);
    assert_eq!(
        listed(&report),
        ["wrong-type Bundle.entry[0].resource <- bundle-search-entry"],
        "{report:#?}"
    );
}
