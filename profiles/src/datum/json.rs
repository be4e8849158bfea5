//! `Datum` from JSON: a serde visitor, with no tree in between.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::Datum;
use crate::error::ReadError;

/// The byte-order mark that some editors put before UTF-8 text.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

impl Datum {
    /// Reads a resource, or any other JSON object, from UTF-8 bytes; a byte-order mark is skipped.
    ///
    /// The siblings of primitives (`_birthDate`) become children of the primitive. Nesting beyond
    /// 127 levels is refused.
    pub fn from_json(bytes: &[u8]) -> Result<Self, ReadError> {
        let bytes = without_byte_order_mark(bytes);
        let quoted = super::numbers::quoted(bytes);
        serde_json::from_slice(quoted.as_deref().unwrap_or(bytes))
            .map_err(|e| ReadError::Syntax(format!("not the JSON of a resource: {e}")))
    }
}

/// The bytes after a byte-order mark, if they start with one.
pub(crate) fn without_byte_order_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes)
}

impl<'de> Deserialize<'de> for Datum {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor)
    }
}

/// The value of a JSON member, before repeats become repeated names.
enum Value {
    Null,
    One(Datum),
    Many(Vec<Datum>),
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the value of an element")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::One(Datum::primitive(if value { "true" } else { "false" })))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::One(Datum::primitive(value.to_string())))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::One(Datum::primitive(value.to_string())))
    }

    /// An integer that does not fit into 64 bits; all other numbers come as text.
    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::One(Datum::primitive(value.to_string())))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::One(Datum::primitive(value)))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::One(Datum::primitive(value)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(match item {
                Value::One(datum) => datum,
                // An array item that only exists in the sibling with extensions.
                Value::Null => Datum::default(),
                Value::Many(_) => {
                    return Err(A::Error::custom("an array is nested directly inside an array"));
                }
            });
        }
        Ok(Value::Many(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Value, A::Error> {
        ObjectVisitor.visit_map(map).map(Value::One)
    }
}

struct ObjectVisitor;

impl<'de> Visitor<'de> for ObjectVisitor {
    type Value = Datum;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Datum, A::Error> {
        let mut datum = Datum::default();
        let mut siblings = Vec::new();
        while let Some(key) = map.next_key::<Box<str>>()? {
            if &*key == "div" {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            let value = map.next_value()?;
            match key.strip_prefix('_') {
                Some(name) => siblings.push((Box::from(name), value)),
                None => datum.put(key, value),
            }
        }
        for (name, value) in siblings {
            datum.merge_siblings(&name, value);
        }
        datum.fields.retain(|(_, child)| child.text.is_some() || !child.fields.is_empty());
        Ok(datum)
    }
}

impl Datum {
    fn put(&mut self, name: Box<str>, value: Value) {
        match value {
            Value::Null => {}
            Value::One(child) if &*name == "resourceType" => self.fields.insert(0, (name, child)),
            Value::One(child) => self.fields.push((name, child)),
            Value::Many(children) => {
                self.fields.extend(children.into_iter().map(|child| (name.clone(), child)));
            }
        }
    }

    /// Gives the repeats of `name` the children that its `_name` siblings hold, pairwise.
    fn merge_siblings(&mut self, name: &str, value: Value) {
        let siblings = match value {
            Value::Null => return,
            Value::One(sibling) => vec![sibling],
            Value::Many(siblings) => siblings,
        };
        let mut siblings = siblings.into_iter();
        for (_, child) in self.fields.iter_mut().filter(|(n, _)| &**n == name) {
            let Some(sibling) = siblings.next() else { return };
            child.fields.extend(sibling.fields);
        }
        self.fields.extend(siblings.map(|sibling| (Box::from(name), sibling)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_are_repeated_names() {
        let patient = Datum::from_json(
            br#"{"id":"p","active":true,"name":[{"given":["A","B"]},{"family":"C"}],"resourceType":"Patient"}"#,
        )
        .unwrap();
        let names: Vec<_> = patient.fields.iter().map(|(n, _)| &**n).collect();
        assert_eq!(names, ["resourceType", "id", "active", "name", "name"]);
        let given: Vec<_> = patient.get("name").unwrap().all("given").map(|d| d.text.as_deref()).collect();
        assert_eq!(given, [Some("A"), Some("B")]);
        assert_eq!(patient.bool("active"), Some(true));
    }

    #[test]
    fn numbers_keep_their_digits() {
        let datum = Datum::from_json(br#"{"a":1.10,"b":-0.0,"c":12,"d":1e3,"e":[2.50,3]}"#).unwrap();
        let texts: Vec<_> = datum.fields.iter().filter_map(|(_, d)| d.text.as_deref()).collect();
        assert_eq!(texts, ["1.10", "-0.0", "12", "1e3", "2.50", "3"]);
    }

    #[test]
    fn siblings_give_primitives_their_children() {
        let datum = Datum::from_json(
            br#"{"_given":[null,{"id":"b"},{"id":"c"}],"given":["A",null],"_birthDate":{"id":"d"}}"#,
        )
        .unwrap();
        let given: Vec<_> = datum.all("given").map(|d| (d.text.as_deref(), d.str("id"))).collect();
        assert_eq!(given, [(Some("A"), None), (None, Some("b")), (None, Some("c"))]);
        assert_eq!(datum.get("birthDate").unwrap().str("id"), Some("d"));
    }

    #[test]
    fn a_byte_order_mark_is_skipped_and_narrative_left_out() {
        let datum =
            Datum::from_json(b"\xEF\xBB\xBF{\"text\":{\"status\":\"empty\",\"div\":\"<div/>\"}}").unwrap();
        assert_eq!(datum.get("text").unwrap().fields.len(), 1);
    }

    #[test]
    fn hostile_input_is_an_error() {
        let deep = format!("{}1{}", r#"{"a":"#.repeat(100_000), "}".repeat(100_000));
        for bad in ["", "[]", "{", r#"{"a":[[1]]}"#, "{\"a\":\"\u{0}\"}", &deep] {
            assert!(matches!(Datum::from_json(bad.as_bytes()), Err(ReadError::Syntax(_))), "{bad:.20}");
        }
    }
}
