//! Logins, including those that get arbitrary answers.

use std::sync::Arc;
use std::time::Duration;

use ers_fhir_http::client::auth::{
    ApplicationLogin, Browser, ClientSecret, LoginError, NewKey, PemSigner, SignError,
};
use ers_fhir_http::client::secrecy::SecretString;
use ers_fhir_http::client::{Environment, Error, ProviderApplication};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::gateway::{Gateway, Reply};
use crate::support::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_login_is_asked_for_once_by_all_who_wait() {
    let gateway = Gateway::start(|_| {
        Reply::json(401, r#"{"error":"invalid_client","error_description":"iss or sub","message_id":"1"}"#)
    });
    let login = ApplicationLogin::new(&environment(&gateway), "another key", Arc::new(signer())).unwrap();
    let client = builder(&gateway).tokens(login.kept()).build(ProviderApplication).unwrap();
    let calls: Vec<_> = (0..20)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.retrieve_referral_request(UBRN.parse().unwrap()).await })
        })
        .collect();
    for call in calls {
        let error = call.await.expect("it ends").expect_err("nobody knows the key");
        let Error::Login(LoginError::Refused { status: 401, description: Some(said), .. }) = &error else {
            panic!("{error:?}")
        };
        assert_eq!(said, "iss or sub");
    }
    assert_eq!(gateway.logins().len(), 1);
    assert_eq!(gateway.calls().len(), 0);
}

const CODE: &str = "code-of-the-login-77aa88bb";

/// Acts as a browser: it follows redirects, and comes back.
pub(crate) async fn come_back(address: &str, query: &str) -> String {
    let (host, path) = address.trim_start_matches("http://").split_once('/').expect("it has a path");
    let mut stream = tokio::net::TcpStream::connect(host).await.expect("somebody listens");
    let text = format!("GET /{path}?{query} HTTP/1.1\r\nHost: {host}\r\n\r\n");
    stream.write_all(text.as_bytes()).await.expect("it is written");
    let mut page = String::new();
    stream.read_to_string(&mut page).await.expect("it is read");
    page
}

#[tokio::test]
async fn a_browser_brings_a_code_which_only_its_login_takes() {
    let gateway = generous(|_| referral());
    let secret =
        ClientSecret { client_id: API_KEY.to_owned(), client_secret: SecretString::from(CLIENT_SECRET) };
    let browser = Browser::new(environment(&gateway), secret);
    let pending = browser.clone().begin("http://localhost:0/callback").await.expect("it listens");
    let asked: std::collections::HashMap<_, _> = pending.address().query_pairs().into_owned().collect();
    assert_eq!(asked["response_type"], "code");
    assert_eq!(asked["scope"], "nhs-cis2");
    assert_eq!(asked["code_challenge_method"], "S256");
    let (callback, state, challenge) = (
        asked["redirect_uri"].replace("localhost", "127.0.0.1"),
        asked["state"].clone(),
        asked["code_challenge"].clone(),
    );
    let finished = tokio::spawn(pending.finish(Duration::from_secs(20)));
    let icon = come_back(&callback.replace("/callback", "/favicon.ico"), "").await;
    assert!(icon.starts_with("HTTP/1.1 404"), "{icon}");
    let forged = come_back(&callback, "code=stolen&state=guessed").await;
    assert!(forged.starts_with("HTTP/1.1 400"), "{forged}");
    let page = come_back(&callback, &format!("code={CODE}&state={state}")).await;
    assert!(page.contains("You are logged in") && !page.contains(CODE), "{page}");
    let granted = finished.await.expect("it ends").expect("the code is taken");
    assert!(granted.refresh.is_some());
    let sent = &gateway.logins()[0];
    let verifier = sent.field("code_verifier").expect("it is sent");
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, verifier.as_bytes());
    let expected = ers_fhir_values::base64::encode(digest.as_ref());
    assert_eq!(challenge, expected.trim_end_matches('=').replace('+', "-").replace('/', "_"));

    let pending = browser.clone().begin("http://127.0.0.1:0/callback").await.expect("it listens");
    let asked: std::collections::HashMap<_, _> = pending.address().query_pairs().into_owned().collect();
    let finished = tokio::spawn(pending.finish(Duration::from_secs(20)));
    come_back(&asked["redirect_uri"], &format!("error=access_denied&state={}", asked["state"])).await;
    let refused = finished.await.expect("it ends").expect_err("the user said no");
    assert_eq!(refused, LoginError::Declined(Some("access_denied".to_owned())));

    let pending = browser.clone().begin("http://127.0.0.1:0/callback").await.expect("it listens");
    let late = pending.finish(Duration::from_millis(50)).await.expect_err("nobody came");
    assert!(matches!(late, LoginError::Browser(_)));
    for elsewhere in ["https://example.org/callback", "http://example.org/callback", "callback"] {
        assert!(browser.clone().begin(elsewhere).await.is_err(), "{elsewhere}");
    }
}

#[tokio::test]
async fn what_is_no_token_is_said() {
    for (reply, said) in [
        (Reply::json(200, "{}"), "it has no usable access_token"),
        (Reply::json(200, "<html>"), "it is not the JSON of a token"),
        (Reply::json(200, r#"{"access_token":"a b"}"#), "it has no usable access_token"),
        (Reply::json(200, r#"{"access_token":"abc","token_type":"mac"}"#), "its token_type is not Bearer"),
        (Reply::json(503, ""), "answered 503"),
        (Reply::Raw(b"no HTTP at all\r\n\r\n".to_vec()), "does not answer"),
        (Reply::Gone, "does not answer"),
    ] {
        let gateway = Gateway::start(move |_| reply.clone());
        let client = application(&gateway, ProviderApplication);
        let error =
            client.retrieve_referral_request(UBRN.parse().unwrap()).await.expect_err("there is no token");
        assert!(error.to_string().contains(said), "{error}");
        assert_eq!(gateway.calls().len(), 0);
    }
    let sandbox = Environment::sandbox();
    let none = ApplicationLogin::new(&sandbox, API_KEY, Arc::new(signer())).expect_err("it gives none");
    assert_eq!(none, LoginError::NoEndpoint);
}

#[test]
fn keys_are_told_from_what_is_none() {
    let pem = pem();
    assert!(PemSigner::new("k", &format!("words before\n{pem}words after")).is_ok());
    for (text, error) in [
        ("", SignError::Pem),
        ("-----BEGIN PRIVATE KEY-----\n", SignError::Pem),
        ("-----BEGIN PRIVATE KEY-----\n!!\n-----END PRIVATE KEY-----", SignError::Pem),
        ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", SignError::Key),
        ("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", SignError::Pem),
        (
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----",
            SignError::Encrypted,
        ),
    ] {
        assert_eq!(PemSigner::new("k", text).expect_err("it is none"), error, "{text}");
    }
    let made = NewKey::make("k").expect("a key is made");
    assert!(made.jwks().contains(r#""kid":"k""#) && !format!("{made:?}").contains("PRIVATE"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;

        let folder = std::env::temp_dir().join(format!("ers-fhir-key-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("key.pem");
        std::fs::write(&path, pem).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(PemSigner::from_file("k", &path).expect_err("all may read it"), SignError::Open);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        assert!(PemSigner::from_file("k", &path).is_ok());
        let path = folder.join("made.pem");
        made.write(&path).expect("it is written");
        assert!(PemSigner::from_file("k", &path).is_ok(), "it is for its owner alone");
        assert!(made.write(&path).is_err(), "nothing is written over");
        std::fs::remove_dir_all(&folder).unwrap();
        assert!(matches!(PemSigner::from_file("k", &path), Err(SignError::File(_))));
    }
}
