//! Signing for an application.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::RSA_PKCS1_SHA512;
use secrecy::zeroize::Zeroizing;

use super::token::Waiting;

/// Signs with the private key of an application. Implement it for a vault or an HSM that does not hand keys out.
pub trait Signer: fmt::Debug + Send + Sync {
    /// Id of the key in the key set that was registered for the application (`kid`).
    fn key_id(&self) -> &str;

    /// Signature of a message by RSA with SHA-512 and PKCS #1 v1.5 padding (RS512).
    fn sign<'s>(&'s self, message: &'s [u8]) -> Waiting<'s, Result<Vec<u8>, SignError>>;
}

/// Why signing failed. It contains nothing of the key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignError {
    /// The file cannot be read.
    #[error("the key cannot be read: {0}")]
    File(String),
    /// Other users may read the file.
    #[error("other users may read the key file: chmod 600")]
    Open,
    /// It is not a key.
    #[error(
        "this is not an RSA private key in PEM, \
         which begins with -----BEGIN PRIVATE KEY----- or -----BEGIN RSA PRIVATE KEY-----"
    )]
    Pem,
    /// The key is protected by a passphrase.
    #[error(
        "the key is protected by a passphrase: store it without one in a file that only its owner may read, or sign in a vault"
    )]
    Encrypted,
    /// It is a key of another kind, or too short.
    #[error("the key is not an RSA key of at least 2048 bits")]
    Key,
    /// Signing failed.
    #[error("signing failed: {0}")]
    Failed(String),
}

/// Signs with a key that is in memory. The memory is wiped when it is freed.
#[derive(Clone)]
pub struct PemSigner {
    key_id: String,
    key: Arc<KeyPair>,
}

impl PemSigner {
    /// The key in a PEM text, PKCS #8 or PKCS #1.
    ///
    /// # Errors
    ///
    /// If it is none.
    pub fn new(key_id: impl Into<String>, pem: &str) -> Result<Self, SignError> {
        const FORMS: [(&str, bool); 2] = [("PRIVATE KEY", true), ("RSA PRIVATE KEY", false)];
        if pem.contains("ENCRYPTED") {
            return Err(SignError::Encrypted);
        }
        for (name, is_pkcs8) in FORMS {
            let (begin, end) = (format!("-----BEGIN {name}-----"), format!("-----END {name}-----"));
            let Some((_, rest)) = pem.split_once(&begin) else { continue };
            let (body, _) = rest.split_once(&end).ok_or(SignError::Pem)?;
            let der = Zeroizing::new(ers_fhir_values::base64::decode(body).map_err(|_| SignError::Pem)?);
            let key = if is_pkcs8 { KeyPair::from_pkcs8(&der) } else { KeyPair::from_der(&der) };
            let key = key.map_err(|_| SignError::Key)?;
            return Ok(Self { key_id: key_id.into(), key: Arc::new(key) });
        }
        Err(SignError::Pem)
    }

    /// The key in a PEM file, which only its owner may read.
    ///
    /// # Errors
    ///
    /// If it cannot be read, is not a key, or other users may read it.
    pub fn from_file(key_id: impl Into<String>, path: &Path) -> Result<Self, SignError> {
        Self::new(key_id, &read(path)?)
    }
}

/// A file that only its owner may read.
fn read(path: &Path) -> Result<Zeroizing<String>, SignError> {
    use std::io::Read;

    let failed = |error: std::io::Error| SignError::File(error.to_string());
    let file = std::fs::File::open(path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    #[cfg(unix)]
    if std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o077 != 0 {
        return Err(SignError::Open);
    }
    // Allocated in one piece, so that growing leaves no copy behind.
    let size = usize::try_from(metadata.len()).unwrap_or(0).min(1 << 20);
    let mut text = Zeroizing::new(String::with_capacity(size + 1));
    file.take(1 << 20).read_to_string(&mut text).map_err(failed)?;
    Ok(text)
}

impl fmt::Debug for PemSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PemSigner").field("key_id", &self.key_id).finish_non_exhaustive()
    }
}

impl Signer for PemSigner {
    fn key_id(&self) -> &str {
        &self.key_id
    }

    fn sign<'s>(&'s self, message: &'s [u8]) -> Waiting<'s, Result<Vec<u8>, SignError>> {
        let mut signature = vec![0; self.key.public_modulus_len()];
        let signed = self.key.sign(&RSA_PKCS1_SHA512, &SystemRandom::new(), message, &mut signature);
        let signed =
            signed.map(|()| signature).map_err(|_| SignError::Failed("the key cannot sign".to_owned()));
        Box::pin(std::future::ready(signed))
    }
}
