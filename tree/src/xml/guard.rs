//! What is refused before a parser sees it: other encodings, DTDs and endless nesting.

use std::ops::Range;

use memchr::{memchr, memmem};

use super::super::builder::too_deep;
use super::super::{FaultKind, MAX_DEPTH, Unreadable};

/// Looks over the markup once. What is not well formed is left for the parser to describe.
pub(super) fn check(source: &str, start: usize) -> Result<(), Unreadable> {
    check_encoding(source, start)?;
    let bytes = source.as_bytes();
    let mut depth = 0_usize;
    let mut at = start;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr(b'<', rest)) {
        let tag = at + found;
        let rest = &bytes[tag..];
        at = tag
            + match rest {
                [b'<', b'!', b'-', b'-', ..] => behind(rest, b"-->"),
                [b'<', b'!', b'[', ..] => behind(rest, b"]]>"),
                [b'<', b'!', ..] => {
                    return Err(FaultKind::DocumentType.at(tag..tag + behind(rest, b">")));
                }
                [b'<', b'?', ..] => behind(rest, b"?>"),
                [b'<', b'/', ..] => {
                    depth = depth.saturating_sub(1);
                    behind(rest, b">")
                }
                _ => {
                    let length = tag_length(rest);
                    let is_empty_element = length >= 2 && rest[length - 2] == b'/';
                    if !is_empty_element {
                        depth += 1;
                    }
                    if depth > MAX_DEPTH {
                        return Err(too_deep(tag));
                    }
                    length
                }
            };
    }
    Ok(())
}

fn behind(rest: &[u8], end: &[u8]) -> usize {
    memmem::find(rest, end).map_or(rest.len(), |at| at + end.len())
}

/// Length of a start tag: a `>` in a quoted value does not end it.
fn tag_length(rest: &[u8]) -> usize {
    let mut quote = None;
    for (at, byte) in rest.iter().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at + 1,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    rest.len()
}

fn check_encoding(source: &str, start: usize) -> Result<(), Unreadable> {
    let Some(range) = declared_encoding(source, start) else { return Ok(()) };
    let declared = &source[range.clone()];
    if ["utf-8", "utf8", "us-ascii", "ascii"].iter().any(|known| declared.eq_ignore_ascii_case(known)) {
        return Ok(());
    }
    Err(FaultKind::Encoding(declared.to_owned()).at(range))
}

/// Where `<?xml … encoding="…"?>` names the encoding.
fn declared_encoding(source: &str, start: usize) -> Option<Range<usize>> {
    let declaration = source.get(start..)?.strip_prefix("<?xml ")?;
    let declaration = &declaration[..declaration.find("?>")?];
    let at = declaration.find("encoding")? + "encoding".len();
    let behind = declaration[at..].trim_start().strip_prefix('=')?.trim_start();
    let quote = behind.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let value = &behind[1..];
    let length = value.find(quote)?;
    let value_start = start + "<?xml ".len() + declaration.len() - value.len();
    Some(value_start..value_start + length)
}
