//! Recordings can be read by `validate`, and contain no secrets.

use std::sync::Arc;

use ers_fhir_http::client::*;

use crate::gateway::{Gateway, Reply};
use crate::support::*;

#[tokio::test]
async fn calls_are_recorded_as_they_were() {
    let gateway = Gateway::start(|got| match got.method.as_str() {
        // A service that echoes secrets.
        "GET" => {
            let heard = got.header("authorization").unwrap_or_default().to_owned();
            Reply::json(403, format!("{{\"said\":\"{heard}\"}}"))
                .with("X-Heard", &heard)
                .with("Set-Cookie", "a=b")
        }
        _ => sample("A013"),
    });
    let recorder = Arc::new(HarRecorder::new());
    let client = builder(&gateway).recorder(recorder.clone()).build(ProviderApplication).unwrap();
    client.retrieve_referral_request(UBRN.parse().unwrap()).await.expect_err("it fails");
    client.accept_referral(UBRN.parse().unwrap(), 4.into()).await.expect("it is accepted");
    let har = recorder.to_json();
    assert!(!har.contains(TOKEN) && !har.contains("a=b"), "{har}");
    let exchanges =
        ers_fhir_lint::capture::read(har.as_bytes()).expect("it is a capture").expect("it can be read");
    let calls: Vec<_> = exchanges.into_iter().map(|exchange| exchange.call).collect();
    assert_eq!(calls.len(), 2);
    assert_eq!(calls[1].operation().map(|endpoint| endpoint.id), Ok("A013"));
    assert_eq!(calls[1].answer.as_ref().map(|answer| answer.status), Some(200));
    assert!(
        calls[0].headers.iter().any(|(name, value)| name == "Authorization" && value == "Bearer ********")
    );
}
