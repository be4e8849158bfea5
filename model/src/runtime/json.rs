//! Reading and writing whole values.

use std::io::{self, Read, Write};

use super::error::ReadError;
use super::options::ReadOptions;
use super::read::{read_document, read_text};
use super::record::Value;
use super::write;

/// Conversion from and to JSON, for every generated type.
///
/// These functions are compiled in the crate of the types, so a program that calls them builds
/// quickly. The types are `serde` types as well, through the same engine.
pub trait Json: Value {
    /// Reads JSON, keeping unknown fields and codes.
    fn from_json(bytes: impl AsRef<[u8]>) -> Result<Self, ReadError> {
        Self::from_json_with(bytes, ReadOptions::lenient())
    }

    /// Reads JSON with these options.
    fn from_json_with(bytes: impl AsRef<[u8]>, options: ReadOptions) -> Result<Self, ReadError> {
        let mut value = Self::blank();
        read_document(bytes.as_ref(), options, &mut value)?;
        Ok(value)
    }

    /// Reads JSON that is already text.
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

    /// JSON over several lines, indented by two spaces.
    fn to_json_pretty(&self) -> String {
        pretty(&write::to_string(self))
    }

    /// Reads JSON to the end of a file, a connection or the like. Content that cannot be read gives an error of kind
    /// `InvalidData` that holds the [`ReadError`].
    fn from_reader(mut reader: impl Read) -> io::Result<Self> {
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes)?;
        Self::from_json(bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
    }

    /// Writes compact JSON to a file, a connection or the like.
    fn to_writer(&self, mut writer: impl Write) -> io::Result<()> {
        writer.write_all(&write::to_vec(self))
    }
}

impl<T: Value> Json for T {}

/// Breaks compact JSON into indented lines.
fn pretty(json: &str) -> String {
    let mut out = String::with_capacity(json.len() * 2);
    let mut depth = 0;
    let mut rest = json;
    while let Some(first) = rest.chars().next() {
        let mut length = first.len_utf8();
        match first {
            '"' => {
                length = string_length(rest);
                out.push_str(&rest[..length]);
            }
            '{' | '[' => {
                out.push(first);
                let closing = if first == '{' { "}" } else { "]" };
                let inside = rest[1..].trim_start();
                if inside.starts_with(closing) {
                    length = rest.len() - inside.len() + 1;
                    out.push_str(closing);
                } else {
                    depth += 1;
                    break_line(depth, &mut out);
                }
            }
            '}' | ']' => {
                depth -= 1;
                break_line(depth, &mut out);
                out.push(first);
            }
            ',' => {
                out.push(first);
                break_line(depth, &mut out);
            }
            ':' => out.push_str(": "),
            // A value that was kept as it came may contain white space.
            ' ' | '\n' | '\r' | '\t' => {}
            other => out.push(other),
        }
        rest = &rest[length..];
    }
    out
}

fn break_line(depth: usize, out: &mut String) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}

/// Length of the string at the start, with its quotes.
fn string_length(json: &str) -> usize {
    let mut is_escaped = true;
    let end = json.bytes().position(|byte| {
        let was_escaped = is_escaped;
        is_escaped = !was_escaped && byte == b'\\';
        byte == b'"' && !was_escaped
    });
    end.map_or(json.len(), |end| end + 1)
}

#[cfg(test)]
mod tests {
    use super::pretty;

    #[test]
    fn pretty_json_is_that_of_serde_json() {
        for json in [
            r#"{"a":1,"b":[],"c":{},"d":[1.50,"x,y:{}[]",null,{"e":"\"\\"}],"f":"\\"}"#,
            r#"[{"a":[[1],[true,false]]}]"#,
            "1",
        ] {
            let value: serde_json::Value = serde_json::from_str(json).expect("JSON");
            let expected = serde_json::to_string_pretty(&value).expect("JSON").replace("1.5,", "1.50,");
            assert_eq!(pretty(json), expected);
        }
        assert_eq!(pretty(r#"{ "a" : [ ] }"#), "{\n  \"a\": []\n}");
    }
}
