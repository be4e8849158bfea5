//! A stand-in for the identity service (CIS2) where users log in.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, UnparsedPublicKey};
use ers_fhir_local::{Seed, Token};
use ers_fhir_values::base64::encode_for_addresses;
use serde::Deserialize;
use serde_json::{Value, json};

use super::jwt::Jwt;
use super::known::Authority;
use super::ledger::random;
use super::refused::Refused;

/// How long an id token is valid, in seconds.
pub(in crate::mock) const LASTS: i64 = 3600;
/// Id of the key that signs.
const KEY_ID: &str = "local-identity";

/// Whose id token is wanted, and for which application.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::mock) struct Wanted {
    pub(in crate::mock) user: String,
    pub(in crate::mock) application: String,
}

fn issuer(origin: &str) -> String {
    format!("{origin}/_local/id-tokens")
}

impl Authority {
    /// The keys that verify id tokens, as a JWK Set.
    pub(in crate::mock) fn id_token_keys(&self) -> Option<Value> {
        let key = self.identity()?.public_key();
        let number = |bytes: &[u8]| encode_for_addresses(bytes);
        let jwk = json!({
            "kty": "RSA", "use": "sig", "alg": "RS256", "kid": KEY_ID,
            "n": number(key.modulus().big_endian_without_leading_zero()),
            "e": number(key.exponent().big_endian_without_leading_zero()),
        });
        Some(json!({ "keys": [jwk] }))
    }

    /// The key pair, made when it is first needed.
    fn identity(&self) -> Option<&KeyPair> {
        if self.identity.get().is_none() {
            // If two are made at the same time, the first stays.
            let _ = self.identity.set(KeyPair::generate(KeySize::Rsa2048).ok()?);
        }
        self.identity.get()
    }

    /// The id token of a user, for an application.
    pub(in crate::mock) fn id_token(&self, wanted: &Wanted, origin: &str) -> Option<String> {
        let identity = self.identity()?;
        let now = self.now() / 1000;
        let part = |value: &Value| encode_for_addresses(value.to_string().as_bytes());
        let header = part(&json!({ "alg": "RS256", "typ": "JWT", "kid": KEY_ID }));
        let claims = part(&json!({
            "iss": issuer(origin), "sub": wanted.user, "aud": wanted.application,
            "iat": now, "exp": now + LASTS, "jti": random().ok()?,
            "acr": "AAL3_ANY", "amr": ["N3_SMARTCARD"],
        }));
        let message = format!("{header}.{claims}");
        let mut signature = vec![0; identity.public_modulus_len()];
        identity.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message.as_bytes(), &mut signature).ok()?;
        Some(format!("{message}.{}", encode_for_addresses(&signature)))
    }

    /// The user of an id token that was given to that application.
    pub(super) fn identified(
        &self,
        subject: &str,
        application: &str,
        origin: &str,
        seed: &Seed,
    ) -> Result<Token, Refused> {
        let jwt = Jwt::read(subject).ok_or_else(|| Refused::request("subject_token is not a JWT"))?;
        let (header, claims) = (&jwt.header, &jwt.claims);
        let wrong = |words: &'static str| Err(Refused::grant(words));
        if header.alg.as_deref() != Some("RS256")
            || header.kid.as_deref() != Some(KEY_ID)
            || header.crit.is_some()
        {
            return wrong("subject_token is not signed with the key of the identity service");
        }
        let is_signed = self.identity.get().is_some_and(|identity| {
            let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, identity.public_key());
            key.verify(jwt.message, &jwt.signature).is_ok()
        });
        if !is_signed {
            return wrong("the signature of subject_token is not that of the identity service");
        }
        if claims.iss.as_deref() != Some(&issuer(origin)) {
            return wrong("iss in subject_token is not the identity service");
        }
        if !claims.is_for(&[application.to_owned()]) {
            return wrong("aud in subject_token is another application");
        }
        if claims.exp.as_ref().and_then(Value::as_i64).is_none_or(|ends| ends <= self.now() / 1000) {
            return wrong("exp in subject_token has passed");
        }
        if !claims.acr.as_deref().is_some_and(|acr| acr.starts_with("AAL2") || acr.starts_with("AAL3")) {
            return wrong(
                "the user in subject_token did not log in strongly enough: acr must be AAL2 or AAL3",
            );
        }
        let user = claims.sub.as_deref();
        let user = seed.users.iter().find(|known| known.active && Some(known.id.as_str()) == user);
        user.map(|user| Token::User(user.id.clone()))
            .ok_or_else(|| Refused::grant("the user in subject_token is unknown or not active"))
    }
}
