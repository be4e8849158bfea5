//! The signed JWT by which an application says who it is.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ers_fhir_values::base64::encode_for_addresses;
use secrecy::zeroize::Zeroizing;

use super::signer::{SignError, Signer};
use crate::client::chance::uuid;

/// How long the token service accepts an assertion.
pub const LONGEST: Duration = Duration::from_mins(5);

/// How long ours are valid: the rest allows for clocks that differ.
const LASTS: Duration = Duration::from_mins(4);

/// The identity of an application.
#[derive(Debug, Clone, Copy)]
pub struct Assertion<'a> {
    /// The API key of the application: `iss` and `sub`.
    pub api_key: &'a str,
    /// The address of the token service, to the letter: `aud`.
    pub audience: &'a str,
    /// By how many seconds the clock of the token service is ahead of ours.
    pub skew: i64,
}

impl Assertion<'_> {
    /// The JWT: header, claims and signature. Each has a unique id, and is valid once.
    ///
    /// # Errors
    ///
    /// If signing fails.
    pub async fn signed(&self, signer: &dyn Signer) -> Result<Zeroizing<String>, SignError> {
        self.signed_at(SystemTime::now(), signer).await
    }

    async fn signed_at(&self, now: SystemTime, signer: &dyn Signer) -> Result<Zeroizing<String>, SignError> {
        let now = now.duration_since(UNIX_EPOCH).unwrap_or_default() + LASTS;
        let ends = i64::try_from(now.as_secs()).unwrap_or(i64::MAX).saturating_add(self.skew);
        let header = serde_json::json!({ "alg": "RS512", "typ": "JWT", "kid": signer.key_id() });
        let claims = serde_json::json!({
            "iss": self.api_key, "sub": self.api_key, "aud": self.audience, "jti": uuid(), "exp": ends,
        });
        let message = format!(
            "{}.{}",
            encode_for_addresses(header.to_string().as_bytes()),
            encode_for_addresses(claims.to_string().as_bytes())
        );
        let signature = Zeroizing::new(signer.sign(message.as_bytes()).await?);
        let signature = Zeroizing::new(encode_for_addresses(&signature));
        // Allocated in one piece, so that growing leaves no copy behind.
        let mut jwt = Zeroizing::new(String::with_capacity(message.len() + signature.len() + 1));
        jwt.push_str(&message);
        jwt.push('.');
        jwt.push_str(&signature);
        Ok(jwt)
    }
}
