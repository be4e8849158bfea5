//! Reading and writing whole values.

use super::error::ReadError;
use super::options::ReadOptions;
use super::read::{read_document, read_text};
use super::record::Value;
use super::write;

/// From JSON and to JSON, for every generated type.
///
/// These are compiled inside the crate of the types, so that a program that calls them builds in a
/// moment. The types are `serde` types as well, which goes through the same engine.
pub trait Json: Value {
    /// Reads JSON, keeping what the types do not know.
    fn from_json(bytes: impl AsRef<[u8]>) -> Result<Self, ReadError> {
        Self::from_json_with(bytes, ReadOptions::lenient())
    }

    /// Reads JSON as the options say.
    fn from_json_with(bytes: impl AsRef<[u8]>, options: ReadOptions) -> Result<Self, ReadError> {
        let mut value = Self::blank();
        read_document(bytes.as_ref(), options, &mut value)?;
        Ok(value)
    }

    /// Reads JSON that is text already.
    fn from_json_text(text: &str, options: ReadOptions) -> Result<Self, ReadError> {
        let mut value = Self::blank();
        read_text(text, options, &mut value)?;
        Ok(value)
    }

    /// Compact JSON, in the order of the definitions.
    fn to_json(&self) -> String {
        write::to_string(self)
    }

    /// Compact JSON as bytes.
    fn to_json_bytes(&self) -> Vec<u8> {
        write::to_vec(self)
    }
}

impl<T: Value> Json for T {}
