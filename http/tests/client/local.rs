//! A local e-RS that lets nobody in without a token, and clients of those who log in there.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use ers_fhir_ers::example::{Caller as Example, good};
use ers_fhir_ers::service::{Role, find};
use ers_fhir_http::client::auth::{ApplicationLogin, ClientSecret, UserLogin};
use ers_fhir_http::client::secrecy::SecretString;
use ers_fhir_http::client::{Builder, Checking, Checks, Client, Environment, Rate, Retries, Who};
use ers_fhir_http::{Access, ApplicationKey, LocalErs, LoginOptions, MockOptions};
use ers_fhir_model::runtime::{Json, Value};
use ers_fhir_report::Severity;
use ers_fhir_values::base64;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::support::{KEY_ID, pair, signer};

/// The application of the seed that all clients here are.
pub(crate) const APPLICATION: &str = "aire-and-wharfe-imaging";
pub(crate) const SECRET: &str = "not-a-secret";

/// A service, and what was found in what went to it and came from it.
pub(crate) struct Place {
    pub(crate) service: LocalErs,
    found: Arc<Mutex<Vec<String>>>,
}

impl Place {
    pub(crate) async fn new() -> Self {
        Self::with(LoginOptions::default()).await
    }

    pub(crate) async fn with(login: LoginOptions) -> Self {
        Self::of(MockOptions { login, ..MockOptions::default() }).await
    }

    /// That service, with the key of the application.
    pub(crate) async fn of(options: MockOptions) -> Self {
        let der: PublicKeyX509Der<'_> =
            aws_lc_rs::signature::KeyPair::public_key(pair()).as_der().expect("it is written");
        let body = base64::encode(der.as_ref());
        let pem = format!("-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n");
        let key = ApplicationKey::pem(APPLICATION, KEY_ID, &pem).expect("it is a key");
        let login = LoginOptions { keys: vec![key], ..options.login.clone() };
        let options = MockOptions { access: Access::Token, login, ..options };
        let service = LocalErs::with(options).await.expect("it starts");
        Self { service, found: Arc::default() }
    }

    pub(crate) fn environment(&self) -> Environment {
        Environment::at(&self.service.url()).expect("it is an address")
    }

    /// A client that refuses what breaks rules, and remembers what was found.
    pub(crate) fn builder(&self) -> Builder {
        let found = self.found.clone();
        let checks = Checks::all(Checking::Refuse).telling(move |context, report| {
            let all = report.diagnostics.iter().filter(|found| found.severity > Severity::Information);
            let lines = all.map(|found| {
                let (id, direction) = (context.endpoint.id, context.direction);
                format!("{id} {direction}: {} {}", found.rule.code, found.message.revealed())
            });
            found.lock().expect("no thread fails").extend(lines);
        });
        let retries = Retries { first: Duration::from_millis(10), ..Retries::default() };
        Client::builder(self.environment()).checks(checks).retries(retries).rate(Rate::unbounded())
    }

    pub(crate) fn application<W: Who>(&self, who: W) -> Client<W> {
        let login = ApplicationLogin::new(&self.environment(), APPLICATION, Arc::new(signer()));
        let login = login.expect("there is a token service");
        self.builder().tokens(login.kept()).build(who).expect("it can be set up")
    }

    /// A client of a user of the seed, who logged in at the identity service.
    pub(crate) async fn user<W: Who>(&self, user: &str, who: W) -> Client<W> {
        let login = self.login(user).await;
        self.builder().tokens(login.kept()).build(who).expect("it can be set up")
    }

    pub(crate) async fn login(&self, user: &str) -> UserLogin {
        let wanted = json!({ "user": user, "application": APPLICATION });
        let given = self.post("/_local/id-tokens", &wanted).await;
        let id_token = SecretString::from(given["id_token"].as_str().unwrap_or_default());
        let login = UserLogin::exchange(&self.environment(), APPLICATION, Arc::new(signer()), id_token);
        login.expect("there is a token service").with_secret(secret())
    }

    /// What no operation does.
    pub(crate) async fn post(&self, path: &str, body: &serde_json::Value) -> serde_json::Value {
        let body = body.to_string();
        let head = format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len());
        let (answer, _) = self.plain("POST", path, &head, &body).await;
        serde_json::from_str(&answer).unwrap_or_default()
    }

    /// How many access tokens were given.
    pub(crate) async fn tokens(&self) -> u64 {
        let (answer, _) = self.plain("GET", "/_local", "", "").await;
        let overview: serde_json::Value = serde_json::from_str(&answer).expect("it is JSON");
        overview["tokens"].as_u64().expect("they are counted")
    }

    /// A request as plain as can be: the body of the answer, and its head.
    pub(crate) async fn plain(&self, method: &str, path: &str, head: &str, body: &str) -> (String, String) {
        let address = self.service.address();
        let mut stream = tokio::net::TcpStream::connect(address).await.expect("it listens");
        let text =
            format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{head}\r\n{body}");
        stream.write_all(text.as_bytes()).await.expect("it is written");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("it is text");
        let (head, body) = answer.split_once("\r\n\r\n").expect("it is an answer");
        (body.to_owned(), head.to_owned())
    }

    /// Nothing above information was found, in requests and in answers.
    pub(crate) fn is_clean(&self) {
        let found = self.found.lock().expect("no thread fails");
        assert!(found.is_empty(), "{found:#?}");
    }
}

pub(crate) fn secret() -> ClientSecret {
    ClientSecret { client_id: APPLICATION.to_owned(), client_secret: SecretString::from(SECRET) }
}

/// The body of an example, as its type.
pub(crate) fn example<T: Value>(id: &str, role: Role) -> T {
    let endpoint = find(id).next().expect("it is an operation");
    T::from_json(good(endpoint, Example::User(role), 0).call.body)
        .unwrap_or_else(|error| panic!("{id}: {error}"))
}
