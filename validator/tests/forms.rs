//! The form of JSON and XML, of Bundles and their requests, and limits in other units.

use std::sync::LazyLock;

use ers_fhir_profiles::package::Package;
use ers_fhir_profiles::{Definitions, FhirVersion};
use ers_fhir_validator::{Options, Severity, Validator};

static STU3: LazyLock<Validator> = LazyLock::new(|| Validator::new(Definitions::embedded(FhirVersion::Stu3)));
static R4: LazyLock<Validator> = LazyLock::new(|| Validator::new(Definitions::embedded(FhirVersion::R4)));

/// Code and location of each finding above information; warnings are marked.
fn found(validator: &Validator, payload: &[u8]) -> Vec<String> {
    let report = validator.check(payload, &Options { lists_effects: true, ..Options::default() });
    let lines = report.diagnostics.iter().filter(|d| d.severity >= Severity::Warning).map(|d| {
        let mark = if d.severity == Severity::Warning { "warning: " } else { "" };
        format!("{mark}{} {}", d.rule.code, d.location)
    });
    lines.collect()
}

#[track_caller]
fn in_both(payload: &str, expected: &[&str]) {
    for validator in [&*STU3, &*R4] {
        assert_eq!(found(validator, payload.as_bytes()), expected, "{:?}: {payload}", validator.version());
    }
}

#[test]
fn members_with_an_underscore() {
    let rows: &[(&str, &[&str])] = &[
        (r#""active": true, "_active": { "id": "a" }"#, &[]),
        (r#""active": true, "_active": {}"#, &["misplaced-underscore Patient.active"]),
        (r#""active": true, "_active": null"#, &["misplaced-underscore Patient.active"]),
        (
            r#""name": [{ "given": ["A", "B"], "_given": [null, {}] }]"#,
            &["misplaced-underscore Patient.name[0].given[1]"],
        ),
        (
            r#""name": [{ "given": ["A"], "_given": [null, { "id": "b" }] }]"#,
            &["misplaced-underscore Patient.name[0].given[1]", "primitive-empty Patient.name[0].given[1]"],
        ),
        (
            r#""name": [{ "family": "A" }], "_name": [null, { "id": "b" }]"#,
            &["misplaced-underscore Patient.name[0]"],
        ),
        (
            r#""text": { "status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>",
               "_div": { "extension": [{ "url": "http://example.org/x", "valueString": "y" }] } }"#,
            &["misplaced-underscore Patient.text.div"],
        ),
        (r#""name": [[{ "family": "A" }]]"#, &["nested-array Patient.name[0]"]),
    ];
    for (members, expected) in rows {
        in_both(&format!(r#"{{ "resourceType": "Patient", {members} }}"#), expected);
    }
}

#[test]
fn what_only_xml_gets_wrong() {
    let patient = |content: &str| format!("<Patient xmlns=\"http://hl7.org/fhir\">{content}</Patient>");
    let organization =
        |id: &str| format!("<Organization><id value=\"{id}\"/><name value=\"A\"/></Organization>");
    let reference = r##"<managingOrganization><reference value="#a"/></managingOrganization>"##;
    let contained = format!("<contained>{}</contained>{reference}", organization("a"));
    in_both(&patient(&contained), &[]);
    let two = format!("<contained>{}{}</contained>{reference}", organization("a"), organization("b"));
    in_both(&patient(&two), &["several-resources Patient.contained[0]"]);
    let foreign = contained.replace("<Organization>", "<Organization xmlns=\"urn:x\">");
    in_both(&patient(&foreign), &["wrong-namespace Patient.contained[0]"]);
    in_both(&patient("<active xml:lang=\"en\" value=\"true\"/>"), &["wrong-namespace Patient.active"]);
}

#[test]
fn bytes_that_are_not_utf_8_hide_no_fault() {
    let payload =
        b"{ \"resourceType\": \"Patient\", \"name\": [{ \"family\": \"M\xfcller\" }], \"active\": 1 }";
    assert_eq!(found(&R4, payload), ["invalid-utf8 Patient", "wrong-json-kind Patient.active"]);
}

fn transaction(full_url: &str, resource: &str, method: &str, url: &str) -> String {
    format!(
        r#"{{ "resourceType": "Bundle", "type": "transaction", "entry": [{{ "fullUrl": "{full_url}",
             "resource": {{ {resource}, "active": true }}, "request": {{ "method": "{method}", "url": "{url}" }} }}] }}"#
    )
}

#[test]
fn requests_fit_their_methods_and_resources() {
    const URN: &str = "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0";
    let patient = r#""resourceType": "Patient", "id": "7""#;
    let wrong: &[&str] = &["bundle-request-url Bundle.entry[0].request.url"];
    let remark: &[&str] = &["warning: bundle-request-url Bundle.entry[0].request.url"];
    for (method, url, expected) in [
        ("POST", "Patient", &[][..]),
        ("POST", "/Patient", &[]),
        ("POST", "Patient/$match", &[]),
        ("POST", "$process-message", &[]),
        ("PUT", "Patient/7", &[]),
        ("PUT", "Patient?identifier=7", &[]),
        ("POST", "Patient/7", wrong),
        ("POST", "Group", wrong),
        ("POST", "Pateint", wrong),
        ("PUT", "Patient", wrong),
        ("PUT", "Patient/8", wrong),
        ("PUT", "Patient/a_b", wrong),
        ("PUT", "https://clinic.example/fhir/Patient/7", remark),
    ] {
        in_both(&transaction(URN, patient, method, url), expected);
    }
}

#[test]
fn full_urls_are_absolute_and_of_their_resource_everywhere() {
    let patient = r#""resourceType": "Patient", "id": "7""#;
    let place = "Bundle.entry[0].fullUrl";
    in_both(&transaction("https://clinic.example/fhir/Patient/7", patient, "PUT", "Patient/7"), &[]);
    in_both(
        &transaction("Patient/7", patient, "PUT", "Patient/7"),
        &[&format!("bundle-full-url-relative {place}")],
    );
    let anonymous = r#""resourceType": "Patient""#;
    in_both(
        &transaction("https://clinic.example/fhir/Patient/7", anonymous, "POST", "Patient"),
        &[&format!("bundle-full-url-mismatch {place}")],
    );
}

#[test]
fn matches_are_of_the_type_that_was_searched() {
    let result = |url: &str, mode: &str| {
        format!(
            r#"{{ "resourceType": "Bundle", "type": "searchset",
                 "link": [{{ "relation": "self", "url": "https://clinic.example/fhir/{url}" }}],
                 "entry": [{{ "fullUrl": "https://clinic.example/fhir/Patient/7", "search": {{ "mode": "{mode}" }},
                   "resource": {{ "resourceType": "Patient", "id": "7", "active": true }} }}] }}"#
        )
    };
    for url in ["Patient?name=a", "Patient/_search?name=a", "?_type=Group,Patient", "a/b?c=d"] {
        in_both(&result(url, "match"), &[]);
    }
    in_both(&result("Group?name=a", "include"), &[]);
    in_both(&result("Group?name=a", "match"), &["bundle-search-entry Bundle.entry[0]"]);
}

#[test]
fn limits_hold_in_any_unit_of_the_same_kind() {
    const WEIGHT: &str = r#"{ "resourceType": "StructureDefinition", "url": "https://example.org/weight",
      "name": "Weight", "status": "active", "fhirVersion": "4.0.1", "kind": "resource", "abstract": false,
      "type": "Observation", "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Observation",
      "derivation": "constraint", "differential": { "element": [
        { "id": "Observation.valueQuantity", "path": "Observation.valueQuantity",
          "minValueQuantity": { "value": 1, "system": "http://unitsofmeasure.org", "code": "kg" },
          "maxValueQuantity": { "value": 2, "system": "http://unitsofmeasure.org", "code": "kg" } }] } }"#;
    let mut definitions = Definitions::embedded(FhirVersion::R4);
    definitions.add(Package::from_resource("weight.json", WEIGHT.as_bytes()).expect("the profile reads"));
    let validator = Validator::new(definitions);
    let options = Options {
        profiles: vec!["https://example.org/weight".to_owned()],
        lists_effects: true,
        ..Options::default()
    };
    for (value, code, expected) in [
        ("1500", "g", &[][..]),
        ("1", "g", &["min-value"]),
        ("5", "[lb_av]", &["max-value"]),
        ("3", "[lb_tr]", &[]),
        // What measures something else is within neither.
        ("1", "cm", &["min-value", "max-value"]),
    ] {
        let payload = format!(
            r#"{{ "resourceType": "Observation", "status": "final", "code": {{ "text": "weight" }},
                 "valueQuantity": {{ "value": {value}, "system": "http://unitsofmeasure.org", "code": "{code}" }} }}"#
        );
        let report = validator.check(payload.as_bytes(), &options);
        let found: Vec<_> = report
            .diagnostics
            .iter()
            .filter(|found| found.severity >= Severity::Error)
            .map(|found| found.rule.code)
            .collect();
        assert_eq!(found, expected, "{value} {code}");
    }
}
