//! Writes JSON: compact, in the order of the definitions.

use super::reader::plain_length;

/// JSON under construction.
#[derive(Debug, Default)]
pub struct Writer {
    out: Vec<u8>,
    /// Whether the innermost object or array already has content.
    needs_comma: bool,
    /// Whether values are hidden.
    is_masked: bool,
}

/// The text written in place of a hidden value.
const HIDDEN: &[u8] = b"\"***\"";

impl Writer {
    /// A writer that hides values.
    pub(super) fn masked() -> Self {
        Self { is_masked: true, ..Self::default() }
    }

    /// How many bytes were written.
    #[cfg(feature = "xml")]
    pub(super) fn len(&self) -> usize {
        self.out.len()
    }

    /// What was written.
    pub fn into_bytes(self) -> Vec<u8> {
        self.out
    }

    /// What was written, as text.
    pub fn into_string(self) -> String {
        // Only whole strings are ever written, so nothing is replaced.
        String::from_utf8(self.out)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
    }

    /// Writes a comma before the next item, if one is needed.
    #[inline]
    fn separate(&mut self) {
        if std::mem::replace(&mut self.needs_comma, true) {
            self.out.push(b',');
        }
    }

    fn open(&mut self, bracket: u8) {
        self.separate();
        self.out.push(bracket);
        self.needs_comma = false;
    }

    fn close(&mut self, bracket: u8) {
        self.out.push(bracket);
        self.needs_comma = true;
    }

    /// `{`
    pub fn begin_object(&mut self) {
        self.open(b'{');
    }

    /// `}`
    pub fn end_object(&mut self) {
        self.close(b'}');
    }

    /// `[`
    pub fn begin_array(&mut self) {
        self.open(b'[');
    }

    /// `]`
    pub fn end_array(&mut self) {
        self.close(b']');
    }

    /// A key, with a prefix (`_` for id and extensions of a primitive).
    pub fn key(&mut self, prefix: &str, key: &str) {
        self.separate();
        self.out.push(b'"');
        self.out.extend_from_slice(prefix.as_bytes());
        self.escape(key);
        self.out.extend_from_slice(b"\":");
        self.needs_comma = false;
    }

    /// The key of an element, which needs no escapes.
    #[inline]
    pub(super) fn known_key(&mut self, key: &str) {
        self.out.reserve(key.len() + 4);
        self.separate();
        self.out.push(b'"');
        self.out.extend_from_slice(key.as_bytes());
        self.out.extend_from_slice(b"\":");
        self.needs_comma = false;
    }

    /// A key that the type does not have, and that may hold data.
    pub fn unknown_key(&mut self, key: &str) {
        self.key("", if self.is_masked { "***" } else { key });
    }

    /// Text of our own or from a definition: a resource type, a code of a value set.
    pub fn name(&mut self, value: &str) {
        self.separate();
        self.out.push(b'"');
        self.escape(value);
        self.out.push(b'"');
    }

    /// A string.
    pub fn string(&mut self, value: &str) {
        self.separate();
        if self.is_masked {
            self.out.extend_from_slice(HIDDEN);
            return;
        }
        self.out.push(b'"');
        self.escape(value);
        self.out.push(b'"');
    }

    /// Text that is already JSON: a number, `true`, `null`, a value that was kept as it came.
    pub fn raw(&mut self, json: &str) {
        self.separate();
        let is_shown = !self.is_masked || matches!(json, "null" | "true" | "false");
        self.out.extend_from_slice(if is_shown { json.as_bytes() } else { HIDDEN });
    }

    fn escape(&mut self, value: &str) {
        let mut rest = value;
        loop {
            let (plain, special) = rest.split_at(plain_length(rest.as_bytes()));
            self.out.extend_from_slice(plain.as_bytes());
            let Some(byte) = special.bytes().next() else { return };
            match byte {
                b'"' | b'\\' => self.out.extend_from_slice(&[b'\\', byte]),
                b'\n' => self.out.extend_from_slice(b"\\n"),
                b'\r' => self.out.extend_from_slice(b"\\r"),
                b'\t' => self.out.extend_from_slice(b"\\t"),
                _ => self.out.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
            }
            rest = &special[1..];
        }
    }
}
