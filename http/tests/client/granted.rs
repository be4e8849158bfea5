//! How and how often tokens are obtained: at a local e-RS, whose token service verifies what it is sent.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use ers_fhir_http::client::auth::{ApplicationLogin, Browser, Grant, LoginError, UserLogin};
use ers_fhir_http::client::secrecy::{ExposeSecret, SecretString};
use ers_fhir_http::client::{Error, ProviderApplication, ReferenceData, ReferringClinician};
use ers_fhir_http::{LoginOptions, MockOptions};
use serde_json::json;

use crate::local::{Place, secret};
use crate::login::come_back;
use crate::support::signer;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_calls_at_expiry_make_one_token_request() {
    // A token is used for half of its two seconds.
    let place = Place::with(LoginOptions { token: Duration::from_secs(2), ..LoginOptions::default() }).await;
    let client = place.application(ProviderApplication);
    client.retrieve_reference_data(ReferenceData::Priority).await.expect("it is answered");
    assert_eq!(place.tokens().await, 1);
    tokio::time::sleep(Duration::from_millis(1100)).await;
    let calls: Vec<_> = (0..50)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.retrieve_reference_data(ReferenceData::Priority).await })
        })
        .collect();
    for call in calls {
        call.await.expect("it ends").expect("it is answered");
    }
    assert_eq!(place.tokens().await, 2, "one for all fifty");
    let (answered, _) = place.plain("GET", "/_local/calls", "", "").await;
    assert_eq!(answered.matches("\"status\":200").count(), 51);
    place.is_clean();
}

#[tokio::test]
async fn a_token_that_is_not_taken_is_replaced_once() {
    let place = Place::new().await;
    let client = place.application(ProviderApplication);
    let expired = |times: u32| json!({ "fault": "token-expired", "times": times });
    place.post("/_local/faults", &expired(1)).await;
    client.retrieve_reference_data(ReferenceData::Priority).await.expect("it comes again");
    assert_eq!(place.tokens().await, 2);
    place.post("/_local/faults", &expired(5)).await;
    let error = client.retrieve_reference_data(ReferenceData::Priority).await.expect_err("nobody is let in");
    assert_eq!(error.failure().map(|failure| failure.status), Some(401));
    assert_eq!(place.tokens().await, 3);
}

#[tokio::test]
async fn who_is_not_registered_gets_no_token() {
    let place = Place::new().await;
    let login = ApplicationLogin::new(&place.environment(), "another key", Arc::new(signer())).unwrap();
    let client = place.builder().tokens(login.kept()).build(ProviderApplication).unwrap();
    let error =
        client.retrieve_reference_data(ReferenceData::Priority).await.expect_err("nobody has the key");
    let Error::Login(LoginError::Refused { status: 401, error: Some(error), description: Some(said) }) =
        &error
    else {
        panic!("{error:?}")
    };
    assert_eq!(
        (error.as_str(), said.as_str()),
        ("invalid_client", "no application has the API key in iss and sub of the JWT")
    );
}

#[tokio::test]
async fn clocks_may_differ() {
    for ahead in [-7200, -240, -20, 20, 240, 7200] {
        let place = Place::with(LoginOptions { ahead, ..LoginOptions::default() }).await;
        let read =
            place.application(ProviderApplication).retrieve_reference_data(ReferenceData::Priority).await;
        read.unwrap_or_else(|error| panic!("{ahead}: {error}"));
        assert_eq!(place.tokens().await, 1, "{ahead}");
    }
}

#[tokio::test]
async fn an_id_token_is_exchanged_and_then_refreshed() {
    let place = Place::new().await;
    let login = place.login("555000111222").await;
    login.grant().await.expect("it is exchanged");
    let first = login.refresh_token().await.expect("there is one");
    login.grant().await.expect("it is refreshed");
    let granted = login.grant().await.expect("it is refreshed with what the last one gave");
    assert_eq!(granted.lasts, Duration::from_secs(599));
    let next = login.refresh_token().await.expect("there is one");
    assert_ne!(next.expose_secret(), first.expose_secret());
    assert_eq!(place.tokens().await, 3);

    for over in [first, Arc::new(SecretString::from("no refresh token"))] {
        let login = UserLogin::refreshed(&place.environment(), over, secret()).unwrap();
        assert_eq!(login.grant().await.expect_err("it is over"), LoginError::Over);
    }
    let client =
        place.builder().tokens(login.kept()).build(ReferringClinician::of("X26".parse().unwrap())).unwrap();
    client.retrieve_reference_data(ReferenceData::Priority).await.expect("it is answered");
    let elsewhere = client.called_by(ReferringClinician::of("A99002".parse().unwrap()));
    let error = elsewhere
        .retrieve_reference_data(ReferenceData::Priority)
        .await
        .expect_err("she does not work there");
    assert_eq!(error.failure().map(|failure| failure.status), Some(403));
}

#[tokio::test]
async fn a_user_logs_in_on_the_page() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let callback = format!("http://{free}/callback");
    let mut seed = ers_fhir_local::england();
    seed.applications[0].callbacks = vec![callback.clone()];
    let place = Place::of(MockOptions { seed, ..MockOptions::default() }).await;
    let browser = Browser::new(place.environment(), secret());
    let pending = browser.begin(&callback).await.expect("it listens");
    let begun = pending.address().clone();
    let finished = tokio::spawn(pending.finish(Duration::from_secs(20)));
    let (page, _) = place.plain("GET", &format!("{}?{}", begun.path(), begun.query().unwrap()), "", "").await;
    // What a browser makes of the form: its hidden fields, and the choice.
    let fields: HashMap<_, _> = begun.query_pairs().into_owned().collect();
    for (name, value) in fields.iter().filter(|(name, _)| *name != "scope") {
        assert!(page.contains(&format!("name=\"{name}\" value=\"{value}\"")), "{name}: {page}");
    }
    let body = format!("{}&as=555000111222+REFERRING_CLINICIAN+X26", begun.query().unwrap());
    let head =
        format!("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n", body.len());
    let (_, head) = place.plain("POST", begun.path(), &head, &body).await;
    let back = head.lines().find_map(|line| line.strip_prefix("location: ")).expect("it leads back");
    let (address, query) = back.split_once('?').expect("it brings a code");
    assert_eq!(address, callback);
    assert!(come_back(address, query).await.contains("You are logged in"));
    let granted = finished.await.expect("it ends").expect("the code is taken");
    assert_eq!(granted.refresh_lasts, Some(Duration::from_hours(12)));
    let token = ers_fhir_http::client::auth::GivenToken::new(granted.token.secret().clone());
    let client = place.builder().tokens(token).build(ReferringClinician::of("X26".parse().unwrap())).unwrap();
    client.retrieve_reference_data(ReferenceData::Priority).await.expect("it is answered");
}
