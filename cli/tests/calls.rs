//! Calls of e-RS: the parts of one on the command line, answers explained, and captured traffic.

mod support;

use support::{ers_fhir, folder, write};

const CANCELLATION: &str = r#"{
  "resourceType": "Appointment",
  "id": "81220",
  "meta": { "versionId": "2", "profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/eRS-Appointment-1"] },
  "language": "en",
  "status": "cancelled",
  "reason": [{ "coding": [{
    "system": "https://api.service.nhs.uk/referrals/FHIR/STU3/CodeSystem/APPOINTMENT-CANCELLATION-REASON",
    "code": "PATIENT_HOLIDAY" }] }],
  "description": "e-Referral Appointment",
  "incomingReferral": [{ "reference": "ReferralRequest/000049912345/_history/3" }],
  "participant": [
    { "actor": { "identifier": { "system": "http://fhir.nhs.net/Id/ers-service", "value": "20417" } },
      "status": "accepted" },
    { "actor": { "identifier": { "system": "http://fhir.nhs.net/Id/nhs-number", "value": "9994827162" } },
      "status": "accepted" }
  ]
}"#;

#[test]
fn the_url_tells_the_operation() {
    let folder = folder("the_url_tells_the_operation");
    write(&folder, "cancel.json", CANCELLATION);
    let url = "https://api.service.nhs.uk/referrals/FHIR/STU3/Appointment/81220";
    let run = ers_fhir(&folder, &["validate", "--method", "PUT", "--url", url, "cancel.json"]);
    assert_eq!(run.status, 0, "{}", run.out);
    let other = url.replace("81220", "81221");
    let run = ers_fhir(&folder, &["validate", "--method", "PUT", "--url", &other, "cancel.json"]);
    assert!(run.out.contains("ers-rule-87"), "{}", run.out);
    let run = ers_fhir(&folder, &["validate", "--url", "/STU3/Appointments/81220", "cancel.json"]);
    assert_eq!(run.status, 2, "{}", run.out);
    assert!(run.err.contains("the nearest is"), "{}", run.err);
    let run = ers_fhir(&folder, &["validate", "--role", "REFERRING_CLINICIAN", "cancel.json"]);
    assert_eq!(run.status, 2, "{}", run.out);
    assert!(run.err.contains("--endpoint"), "{}", run.err);
}

#[test]
fn findings_say_which_part_of_the_call_they_are_about() {
    let folder = folder("findings_say_which_part_of_the_call_they_are_about");
    write(&folder, "cancel.json", CANCELLATION);
    let call = ["validate", "--endpoint", "A034", "--header", "If-Match: 2", "cancel.json"];
    let run = ers_fhir(&folder, &call);
    assert!(run.out.contains("= at: header If-Match"), "{}", run.out);
    let run = ers_fhir(&folder, &[&call[..], &["--format", "json"]].concat());
    let json: serde_json::Value = serde_json::from_str(&run.out).expect("it is JSON");
    let findings = json["payloads"][0]["findings"].as_array().expect("there are findings");
    assert!(findings.iter().any(|found| found["part"] == "header If-Match"), "{json:#}");
    let run = ers_fhir(&folder, &[&call[..], &["--format", "operation-outcome"]].concat());
    let outcome: serde_json::Value = serde_json::from_str(&run.out).expect("it is JSON");
    let issues = outcome["issue"].as_array().expect("there are issues");
    assert!(issues.iter().any(|issue| issue["location"][0] == "http.If-Match"), "{outcome:#}");
}

#[test]
fn an_answer_is_held_against_status_and_headers() {
    let folder = folder("an_answer_is_held_against_status_and_headers");
    let upload = ["validate", "--endpoint", "A020", "--response", "--status", "201"];
    let run = ers_fhir(&folder, &[&upload[..], &["--response-header", "Location: Binary/"]].concat());
    assert!(run.out.contains("ers-answer-header"), "{}", run.out);
    let run = ers_fhir(&folder, &["validate", "--endpoint", "A020", "--response", "--status", "200"]);
    assert!(run.out.contains("ers-answer-status"), "{}", run.out);
}

#[test]
fn an_answer_is_held_against_the_request() {
    let folder = folder("an_answer_is_held_against_the_request");
    write(&folder, "cancel.json", CANCELLATION);
    write(&folder, "other.json", CANCELLATION.replace("9994827162", "9434765919"));
    write(&folder, "booked.json", CANCELLATION.replace("\"cancelled\"", "\"booked\""));
    let call = ["validate", "--endpoint", "A034", "--response", "--request", "cancel.json"];
    let run = ers_fhir(&folder, &[&call[..], &["cancel.json"]].concat());
    assert!(!run.out.contains("ers-answer-record"), "{}", run.out);
    for answer in ["other.json", "booked.json"] {
        let run = ers_fhir(&folder, &[&call[..], &[answer]].concat());
        assert!(run.out.contains("ers-answer-record"), "{answer}: {}", run.out);
    }
}

#[test]
fn a_change_is_held_against_the_record() {
    let folder = folder("a_change_is_held_against_the_record");
    write(&folder, "cancel.json", CANCELLATION);
    write(&folder, "read.json", CANCELLATION.replace("20417", "20418"));
    let run = ers_fhir(&folder, &["validate", "--endpoint", "A034", "--against", "read.json", "cancel.json"]);
    assert!(run.out.contains("ers-update-change"), "{}", run.out);
    assert!(!run.out.contains("20417") && !run.out.contains("9994827162"), "values are masked: {}", run.out);
    write(&folder, "same.json", CANCELLATION.replace("cancelled", "booked"));
    let run = ers_fhir(&folder, &["validate", "--endpoint", "A034", "--against", "same.json", "cancel.json"]);
    assert_eq!(run.status, 0, "{}", run.out);
    let run = ers_fhir(&folder, &["validate", "--endpoint", "A034", "--against", "none.json", "cancel.json"]);
    assert_eq!(run.status, 2, "{}", run.out);
}

#[test]
fn what_a_call_is_held_against_is_a_resource_that_can_be_read() {
    let folder = folder("what_a_call_is_held_against_is_a_resource_that_can_be_read");
    write(&folder, "cancel.json", CANCELLATION);
    write(&folder, "cut.json", &CANCELLATION[..80]);
    write(&folder, "list.json", r#"["Appointment"]"#);
    write(&folder, "other.json", r#"{ "name": "package" }"#);
    write(&folder, "empty.json", "");
    for file in ["none.json", "cut.json", "list.json", "other.json", "empty.json", "."] {
        for options in [&["--against", file][..], &["--response", "--request", file]] {
            let args = [&["validate", "--endpoint", "A034"], options, &["cancel.json"]].concat();
            let run = ers_fhir(&folder, &args);
            assert_eq!(run.status, 2, "{file}: {}", run.out);
            let option = options[options.len() - 2];
            assert!(run.err.contains(&format!("{option}: ")) && run.err.contains(file), "{}", run.err);
        }
    }
    // An upload takes any file.
    write(&folder, "letter.txt", "letter");
    let upload =
        ["validate", "--endpoint", "A020", "--response", "--status", "201", "--request", "letter.txt"];
    assert_eq!(ers_fhir(&folder, &upload).status, 0);
}

#[test]
fn answers_are_explained() {
    let folder = folder("answers_are_explained");
    let run = ers_fhir(&folder, &["explain", "422", "SLOT_NOT_AVAILABLE", "--endpoint", "A016"]);
    assert_eq!(run.status, 0, "{}", run.err);
    for part in ["Next:", "Repeat:", "422 of: A016"] {
        assert!(run.out.contains(part), "{part}: {}", run.out);
    }
    assert_eq!(ers_fhir(&folder, &["explain", "423"]).status, 0);
    assert_eq!(ers_fhir(&folder, &["explain", "PENDING"]).status, 0);
    assert_eq!(ers_fhir(&folder, &["explain", "422", "SLOT_NOT_AVAILABLE", "--endpoint", "A013"]).status, 2);
    assert_eq!(ers_fhir(&folder, &["explain", "422", "NO_SUCH_CODE"]).status, 2);
}

#[test]
fn changes_are_listed_from_a_date() {
    let folder = folder("changes_are_listed_from_a_date");
    let all = ers_fhir(&folder, &["changes"]).out;
    let late = ers_fhir(&folder, &["changes", "--since", "2026-06"]).out;
    assert!(all.lines().count() > late.lines().count(), "{late}");
    assert!(late.lines().count() > 0 && late.lines().all(|line| line >= "2026-06"), "{late}");
    assert_eq!(ers_fhir(&folder, &["changes", "--since", "yesterday"]).status, 2);
}

const TRAFFIC: &str = r#"{ "log": { "version": "1.2", "entries": [
  { "request": { "method": "GET", "url": "https://example.org/login?password=hunter2" }, "response": { "status": 200 } },
  { "request": { "method": "GET",
      "url": "https://api.service.nhs.uk/referrals/FHIR/STU3/ReferralRequest/000049912345x",
      "headers": [
        { "name": "Authorization", "value": "Basic c2VjcmV0LXRva2Vu" },
        { "name": "Cookie", "value": "session=c2VjcmV0LWNvb2tpZQ" },
        { "name": "NHSD-eRS-Smith-Jones", "value": "Smith" },
        { "name": "X-Correlation-ID", "value": "corr-Margaret" },
        { "name": "NHSD-End-User-Organisation-ODS", "value": "Margaret" },
        { "name": "NHSD-eRS-Business-Function", "value": "MARGARET" }] },
    "response": { "status": 200,
      "headers": [{ "name": "ETag", "value": "W/\"7\"" }, { "name": "X-Correlation-ID", "value": "other-Margaret" }],
      "content": { "text": "{ \"resourceType\": \"ReferralRequest\", \"id\": \"000049912346\", \"status\": \"Margaret\", \"subject\": { \"display\": \"Margaret Smith\" } }" } } }
] } }"#;

#[test]
fn captured_traffic_is_checked_and_its_secrets_are_kept() {
    let folder = folder("captured_traffic_is_checked_and_its_secrets_are_kept");
    write(&folder, "traffic.har", TRAFFIC);
    for format in [
        "text",
        "concise",
        "json",
        "jsonl",
        "operation-outcome",
        "sarif",
        "junit",
        "github",
        "gitlab",
        "html",
        "markdown",
    ] {
        let run = ers_fhir(&folder, &["validate", "traffic.har", "--format", format]);
        assert_eq!(run.status, 1, "{}", run.out);
        for part in ["call 2: request of A005", "ers-call-path-parameter", "ers-rule-17", "ers-rule-06"] {
            // Markdown has characters of its own.
            let out = run.out.replace("&#58;", ":");
            assert!(out.contains(part), "{format} {part}: {}", run.out);
        }
        for secret in
            ["c2Vj", "hunter2", "argaret", "MARGARET", "000049912345x", "000049912346", "Smith", "login"]
        {
            assert!(!run.out.contains(secret) && !run.err.contains(secret), "{format} {secret}: {}", run.out);
        }
    }
    let run = ers_fhir(&folder, &["validate", "."]);
    assert!(run.out.contains("A005  1 call  1 × 200"), "{}", run.out);
    assert!(run.out.contains("1 other call ignored"), "{}", run.out);
}

#[test]
fn what_is_found_in_a_capture_is_in_the_file_of_the_capture() {
    let folder = folder("calls-capture-file");
    write(&folder, "traffic.har", TRAFFIC);
    // Reports name files from the top of the repository.
    write(&folder, ".git/HEAD", "ref: refs/heads/main\n");
    let written = |format| ers_fhir(&folder, &["validate", "traffic.har", "--format", format]).out;
    let sarif: serde_json::Value = serde_json::from_str(&written("sarif")).expect("JSON");
    for result in sarif["runs"][0]["results"].as_array().expect("results") {
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "traffic.har");
        assert!(place.get("region").is_none(), "the lines of a body are none of the file: {result}");
    }
    let gitlab: serde_json::Value = serde_json::from_str(&written("gitlab")).expect("JSON");
    assert!(
        gitlab.as_array().expect("issues").iter().all(|issue| issue["location"]["path"] == "traffic.har")
    );
    assert!(written("github").lines().all(|line| line.contains(" file=traffic.har,title=")));
    assert!(written("concise").contains(": header NHSD-eRS-Business-Function: "));
}

#[test]
fn what_is_no_header_is_not_repeated() {
    let at = folder("calls-no-header");
    let args = ["validate", "--endpoint", "A005", "--header", "Authorization Bearer SECRET", "-"];
    let run = ers_fhir(&at, &args);
    assert_eq!(run.status, 2, "{}", run.out);
    assert!(run.err.contains("--header") && !run.err.contains("SECRET"), "{}", run.err);
}

#[test]
fn refusals_of_the_gateway_need_not_be_fhir() {
    let at = folder("calls-plain");
    write(&at, "plain.txt", "Not Acceptable");
    write(&at, "page.html", "<html><body>Sign in</body></html>");
    write(&at, "token.json", r#"{"error": "invalid_grant", "error_description": "expired"}"#);
    for (status, file, expected) in [
        ("406", "plain.txt", 0),
        ("415", "plain.txt", 0),
        ("401", "token.json", 0),
        ("502", "page.html", 0),
        ("503", "plain.txt", 0),
        ("504", "token.json", 0),
        ("200", "page.html", 1),
        ("422", "plain.txt", 1),
        ("422", "token.json", 1),
    ] {
        let args = ["validate", "--endpoint", "A011", "--response", "--status", status, file];
        let run = ers_fhir(&at, &args);
        assert_eq!(run.status, expected, "{status} {file}: {}{}", run.out, run.err);
        let findings =
            if expected == 0 { "0 errors, 0 warnings, 1 information" } else { "1 error, 0 warnings" };
        assert!(run.out.contains(findings), "{status} {file}: {}", run.out);
    }
}

#[test]
fn who_calls_is_said_of_all_calls_of_a_capture() {
    let at = folder("calls-access");
    let written = |args: &[&str]| ers_fhir(&at, args).out;
    let codes = |args: &[&str]| {
        let run = ers_fhir(&at, &[&["validate", "--format", "concise"], args].concat());
        (run.status, run.out + &run.err)
    };
    let good = written(&["example", "A005", "--call=har"]);
    write(&at, "good.har", &good);
    write(&at, "unsaid.har", good.replace("_ersAccess", "_other"));
    assert_eq!(codes(&["good.har"]).0, 0);
    assert_eq!(codes(&["unsaid.har", "--access", "user"]).0, 0);
    for file in ["good.har", "unsaid.har"] {
        let (status, out) = codes(&[file, "--access", "application"]);
        assert!(status == 1 && out.contains("ers-rule-02"), "{out}");
    }
    write(&at, "create.har", written(&["example", "A011", "--call=har"]));
    let (status, out) = codes(&["create.har", "--access", "application"]);
    assert!(status == 1 && out.contains("ers-rule-08"), "{out}");
    // Of a payload nothing else is known.
    write(&at, "cancel.json", CANCELLATION);
    let (status, out) = codes(&["cancel.json", "--access", "application"]);
    assert!(status == 2 && out.contains("--endpoint"), "{out}");
    for rule in ["ers-rule-02", "ers-rule-08"] {
        let id = if rule == "ers-rule-02" { "A005" } else { "A011" };
        write(&at, "broken.har", written(&["example", id, "--break", rule, "--call=har"]));
        let (status, out) = codes(&["broken.har"]);
        assert!(status == 1 && out.contains(rule), "{out}");
    }
}

#[test]
fn a_capture_is_checked_where_payloads_are_fixed() {
    let at = folder("calls-capture-fix");
    write(&at, "in/traffic.har", TRAFFIC);
    let plain = ers_fhir(&at, &["validate", "in", "--format", "concise"]);
    let fixed = ers_fhir(&at, &["validate", "in", "--format", "concise", "--fix"]);
    assert_eq!((fixed.status, &fixed.out), (plain.status, &plain.out));
    assert!(
        fixed.err.contains("in/traffic.har is captured traffic, which is checked, but not fixed"),
        "{}",
        fixed.err
    );
    assert_eq!(std::fs::read_to_string(at.join("in/traffic.har")).expect("it is there"), TRAFFIC);
}

#[test]
fn a_capture_is_not_taken_for_a_payload() {
    let at = folder("calls-no-payload");
    write(&at, "traffic.har", TRAFFIC);
    let collection = r#"{ "info": { "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json" },
        "item": [{ "request": { "method": "GET", "url": "{{base}}/STU3/ReferralRequest/000049912345" } }] }"#;
    write(&at, "collection.json", collection);
    for file in ["traffic.har", "collection.json"] {
        for (option, value) in [("--endpoint", "A005"), ("--fhir-version", "3.0"), ("--profile", "Patient")] {
            let run = ers_fhir(&at, &["validate", option, value, file]);
            assert_eq!(run.status, 2, "{}", run.out);
            assert!(run.err.contains("captured traffic") && run.err.contains(option), "{}", run.err);
            assert!(!run.out.contains("error["), "{}", run.out);
        }
    }
    // In a folder it is passed by.
    write(&at, "cancel.json", CANCELLATION);
    let run = ers_fhir(&at, &["validate", "--fhir-version", "3.0", "."]);
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    assert!(run.err.contains("traffic.har is captured traffic"), "{}", run.err);
}
