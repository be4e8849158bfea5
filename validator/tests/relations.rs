//! One mistake is one finding: those that follow from it are notes, and a failed match gives its reason.

use std::sync::LazyLock;

use ers_fhir_profiles::package::Package;
use ers_fhir_profiles::{Definitions, FhirVersion};
use ers_fhir_report::{Diagnostic, Message, Relation, Report};
use ers_fhir_validator::{Options, Severity, Validator};

static STU3: LazyLock<Validator> = LazyLock::new(|| Validator::new(Definitions::embedded(FhirVersion::Stu3)));
static R4: LazyLock<Validator> = LazyLock::new(|| Validator::new(Definitions::embedded(FhirVersion::R4)));

/// A finding in a word: the key of its invariant, or its rule.
fn word(found: &Diagnostic) -> &str {
    found.key.as_deref().unwrap_or(found.rule.code)
}

/// Each finding above information, with those that follow from it: `unknown-element: inv-1 cardinality-min`.
fn listed(report: &Report) -> Vec<String> {
    let above = report.diagnostics.iter().filter(|found| found.severity > Severity::Information);
    above
        .map(|found| {
            let effects = found.related.iter().filter(|note| note.relation == Relation::Effect);
            let effects: Vec<&str> = effects.map(|note| word(&note.finding)).collect();
            if effects.is_empty() {
                word(found).to_owned()
            } else {
                format!("{}: {}", word(found), effects.join(" "))
            }
        })
        .collect()
}

#[track_caller]
fn expect(validator: &Validator, payload: &str, expected: &[&str]) {
    let report = validator.check(payload.as_bytes(), &Options::default());
    assert_eq!(listed(&report), expected, "{payload}\n{report:#?}");
}

/// An Observation with these members, as both releases, in JSON.
#[track_caller]
fn observation(members: &str, expected: &[&str]) {
    let payload = format!(
        r#"{{ "resourceType": "Observation", "status": "final", "code": {{ "text": "a" }}, {members} }}"#
    );
    expect(&STU3, &payload, expected);
    expect(&R4, &payload, expected);
}

#[test]
fn an_element_of_another_name_is_not_missing_too() {
    let parameters = |member: &str| {
        format!(r#"{{ "resourceType": "Parameters", "parameter": [{{ "name": "a", {member} }}] }}"#)
    };
    expect(&STU3, &parameters(r#""valueStrin": "b""#), &["unknown-element: inv-1"]);
    expect(&R4, &parameters(r#""valueStrin": "b""#), &["unknown-element: inv-1"]);
    let request = |member: &str| {
        format!(
            r#"{{ "resourceType": "MedicationRequest", "status": "active", "intent": "order", "subject": {{ "display": "a" }}, {member} }}"#
        )
    };
    for validator in [&*STU3, &*R4] {
        expect(
            validator,
            &request(r#""medication": { "reference": "Medication/1" }"#),
            &["unknown-element: cardinality-min"],
        );
        // An element that is unknown for another reason does not explain a missing one.
        expect(validator, &request(r#""dose": "1""#), &["unknown-element: cardinality-min"]);
        expect(
            validator,
            &request(r#""dose": "1", "time": "2""#),
            &["cardinality-min", "unknown-element", "unknown-element"],
        );
    }
    let xml = r#"<MedicationRequest xmlns="http://hl7.org/fhir"><status value="active"/><intent value="order"/>
        <medication><reference value="Medication/1"/></medication><subject><display value="a"/></subject></MedicationRequest>"#;
    expect(&R4, xml, &["unknown-element: cardinality-min"]);
}

#[test]
fn a_value_that_is_no_value_breaks_nothing_else() {
    observation(r#""subject": "Patient/1""#, &["wrong-json-kind"]);
    observation(
        r#""effectivePeriod": { "start": "1 May 2026", "end": "2026-05-02" }"#,
        &["primitive-format: per-1"],
    );
    let contact = |system: &str| {
        format!(r#"{{ "resourceType": "Patient", "telecom": [{{ "system": {system}, "value": "1" }}] }}"#)
    };
    expect(&R4, &contact(r#""mobile""#), &["binding-required"]);
    let text = r#"<Patient xmlns="http://hl7.org/fhir"><gender>male</gender></Patient>"#;
    expect(&R4, text, &["text-in-xml: primitive-empty"]);
    expect(&STU3, text, &["text-in-xml: primitive-empty"]);
}

#[test]
fn an_invariant_that_speaks_of_something_else_stands_alone() {
    // That the address is relative has nothing to do with there being no request.
    let bundle = r#"{ "resourceType": "Bundle", "type": "transaction", "entry": [
        { "fullUrl": "Patient/1", "resource": { "resourceType": "Patient", "active": true } }] }"#;
    expect(&R4, bundle, &["bdl-3", "bundle-full-url-relative"]);
}

#[test]
fn a_reference_without_its_sign_is_why_nothing_refers_to_what_is_contained() {
    let contained = r#""contained": [{ "resourceType": "Patient", "id": "p", "active": true }]"#;
    observation(&format!(r#"{contained}, "subject": {{ "reference": "p" }}"#), &["reference-format: dom-3"]);
    observation(
        &format!(r##"{contained}, "subject": {{ "reference": "#P1" }}"##),
        &["unresolved-local-reference: dom-3"],
    );
    observation(contained, &["dom-3"]);
    let with_sign = contained.replace("\"p\"", "\"#p\"");
    let report = R4.check(
        format!(
            r##"{{ "resourceType": "Observation", "status": "final", "code": {{ "text": "a" }}, {with_sign}, "subject": {{ "reference": "#p" }} }}"##
        )
        .as_bytes(),
        &Options::default(),
    );
    assert_eq!(listed(&report), ["primitive-format: dom-3 unresolved-local-reference"], "{report:#?}");
}

#[test]
fn what_may_be_so_is_not_why_a_slice_is_missing() {
    let profile = r#"{ "resourceType": "StructureDefinition", "url": "https://example.org/StructureDefinition/sorted",
  "name": "Sorted", "status": "active", "kind": "resource", "abstract": false, "type": "Condition",
  "derivation": "constraint", "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Condition",
  "differential": { "element": [
    { "id": "Condition.category", "path": "Condition.category",
      "slicing": { "discriminator": [{ "type": "value", "path": "$this" }], "rules": "open" } },
    { "id": "Condition.category:use", "path": "Condition.category", "sliceName": "use", "min": 1,
      "binding": { "strength": "required", "valueSet": "http://hl7.org/fhir/ValueSet/identifier-use" } }] } }"#;
    let mut known = Definitions::embedded(FhirVersion::R4);
    known.add(Package::from_resource("sorted.json", profile.as_bytes()).expect("it can be read"));
    let payload = r#"{ "resourceType": "Condition", "subject": { "display": "Ann" },
  "meta": { "profile": ["https://example.org/StructureDefinition/sorted"] },
  "clinicalStatus": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active" }] },
  "category": [{ "coding": [{ "system": "http://hl7.org/fhir/address-use", "code": "home" }] }] }"#;
    expect(&Validator::new(known), payload, &["cardinality-min", "binding-extensible"]);
}

#[test]
fn a_code_that_does_not_exist_is_in_no_value_set() {
    let patient = |system: &str, code: &str| {
        format!(
            r#"{{ "resourceType": "Patient", "maritalStatus": {{ "coding": [{{ "system": "{system}", "code": "{code}" }}] }} }}"#
        )
    };
    let system = "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus";
    expect(&R4, &patient(system, "XX"), &["unknown-code: binding-extensible"]);
    expect(&R4, &patient(system, "M"), &[]);
}

#[test]
fn a_resource_that_does_not_say_what_it_is_comes_first() {
    let bundle = r#"{ "resourceType": "Bundle", "type": "collection", "entry": [{ "fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": { "active": true } }] }"#;
    expect(&R4, bundle, &["missing-resource-type"]);
    let report =
        STU3.check(br#"{ "resourceType": "ServiceRequest", "status": "active" }"#, &Options::default());
    let message = report.diagnostics[0].message.masked();
    assert_eq!(message, "ServiceRequest is a resource type of R4, and this is checked as STU3");
    let report =
        R4.check(br#"{ "resourceType": "ReferralRequest", "status": "active" }"#, &Options::default());
    let message = report.diagnostics[0].message.masked();
    assert_eq!(message, "ReferralRequest is a resource type of STU3, and this is checked as R4");
}

#[test]
fn effects_are_findings_where_they_are_asked_for() {
    let payload = br#"{ "resourceType": "Parameters", "parameter": [{ "name": "a", "valueStrin": "b" }] }"#;
    let options = Options { lists_effects: true, ..Options::default() };
    let report = STU3.check(payload, &options);
    assert_eq!(listed(&report), ["inv-1", "unknown-element"]);
    let related = STU3.check(payload, &Options::default());
    assert_eq!(related.all().count(), report.diagnostics.len());
}

#[test]
fn a_finding_weighs_the_same_whether_others_follow_from_it() {
    let payload = br#"{ "resourceType": "Observation", "status": "final", "code": { "text": "a" }, "subject": { "reference": "p" },
        "contained": [{ "resourceType": "Patient", "id": "p", "active": true }] }"#;
    for lists_effects in [false, true] {
        let report = R4.check(payload, &Options { lists_effects, ..Options::default() });
        let own = report.diagnostics.iter().find(|found| found.rule.code == "reference-format");
        assert_eq!(own.map(|found| found.severity), Some(Severity::Error));
    }
}

/// The suggestion and the reasons of the first finding in a payload under a profile of a type.
fn help(type_name: &str, elements: &str, payload: &str) -> (String, Vec<String>) {
    let profile = format!(
        r#"{{ "resourceType": "StructureDefinition", "url": "http://example.org/StructureDefinition/a", "name": "A",
  "status": "active", "kind": "resource", "abstract": false, "type": "{type_name}", "derivation": "constraint",
  "baseDefinition": "http://hl7.org/fhir/StructureDefinition/{type_name}", "differential": {{ "element": [{elements}] }} }}"#
    );
    let named = r#"{ "resourceType": "StructureDefinition", "url": "http://example.org/StructureDefinition/named",
  "name": "Named", "status": "active", "kind": "resource", "abstract": false, "type": "Patient", "derivation": "constraint",
  "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient",
  "differential": { "element": [{ "id": "Patient.name", "path": "Patient.name", "min": 1 }] } }"#;
    let born = named.replace("/named", "/born").replace("Patient.name", "Patient.birthDate").replace(
        r#""min": 1"#,
        r#""min": 1 }, { "id": "Patient.gender", "path": "Patient.gender", "min": 1"#,
    );
    let mut known = Definitions::embedded(FhirVersion::R4);
    for text in [&profile, named, &born] {
        known.add(Package::from_resource("a.json", text.as_bytes()).expect("the profile can be read"));
    }
    let profiles = vec!["http://example.org/StructureDefinition/a".to_owned()];
    let report = Validator::new(known).check(payload.as_bytes(), &Options { profiles, ..Options::default() });
    let first = report.diagnostics.first().unwrap_or_else(|| panic!("nothing is found"));
    let reasons = first.related.iter().filter(|note| note.relation == Relation::Reason);
    let reasons =
        reasons.map(|note| format!("{} {}", note.finding.rule.code, note.finding.location)).collect();
    (first.suggestion.as_ref().map(Message::masked).unwrap_or_default(), reasons)
}

const BY_PROFILE: &str = r#"
    { "id": "Bundle.entry", "path": "Bundle.entry",
      "slicing": { "discriminator": [{ "type": "profile", "path": "resource" }], "rules": "open" } },
    { "id": "Bundle.entry:a", "path": "Bundle.entry", "sliceName": "a", "min": 1, "max": "1" },
    { "id": "Bundle.entry:a.resource", "path": "Bundle.entry.resource", "min": 1,
      "type": [{ "code": "Patient", "profile": ["http://example.org/StructureDefinition/named"] }] }"#;

#[test]
fn a_slice_that_is_missing_says_why_the_nearest_candidate_is_not_in_it() {
    let payload = r#"{ "resourceType": "Bundle", "type": "collection", "entry": [
        { "fullUrl": "http://a.example/Basic/1", "resource": { "resourceType": "Basic", "id": "1", "code": { "text": "a" } } },
        { "fullUrl": "http://a.example/Patient/2", "resource": { "resourceType": "Patient", "id": "2", "active": true } }] }"#;
    let (help, reasons) = help("Bundle", BY_PROFILE, payload);
    assert!(help.ends_with("the nearest candidate does not fit: 'Patient.name' is missing"), "{help}");
    assert_eq!(reasons, ["cardinality-min Bundle.entry[1].resource"]);
}

#[test]
fn of_several_profiles_the_nearest_says_what_keeps_it_from_matching() {
    let elements = r#"{ "id": "Observation.subject", "path": "Observation.subject", "type": [{ "code": "Reference",
        "targetProfile": ["http://example.org/StructureDefinition/born", "http://example.org/StructureDefinition/named"] }] }"#;
    let payload = r##"{ "resourceType": "Observation", "status": "final", "code": { "text": "a" },
        "contained": [{ "resourceType": "Patient", "id": "p", "active": true }], "subject": { "reference": "#p" } }"##;
    let (help, reasons) = help("Observation", elements, payload);
    assert!(help.contains("the nearest is http://example.org/StructureDefinition/named, but: "), "{help}");
    assert_eq!(reasons, ["cardinality-min Observation.contained[0]"]);
}

const BY_SYSTEM: &str = r#"
    { "id": "Patient.identifier", "path": "Patient.identifier",
      "slicing": { "discriminator": [{ "type": "value", "path": "system" }], "rules": "closed" } },
    { "id": "Patient.identifier:a", "path": "Patient.identifier", "sliceName": "a", "min": 1, "max": "1" },
    { "id": "Patient.identifier:a.system", "path": "Patient.identifier.system", "min": 1, "fixedUri": "http://example.org/number" }"#;

#[test]
fn what_is_almost_a_slice_names_the_slip() {
    for (system, slip) in [
        ("https://example.org/number", "begins with 'https:' instead of 'http:'"),
        ("http://example.org/Number", "differs in upper and lower case"),
        ("http://example.org/numbr", "is spelt differently"),
        ("http://example.org/number/", "has an extra '/' at the end"),
    ] {
        let payload = format!(
            r#"{{ "resourceType": "Patient", "identifier": [{{ "system": "{system}", "value": "1" }}] }}"#
        );
        let (help, _) = help("Patient", BY_SYSTEM, &payload);
        assert_eq!(help, "write 'http://example.org/number'", "{system} {slip}");
        let slice = ers_fhir_values::suggest::slip(system, "http://example.org/number");
        assert_eq!(slice, slip);
    }
}

#[test]
fn names_of_choices_have_their_types() {
    let help_of = |payload: &str| {
        let report = R4.check(payload.as_bytes(), &Options::default());
        report.diagnostics[0].suggestion.as_ref().map(Message::masked).unwrap_or_default()
    };
    let request = r#"{ "resourceType": "MedicationRequest", "status": "active", "intent": "order", "subject": { "display": "a" } }"#;
    assert_eq!(help_of(request), "add 'medicationCodeableConcept' or 'medicationReference'");
    let value = |member: &str| {
        help_of(&format!(
            r#"{{ "resourceType": "Observation", "status": "final", "code": {{ "text": "a" }}, {member} }}"#
        ))
    };
    assert_eq!(value(r#""value": true"#), "add the type to the name: write 'valueBoolean'");
    assert_eq!(
        value(r#""valueDecimal": 1.5"#),
        "it may not have this type: write 'valueInteger' or 'valueQuantity'"
    );
    assert_eq!(value(r#""valuequantity": { "value": 1 }"#), "did you mean 'valueQuantity'?");
}

#[test]
fn a_display_of_another_code_names_that_code() {
    let payload = r#"{ "resourceType": "Patient", "maritalStatus": { "coding": [
        { "system": "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus", "code": "M", "display": "Widowed" }] } }"#;
    let report = R4.check(payload.as_bytes(), &Options::default());
    let found = report.diagnostics.iter().find(|found| found.rule.code == "wrong-display");
    let found = found.unwrap_or_else(|| panic!("{report:#?}"));
    assert_eq!(
        found.message.masked(),
        "the display 'Widowed' is that of another code of the code system \
         'http://terminology.hl7.org/CodeSystem/v3-MaritalStatus', 'W'"
    );
    assert_eq!(
        found.suggestion.as_ref().map(Message::masked).as_deref(),
        Some("write 'Married', or the code 'W'")
    );
}

#[test]
fn a_value_is_suggested_as_it_is_written() {
    for (born, help) in [
        ("1990-01-01T00:00:00Z", "did you mean '1990-01-01'?"),
        ("1990/01/01", "did you mean '1990-01-01'?"),
        ("1990-01-01 ", "did you mean '1990-01-01'?"),
    ] {
        let report = R4.check(
            format!(r#"{{ "resourceType": "Patient", "birthDate": "{born}" }}"#).as_bytes(),
            &Options::default(),
        );
        let first = &report.diagnostics[0];
        assert_eq!(
            first.suggestion.as_ref().map(|help| help.revealed().to_owned()).as_deref(),
            Some(help),
            "{born}"
        );
        assert_eq!(first.suggestion.as_ref().map(Message::masked).as_deref(), Some("did you mean '***'?"));
    }
}

#[test]
fn what_is_missing_below_an_element_breaks_no_invariant_about_the_element() {
    // bdl-3 is about %resource and the request of an entry; the missing status is that of the resource in it.
    let batch = r#"{ "resourceType": "Bundle", "type": "batch", "entry": [
        { "resource": { "resourceType": "Observation", "code": { "text": "x" } } }] }"#;
    expect(&R4, batch, &["bdl-3", "cardinality-min"]);
    let contained = r#"{ "resourceType": "Patient", "contained": [
        { "resourceType": "Observation", "id": "o", "code": { "text": "x" } }] }"#;
    expect(&R4, contained, &["dom-3", "cardinality-min"]);
}

#[test]
fn what_is_written_as_resource_type_in_xml_is_no_type() {
    for (payload, expected) in [
        (
            r#"<Bundle xmlns="http://hl7.org/fhir"><type value="collection"/><entry><resource><resourceType value="Patient"/><active value="true"/></resource></entry></Bundle>"#,
            "missing-resource-type",
        ),
        (
            r#"<Patient xmlns="http://hl7.org/fhir"><resourceType value="Patient"/></Patient>"#,
            "unknown-element",
        ),
    ] {
        let report = R4.check(payload.as_bytes(), &Options::default());
        assert!(report.all().any(|found| found.rule.code == expected), "{payload}\n{report:#?}");
        assert!(!report.is_valid());
    }
}

#[test]
fn what_stands_one_level_too_high_is_one_mistake() {
    observation(
        r#""category": [{ "system": "http://example.org/c", "code": "a", "display": "A" }]"#,
        &["unknown-element: unknown-element unknown-element"],
    );
    let patient = r#"{ "resourceType": "Patient", "family": "a", "use": "official" }"#;
    // One of these belongs in a name, and nothing is known about the other.
    expect(&R4, patient, &["unknown-element", "unknown-element"]);
    let bundle = r#"{ "resourceType": "Bundle", "type": "collection", "entry": [
        { "fullUrl": "urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a", "resourceType": "Patient", "active": true, "gender": "male" }] }"#;
    expect(&R4, bundle, &["unknown-element: bdl-5 unknown-element unknown-element"]);
}

#[test]
fn what_is_contained_without_an_id_is_one_mistake() {
    let contained = r#""contained": [{ "resourceType": "Patient", "active": true }]"#;
    observation(
        &format!(r##"{contained}, "subject": {{ "reference": "#p" }}"##),
        &["contained-without-id: unresolved-local-reference"],
    );
}

#[test]
fn a_reference_that_was_meant_for_something_else_leaves_nothing_unreferenced() {
    let contained = r#""contained": [{ "resourceType": "Patient", "id": "p", "active": true }]"#;
    observation(
        &format!(r#"{contained}, "subject": {{ "reference": "Patient 1" }}"#),
        &["dom-3", "reference-format"],
    );
}

#[test]
fn what_is_empty_lacks_what_it_must_hold() {
    let text =
        r#"<Patient xmlns="http://hl7.org/fhir"><name><given><value>a</value></given></name></Patient>"#;
    expect(&R4, text, &["unknown-element: text-in-xml"]);
}

#[test]
fn an_invariant_follows_only_from_what_breaks_it() {
    // `type` is in the invariant of a Bundle, but not the type of an identifier in one of its resources.
    let batch = r#"{ "resourceType": "Bundle", "type": "batch", "entry": [{ "fullUrl": "urn:uuid:8e6b7d6c-3b1c-4f0e-9d80-6d5d3d5a7f11",
        "resource": { "resourceType": "Patient", "identifier": [{ "value": "1", "type": { "coding": [
            { "system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "SBX" }] } }] } }] }"#;
    let report = R4.check(batch.as_bytes(), &Options::default());
    let found = listed(&report);
    assert!(found.contains(&"bdl-3".to_owned()) && found.len() == 2, "{found:?}");
    // The invariant only asks for a reason; an invalid code does not break it.
    let group = r#"{ "resourceType": "Observation", "status": "final", "code": { "text": "a" }, "valueString": "a",
        "dataAbsentReason": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/data-absent-reason", "code": "unknwn" }] } }"#;
    let report = R4.check(group.as_bytes(), &Options::default());
    let found = listed(&report);
    assert!(found.contains(&"obs-6".to_owned()) && found.len() == 2, "{found:?}");
}

#[test]
fn a_code_from_outside_an_open_set_has_a_display_that_must_be_right() {
    let coding =
        r#"{ "system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "NPI", "display": "Wrong" }"#;
    let payload = format!(
        r#"{{ "resourceType": "Patient", "identifier": [{{ "type": {{ "coding": [{coding}] }}, "value": "1" }}] }}"#
    );
    expect(&R4, &payload, &["binding-extensible", "wrong-display"]);
}

#[test]
fn a_relative_profile_is_an_error_and_what_is_not_checked_follows_from_it() {
    let payload =
        r#"{ "resourceType": "Patient", "meta": { "profile": ["StructureDefinition/x"] }, "active": true }"#;
    expect(&R4, payload, &["canonical-relative: unknown-profile"]);
    let report = R4.check(payload.as_bytes(), &Options::default());
    assert_eq!(report.diagnostics[0].severity, Severity::Error);
}

#[test]
fn what_is_not_there_as_such_is_missed_once() {
    let contained =
        |member: &str| format!(r#""contained": [{{ "resourceType": "Patient", {member} "active": true }}]"#);
    let subject = r##""subject": { "reference": "#p" }"##;
    for (member, cause) in [
        (r#""id": 7,"#, "wrong-json-kind"),
        (r#""id": "","#, "primitive-empty"),
        (r#""ids": "p","#, "unknown-element"),
    ] {
        let payload = format!(
            r#"{{ "resourceType": "Observation", "status": "final", "code": {{ "text": "a" }}, {}, {subject} }}"#,
            contained(member)
        );
        let report = R4.check(payload.as_bytes(), &Options::default());
        let heads = listed(&report);
        assert!(heads.len() == 1 && heads[0].starts_with(cause), "{member}: {heads:?}");
    }
    let renamed = contained(r#""id": "p","#).replace("\"contained\"", "\"containeds\"");
    observation(&format!("{renamed}, {subject}"), &["unknown-element: unresolved-local-reference"]);
    // A reference to something else is a fault of its own.
    let other = contained(r#""id": "p","#);
    let extra = r##""foo": 1, "subject": { "reference": "#q" }"##;
    let payload = format!(
        r#"{{ "resourceType": "Observation", "status": "final", "code": {{ "text": "a" }}, {other}, {extra} }}"#
    );
    let report = R4.check(payload.as_bytes(), &Options::default());
    assert_eq!(listed(&report).len(), 2, "{:?}", listed(&report));
}

#[test]
fn the_form_of_a_value_comes_before_what_is_said_of_it_around() {
    observation(
        r#""extension": [{ "url": "", "valueBoolean": true }]"#,
        &["primitive-empty: extension-url-relative"],
    );
    observation(r#""subject": { "reference": 7 }"#, &["wrong-json-kind"]);
    // Two extensions are two mistakes.
    observation(
        r#""extension": [{ "url": "", "valueBoolean": true }, { "url": "a", "valueBoolean": true }]"#,
        &["primitive-empty: extension-url-relative", "extension-url-relative"],
    );
}
