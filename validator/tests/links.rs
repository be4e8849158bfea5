//! References, contained resources, extensions and Bundles in small documents.

use std::sync::LazyLock;

use ers_fhir_profiles::{Definitions, FhirVersion};
use ers_fhir_validator::{Gap, Options, Severity, Validator};

static STU3: LazyLock<Validator> = LazyLock::new(|| Validator::new(Definitions::embedded(FhirVersion::Stu3)));
static R4: LazyLock<Validator> = LazyLock::new(|| Validator::new(Definitions::embedded(FhirVersion::R4)));

/// Code and location of each finding; anything but an error is marked.
fn found(validator: &Validator, payload: &str) -> Vec<String> {
    let report = validator.check(payload.as_bytes(), &Options { lists_effects: true, ..Options::default() });
    let lines =
        report.diagnostics.iter().filter(|d| !matches!(d.rule.code, "code-not-checked" | "no-profile")).map(
            |d| {
                let code = d.key.as_deref().unwrap_or(d.rule.code);
                match d.severity {
                    Severity::Error => format!("{code} {}", d.location),
                    severity => format!("{severity}: {code} {}", d.location),
                }
            },
        );
    lines.collect()
}

#[track_caller]
fn expect(validator: &Validator, payload: &str, expected: &[&str]) {
    assert_eq!(found(validator, payload), expected, "{payload}");
}

fn observation(members: &str) -> String {
    format!(
        r#"{{ "resourceType": "Observation", "status": "final", "code": {{ "text": "pulse" }}, {members} }}"#
    )
}

#[test]
fn references_by_their_text() {
    let rows: &[(&str, &[&str])] = &[
        (r#""reference": "Patient/7""#, &[]),
        (r#""reference": "Patient/7/_history/2""#, &[]),
        (r#""reference": "https://clinic.example/fhir/Patient/7""#, &[]),
        (r#""reference": "https://clinic.example/some-page""#, &[]),
        (r#""reference": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0""#, &[]),
        (r#""reference": "Patient?identifier=7""#, &[]),
        (r#""identifier": { "value": "7" }"#, &[]),
        (r#""display": "Alice Jones""#, &[]),
        (r#""reference": "7""#, &["warning: reference-format Observation.subject"]),
        (r#""reference": "Alice Jones""#, &["reference-format Observation.subject"]),
        (r#""reference": "Pateint/7""#, &["reference-unknown-type Observation.subject"]),
        (r#""reference": "Medication/7""#, &["warning: reference-target-type Observation.subject"]),
        (r#""reference": "Patient/7", "type": "Group""#, &["reference-type-mismatch Observation.subject"]),
        (r#""type": "Medication", "display": "Aspirin""#, &[]),
        (r##""reference": "#p""##, &["unresolved-local-reference Observation.subject"]),
        (r##""reference": "#""##, &["unresolved-local-reference Observation.subject"]),
    ];
    for (members, expected) in rows {
        // A name that does not exist is not allowed as a target either; only the first is of interest.
        let mut found = found(&R4, &observation(&format!(r#""subject": {{ {members} }}"#)));
        found.dedup_by(|later, earlier| {
            earlier.starts_with("reference-unknown-type") && later.contains("reference-target-type")
        });
        assert_eq!(&found, expected, "{members}");
    }
}

#[test]
fn contained_targets_have_an_allowed_type() {
    let contained = |resource_type: &str| {
        observation(&format!(
            r##""contained": [{{ "resourceType": "{resource_type}", "id": "c", "active": true }}],
                "subject": {{ "reference": "#c" }}"##
        ))
    };
    expect(&R4, &contained("Patient"), &[]);
    expect(&STU3, &contained("Patient"), &[]);
    expect(&R4, &contained("Practitioner"), &["reference-target-type Observation.subject"]);
}

/// How many references were left unchecked.
fn unchecked(payload: &str) -> usize {
    let gaps = R4.check(payload.as_bytes(), &Options::default()).gaps;
    gaps.iter().filter(|(gap, _)| *gap == Gap::Reference).map(|(_, count)| count).sum()
}

#[test]
fn a_reference_that_leads_nowhere_is_not_called_unchecked() {
    let subject = |text: &str| observation(&format!(r#""subject": {{ "reference": "{text}" }}"#));
    let in_bundle = |text: &str| {
        let full_url = "urn:uuid:9d1d1c9c-3f39-4a6d-8b36-7c6b8bbd8c4f";
        let entry = format!(r#"{{ "fullUrl": "{full_url}", "resource": {} }}"#, subject(text));
        format!(r#"{{ "resourceType": "Bundle", "type": "collection", "entry": [{entry}] }}"#)
    };
    assert_eq!(unchecked(&subject("#c")), 0);
    assert_eq!(unchecked(&subject("#")), 0);
    assert_eq!(unchecked(&subject("https://example.org/records/1")), 1);
    assert_eq!(unchecked(&subject("urn:uuid:5f0c7a52-8e0c-4f40-9a37-1f4c2f6f5b01")), 1);
    assert_eq!(unchecked(&in_bundle("urn:uuid:5f0c7a52-8e0c-4f40-9a37-1f4c2f6f5b01")), 0);
    assert_eq!(unchecked(&in_bundle("https://example.org/records/1")), 1);
}

#[test]
fn what_a_reference_states_is_of_an_allowed_type_without_a_literal_too() {
    let subject = |members: &str| observation(&format!(r#""subject": {{ {members} }}"#));
    let of = |name: &str| {
        subject(&format!(
            r#""type": "{name}", "identifier": {{ "system": "https://example.org/ids", "value": "1" }}"#
        ))
    };
    let wrong: &[&str] = &["reference-target-type Observation.subject"];
    expect(&R4, &of("Patient"), &[]);
    expect(&R4, &of("Organization"), wrong);
    expect(&R4, &subject(r#""type": "Organization", "display": "the practice""#), &[]);
}

#[test]
fn contained_resources_are_named_once_and_referred_to() {
    let holder = |contained: &str| observation(&format!(r#""contained": [{contained}]"#));
    expect(
        &R4,
        &holder(r#"{ "resourceType": "Patient", "active": true }"#),
        &["contained-without-id Observation.contained[0]"],
    );
    expect(
        &R4,
        &holder(r#"{ "resourceType": "Patient", "id": "c", "active": true }"#),
        &["dom-3 Observation"],
    );
    // Words are no reference.
    let contained =
        r##""contained": [{ "resourceType": "Patient", "id": "c", "name": [{ "family": "#" }] }]"##;
    let noted = observation(&format!(r##"{contained}, "note": [{{ "text": "#c" }}]"##));
    expect(&R4, &noted, &["dom-3 Observation"]);
    expect(
        &R4,
        &holder(
            r##"{ "resourceType": "Basic", "id": "c", "code": { "text": "x" }, "subject": { "reference": "#" } }"##,
        ),
        &[],
    );
    let twice = observation(
        r##""contained": [{ "resourceType": "Patient", "id": "c", "active": true },
                          { "resourceType": "Patient", "id": "c", "active": false }],
            "subject": { "reference": "#c" }"##,
    );
    expect(&R4, &twice, &["duplicate-id Observation.contained[1]"]);
    let versioned = observation(
        r##""contained": [{ "resourceType": "Patient", "id": "c", "meta": { "versionId": "1" }, "active": true }],
            "subject": { "reference": "#c" }"##,
    );
    expect(&R4, &versioned, &["dom-4 Observation"]);
    expect(&STU3, &versioned, &["dom-4 Observation"]);
}

#[test]
fn a_narrative_refers_to_what_it_shows() {
    let illustrated = |id: &str| {
        format!(
            r##"<Patient xmlns="http://hl7.org/fhir">
                  <text><status value="additional"/>
                    <div xmlns="http://www.w3.org/1999/xhtml"><img src="#{id}" alt="A portrait"/></div></text>
                  <contained><Binary><id value="face"/><contentType value="image/png"/></Binary></contained>
                </Patient>"##
        )
    };
    let errors = |id: &str| found(&R4, &illustrated(id)).contains(&"dom-3 Patient".to_owned());
    assert!(!errors("face"));
    assert!(errors("faces"));
}

#[test]
fn ids_of_elements_are_unique_in_their_resource() {
    expect(
        &R4,
        r#"{ "resourceType": "Bundle", "type": "batch", "entry": [
             { "id": "a", "resource": { "resourceType": "Patient", "id": "a", "name": [{ "id": "a", "family": "X" }] },
               "request": { "method": "PUT", "url": "Patient/a" } },
             { "id": "a", "resource": { "resourceType": "Patient", "id": "b", "name": [{ "id": "a", "family": "X" }] },
               "request": { "method": "PUT", "url": "Patient/b" } }] }"#,
        &["duplicate-id Bundle.entry[1]"],
    );
}

#[test]
fn the_condition_of_an_extension_may_be_about_its_value() {
    let form = |required: bool, least: u32| {
        format!(
            r#"{{ "resourceType": "Questionnaire", "status": "draft", "item": [{{ "linkId": "1", "text": "Age",
                 "extension": [{{ "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-minOccurs",
                   "valueInteger": {least} }}],
                 "type": "integer", "required": {required} }}] }}"#
        )
    };
    for release in [&R4, &STU3] {
        expect(release, &form(true, 1), &[]);
        expect(release, &form(false, 0), &[]);
        expect(release, &form(false, 1), &["extension-context Questionnaire.item[0].extension[0]"]);
    }
}

#[test]
fn a_reference_of_another_form_is_wrong_where_a_bundle_must_resolve_it() {
    for text in ["7", "patients_7/7", "Patient/7/name", "Patient/a_b"] {
        let observation = format!(
            r#"{{ "resourceType": "Observation", "id": "o", "status": "final", "code": {{ "text": "x" }},
                 "subject": {{ "reference": "{text}" }} }}"#
        );
        expect(&R4, &observation, &["warning: reference-format Observation.subject"]);
        let bundle = format!(
            r#"{{ "resourceType": "Bundle", "type": "collection", "entry": [
                 {{ "fullUrl": "https://clinic.test/Observation/o", "resource": {observation} }}] }}"#
        );
        expect(&R4, &bundle, &["reference-format Bundle.entry[0].resource.subject"]);
    }
}

#[test]
fn only_the_url_of_a_definition_is_its_name() {
    expect(
        &R4,
        r#"{ "resourceType": "ValueSet", "url": "sizes", "status": "draft" }"#,
        &["canonical-relative ValueSet.url"],
    );
    expect(&R4, r#"{ "resourceType": "Device", "url": "/monitor/7", "status": "active" }"#, &[]);
}

#[test]
fn extensions() {
    const BIRTH_PLACE: &str = "http://hl7.org/fhir/StructureDefinition/patient-birthPlace";
    let value = r#""valueAddress": { "city": "Leeds" }"#;
    let rows: &[(String, &[&str])] = &[
        (format!(r#""extension": [{{ "url": "{BIRTH_PLACE}", {value} }}]"#), &[]),
        (
            format!(r#""extension": [{{ "url": "{BIRTH_PLACE}|4.0.1", {value} }}]"#),
            &["extension-url-version Patient.extension[0]"],
        ),
        (
            format!(r#""modifierExtension": [{{ "url": "{BIRTH_PLACE}", {value} }}]"#),
            &["extension-modifier Patient.modifierExtension[0]"],
        ),
        (
            format!(r#""name": [{{ "family": "X", "extension": [{{ "url": "{BIRTH_PLACE}", {value} }}] }}]"#),
            &["extension-context Patient.name[0].extension[0]"],
        ),
        (
            format!(r#""extension": [{{ "url": "birthPlace", {value} }}]"#),
            &["extension-url-relative Patient.extension[0]"],
        ),
        (
            format!(r#""extension": [{{ "url": "https://clinic.test/unknown", {value} }}]"#),
            &["unknown-extension Patient.extension[0]"],
        ),
        (
            format!(r#""extension": [{{ "url": "https://clinic.test/example.org/unknown", {value} }}]"#),
            &["unknown-extension Patient.extension[0]"],
        ),
        (
            format!(r#""extension": [{{ "url": "http://example.org/unknown", {value} }}]"#),
            &["information: unknown-extension Patient.extension[0]"],
        ),
        (
            r#""extension": [{ "url": "http://hl7.org/fhir/StructureDefinition/patient-nationality",
                 "extension": [{ "url": "cod", "valueCodeableConcept": { "text": "British" } }] }]"#
                .to_owned(),
            &["unknown-extension Patient.extension[0].extension[0]"],
        ),
    ];
    for (members, expected) in rows {
        expect(&R4, &format!(r#"{{ "resourceType": "Patient", {members} }}"#), expected);
    }
}

#[test]
fn an_extension_of_an_item_is_allowed_on_the_items_inside_it() {
    const HIDDEN: &str = "http://hl7.org/fhir/StructureDefinition/questionnaire-hidden";
    let item = |inner: &str| {
        format!(
            r#"{{ "resourceType": "Questionnaire", "name": "Hidden", "status": "draft", "item": [{{ "linkId": "1", "type": "group",
                  "item": [{{ "linkId": "1.1", "type": "group",
                    "item": [{{ {inner} "linkId": "1.1.1", "type": "string" }}] }}] }}] }}"#
        )
    };
    expect(&R4, &item(&format!(r#""extension": [{{ "url": "{HIDDEN}", "valueBoolean": true }}],"#)), &[]);
}

/// A document whose Composition refers to an author, and whose second entry is a practitioner.
fn document(author: &str, full_url: &str) -> String {
    format!(
        r#"{{ "resourceType": "Bundle", "type": "document", "timestamp": "2024-05-01T09:30:00Z",
              "identifier": {{ "system": "https://clinic.example/documents", "value": "1" }},
              "entry": [
                {{ "fullUrl": "https://clinic.example/fhir/Composition/1",
                   "resource": {{ "resourceType": "Composition", "id": "1", "status": "final",
                     "type": {{ "text": "Letter" }}, "date": "2024-05-01", "title": "Letter",
                     "author": [{{ "reference": "{author}" }}] }} }},
                {{ "fullUrl": "{full_url}",
                   "resource": {{ "resourceType": "Practitioner", "id": "2", "active": true }} }}] }}"#
    )
}

#[test]
fn documents_hang_together_by_full_url() {
    let whole = "https://clinic.example/fhir/Practitioner/2";
    expect(&R4, &document("Practitioner/2", whole), &[]);
    expect(&R4, &document(whole, whole), &[]);
    let urn = "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0";
    expect(&R4, &document(urn, urn), &[]);
    let apart = [
        "bundle-reference-not-found Bundle.entry[0].resource.author[0]",
        "bundle-entry-unreachable Bundle.entry[1]",
    ];
    expect(&R4, &document("Practitioner/2", urn), &apart);
    expect(&R4, &document("Practitioner/2", "https://other.example/fhir/Practitioner/2"), &apart);
}

#[test]
fn a_reference_asks_for_the_version_it_names() {
    let whole = "https://clinic.example/fhir/Practitioner/2";
    let versioned = |version: &str| {
        document("Practitioner/2/_history/3", whole)
            .replace(r#""id": "2","#, &format!(r#""id": "2", "meta": {{ "versionId": "{version}" }},"#))
    };
    expect(&R4, &versioned("3"), &[]);
    assert!(found(&R4, &versioned("4")).iter().any(|line| line.starts_with("bundle-reference-not-found")));
}

#[test]
fn full_urls() {
    let entry =
        |entry: &str| format!(r#"{{ "resourceType": "Bundle", "type": "collection", "entry": [{entry}] }}"#);
    let rows: &[(&str, &[&str])] = &[
        (r#""fullUrl": "https://clinic.example/fhir/Patient/7","#, &[]),
        (r#""fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0","#, &[]),
        (r#""fullUrl": "https://clinic.example/patients/7","#, &[]),
        ("", &["bundle-full-url-missing Bundle.entry[0]"]),
        (r#""fullUrl": "Patient/7","#, &["bundle-full-url-relative Bundle.entry[0].fullUrl"]),
        (
            r#""fullUrl": "https://clinic.example/fhir/Patient/8","#,
            &["bundle-full-url-mismatch Bundle.entry[0].fullUrl"],
        ),
        (
            r#""fullUrl": "https://clinic.example/fhir/Group/7","#,
            &["bundle-full-url-mismatch Bundle.entry[0].fullUrl"],
        ),
    ];
    for (full_url, expected) in rows {
        let resource = r#""resource": { "resourceType": "Patient", "id": "7", "active": true }"#;
        expect(&R4, &entry(&format!("{{ {full_url} {resource} }}")), expected);
    }
}

#[test]
fn targets_in_a_bundle_are_of_the_type_that_the_reference_names() {
    let bundle = |target: &str| {
        format!(
            r#"{{ "resourceType": "Bundle", "type": "collection", "entry": [
                 {{ "fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0",
                    "resource": {{ "resourceType": "Patient",
                      "generalPractitioner": [{{ "reference": "Practitioner/6f0c1b9e-55f6-4e3f-b6f5-3a0a2a1c9b11" }}] }} }},
                 {{ "fullUrl": "urn:uuid:6f0c1b9e-55f6-4e3f-b6f5-3a0a2a1c9b11",
                    "resource": {{ "resourceType": "{target}", "identifier": [{{ "value": "1" }}] }} }}] }}"#
        )
    };
    expect(&R4, &bundle("Practitioner"), &[]);
    let place = "reference-type-mismatch Bundle.entry[0].resource.generalPractitioner[0]";
    expect(&R4, &bundle("Organization"), &[place]);
}

#[test]
fn stu3_documents_and_messages_begin_with_their_resource() {
    let bundle = |kind: &str| {
        format!(
            r#"{{ "resourceType": "Bundle", "type": "{kind}", "meta": {{ "lastUpdated": "2024-05-01T09:30:00Z" }},
                  "identifier": {{ "system": "https://clinic.example/documents", "value": "1" }},
                  "entry": [{{ "fullUrl": "https://clinic.example/fhir/Patient/7",
                    "resource": {{ "resourceType": "Patient", "id": "7", "active": true }} }}] }}"#
        )
    };
    expect(&STU3, &bundle("collection"), &[]);
    expect(&STU3, &bundle("document"), &["bundle-first-entry Bundle.entry[0]"]);
    expect(&STU3, &bundle("message"), &["bundle-first-entry Bundle.entry[0]"]);
}

#[test]
fn search_results() {
    let entry = |mode: &str, resource: &str| {
        format!(
            r#"{{ "resourceType": "Bundle", "type": "searchset", "entry": [{{
                  "fullUrl": "https://clinic.example/patients/7", "search": {{ "mode": "{mode}" }},
                  "resource": {{ {resource}, "active": true }} }}] }}"#
        )
    };
    expect(&R4, &entry("match", r#""resourceType": "Patient", "id": "7""#), &[]);
    let place = ["bundle-search-entry Bundle.entry[0]"];
    expect(&R4, &entry("include", r#""resourceType": "Patient""#), &place);
    expect(&R4, &entry("outcome", r#""resourceType": "Patient", "id": "7""#), &place);
}

#[test]
fn of_a_reference_one_fault_is_said_once() {
    let named = |reference: &str| observation(&format!(r#""subject": {{ {reference} }}"#));
    expect(&R4, &named(r#""reference": true"#), &["wrong-json-kind Observation.subject.reference"]);
    expect(
        &STU3,
        &named(r#""reference": "Patient/1", "type": "Practitioner""#),
        &["unknown-element Observation.subject.type"],
    );
}

#[test]
fn a_search_is_resolved_by_transactions_only() {
    let bundle = |kind: &str, request: &str| {
        format!(
            r#"{{ "resourceType": "Bundle", "type": "{kind}", "entry": [{{
  "fullUrl": "urn:uuid:0d6b1a52-6a0f-4c1c-9d5b-0a4f2b6f3b11"{request},
  "resource": {} }}] }}"#,
            observation(r#""subject": { "reference": "Patient?identifier=7" }"#)
        )
    };
    let request = r#", "request": { "method": "POST", "url": "Observation" }"#;
    let place = "reference-format Bundle.entry[0].resource.subject";
    for validator in [&*STU3, &*R4] {
        expect(validator, &bundle("transaction", request), &[]);
        expect(validator, &bundle("collection", ""), &[place]);
    }
}
