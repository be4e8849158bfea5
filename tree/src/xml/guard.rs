//! Refuses some input before a parser sees it: other encodings, DTDs and endless nesting.

use std::ops::Range;

use memchr::{memchr, memmem};

use super::super::builder::too_deep;
use super::super::fault::{FaultKind, Unreadable};
use super::super::limits::MAX_DEPTH;

/// Scans the markup once. Markup that is not well formed is left for the parser to describe.
pub(super) fn check(source: &str, start: usize) -> Result<(), Box<Unreadable>> {
    check_encoding(source, start)?;
    let bytes = source.as_bytes();
    let most = MOST_ELEMENTS + source.len() / BYTES_PER_ELEMENT;
    let mut elements = 0_usize;
    let mut depth = 0_usize;
    let mut at = start;
    let mut prefixes = Prefixes::default();
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
                    prefixes.leave(depth);
                    depth = depth.saturating_sub(1);
                    behind(rest, b">")
                }
                _ => {
                    let Tag { length, attributes, namespaces } = tag_length(rest);
                    elements += 1;
                    if elements > most {
                        return Err(FaultKind::TooManyElements(most).at(tag..tag));
                    }
                    if attributes > MOST_ATTRIBUTES {
                        return Err(FaultKind::TooManyAttributes(MOST_ATTRIBUTES).at(tag..tag + length));
                    }
                    let is_empty_element = length >= 2 && rest[length - 2] == b'/';
                    if !is_empty_element {
                        depth += 1;
                    }
                    if depth > MAX_DEPTH {
                        return Err(too_deep(tag));
                    }
                    if namespaces > 0 && !is_empty_element && !prefixes.enter(depth, namespaces) {
                        return Err(FaultKind::TooManyAttributes(MOST_PREFIXES).at(tag..tag + length));
                    }
                    length
                }
            };
    }
    Ok(())
}

/// Elements that a document of any size may have, and how many bytes it needs for each further one: the shortest
/// element of FHIR takes 15.
const MOST_ELEMENTS: usize = 100_000;
const BYTES_PER_ELEMENT: usize = 12;

/// Most attributes of one tag: each is compared with all others. Tags of FHIR have at most three.
const MOST_ATTRIBUTES: usize = 256;

/// Most namespaces in scope at an element: each element that declares one inherits all the others.
const MOST_PREFIXES: usize = 256;

/// The namespaces declared by the open elements.
#[derive(Default)]
struct Prefixes {
    open: Vec<(usize, usize)>,
    count: usize,
}

impl Prefixes {
    /// Opens an element at a depth that declares some namespaces; whether these are not too many.
    fn enter(&mut self, depth: usize, namespaces: usize) -> bool {
        self.open.push((depth, namespaces));
        self.count += namespaces;
        self.count <= MOST_PREFIXES
    }

    /// Closes the element at a depth.
    fn leave(&mut self, depth: usize) {
        if let Some((_, namespaces)) = self.open.pop_if(|(opened, _)| *opened >= depth) {
            self.count -= namespaces;
        }
    }
}

fn behind(rest: &[u8], end: &[u8]) -> usize {
    memmem::find(rest, end).map_or(rest.len(), |at| at + end.len())
}

/// A start tag: its length, and how many attributes it has and namespaces it declares.
struct Tag {
    length: usize,
    attributes: usize,
    namespaces: usize,
}

/// Scans a start tag: a `>` in a quoted value does not end it.
fn tag_length(rest: &[u8]) -> Tag {
    let mut quote = None;
    let mut attributes = 0;
    let mut namespaces = 0;
    let declares = |at: usize| rest[..at].ends_with(b"xmlns");
    for (at, byte) in rest.iter().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Tag { length: at + 1, attributes, namespaces },
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'=') => {
                attributes += 1;
                namespaces += usize::from(declares(at));
            }
            (None, b':') => namespaces += usize::from(declares(at)),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    Tag { length: rest.len(), attributes, namespaces }
}

fn check_encoding(source: &str, start: usize) -> Result<(), Box<Unreadable>> {
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
