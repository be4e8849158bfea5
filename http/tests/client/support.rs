//! What the tests share: a key pair, a token service, and clients.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use ers_fhir_http::client::auth::{ApplicationLogin, GivenToken, PemSigner};
use ers_fhir_http::client::secrecy::SecretString;
use ers_fhir_http::client::{Builder, Client, Environment, Rate, Retries, Who};
use ers_fhir_values::base64;

use crate::gateway::{Gateway, Got, Reply};

pub(crate) const API_KEY: &str = "api-key-of-the-application";
pub(crate) const KEY_ID: &str = "key-7";

/// The key pair of this run.
pub(crate) fn pair() -> &'static KeyPair {
    static PAIR: OnceLock<KeyPair> = OnceLock::new();
    PAIR.get_or_init(|| KeyPair::generate(KeySize::Rsa2048).expect("a key is made"))
}

/// Its private key, as PEM.
pub(crate) fn pem() -> String {
    let der: Pkcs8V1Der<'_> = pair().as_der().expect("it is written");
    let body = base64::encode(der.as_ref());
    let lines: Vec<&str> =
        body.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap_or_default()).collect();
    format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", lines.join("\n"))
}

pub(crate) fn signer() -> PemSigner {
    PemSigner::new(KEY_ID, &pem()).expect("it is a key")
}

/// The token with that number.
pub(crate) fn numbered(number: u64) -> String {
    format!("t0ken-{number}-3c1f7e0a9b2d4c6e8f")
}

pub(crate) const ID_TOKEN: &str = "id-token-of-cis2-9d8c7b6a5f";
pub(crate) const CLIENT_SECRET: &str = "client-secret-0f1e2d3c4b5a";
pub(crate) const REFRESH: &str = "refresh-token-5d4c3b2a-";

/// A gateway whose token service gives a token to whoever asks; what it is asked, a local e-RS verifies.
pub(crate) fn generous(handler: impl Fn(&Got) -> Reply + Send + Sync + 'static) -> Gateway {
    let given = AtomicU64::new(0);
    Gateway::start(move |got| {
        if got.path() != "/oauth2/token" {
            return handler(got);
        }
        let number = given.fetch_add(1, Ordering::SeqCst) + 1;
        Reply::json(
            200,
            format!(
                r#"{{"access_token":"{}","expires_in":"599","token_type":"Bearer","refresh_token":"{REFRESH}{number}"}}"#,
                numbered(number)
            ),
        )
    })
}

pub(crate) fn environment(gateway: &Gateway) -> Environment {
    Environment::at(&gateway.base()).expect("it is an address")
}

/// A client that needs no token, does not wait long and has no rate limit.
pub(crate) fn builder(gateway: &Gateway) -> Builder {
    let retries = Retries { first: Duration::from_millis(10), ..Retries::default() };
    let token = GivenToken::new(SecretString::from(TOKEN));
    Client::builder(environment(gateway)).tokens(token).retries(retries).rate(Rate::unbounded())
}

pub(crate) const TOKEN: &str = "given-t0ken-1122334455";

pub(crate) fn client<W: Who>(gateway: &Gateway, who: W) -> Client<W> {
    builder(gateway).build(who).expect("it can be set up")
}

/// A client of an application that logs in.
pub(crate) fn application<W: Who>(gateway: &Gateway, who: W) -> Client<W> {
    let login = ApplicationLogin::new(&environment(gateway), API_KEY, Arc::new(signer()));
    let login = login.expect("there is a token service");
    builder(gateway).tokens(login.kept()).build(who).expect("it can be set up")
}

/// A referral that reads.
pub(crate) fn referral() -> Reply {
    sample("A005")
}

/// What the examples of an operation answer.
pub(crate) fn sample(id: &str) -> Reply {
    use ers_fhir_ers::example::{callers, good};

    let endpoint = ers_fhir_ers::service::find(id).next().expect("it is an operation");
    let answer = good(endpoint, callers(endpoint)[0], 0).call.answer.expect("it has an answer");
    Reply::Answer(answer.status, answer.headers, answer.body)
}

pub(crate) const UBRN: &str = "000049912345";
