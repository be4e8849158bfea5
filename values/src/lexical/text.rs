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
    if lowest(text) < b' ' {
        let is_forbidden = |byte: u8| byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r');
        if text.bytes().any(is_forbidden) {
            // STU3 advises against them; R4 forbids them.
            return Err(Fault {
                kind: FaultKind::ControlCharacter,
                is_error: version != FhirVersion::Stu3,
                expected: "text whose only control characters are tab, line feed and carriage return",
            });
        }
    }
    if text.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')) {
        return Err(Fault {
            kind: FaultKind::Blank,
            is_error: false,
            expected: "text that is not only white space",
        });
    }
    Ok(())
}

/// The lowest byte of a text. Scanning all of it is faster than stopping at the first byte that is too low.
pub(super) fn lowest(text: &str) -> u8 {
    text.bytes().fold(u8::MAX, u8::min)
}

pub(super) fn code(text: &str) -> Result<(), Fault> {
    if !text.is_empty() && lowest(text) > b' ' {
        return Ok(());
    }
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

const CODE: Fault = Fault::form("a code without leading, trailing or doubled white space");

/// The markup of a narrative. Only its first character is checked: its content has no lexical form.
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
