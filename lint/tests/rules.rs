//! The rules of sessions: each bad example breaks its rule, and the session that all come from breaks none.

use ers_fhir_lint::{Traffic, capture, rule, traffic};
use ers_fhir_report::{Payload, Rule};

fn judged(payload: &Payload) -> Traffic {
    if let Payload::Edited { text, find, .. } = payload {
        assert!(text.contains(find), "the example does not hold {find}");
    }
    traffic(capture::read(&payload.bytes()).expect("it is a capture").expect("it has calls"))
}

fn found(traffic: &Traffic) -> Vec<&'static Rule> {
    let session = traffic.judged.iter().flat_map(ers_fhir_lint::Judged::findings);
    session
        .chain(traffic.strangers.iter().map(ers_fhir_lint::Stranger::finding))
        .map(|found| found.rule)
        .collect()
}

#[test]
fn examples_do_what_their_pages_say() {
    for rule in rule::RULES {
        let bad = judged(&rule.bad.payload);
        assert!(found(&bad).contains(rule), "{}: {:?}", rule.code, found(&bad));
        let good = judged(&rule.good.payload);
        assert!(found(&good).is_empty(), "{}: {:?}", rule.code, found(&good));
    }
}

#[test]
fn a_collection_is_read_with_its_saved_answers() {
    let collection = br#"{
        "info": { "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json" },
        "item": [{ "item": [{
            "request": { "method": "GET", "url": { "raw": "{{base}}/STU3/ReferralRequest/000049912345" },
                "header": [{ "key": "If-Match", "value": "x", "disabled": true }, { "key": "Accept", "value": "*/*" }] },
            "response": [{ "code": 404, "header": [], "body": "" }]
        }] }]
    }"#;
    let traffic = traffic(capture::read(collection).expect("it is one").expect("it has calls"));
    let labels: Vec<String> = traffic.judged.iter().map(ers_fhir_lint::Judged::label).collect();
    assert_eq!(labels, ["call 1: request of A005", "call 1: response of A005"]);
    assert_eq!(traffic.judged[0].context.headers.len(), 1);
    assert_eq!(traffic.judged[1].context.status, Some(404));
}

#[test]
fn payloads_are_no_captures() {
    for text in [r#"{ "resourceType": "Bundle", "entry": [] }"#, "<Patient/>", "", r#"{ "entries": [] }"#] {
        assert!(capture::read(text.as_bytes()).is_none(), "{text}");
    }
    assert!(capture::read(br#"{ "log": { "entries": [] } }"#).expect("it is one").is_err());
}

#[test]
fn others_are_passed_by() {
    let har = br#"{ "log": { "entries": [
        { "request": { "method": "GET", "url": "https://example.org/index.html" }, "response": { "status": 200 } },
        { "request": { "method": "GET", "url": "https://api.service.nhs.uk/referrals/FHIR/STU3/Patient/1" },
          "response": { "status": 404 } }
    ] } }"#;
    let traffic = traffic(capture::read(har).expect("it is one").expect("it has calls"));
    assert_eq!((traffic.others, traffic.strangers.len(), traffic.judged.len()), (1, 1, 0));
}

#[test]
fn other_services_are_not_taken_for_e_rs() {
    let others = [
        ("GET", "https://api.service.nhs.uk/personal-demographics/FHIR/R4/Patient/9000000009", "Accept"),
        (
            "GET",
            "https://int.api.service.nhs.uk/booking-and-referral/FHIR/R4/ServiceRequest/1",
            "NHSD-Target-Identifier",
        ),
        ("GET", "https://fhir.example.org/interconnect/api/FHIR/R4/ServiceRequest?patient=1", "Accept"),
        (
            "OPTIONS",
            "https://api.service.nhs.uk/referrals/FHIR/STU3/ReferralRequest/1",
            "access-control-request-method",
        ),
    ];
    let ours = [
        ("GET", "https://api.service.nhs.uk/referrals/FHIR/STU3/ReferralRequest/000049912345", "Accept"),
        ("GET", "https://int.api.service.nhs.uk/referral/FHIR/STU3/ReferralRequest/000049912345", "Accept"),
        ("GET", "https://int.api.service.nhs.uk/STU3/ReferralRequest/000049912345", "Accept"),
        (
            "GET",
            "https://api.service.nhs.uk/ers/FHIR/STU3/ReferralRequest/000049912345",
            "NHSD-eRS-Business-Function",
        ),
        ("GET", "http://localhost:8080/FHIR/STU3/ReferralRequest/000049912345", "Accept"),
        (
            "GET",
            "https://gateway.example.org/ers/STU3/ReferralRequest/000049912345",
            "NHSD-eRS-Business-Function",
        ),
    ];
    let judged = |(method, url, header): (&str, &str, &str)| {
        let har = serde_json::json!({ "log": { "entries": [{
            "request": { "method": method, "url": url, "headers": [{ "name": header, "value": "x" }] },
            "response": { "status": 404 }
        }] } });
        let bytes = serde_json::to_vec(&har).expect("it is JSON");
        let traffic = traffic(capture::read(&bytes).expect("it is one").expect("it has calls"));
        (!traffic.judged.is_empty(), traffic.strangers.len())
    };
    for other in others {
        assert_eq!(judged(other), (false, 0), "{other:?}");
    }
    for call in ours {
        assert_eq!(judged(call), (true, 0), "{call:?}");
    }
}

#[test]
fn variables_that_are_not_filled_in_are_held_against_nobody() {
    let collection = br#"{
        "info": { "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json" },
        "item": [
            { "request": { "method": "GET", "url": { "raw": "{{base}}/STU3/ReferralRequest/{{ubrn}}" } } },
            { "request": { "method": "GET", "url": { "raw": "{{base}}/STU3/ReferralRequest/12" } } }
        ]
    }"#;
    let traffic = traffic(capture::read(collection).expect("it is one").expect("it has calls"));
    let path = |message: &'static str| ers_fhir_report::Diagnostic {
        part: Some(ers_fhir_report::CallPart::Path),
        ..ers_fhir_report::Diagnostic::new(&rule::NO_OPERATION, ers_fhir_report::Message::text(message))
    };
    let own: Vec<bool> = traffic.judged.iter().map(|judged| judged.is_own(&path("no UBRN"))).collect();
    assert_eq!(own, [false, true]);
    let said: Vec<usize> = traffic.judged.iter().map(|judged| judged.findings().len()).collect();
    assert_eq!(said, [1, 0]);
}
