//! A simple application that signs, including things that nobody should sign.

use std::net::SocketAddr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256, RSA_PKCS1_SHA512};
use ers_fhir_http::{Access, ApplicationKey, LoginOptions, MockOptions};
use ers_fhir_values::base64::encode_for_addresses;
use serde_json::{Value, json};

use crate::support::{Answer, Ask, ask};

pub(crate) const APPLICATION: &str = "aire-and-wharfe-imaging";
pub(crate) const KEY_ID: &str = "key-1";
pub(crate) const SECRET: &str = "not-a-secret";
pub(crate) const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The key pair of the application, and one that nobody knows.
pub(crate) fn keys() -> &'static [KeyPair; 2] {
    static KEYS: OnceLock<[KeyPair; 2]> = OnceLock::new();
    KEYS.get_or_init(|| [(); 2].map(|()| KeyPair::generate(KeySize::Rsa2048).expect("a key is made")))
}

/// The public key of the application, as its JWKS.
pub(crate) fn jwks() -> String {
    let key = keys()[0].public_key();
    let number = |bytes: &[u8]| encode_for_addresses(bytes);
    let jwk = json!({
        "kty": "RSA", "kid": KEY_ID, "use": "sig", "alg": "RS512",
        "n": number(key.modulus().big_endian_without_leading_zero()),
        "e": number(key.exponent().big_endian_without_leading_zero()),
    });
    json!({ "keys": [jwk] }).to_string()
}

/// A service that lets nobody in without a token, and knows the key.
pub(crate) fn strict() -> MockOptions {
    let keys = ApplicationKey::jwks(APPLICATION, jwks().as_bytes()).expect("it is a set of keys");
    let login = LoginOptions { keys, ..LoginOptions::default() };
    MockOptions { access: Access::Token, login, ..MockOptions::default() }
}

/// Seconds since 1970.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is later");
    i64::try_from(since.as_secs()).expect("it is not so late")
}

/// How a JWT is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    /// RS512, with the key of the application.
    Rightly,
    /// RS512, with a key that nobody knows.
    ByAnother,
    /// RS256, with the key of the application.
    Rs256,
    /// Not at all.
    Not,
}

/// A JWT of parts as they are given.
pub(crate) fn jwt(header: &Value, claims: &Value, how: How) -> String {
    let part = |value: &Value| encode_for_addresses(value.to_string().as_bytes());
    let message = format!("{}.{}", part(header), part(claims));
    let (key, padding) = match how {
        How::Rightly => (&keys()[0], &RSA_PKCS1_SHA512),
        How::ByAnother => (&keys()[1], &RSA_PKCS1_SHA512),
        How::Rs256 => (&keys()[0], &RSA_PKCS1_SHA256),
        How::Not => return format!("{message}."),
    };
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(padding, &SystemRandom::new(), message.as_bytes(), &mut signature).expect("it signs");
    format!("{message}.{}", encode_for_addresses(&signature))
}

pub(crate) fn header() -> Value {
    json!({ "alg": "RS512", "typ": "JWT", "kid": KEY_ID })
}

pub(crate) fn claims(address: SocketAddr) -> Value {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    json!({
        "iss": APPLICATION, "sub": APPLICATION, "aud": format!("http://{address}/oauth2/token"),
        "jti": format!("id-{}", COUNT.fetch_add(1, Ordering::Relaxed)), "exp": now() + 240,
    })
}

/// A good assertion.
pub(crate) fn assertion(address: SocketAddr) -> String {
    jwt(&header(), &claims(address), How::Rightly)
}

/// A form that the token service is sent.
pub(crate) fn form(fields: &[(&str, &str)]) -> Ask {
    let pairs: Vec<String> =
        fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    ask("POST", "/oauth2/token")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .text(&pairs.join("&"))
}

/// A text as an address holds it.
pub(crate) fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

pub(crate) fn credentials(assertion: &str) -> Ask {
    form(&[
        ("grant_type", "client_credentials"),
        ("client_assertion_type", ASSERTION_TYPE),
        ("client_assertion", assertion),
    ])
}

/// A field of an answer.
pub(crate) fn field(answer: &Answer, name: &str) -> String {
    answer.json()[name].as_str().unwrap_or_default().to_owned()
}

/// What is refused so: status and word.
pub(crate) fn refused(answer: &Answer) -> (u16, String) {
    let description = field(answer, "error_description");
    assert!(!description.is_empty() && !field(answer, "message_id").is_empty(), "{:?}", answer.json());
    assert_eq!(answer.header("cache-control"), "no-store");
    (answer.status, field(answer, "error"))
}
