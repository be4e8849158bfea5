//! Strings, codes, ids and binary data.

use crate::FhirVersion;

use super::fault::{Fault, FaultKind};
use super::pattern;
use crate::base64;

/// Longest string, in characters.
const LONGEST: usize = pattern::LONGEST as usize;

pub(super) fn boolean(text: &str) -> Result<(), Fault> {
    if matches!(text, "true" | "false") { Ok(()) } else { Err(Fault::form("true or false")) }
}

/// `string` and `markdown`.
pub(super) fn string(text: &str, version: FhirVersion) -> Result<(), Fault> {
    if text.len() > LONGEST && text.chars().count() > LONGEST {
        return Err(Fault::range("strings hold at most 1048576 characters"));
    }
    let mut is_blank = true;
    for byte in text.bytes() {
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' => {}
            0..0x20 => {
                // STU3 advises against them; R4 forbids them.
                return Err(Fault {
                    kind: FaultKind::ControlCharacter,
                    is_error: version != FhirVersion::Stu3,
                    expected: "text whose only control characters are tab, line feed and carriage return",
                });
            }
            _ => is_blank = false,
        }
    }
    if is_blank {
        return Err(Fault {
            kind: FaultKind::Blank,
            is_error: false,
            expected: "text that is not only white space",
        });
    }
    Ok(())
}

pub(super) fn code(text: &str) -> Result<(), Fault> {
    let mut after_space = true;
    for byte in text.bytes() {
        let is_space = byte == b' ';
        if byte < b' ' || is_space && after_space {
            return Err(CODE);
        }
        after_space = is_space;
    }
    if after_space { Err(CODE) } else { Ok(()) }
}

const CODE: Fault = Fault::form("no white space before, after or doubled within a code");

/// The markup of a narrative, as far as its first character goes: what is in it is no lexical form.
pub(super) fn xhtml(text: &str) -> Result<(), Fault> {
    let start = text.trim_start_matches([' ', '\t', '\r', '\n']);
    if start.starts_with('<') { Ok(()) } else { Err(Fault::form("XHTML: a div element")) }
}

pub(super) fn id(text: &str) -> Result<(), Fault> {
    if !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.')) {
        return Err(Fault::form("letters, digits, '-' and '.' only"));
    }
    if text.len() > 64 {
        return Err(Fault::form("at most 64 characters"));
    }
    Ok(())
}

pub(super) fn base64(text: &str) -> Result<(), Fault> {
    base64::decoded_len(text)
        .map(|_| ())
        .ok_or(Fault::form("base64: groups of four of A-Z, a-z, 0-9, '+' and '/', padded with '='"))
}
