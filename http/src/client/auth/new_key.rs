//! A new key pair for an application.

use std::fmt;
use std::io::{self, Write};
use std::path::Path;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::KeyPair as _;
use ers_fhir_values::base64::{encode, encode_for_addresses};
use secrecy::zeroize::Zeroizing;

use super::signer::SignError;

/// A new key pair: store the private key, and register the public one for the application.
pub struct NewKey {
    pem: Zeroizing<String>,
    jwks: String,
}

impl NewKey {
    /// Generates a key of 4096 bits, which assertions will name by this id (`kid`).
    ///
    /// # Errors
    ///
    /// If none can be made.
    pub fn make(key_id: impl Into<String>) -> Result<Self, SignError> {
        let failed = |_| SignError::Failed("no key can be generated".to_owned());
        let pair = KeyPair::generate(KeySize::Rsa4096).map_err(failed)?;
        let der: Pkcs8V1Der<'_> = pair.as_der().map_err(failed)?;
        let body = Zeroizing::new(encode(der.as_ref()));
        // Allocated in one piece, so that growing leaves no copy behind.
        let mut pem = Zeroizing::new(String::with_capacity(body.len() + body.len() / 64 + 64));
        pem.push_str("-----BEGIN PRIVATE KEY-----\n");
        for at in (0..body.len()).step_by(64) {
            pem.push_str(&body[at..body.len().min(at + 64)]);
            pem.push('\n');
        }
        pem.push_str("-----END PRIVATE KEY-----\n");
        let public = pair.public_key();
        let jwk = serde_json::json!({
            "kty": "RSA", "use": "sig", "alg": "RS512", "kid": key_id.into(),
            "n": encode_for_addresses(public.modulus().big_endian_without_leading_zero()),
            "e": encode_for_addresses(public.exponent().big_endian_without_leading_zero()),
        });
        Ok(Self { pem, jwks: serde_json::json!({ "keys": [jwk] }).to_string() })
    }

    /// The public key as a JWK Set, to be registered.
    pub fn jwks(&self) -> &str {
        &self.jwks
    }

    /// Writes the private key as PEM into a new file that only its owner may read.
    ///
    /// # Errors
    ///
    /// If there is such a file already, or it cannot be written.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(path)?.write_all(self.pem.as_bytes())
    }
}

impl fmt::Debug for NewKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewKey").field("jwks", &self.jwks).finish_non_exhaustive()
    }
}
