//! `/validate`: payloads in any format.

use std::fs;

use ers_fhir_http::{Config, Options, Sources};

use crate::support::{ask, post, request_of_a011, service, start};

const WRONG: &str = r#"{ "resourceType": "Patient", "birthdate": "2000-01-01" }"#;

#[test]
fn findings_come_in_every_format() {
    let service = service();
    for (format, kind, marker) in [
        ("text", "text/plain; charset=utf-8", "error[unknown-element]"),
        ("concise", "text/plain; charset=utf-8", "payload:1:"),
        ("json", "application/json", "\"payloads\""),
        ("jsonl", "application/jsonl", "\"rule\":\"unknown-element\""),
        ("operation-outcome", "application/fhir+json", "OperationOutcome"),
        ("sarif", "application/sarif+json", "\"2.1.0\""),
        ("junit", "application/xml", "<testsuites"),
        ("github", "text/plain; charset=utf-8", "::error"),
        ("gitlab", "application/json", "fingerprint"),
        ("html", "text/html; charset=utf-8", "<html"),
        ("markdown", "text/markdown; charset=utf-8", "unknown-element"),
    ] {
        let reply = post(&service, &format!("/validate?format={format}"), WRONG);
        assert_eq!((reply.status, reply.header("content-type")), (200, kind), "{format}");
        assert!(reply.text().contains(marker), "{format}: {}", reply.text());
        assert_eq!(reply.header("ers-fhir-result"), "fail");
    }
    assert_eq!(post(&service, "/validate?format=sarf", WRONG).status, 400);
}

#[test]
fn of_ndjson_each_line_is_a_payload() {
    let service = service();
    let body = format!("{{\"resourceType\":\"Patient\"}}\n\n{WRONG}\n{{\n");
    let types = [("Content-Type", "application/x-ndjson")];
    let reply = ask(&service, "POST", "/validate?name=all", &types, body.as_bytes());
    let json = reply.json();
    assert_eq!(json["summary"]["checked"], 3, "{json:#}");
    assert_eq!(json["payloads"][1]["findings"][0]["line"], 3);
    assert_eq!(json["payloads"][1]["name"], "all, line 3");
    let named = post(&service, "/validate?name=all.ndjson", &body);
    assert_eq!(named.json()["summary"], json["summary"]);
}

#[test]
fn a_payload_may_belong_to_a_call() {
    let service = service();
    let path = |role: &str| {
        format!("/validate?endpoint=A011&role={role}&header=Content-Type:application/fhir%2Bjson")
    };
    let good = post(&service, &path("REFERRING_CLINICIAN"), &request_of_a011());
    assert_eq!(good.json()["payloads"][0]["operation"], "A011");
    let rules = |text: &str| text.contains("ers-role") || text.contains("ers-");
    let other = post(&service, &path("SERVICE_PROVIDER_CLINICIAN"), &request_of_a011());
    assert_eq!(other.header("ers-fhir-result"), "fail", "{}", other.text());
    assert!(rules(&other.text()) && other.text() != good.text());
}

#[test]
fn settings_hold_as_they_do_for_the_command_line() {
    let folder = std::env::temp_dir().join(format!("ers-fhir-http-settings-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("it can be made");
    let file = folder.join("ers-fhir.toml");
    fs::write(&file, "[rules]\nunknown-element = \"off\"\n").expect("it can be written");
    let sources = Sources { config: Config::File(file.clone()), ..Sources::default() };
    let service = start(sources, Options { port: 0, logs_requests: false, ..Options::default() });
    let result = || post(&service, "/validate", WRONG).header("ers-fhir-result").to_owned();
    assert_eq!(result(), "pass");
    fs::write(&file, "fail-on = \"warning\"\n").expect("it can be written");
    service.reload().expect("they can be used");
    assert_eq!(result(), "fail");
    fs::write(&file, "nonsense = 1\n").expect("it can be written");
    let error = service.reload().expect_err("they cannot be used").to_string();
    assert!(error.contains("nonsense"), "{error}");
    assert_eq!(result(), "fail");
    let error = ers_fhir_http::Running::start(
        Sources { packages: vec![folder.join("none.tgz")], config: Config::None, ..Sources::default() },
        Options { port: 0, ..Options::default() },
    );
    assert!(error.is_err_and(|error| error.to_string().contains("none.tgz")));
    fs::remove_dir_all(&folder).expect("it can be removed");
}
