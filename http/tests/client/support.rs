//! What the tests share: a key pair, a token service that verifies, and clients.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA512, UnparsedPublicKey};
use ers_fhir_http::client::auth::{ApplicationLogin, GivenToken, PemSigner};
use ers_fhir_http::client::secrecy::SecretString;
use ers_fhir_http::client::{Builder, Client, Environment, Rate, Retries, Who};
use ers_fhir_values::base64;
use serde_json::Value;

use crate::gateway::{Gateway, Got, Reply};

pub(crate) const API_KEY: &str = "api-key-of-the-application";
pub(crate) const KEY_ID: &str = "key-7";

/// A key pair of this run: private key as PEM, public key.
pub(crate) fn keys() -> &'static (String, Vec<u8>) {
    static KEYS: OnceLock<(String, Vec<u8>)> = OnceLock::new();
    KEYS.get_or_init(|| {
        let pair = KeyPair::generate(KeySize::Rsa2048).expect("a key is made");
        let der: Pkcs8V1Der<'_> = pair.as_der().expect("it is written");
        let body = base64::encode(der.as_ref());
        let lines: Vec<&str> =
            body.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap_or_default()).collect();
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", lines.join("\n"));
        (pem, pair.public_key().as_ref().to_vec())
    })
}

pub(crate) fn signer() -> PemSigner {
    PemSigner::new(KEY_ID, &keys().0).expect("it is a key")
}

/// A token service: it verifies what it is sent as that of the platform does, and gives tokens.
pub(crate) struct TokenService {
    pub(crate) seen: Mutex<HashSet<String>>,
    pub(crate) given: AtomicU64,
    /// How long tokens are good.
    pub(crate) lasts: u64,
    /// How much further its clock is than that of the machine.
    pub(crate) skew: i64,
}

impl TokenService {
    pub(crate) fn new() -> Self {
        Self { seen: Mutex::default(), given: AtomicU64::new(0), lasts: 599, skew: 0 }
    }

    /// The token with that number.
    pub(crate) fn token(number: u64) -> String {
        format!("t0ken-{number}-3c1f7e0a9b2d4c6e8f")
    }

    pub(crate) fn answer(&self, got: &Got, address: &str) -> Reply {
        let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).expect("it is later").as_secs());
        let now = now.expect("it is not so late") + self.skew;
        let date = jiff::fmt::rfc2822::DateTimePrinter::new()
            .timestamp_to_rfc9110_string(&jiff::Timestamp::from_second(now).expect("it is a moment"))
            .expect("it can be written");
        match self.verified(got, address, now) {
            Ok(more) => {
                let number = self.given.fetch_add(1, Ordering::SeqCst) + 1;
                let body = format!(
                    r#"{{"access_token":"{}","expires_in":"{}","token_type":"Bearer"{more}}}"#,
                    Self::token(number),
                    self.lasts
                );
                Reply::json(200, body)
            }
            Err((status, words)) => Reply::json(
                status,
                format!(r#"{{"error":"invalid_request","error_description":"{words}","message_id":"1"}}"#),
            ),
        }
        .with("Date", &date)
    }

    fn verified(&self, got: &Got, address: &str, now: i64) -> Result<String, (u16, &'static str)> {
        let refuse = |words| Err((400, words));
        if got.method != "POST" || got.header("content-type") != Some("application/x-www-form-urlencoded") {
            return refuse("no form");
        }
        let more = match got.field("grant_type").as_deref() {
            Some("client_credentials") => String::new(),
            Some("urn:ietf:params:oauth:grant-type:token-exchange") => {
                let kind = got.field("subject_token_type");
                if kind.as_deref() != Some("urn:ietf:params:oauth:token-type:id_token") {
                    return refuse("subject_token_type");
                }
                if got.field("subject_token").as_deref() != Some(ID_TOKEN) {
                    return refuse("subject_token");
                }
                refresh(0)
            }
            Some("refresh_token") => {
                let is_known = got.field("client_secret").as_deref() == Some(CLIENT_SECRET)
                    && got.field("client_id").as_deref() == Some(API_KEY);
                let number = got
                    .field("refresh_token")
                    .and_then(|token| token.strip_prefix(REFRESH)?.parse::<u64>().ok());
                return match number {
                    Some(number) if is_known => Ok(refresh(number + 1)),
                    _ => Err((401, "the refresh token is over")),
                };
            }
            Some("authorization_code") => {
                let is_known = got.field("client_secret").as_deref() == Some(CLIENT_SECRET);
                return match got.field("code").as_deref() {
                    Some(CODE) if is_known => Ok(refresh(0)),
                    _ => Err((400, "code")),
                };
            }
            _ => return refuse("grant_type"),
        };
        let kind = got.field("client_assertion_type");
        if kind.as_deref() != Some("urn:ietf:params:oauth:client-assertion-type:jwt-bearer") {
            return refuse("client_assertion_type");
        }
        let jwt = got.field("client_assertion").unwrap_or_default();
        let parts: Vec<&str> = jwt.split('.').collect();
        let [header, claims, signature] = parts.as_slice() else { return refuse("no JWT") };
        let signed = format!("{header}.{claims}");
        let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA512, &keys().1);
        if key.verify(signed.as_bytes(), &unbase64(signature)).is_err() {
            return Err((401, "the signature is not that of the key"));
        }
        let (header, claims): (Value, Value) = (json(header), json(claims));
        if header["alg"] != "RS512" || header["typ"] != "JWT" {
            return refuse("alg or typ");
        }
        if header["kid"] != KEY_ID {
            return Err((401, "kid"));
        }
        if claims["iss"] != API_KEY || claims["sub"] != API_KEY {
            return Err((401, "iss or sub"));
        }
        if claims["aud"] != format!("http://{address}/oauth2/token") {
            return Err((401, "aud"));
        }
        let Some(ends) = claims["exp"].as_i64() else { return refuse("exp is no integer") };
        if ends <= now {
            return refuse("the JWT is over");
        }
        if ends > now + 300 {
            return refuse("exp is more than five minutes ahead");
        }
        let jti = claims["jti"].as_str().unwrap_or_default().to_owned();
        if jti.is_empty() || !self.seen.lock().expect("no thread fails").insert(jti) {
            return refuse("jti was there before");
        }
        Ok(more)
    }
}

pub(crate) const ID_TOKEN: &str = "id-token-of-cis2-9d8c7b6a5f";
pub(crate) const CLIENT_SECRET: &str = "client-secret-0f1e2d3c4b5a";
pub(crate) const CODE: &str = "code-of-the-login-77aa88bb";
pub(crate) const REFRESH: &str = "refresh-token-5d4c3b2a-";

fn refresh(number: u64) -> String {
    format!(
        r#","refresh_token":"{REFRESH}{number}","refresh_token_expires_in":"43199","refresh_count":"{number}""#
    )
}

fn unbase64(text: &str) -> Vec<u8> {
    let text = text.replace('-', "+").replace('_', "/");
    let padding = "=".repeat((4 - text.len() % 4) % 4);
    base64::decode(&(text + &padding)).unwrap_or_default()
}

fn json(part: &str) -> Value {
    serde_json::from_slice(&unbase64(part)).unwrap_or_default()
}

/// A gateway with a token service; whoever calls without a token that it gave is refused.
pub(crate) fn guarded(
    service: TokenService,
    handler: impl Fn(&Got) -> Reply + Send + Sync + 'static,
) -> (Gateway, Arc<TokenService>) {
    let service = Arc::new(service);
    let tokens = service.clone();
    let gateway = Gateway::start(move |got| {
        if got.path() == "/oauth2/token" {
            let address = got.header("host").unwrap_or_default().to_owned();
            return tokens.answer(got, &address);
        }
        let last = tokens.given.load(Ordering::SeqCst);
        let is_known = (1..=last).any(|number| {
            got.header("authorization") == Some(&format!("Bearer {}", TokenService::token(number)))
        });
        if is_known { handler(got) } else { Reply::status(401) }
    });
    (gateway, service)
}

pub(crate) fn environment(gateway: &Gateway) -> Environment {
    Environment::at(&gateway.base()).expect("it is an address")
}

/// A client whose token is not asked for, that does not wait long and has no rate.
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
