//! No secret shows anywhere: in what is printed for debugging, in errors, in logs, in what is recorded.

use std::sync::{Arc, Mutex};

use ers_fhir_http::client::auth::*;
use ers_fhir_http::client::secrecy::SecretString;
use ers_fhir_http::client::*;
use tracing::field::{Field, Visit};
use tracing::span;

use crate::gateway::{Gateway, Reply};
use crate::support::*;

/// All that is said to `tracing`.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Visit for Log {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.0.lock().unwrap().push(format!("{field}={value:?}"));
    }
}

impl tracing::Subscriber for Log {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, attributes: &span::Attributes<'_>) -> span::Id {
        attributes.record(&mut self.clone());
        span::Id::from_u64(1)
    }
    fn record(&self, _: &span::Id, values: &span::Record<'_>) {
        values.record(&mut self.clone());
    }
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn event(&self, event: &tracing::Event<'_>) {
        event.record(&mut self.clone());
    }
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

/// A piece of the private key that no text holds by chance.
fn piece_of_key() -> String {
    pem().lines().nth(5).expect("a key has lines").to_owned()
}

fn holds_none(text: &str, what: &str) {
    let secrets = [
        TOKEN.to_owned(),
        CLIENT_SECRET.to_owned(),
        ID_TOKEN.to_owned(),
        REFRESH.to_owned(),
        "t0ken-".to_owned(),
        piece_of_key(),
        "eyJ".to_owned(),
        "client_assertion=".to_owned(),
    ];
    for secret in secrets {
        assert!(!text.contains(&secret), "{what} shows {secret}: {text}");
    }
}

#[tokio::test]
async fn no_secret_shows() {
    let log = Log::default();
    // That of the process: a default of one thread does not hear what another thread said first. So all tests are heard.
    tracing::subscriber::set_global_default(log.clone()).expect("there is no other");
    let mut shown = Vec::new();
    let mut show = |what: &dyn std::fmt::Debug| shown.push(format!("{what:?} {what:#?}\n"));

    let gateway = generous(|got| {
        if got.method == "GET" {
            let heard = got.header("authorization").unwrap_or_default();
            let body = format!(
                r#"{{"resourceType":"OperationOutcome","issue":[{{"severity":"error","code":"login","diagnostics":"{heard}"}}]}}"#
            );
            return Reply::json(403, body).with("X-Request-ID", heard);
        }
        sample("A013")
    });
    let place = environment(&gateway);
    let secret =
        ClientSecret { client_id: API_KEY.to_owned(), client_secret: SecretString::from(CLIENT_SECRET) };
    show(&secret);
    show(&signer());
    show(&GivenToken::new(SecretString::from(TOKEN)));
    let application = ApplicationLogin::new(&place, API_KEY, Arc::new(signer())).unwrap();
    show(&application.grant().await.unwrap());
    let kept = application.kept();
    show(&kept.token().await.unwrap());
    show(&kept);
    let user =
        UserLogin::exchange(&place, API_KEY, Arc::new(signer()), SecretString::from(ID_TOKEN)).unwrap();
    let user = user.with_secret(secret.clone());
    show(&user.grant().await.unwrap());
    show(&user.refresh_token().await);
    show(&user);
    let browser = Browser::new(place.clone(), secret);
    show(&browser);
    let pending = browser.begin("http://localhost:0/callback").await.unwrap();
    let verifier_is_hidden = format!("{pending:?}");
    assert!(
        !verifier_is_hidden.contains("verifier") && !verifier_is_hidden.contains("state"),
        "{verifier_is_hidden}"
    );

    let recorder = Arc::new(HarRecorder::new());
    let builder = builder(&gateway).tokens(user.kept()).recorder(recorder.clone());
    show(&builder);
    let client = builder.build(ServiceProviderClinician::of("R69".parse().unwrap())).unwrap();
    show(&client);
    let error = client.retrieve_referral_request(UBRN.parse().unwrap()).await.expect_err("it fails");
    show(&error);
    shown.push(error.to_string());
    let request = Request::of("A013", false).unwrap().path("ubrn", UBRN).version(4.into());
    let prepared = client.prepare(request.clone()).await.unwrap();
    shown.push(format!("{prepared:?} {}", prepared.show(b"")));
    assert!(prepared.show(b"").contains("Authorization: Bearer ********"));
    shown.push(format!("{:?}", client.send(request).await.unwrap()));

    // A token service that echoes the request.
    let parrot = Gateway::start(|got| {
        let form = String::from_utf8_lossy(&got.body).into_owned();
        let jwt = got.field("client_assertion").unwrap_or_default();
        Reply::json(400, format!(r#"{{"error":"{jwt}","error_description":"{form} {jwt}"}}"#))
    });
    for error in [
        ApplicationLogin::new(&environment(&parrot), API_KEY, Arc::new(signer()))
            .unwrap()
            .grant()
            .await
            .unwrap_err(),
        UserLogin::exchange(&environment(&parrot), API_KEY, Arc::new(signer()), SecretString::from(ID_TOKEN))
            .unwrap()
            .grant()
            .await
            .unwrap_err(),
    ] {
        shown.push(format!("{error:?} {error} {:?}", Error::from(error.clone())));
    }
    holds_none(&shown.join("\n"), "Debug");
    holds_none(&recorder.to_json(), "the recorder");
    let log = log.0.lock().unwrap().join("\n");
    assert!(log.contains("A005"), "{log}");
    holds_none(&log, "the log");
    assert!(!log.contains(UBRN), "nor does the log tell of a patient: {log}");
}

/// A panic says what it was given: the message, and no more.
#[tokio::test]
async fn a_panic_shows_none() {
    let said = Arc::new(Mutex::new(String::new()));
    let hears = said.clone();
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| hears.lock().unwrap().push_str(&info.to_string())));
    let gateway = generous(|_| referral());
    let client = application(&gateway, ProviderApplication);
    let held = client.clone();
    let failed = tokio::spawn(async move {
        held.retrieve_referral_request(UBRN.parse().unwrap()).await.unwrap();
        let failed = |held| -> Result<(), _> { Err(held) };
        failed(held).expect("it panics with all that it holds");
    })
    .await;
    std::panic::set_hook(before);
    assert!(failed.is_err());
    let said = said.lock().unwrap().clone();
    assert!(said.contains("it panics"), "{said}");
    holds_none(&said, "a panic");
}
