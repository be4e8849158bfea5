//! From bytes to a document.

use crate::document::{Document, Syntax};
use crate::fault::{FaultKind, Unreadable};
use crate::limits::check_size;
use crate::{json, xml};

impl<'s> Document<'s> {
    /// Reads JSON or XML, whichever the first character announces.
    ///
    /// # Errors
    ///
    /// [`Unreadable`] where the bytes are not UTF-8, not JSON or XML, nested deeper than
    /// [`MAX_DEPTH`](crate::MAX_DEPTH) or longer than [`MAX_BYTES`](crate::MAX_BYTES).
    pub fn parse(bytes: &'s [u8]) -> Result<Self, Unreadable> {
        let source = text_of(bytes)?;
        match Syntax::of(bytes) {
            Syntax::Json => json::parse(source),
            Syntax::Xml => xml::parse(source),
        }
        .map_err(|unreadable| *unreadable)
    }
}

/// The bytes as text, or an error where they stop being UTF-8.
fn text_of(bytes: &[u8]) -> Result<&str, Unreadable> {
    check_size(bytes.len() as u64)?;
    if let [0, letter, ..] | [letter, 0, ..] = bytes
        && letter.is_ascii_graphic()
    {
        // UTF-16 without a byte-order mark. If all of it is ASCII, it happens to be valid UTF-8 too.
        return Err(*FaultKind::NotUtf8 { at: 0, is_utf16: true }.at(0..0));
    }
    simdutf8::basic::from_utf8(bytes).map_err(|_| {
        let at = str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len);
        let is_utf16 = matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]);
        *FaultKind::NotUtf8 { at, is_utf16 }.at(at..at)
    })
}
