//! FHIR's `$validate`.

use crate::support::{ask, post, request_of_a011, service};

const WRONG: &str = r#"{ "resourceType": "Patient", "birthdate": "2000-01-01", "gender": "x" }"#;

#[test]
fn a_resource_is_checked_as_one_of_its_release() {
    let service = service();
    let reply = post(&service, "/stu3/$validate", &request_of_a011());
    assert_eq!((reply.status, reply.header("ers-fhir-result")), (200, "pass"));
    assert_eq!(reply.header("content-type"), "application/fhir+json");
    assert_eq!(reply.json()["issue"][0]["severity"], "information");
    for release in ["stu3", "r4", "R4"] {
        let reply = post(&service, &format!("/{release}/Patient/$validate"), WRONG);
        assert_eq!((reply.status, reply.header("ers-fhir-result")), (200, "fail"));
        assert!(reply.rules().contains(&"unknown-element".to_owned()), "{}", reply.text());
        assert!(!reply.text().contains("'x'"), "values are masked: {}", reply.text());
    }
    let shown = post(&service, "/r4/$validate?show-values=true", WRONG);
    assert!(shown.text().contains("'x'"), "{}", shown.text());
    // An unreadable payload is a finding.
    let reply = post(&service, "/r4/$validate", "{ \"resourceType\": ");
    assert_eq!((reply.status, reply.json()["issue"][0]["severity"].as_str()), (200, Some("fatal")));
    assert_eq!(post(&service, "/r4/$validate", "").status, 200);
}

#[test]
fn an_outcome_comes_as_it_is_asked_for() {
    let service = service();
    for (accept, path, kind) in [
        ("application/fhir+xml", "/r4/$validate", "application/fhir+xml"),
        ("application/json", "/r4/$validate", "application/fhir+json"),
        ("*/*", "/r4/$validate?_format=xml", "application/fhir+xml"),
        ("application/fhir+xml", "/r4/$validate?_format=json", "application/fhir+json"),
        ("application/fhir+xml", "/r4/$validate?mode=x", "application/fhir+xml"),
    ] {
        let reply = ask(&service, "POST", path, &[("Accept", accept)], WRONG.as_bytes());
        assert_eq!(reply.header("content-type"), kind, "{path}");
        if kind.ends_with("xml") {
            let again = ask(&service, "POST", "/r4/OperationOutcome/$validate", &[], &reply.body);
            assert_eq!(again.header("ers-fhir-result"), "pass", "{}\n{}", reply.text(), again.text());
        }
    }
    let reply = ask(&service, "POST", "/r4/$validate", &[("Accept", "image/png")], WRONG.as_bytes());
    assert_eq!(reply.status, 406);
}

#[test]
fn parameters_hold_the_resource_and_places_are_those_of_the_body() {
    let service = service();
    let json = format!(
        "{{ \"resourceType\": \"Parameters\", \"parameter\": [\n  {{ \"name\": \"mode\", \"valueCode\": \"create\" }},\n  \
         {{ \"name\": \"resource\", \"resource\":\n    {WRONG} }}\n] }}"
    );
    let reply = post(&service, "/r4/Patient/$validate", &json);
    let issue = &reply.json()["issue"][0];
    let lines = issue["extension"].as_array().expect("it has places").clone();
    let value = |name: &str| {
        let found =
            lines.iter().find(|extension| extension["url"].as_str().is_some_and(|url| url.ends_with(name)));
        found.map(|extension| extension["valueInteger"].clone())
    };
    assert_eq!((value("line"), value("col")), (Some(4.into()), Some(34.into())), "{}", reply.text());
    assert!(issue["expression"][0].as_str().is_some_and(|place| place.starts_with("Patient.")));

    let xml = "<Parameters xmlns=\"http://hl7.org/fhir\">\n<parameter><name value=\"resource\"/>\n<resource>\n  \
               <Patient><birthdate value=\"2000\"/></Patient>\n</resource></parameter></Parameters>";
    let reply = post(&service, "/r4/Patient/$validate", xml);
    assert_eq!(reply.rules(), ["unknown-element"], "{}", reply.text());
    assert!(
        reply.text().contains("\"valueInteger\":4") && reply.text().contains("\"valueInteger\":13"),
        "{}",
        reply.text()
    );
}

#[test]
fn parameters_name_profiles_and_modes() {
    let service = service();
    let asked = |more: &str| {
        let body = format!(
            r#"{{ "resourceType": "Parameters", "parameter": [{more}{{ "name": "resource", "resource": {{ "resourceType": "Patient" }} }}] }}"#
        );
        post(&service, "/r4/$validate", &body)
    };
    let profile = r#"{ "name": "profile", "valueUri": "http://hl7.org/fhir/StructureDefinition/Slot" },"#;
    assert_eq!(asked(profile).header("ers-fhir-result"), "fail");
    let unknown = r#"{ "name": "profile", "valueUri": "https://example.org/p" },"#;
    assert!(asked(unknown).rules().contains(&"unknown-profile".to_owned()), "{}", asked(unknown).text());
    assert_eq!(asked(r#"{ "name": "profile", "valueUri": "no-such-name" },"#).status, 400);
    assert_eq!(asked(r#"{ "name": "mode", "valueCode": "x" },"#).status, 400);
    assert_eq!(asked(r#"{ "name": "mode", "valueCode": "profile" },"#).status, 400);
    assert_eq!(asked(r#"{ "name": "mode", "valueCode": "delete" },"#).header("ers-fhir-result"), "pass");
    let none =
        r#"{ "resourceType": "Parameters", "parameter": [{ "name": "mode", "valueCode": "create" }] }"#;
    assert_eq!(post(&service, "/r4/$validate", none).status, 400);
    // A misspelt parameter is not ignored.
    let misspelt = r#"{ "resourceType": "Parameters", "parameter": [{ "name": "mode", "valueCode": "create" },
        { "name": "resorce", "resource": { "resourceType": "Patient", "gender": "x" } }] }"#;
    for reply in
        [post(&service, "/r4/$validate", misspelt), asked(r#"{ "name": "profil", "valueUri": "x" },"#)]
    {
        assert_eq!(reply.status, 400);
        assert!(reply.text().contains("is not one of the operation"), "{}", reply.text());
    }
    // Parameters of another operation are themselves what is checked.
    let reply = post(
        &service,
        "/stu3/Parameters/$validate?endpoint=A011&role=REFERRING_CLINICIAN",
        &request_of_a011(),
    );
    assert_eq!((reply.status, reply.header("ers-fhir-result")), (200, "pass"), "{}", reply.text());
}

#[test]
fn what_is_not_there_is_said() {
    let service = service();
    for (path, status) in [
        ("/r5/$validate", 404),
        ("/r4/Nonsense/$validate", 404),
        ("/stu3/ServiceRequest/$validate", 404),
        ("/r4/HumanName/$validate", 404),
        ("/r4/Slot/$validate", 400),
        ("/r4/$validate?profil=x", 400),
        ("/r4/$validate?endpoint=A011", 400),
    ] {
        let reply = post(&service, path, WRONG);
        assert_eq!(reply.status, status, "{path}: {}", reply.text());
        assert_eq!(reply.json()["resourceType"], "OperationOutcome", "{path}");
    }
}
