//! Each documented failure is an error of its own, with what it means.

use ers_fhir_ers::service::{Repeat, codes, endpoints, status};
use ers_fhir_http::client::*;
use ers_fhir_profiles::FhirVersion;

use crate::gateway::{Gateway, Reply};
use crate::support::*;

/// An OperationOutcome with that code.
fn outcome(code: &str) -> String {
    serde_json::json!({
        "resourceType": "OperationOutcome",
        "issue": [{
            "severity": "error", "code": "value", "diagnostics": "said of Jane Doe",
            "details": { "coding": [{ "system": "https://fhir.nhs.uk/STU3/CodeSystem/eRS-APIErrorCode-1", "code": code }] }
        }]
    })
    .to_string()
}

#[tokio::test]
async fn every_documented_failure_is_understood() {
    // The test names in a header what it wants to be answered.
    let gateway = Gateway::start(|got| {
        let wanted = got.header("X-Correlation-ID").unwrap_or_default();
        let (status, code) = wanted.split_once('-').unwrap_or((wanted, ""));
        let status = status.parse().unwrap();
        if code.is_empty() { Reply::status(status) } else { Reply::json(status, outcome(code)) }
            .with("X-Request-ID", "r-1")
    });
    let who = Caller::Application(ers_fhir_ers::service::Organisation::Any);
    let mut tried = 0;
    for endpoint in endpoints() {
        let caller = match endpoint.roles.first() {
            None => Caller::AnyUser,
            Some(role) => {
                let on_behalf_of = None;
                Caller::User { role: *role, organisation: "R69".parse().unwrap(), on_behalf_of }
            }
        };
        let client = builder(&gateway).retries(Retries::none()).build(who.clone()).unwrap().called_by(caller);
        for (status_code, _) in endpoint.failures {
            let mut known: Vec<&str> = codes(endpoint, Some(*status_code));
            known.push("");
            for code in known {
                let call =
                    ers_fhir_ers::example::good(endpoint, ers_fhir_ers::example::callers(endpoint)[0], 0)
                        .call;
                let url = reqwest_path(&call.url);
                let mut request =
                    Request::to(endpoint).header("X-Correlation-ID", format!("{status_code}-{code}"));
                for (name, value) in path_of(endpoint.path, &url) {
                    request = request.path(name, value);
                }
                for pair in call
                    .url
                    .split_once('?')
                    .map_or("", |(_, query)| query)
                    .split('&')
                    .filter(|pair| !pair.is_empty())
                {
                    let (name, value) = pair.split_once('=').unwrap();
                    request = request.query(name, value);
                }
                for (name, value) in &call.headers {
                    let is_ours = ["Authorization", "X-Correlation-ID", "Accept"].contains(&name.as_str())
                        || name.contains("Business")
                        || name.contains("End-User")
                        || name.contains("Behalf");
                    if !is_ours {
                        request = request.header(name.clone(), value.clone());
                    }
                }
                let request = match endpoint.request {
                    ers_fhir_ers::service::Body::None => request,
                    _ => request.payload_as_is(Payload::Bytes(call.body.clone().into())),
                };
                let error = client.send(request).await.expect_err("it fails");
                let failure = error
                    .failure()
                    .unwrap_or_else(|| panic!("{} {status_code} {code}: {error}", endpoint.id));
                tried += 1;
                assert_eq!(failure.status, *status_code);
                assert_eq!(failure.request_id.as_deref(), Some("r-1"));
                assert_eq!(failure.correlation_id, format!("{status_code}-{code}"));
                // A HEAD has no body to tell a code.
                let told = Some(code).filter(|code| !code.is_empty() && endpoint.id != "A037");
                assert_eq!(failure.code.as_deref(), told, "{} {status_code}", endpoint.id);
                let is_stu3 = matches!(failure.outcome, Some(Outcome::Stu3(_)));
                assert_eq!(is_stu3, told.is_some() && endpoint.release == FhirVersion::Stu3);
                match (status_code, &error) {
                    (409, Error::Stale(_)) | (412, Error::NoVersion(_)) | (423, Error::Locked(_)) => {}
                    (409 | 412 | 423, _) => panic!("{error:?}"),
                    (_, Error::Failed(_)) => {}
                    (_, other) => panic!("{other:?}"),
                }
                let words = error.to_string();
                let explained = told.and_then(ers_fhir_ers::service::error).map(|known| known.next);
                let explained = explained.or_else(|| status(*status_code).map(|known| known.next));
                assert!(explained.is_none_or(|next| words.contains(next)), "{words}");
                assert!(!words.contains("Jane Doe"), "{words}");
                assert!(error.repeat() != Repeat::Later || matches!(status_code, 400..=599));
            }
        }
    }
    assert!(tried > 600, "{tried}");
}

fn reqwest_path(url: &str) -> String {
    url.split('?').next().unwrap_or_default().split("/FHIR").nth(1).unwrap_or_default().to_owned()
}

fn path_of(pattern: &'static str, path: &str) -> Vec<(&'static str, String)> {
    let pairs = pattern.split('/').zip(path.split('/'));
    pairs
        .filter_map(|(wanted, given)| Some((wanted.strip_prefix('{')?.strip_suffix('}')?, given.to_owned())))
        .collect()
}

#[tokio::test]
async fn what_is_no_outcome_is_a_failure_all_the_same() {
    for body in
        ["", "<html>502</html>", "OperationOutcome", "{\"resourceType\":\"OperationOutcome\"", "\u{0}\u{1}"]
    {
        let gateway = Gateway::start(move |_| Reply::json(403, body));
        let client = client(&gateway, ProviderApplication);
        let error = client.retrieve_referral_request(UBRN.parse().unwrap()).await.expect_err("it fails");
        let failure = error.failure().expect("it was answered");
        assert_eq!((failure.status, failure.code.as_deref()), (403, None));
        assert_eq!(error.repeat(), Repeat::Never);
    }
    // An error code is shown only if it is a real one.
    let gateway = Gateway::start(|_| Reply::json(422, outcome("Jane Doe, 999 000 0000")));
    let client = client(&gateway, ProviderApplication);
    let error = client.retrieve_referral_request(UBRN.parse().unwrap()).await.expect_err("it fails");
    assert!(!error.to_string().contains("Jane"), "{error}");
}
