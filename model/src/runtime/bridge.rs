//! `serde` support, through the same engine.
//!
//! Reading: `serde_json` hands the text through untouched, so that decimals keep their digits; from any other
//! deserializer (YAML, CBOR, `flatten`, `untagged` ...) the value is converted to JSON, and read from that. Writing:
//! a value is written as JSON and passed on token by token, as maps, sequences and scalars. So a program that
//! uses serde compiles this file, and not the types again.

use std::any::type_name;
use std::cell::RefCell;
use std::fmt;
use std::fmt::Write as _;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde::ser::{Error as _, Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::value::RawValue;

use super::json::Json;
use super::options::ReadOptions;
use super::read::read_taking_text;
use super::reader::Reader;
use super::record::{Leaf, Value};
use super::write;
use super::writer::Writer;

/// The name by which `serde_json` passes raw JSON through.
const RAW: &str = "$serde_json::private::RawValue";

/// Deepest nesting of maps and sequences that is accepted from another format.
const MAX_DEPTH: usize = 256;

/// Reads a generated type.
pub fn deserialize<'de, T: Value, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let text = text_of(deserializer)?;
    let mut value = T::blank();
    read_taking_text(&text, &mut value).map_err(D::Error::custom)?;
    Ok(value)
}

/// The next value, as JSON.
fn text_of<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let mut writer = Writer::default();
    let into = Into { writer: &mut writer, depth: 0 };
    deserializer.deserialize_newtype_struct(RAW, into)?;
    Ok(writer.into_string())
}

/// Converts the values of a format to JSON.
struct Into<'w> {
    writer: &'w mut Writer,
    depth: usize,
}

impl Into<'_> {
    fn deeper<E: serde::de::Error>(&mut self) -> Result<Into<'_>, E> {
        if self.depth == MAX_DEPTH {
            return Err(E::custom(format_args!("nested deeper than {MAX_DEPTH} levels")));
        }
        Ok(Into { writer: self.writer, depth: self.depth + 1 })
    }
}

impl<'de> DeserializeSeed<'de> for Into<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Into<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a FHIR value")
    }

    /// Formats other than `serde_json` continue here: the format says what comes next.
    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        let inside = self.deeper()?;
        let mut first: Option<String> = map.next_key()?;
        if first.as_deref() == Some(RAW) {
            inside.writer.raw(&map.next_value::<String>()?);
            return Ok(());
        }
        inside.writer.begin_object();
        while let Some(key) = first {
            inside.writer.key("", &key);
            map.next_value_seed(Into { writer: inside.writer, depth: inside.depth })?;
            first = map.next_key()?;
        }
        inside.writer.end_object();
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        let inside = self.deeper()?;
        inside.writer.begin_array();
        while items.next_element_seed(Into { writer: inside.writer, depth: inside.depth })?.is_some() {}
        inside.writer.end_array();
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.writer.string(text);
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.writer.raw(if value { "true" } else { "false" });
        Ok(())
    }

    fn visit_i64<E>(self, number: i64) -> Result<(), E> {
        self.writer.raw(&number.to_string());
        Ok(())
    }

    fn visit_u64<E>(self, number: u64) -> Result<(), E> {
        self.writer.raw(&number.to_string());
        Ok(())
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<(), E> {
        if !number.is_finite() {
            return Err(E::custom("FHIR has neither infinite numbers nor NaN"));
        }
        self.writer.raw(&number.to_string());
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.writer.raw("null");
        Ok(())
    }

    fn visit_none<E: serde::de::Error>(self) -> Result<(), E> {
        self.visit_unit()
    }
}

/// Writes a generated type.
pub fn serialize<S: Serializer>(value: &dyn Leaf, serializer: S) -> Result<S::Ok, S::Error> {
    let json = write::to_string(value);
    if is_plain_json::<S>() {
        return RawValue::from_string(json).map_err(S::Error::custom)?.serialize(serializer);
    }
    Tokens(&RefCell::new(Reader::new(&json, ReadOptions::lenient()))).serialize(serializer)
}

/// Whether the serializer is `serde_json` writing compact text: it can take the JSON text as it is, which is faster.
fn is_plain_json<S>() -> bool {
    let name = type_name::<S>();
    name.starts_with("&mut serde_json::ser::Serializer<") && name.ends_with("CompactFormatter>")
}

/// Whether an error type is that of `serde_json`, which accepts numbers as written.
fn is_json<E>() -> bool {
    type_name::<E>() == type_name::<serde_json::Error>()
}

/// JSON, passed on token by token.
struct Tokens<'r, 'a>(&'r RefCell<Reader<'a>>);

impl Serialize for Tokens<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let fault = S::Error::custom::<super::error::ReadError>;
        let first = self.0.borrow_mut().peek();
        match first {
            b'{' => {
                self.0.borrow_mut().begin_object().map_err(fault)?;
                let mut map = serializer.serialize_map(None)?;
                let mut is_first = true;
                loop {
                    let key = self.0.borrow_mut().key(&mut is_first).map_err(fault)?;
                    let Some(key) = key else { return map.end() };
                    map.serialize_entry(&*key, &Tokens(self.0))?;
                }
            }
            b'[' => {
                self.0.borrow_mut().begin_array().map_err(fault)?;
                let mut items = serializer.serialize_seq(None)?;
                let mut is_first = true;
                while self.0.borrow_mut().item(&mut is_first).map_err(fault)? {
                    items.serialize_element(&Tokens(self.0))?;
                }
                items.end()
            }
            b'"' => {
                let text = self.0.borrow_mut().string().map_err(fault)?;
                serializer.serialize_str(&text)
            }
            b't' | b'f' => {
                let value = self.0.borrow_mut().boolean().map_err(fault)?;
                serializer.serialize_bool(value)
            }
            b'n' if self.0.borrow_mut().null() => serializer.serialize_unit(),
            _ => {
                let number = self.0.borrow_mut().number().map_err(fault)?;
                write_number(number, serializer)
            }
        }
    }
}

/// Writes a number with all its digits: as a number where the format can hold exactly that number, else as text,
/// which can be read again too.
fn write_number<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    if let Ok(number) = text.parse::<i64>()
        && is_written(number, text)
    {
        return serializer.serialize_i64(number);
    }
    if is_json::<S::Error>() {
        return RawValue::from_string(text.to_owned()).map_err(S::Error::custom)?.serialize(serializer);
    }
    match text.parse::<f64>() {
        Ok(number) if is_written(number, text) => serializer.serialize_f64(number),
        _ => serializer.serialize_str(text),
    }
}

/// Whether a number is written exactly like this text.
fn is_written(number: impl fmt::Display, text: &str) -> bool {
    let mut written = String::new();
    write!(written, "{number}").is_ok() && written == text
}

/// Reads a primitive that is text, which may also be the key of a map.
pub fn deserialize_text<'de, T: Value, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let text = String::deserialize(deserializer)?;
    let mut writer = Writer::default();
    writer.string(&text);
    T::from_json_text(&writer.into_string(), ReadOptions::lenient()).map_err(D::Error::custom)
}
