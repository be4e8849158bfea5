//! `/calls`: captured calls, and one call.

use serde_json::json;

use crate::support::{post, request_of_a011, service};

const PATH: &str = "https://api.service.nhs.uk/referrals/FHIR/STU3/ReferralRequest/$ers.createReferral";

#[test]
fn a_call_is_checked_in_its_context() {
    let service = service();
    let body: serde_json::Value = serde_json::from_str(&request_of_a011()).expect("it is JSON");
    let call = json!({
        "method": "POST", "url": PATH,
        "headers": { "Content-Type": "application/fhir+json" },
        "body": body,
        "answer": { "status": 201, "headers": [{ "name": "Content-Type", "value": "application/fhir+json" }], "body": "" },
    });
    let reply = post(&service, "/calls?format=json", &call.to_string());
    let found = reply.json();
    assert_eq!(reply.status, 200);
    assert_eq!(found["summary"]["checked"], 2, "{found:#}");
    assert_eq!(found["payloads"][0]["operation"], "A011");
    assert!(
        found["payloads"][0]["name"].as_str().is_some_and(|name| name == "calls, call 1: request of A011")
    );
    let text = post(&service, "/calls?format=text", &call.to_string()).text();
    assert!(text.contains("1 call  1 × 201"), "{text}");
}

#[test]
fn a_capture_is_taken_apart() {
    let service = service();
    let har = json!({ "log": { "entries": [
        { "startedDateTime": "2026-03-06T12:00:00.000Z",
          "request": { "method": "POST", "url": PATH, "headers": [], "postData": { "text": "{}" }, "bodySize": 2 },
          "response": { "status": 0 } },
        { "request": { "method": "GET", "url": "https://example.org/", "headers": [] }, "response": { "status": 200 } },
    ] } });
    let reply = post(&service, "/calls?format=concise&name=a.har", &har.to_string());
    assert_eq!((reply.status, reply.header("ers-fhir-result")), (200, "fail"));
    assert!(reply.text().contains("a.har, call 1: request of A011"), "{}", reply.text());
}

#[test]
fn what_is_no_call_is_refused_without_repeating_it() {
    let service = service();
    for body in ["", "{}", "[]", "{ \"log\": { \"entries\": [] } }", "{ \"method\": \"secret\", \"x\": 1 }"] {
        let reply = post(&service, "/calls", body);
        assert_eq!(reply.status, 400, "{body}: {}", reply.text());
        assert!(!reply.text().contains("secret"));
    }
    assert_eq!(post(&service, "/calls?endpoint=A011", "{}").status, 400);
}
