//! `base64Binary`.

use std::fmt;
use std::ops::Deref;

use super::text::text_type;
use crate::runtime::{Fault, Leaf, ReadError, Reader, Value, Writer};

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

text_type! {
    /// Bytes in base64, as text; [`Base64Binary::decode`] gives the bytes.
    ///
    /// ```
    /// use ers_fhir_model::primitives::Base64Binary;
    ///
    /// let value = Base64Binary::encode(b"any bytes");
    /// assert_eq!(value.as_str(), "YW55IGJ5dGVz");
    /// assert_eq!(value.decode()?, b"any bytes");
    /// # Ok::<(), ers_fhir_model::primitives::Base64Error>(())
    /// ```
    Base64Binary, "base64Binary", "use base64 with padding", |text| decode(text).is_ok(),
    // What is in a document may be long, and is checked when it is decoded.
    lenient: |_| true
}

/// A text is not base64.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Base64Error {
    /// Where, in bytes from the start.
    pub at: usize,
}

impl fmt::Display for Base64Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not base64: wrong character or length at byte {}", self.at)
    }
}

impl std::error::Error for Base64Error {}

impl Base64Binary {
    /// Bytes as base64, with padding.
    pub fn encode(bytes: &[u8]) -> Self {
        let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
        for chunk in bytes.chunks(3) {
            let word = chunk.iter().fold(0_u32, |word, byte| word << 8 | u32::from(*byte));
            let word = word << (8 * (3 - chunk.len()));
            for place in 0..4 {
                let sextet = (word >> (18 - 6 * place)) & 63;
                text.push(if place <= chunk.len() { char::from(ALPHABET[sextet as usize]) } else { '=' });
            }
        }
        Self(text.into())
    }

    /// The bytes. White space is passed over.
    pub fn decode(&self) -> Result<Vec<u8>, Base64Error> {
        decode(&self.0)
    }
}

fn decode(text: &str) -> Result<Vec<u8>, Base64Error> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut word, mut sextets, mut padding) = (0_u32, 0, 0);
    for (at, byte) in text.bytes().enumerate() {
        let sextet = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' if sextets >= 2 => {
                padding += 1;
                0
            }
            _ if byte.is_ascii_whitespace() => continue,
            _ => return Err(Base64Error { at }),
        };
        if padding > 0 && byte != b'=' {
            return Err(Base64Error { at });
        }
        word = word << 6 | u32::from(sextet);
        sextets += 1;
        if sextets == 4 {
            bytes.extend_from_slice(&word.to_be_bytes()[1..4 - padding]);
            (word, sextets) = (0, 0);
        }
    }
    if sextets == 0 { Ok(bytes) } else { Err(Base64Error { at: text.len() }) }
}
