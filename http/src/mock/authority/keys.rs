//! The public keys that applications sign with.

use std::ops::RangeInclusive;

use aws_lc_rs::rsa::{PublicKey, PublicKeyComponents};
use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA512};
use ers_fhir_local::seed::{Jwk, KeySet};
use ers_fhir_values::base64;

/// How many bytes the modulus of a key has: 2048 to 8192 bits.
const SIZES: RangeInclusive<usize> = 256..=1024;

/// A public key that is registered for an application of the seed: what signs with the private key of the pair comes from
/// that application.
#[derive(Debug, Clone)]
pub struct ApplicationKey {
    pub(super) application: String,
    pub(super) key_id: String,
    key: ParsedPublicKey,
}

/// Why a key cannot be registered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// It is not a public key in PEM.
    #[error("this is not a public key in PEM, which begins with -----BEGIN PUBLIC KEY-----{}", hint(*.is_private))]
    Pem {
        /// Whether it is the private key of the pair.
        is_private: bool,
    },
    /// It is not a set of keys.
    #[error("this is not a set of keys (JWKS): {0}")]
    Set(String),
    /// The key is of another kind, or has another size.
    #[error("the key '{0}' is not an RSA key of 2048 to 8192 bits")]
    Key(String),
    /// There is no application of that name.
    #[error("there is no application '{0}' in the seed")]
    Application(String),
}

fn hint(is_private: bool) -> &'static str {
    if is_private { "; openssl rsa -in KEY -pubout extracts it from the private key" } else { "" }
}

impl ApplicationKey {
    /// The key in a PEM text, with the id by which assertions name it (`kid`).
    ///
    /// # Errors
    ///
    /// If it is none.
    pub fn pem(
        application: impl Into<String>,
        key_id: impl Into<String>,
        pem: &str,
    ) -> Result<Self, KeyError> {
        let wrong = KeyError::Pem { is_private: pem.contains("PRIVATE KEY-----") };
        let between = |name: &str| {
            let (_, rest) = pem.split_once(&format!("-----BEGIN {name}-----"))?;
            rest.split_once(&format!("-----END {name}-----")).map(|(body, _)| body)
        };
        let body = between("PUBLIC KEY").or_else(|| between("RSA PUBLIC KEY")).ok_or(wrong.clone())?;
        let der = base64::decode(body).map_err(|_| wrong)?;
        let key_id = key_id.into();
        let wrong = || KeyError::Key(key_id.clone());
        let bytes = PublicKey::from_der(&der).map_err(|_| wrong())?.modulus_len();
        let key = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA512, der).map_err(|_| wrong())?;
        if !SIZES.contains(&bytes) {
            return Err(wrong());
        }
        Ok(Self { application: application.into(), key_id, key })
    }

    /// The keys of a set, as it was registered at the platform.
    ///
    /// # Errors
    ///
    /// If it is none.
    pub fn jwks(application: &str, json: &[u8]) -> Result<Vec<Self>, KeyError> {
        let set: KeySet = serde_json::from_slice(json).map_err(|error| KeyError::Set(error.to_string()))?;
        Self::set(application, &set)
    }

    pub(super) fn set(application: &str, set: &KeySet) -> Result<Vec<Self>, KeyError> {
        set.keys.iter().map(|key| Self::jwk(application, key)).collect()
    }

    fn jwk(application: &str, jwk: &Jwk) -> Result<Self, KeyError> {
        let wrong = || KeyError::Key(jwk.kid.clone());
        let number = |text: &str| {
            let bytes = base64::decode_of_addresses(text).ok_or_else(wrong)?;
            // Some encoders put a zero before a number that would otherwise look negative.
            Ok(bytes.into_iter().skip_while(|byte| *byte == 0).collect::<Vec<u8>>())
        };
        if jwk.kty != "RSA" {
            return Err(wrong());
        }
        let parts = PublicKeyComponents { n: number(&jwk.n)?, e: number(&jwk.e)? };
        if !SIZES.contains(&parts.n.len()) {
            return Err(wrong());
        }
        let key = parts.to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA512).map_err(|_| wrong())?;
        Ok(Self { application: application.to_owned(), key_id: jwk.kid.clone(), key })
    }

    /// Whether the private key of the pair made this signature (RS512).
    pub(super) fn signed(&self, message: &[u8], signature: &[u8]) -> bool {
        self.key.verify_sig(message, signature).is_ok()
    }
}
