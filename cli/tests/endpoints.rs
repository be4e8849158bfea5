//! `endpoints`, and `validate --endpoint`: payloads as part of a call of e-RS.

mod support;

use support::{ers_fhir, folder, write};

const REJECTION: &str = r#"{
  "resourceType": "Parameters",
  "parameter": [
    {
      "name": "rejectionReason",
      "valueCoding": {
        "system": "https://int.api.service.nhs.uk/referrals/FHIR/STU3/CodeSystem/APPOINTMENT-CANCELLATION-REASON",
        "code": "OTHER"
      }
    }
  ]
}"#;

#[test]
fn the_operations_are_listed() {
    let folder = folder("the_operations_are_listed");
    let run = ers_fhir(&folder, &["endpoints"]);
    assert_eq!(run.status, 0, "{}", run.err);
    let lines = run.out.lines().filter(|line| line.starts_with('A')).count();
    assert_eq!(lines, 40, "{}", run.out);
    let json = ers_fhir(&folder, &["endpoints", "a005", "--format", "json"]);
    let all: serde_json::Value = serde_json::from_str(&json.out).expect("it is JSON");
    assert_eq!(all[0]["path"], "/STU3/ReferralRequest/{ubrn}");
    assert_eq!(all[1]["path"], "/STU3/ReferralRequest/{ubrn}/_history/{version}");
}

#[test]
fn one_operation_is_told_in_full() {
    let run = ers_fhir(&folder("one_operation_is_told_in_full"), &["endpoints", "A014"]);
    for part in
        ["rejectReferral", "If-Match", "SERVICE_PROVIDER_CLINICIAN", "PAS_NOT_RESPONDING", "ers-rule-94"]
    {
        assert!(run.out.contains(part), "{part}: {}", run.out);
    }
    let unknown = ers_fhir(&folder("one_operation_is_told_in_full"), &["endpoints", "A039"]);
    assert_eq!(unknown.status, 2);
    assert!(unknown.err.contains("A039"), "{}", unknown.err);
}

#[test]
fn the_operation_decides_release_and_profile() {
    let folder = folder("the_operation_decides_release_and_profile");
    write(&folder, "reject.json", REJECTION);
    let alone = ers_fhir(&folder, &["validate", "reject.json", "--fhir-version", "3.0"]);
    assert_eq!(alone.status, 0, "{}", alone.out);
    let run = ers_fhir(&folder, &["validate", "--endpoint", "A014", "reject.json"]);
    assert_eq!(run.status, 1, "the profile wants meta: {}", run.out);
    assert!(run.out.contains("eRS-RejectReferral-Parameters-1"), "{}", run.out);
    let response = ers_fhir(&folder, &["validate", "--endpoint", "A014", "--response", "reject.json"]);
    assert!(response.out.contains("eRS-ReferralRequest-1"), "{}", response.out);
}

#[test]
fn a_release_that_contradicts_is_said() {
    let folder = folder("a_release_that_contradicts_is_said");
    write(&folder, "reject.json", REJECTION);
    let run = ers_fhir(&folder, &["validate", "--endpoint", "A014", "--fhir-version", "4.0", "reject.json"]);
    assert_eq!(run.status, 2, "{}", run.out);
    assert!(run.err.contains("--fhir-version says R4, but A014 is an operation of STU3"), "{}", run.err);
    let same = ers_fhir(&folder, &["validate", "--endpoint", "A014", "--fhir-version", "3.0", "reject.json"]);
    assert_eq!(same.status, 1, "{}", same.err);
    let profile = "https://fhir.nhs.uk/STU3/StructureDefinition/eRS-RejectReferral-Parameters-1";
    let declared = REJECTION.replacen('{', &format!("{{ \"meta\": {{ \"profile\": [\"{profile}\"] }},"), 1);
    write(&folder, "declared.json", &declared);
    let run =
        ers_fhir(&folder, &["validate", "--fhir-version", "4.0", "--format", "concise", "declared.json"]);
    let first = run.out.lines().next().unwrap_or_default();
    assert!(first.contains("is of STU3, and this is checked as R4 (have it checked as STU3"), "{}", run.out);
    assert!(run.out.contains("1 error, 0 warnings, 0 information"), "{}", run.out);
}

#[test]
fn xml_is_not_sent_where_json_is_taken() {
    let folder = folder("xml_is_not_sent_where_json_is_taken");
    let xml = "<Parameters xmlns=\"http://hl7.org/fhir\"><parameter><name value=\"a\"/><valueCode value=\"b\"/></parameter></Parameters>";
    write(&folder, "reject.xml", xml);
    let run = ers_fhir(&folder, &["validate", "--endpoint", "A014", "--format", "concise", "reject.xml"]);
    assert!(run.out.contains("the body is XML, but the service accepts only JSON"), "{}", run.out);
}

#[test]
fn the_call_is_checked_with_the_payload() {
    let folder = folder("the_call_is_checked_with_the_payload");
    write(&folder, "reject.json", REJECTION);
    let call = [
        "validate",
        "--endpoint",
        "A014",
        "--role",
        "REFERRING_CLINICIAN",
        "--header",
        "Content-Type: text/plain",
    ];
    let run = ers_fhir(&folder, &[&call[..], &["reject.json"]].concat());
    for rule in ["ers-rule-01", "ers-rule-06", "ers-rule-13", "ers-rule-18"] {
        assert!(run.out.contains(rule), "{rule}: {}", run.out);
    }
}

#[test]
fn a_call_without_a_body_needs_no_file() {
    let folder = folder("a_call_without_a_body_needs_no_file");
    let url = "/FHIR/R4/HealthcareService?_id=20417,20583";
    let run = ers_fhir(&folder, &["validate", "--endpoint", "A035", "--access", "application", "--url", url]);
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    let run = ers_fhir(&folder, &["validate", "--endpoint", "A035", "--url", "/FHIR/R4/HealthcareService"]);
    assert_eq!(run.status, 1, "{}{}", run.out, run.err);
    assert!(run.out.contains("ers-rule-54"), "{}", run.out);
}

#[test]
fn what_is_not_known_is_refused() {
    let folder = folder("what_is_not_known_is_refused");
    write(&folder, "reject.json", REJECTION);
    for args in [
        &["validate", "--endpoint", "B001", "reject.json"][..],
        &["validate", "--endpoint", "A014", "--role", "NURSE", "reject.json"],
        &["validate", "--endpoint", "A014", "--access", "robot", "reject.json"],
        &["validate", "--endpoint", "A014", "--header", "If-Match", "reject.json"],
        &["validate", "--role", "REFERRING_CLINICIAN", "reject.json"],
        &["validate", "--now", "2026-03-01", "reject.json"],
    ] {
        let run = ers_fhir(&folder, args);
        assert_eq!(run.status, 2, "{args:?}: {}{}", run.out, run.err);
    }
}

#[test]
fn rules_and_duties_are_explained() {
    let folder = folder("rules_and_duties_are_explained");
    let rule = ers_fhir(&folder, &["explain", "ers-rule-42"]);
    assert!(rule.out.contains("DUPLICATE_SERVICE") && rule.out.contains("Right"), "{}", rule.out);
    let duty = ers_fhir(&folder, &["explain", "ers-rule-16"]);
    assert_eq!(duty.status, 0, "{}", duty.err);
    assert!(duty.out.contains("423"), "{}", duty.out);
}
