//! JSON Web Tokens (RFC 7515, RFC 7519): three parts, of which the last signs the others.

use ers_fhir_values::base64::decode_of_addresses;
use serde::Deserialize;
use serde_json::Value;

/// Longest token that is read.
const MOST_BYTES: usize = 16 << 10;

/// A parsed token. Nothing of it is verified.
pub(super) struct Jwt<'t> {
    pub(super) header: Header,
    pub(super) claims: Claims,
    /// The signed part.
    pub(super) message: &'t [u8],
    pub(super) signature: Vec<u8>,
}

/// The header.
#[derive(Deserialize)]
pub(super) struct Header {
    pub(super) alg: Option<String>,
    pub(super) typ: Option<String>,
    pub(super) kid: Option<String>,
    /// Extensions that a reader must understand; none are supported here.
    pub(super) crit: Option<Value>,
}

/// The claims.
#[derive(Deserialize)]
pub(super) struct Claims {
    pub(super) iss: Option<String>,
    pub(super) sub: Option<String>,
    pub(super) aud: Option<Value>,
    pub(super) exp: Option<Value>,
    pub(super) nbf: Option<Value>,
    pub(super) jti: Option<String>,
    pub(super) acr: Option<String>,
}

impl<'t> Jwt<'t> {
    /// Parses a token; `None` if it is not a token.
    pub(super) fn read(text: &'t str) -> Option<Self> {
        if text.len() > MOST_BYTES {
            return None;
        }
        let (message, signature) = text.rsplit_once('.')?;
        let (header, claims) = message.split_once('.').filter(|(_, claims)| !claims.contains('.'))?;
        Some(Self {
            header: serde_json::from_slice(&decode_of_addresses(header)?).ok()?,
            claims: serde_json::from_slice(&decode_of_addresses(claims)?).ok()?,
            message: message.as_bytes(),
            signature: decode_of_addresses(signature)?,
        })
    }
}

impl Claims {
    /// Whether it is meant for one of these.
    pub(super) fn is_for(&self, audiences: &[String]) -> bool {
        let aud = self.aud.as_ref().and_then(Value::as_str);
        aud.is_some_and(|aud| audiences.iter().any(|known| known == aud))
    }
}
