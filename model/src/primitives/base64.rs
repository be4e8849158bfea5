//! `base64Binary`.

use std::fmt;
use std::ops::Deref;

use ers_fhir_values::{Primitive, base64, lexical};

use super::text::{checked_text, text_order, text_type};
use crate::runtime::{Fault, Leaf, ReadError, Reader, Value, Writer};

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
    Base64Binary, Base64Binary, "use base64 with padding",
    // In a document, the text may be long, so it is checked only when it is decoded.
    lenient: |_| true
}

checked_text!(Base64Binary);
text_order!(Base64Binary);

/// A text is not base64.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Base64Error {
    /// The byte offset of the fault.
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
        Self(base64::encode(bytes).into())
    }

    /// The bytes. White space is skipped.
    pub fn decode(&self) -> Result<Vec<u8>, Base64Error> {
        base64::decode(&self.0).map_err(|at| Base64Error { at })
    }
}
