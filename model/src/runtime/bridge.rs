//! `serde`, by way of JSON text.
//!
//! `serde_json` hands the text through untouched, so that decimals keep their digits and a program
//! that uses it does not compile the types again. Formats that are not JSON are refused by it.

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Error as _, Serialize, Serializer};
use serde_json::value::RawValue;

use super::json::Json;
use super::options::ReadOptions;
use super::record::{Leaf, Value};
use super::write;

/// Reads a generated type where `serde_json` reads it.
pub fn deserialize<'de, T: Value, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let text = Box::<RawValue>::deserialize(deserializer)?;
    T::from_json_text(text.get(), ReadOptions::lenient()).map_err(D::Error::custom)
}

/// Writes a generated type where `serde_json` writes it.
pub fn serialize<S: Serializer>(value: &dyn Leaf, serializer: S) -> Result<S::Ok, S::Error> {
    RawValue::from_string(write::to_string(value)).map_err(S::Error::custom)?.serialize(serializer)
}
