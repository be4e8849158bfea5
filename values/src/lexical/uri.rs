//! URIs, and the two kinds of URI that are types of their own.

use super::fault::Fault;
use super::text::lowest;

const OID: Fault = Fault::form("an OID: urn:oid: and numbers separated by dots, without leading zeros");
const UUID: Fault = Fault::form("a UUID: urn:uuid: and 8-4-4-4-12 hexadecimal digits in lower case");

/// `uri`, `url` and `canonical`.
pub(super) fn uri(text: &str) -> Result<(), Fault> {
    if lowest(text) <= b' ' {
        return Err(Fault::form("a URI without white space"));
    }
    // Most URIs are URLs; only the others need a closer look.
    if text.starts_with("http") {
        return Ok(());
    }
    if text.starts_with("oid:") {
        return Err(Fault::form("urn:oid: before an OID"));
    }
    if text.starts_with("uuid:") {
        return Err(Fault::form("urn:uuid: before a UUID"));
    }
    if text.starts_with("urn:uuid:") {
        return uuid(without_suffix(text));
    }
    if text.starts_with("urn:oid:") {
        return oid(without_suffix(text));
    }
    Ok(())
}

/// The URI before the `|version` and `#fragment` of a canonical.
fn without_suffix(text: &str) -> &str {
    text.split_once(['|', '#']).map_or(text, |(before, _)| before)
}

pub(super) fn oid(text: &str) -> Result<(), Fault> {
    let arcs = text.strip_prefix("urn:oid:").ok_or(OID)?;
    let is_arc = |arc: &str| match arc.as_bytes() {
        [b'0'] => true,
        [b'1'..=b'9', rest @ ..] => rest.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    let is_known_root = matches!(arcs.as_bytes(), [b'0'..=b'2', b'.', ..]);
    if is_known_root && arcs.split('.').all(is_arc) { Ok(()) } else { Err(OID) }
}

pub(super) fn uuid(text: &str) -> Result<(), Fault> {
    let digits = text.strip_prefix("urn:uuid:").ok_or(UUID)?.as_bytes();
    let is_right = |(at, byte): (usize, &u8)| match at {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
    };
    if digits.len() == 36 && digits.iter().enumerate().all(is_right) { Ok(()) } else { Err(UUID) }
}
