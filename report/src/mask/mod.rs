//! A payload with its values blanked, so that patient data does not end up in a build log.
//!
//! Every byte of a value becomes `*`: spans, lines and columns stay those of the payload. A name is shown only
//! where it is read as one *and* FHIR has it, for the payload may not be what it looks like; after the place
//! where a reader gave up, no letter and no digit is shown.

mod location;
mod words;

use ers_fhir_tree::Syntax;

pub use location::location;
pub use words::is_structure;

/// The text shown in place of a hidden one.
pub(crate) const HIDDEN: &str = "***";

/// The payload with its values blanked; a reader could make sense of its first `understood` bytes.
/// Keys and tags that FHIR knows stay, and so do white space, `null`, the namespaces of FHIR and the type of a
/// JSON resource.
pub fn masked(source: &str, syntax: Syntax, understood: usize) -> String {
    let mut bytes = source.as_bytes().to_vec();
    let start = if source.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let end = understood.clamp(start, bytes.len().max(start));
    match syntax {
        Syntax::Json => mask_json(&mut bytes[start..end]),
        Syntax::Xml => mask_xml(&mut bytes[start..end]),
    }
    for byte in &mut bytes[end..] {
        if byte.is_ascii_alphanumeric() || !byte.is_ascii() {
            *byte = b'*';
        }
    }
    // Whole values are blanked, so nothing is cut in the middle of a character; if it were, nothing would
    // be shown at all.
    String::from_utf8(bytes).unwrap_or_default()
}

fn blank(bytes: &mut [u8]) {
    for byte in bytes {
        if !matches!(byte, b'\n' | b'\r') {
            *byte = b'*';
        }
    }
}

/// Blanks a name unless `is_shown`.
fn blank_unless(bytes: &mut [u8], is_shown: impl FnOnce(&str) -> bool) {
    if !std::str::from_utf8(bytes).is_ok_and(is_shown) {
        blank(bytes);
    }
}

fn mask_json(bytes: &mut [u8]) {
    let mut at = 0;
    let mut names_type = false;
    while at < bytes.len() {
        let start = at;
        match bytes[at] {
            b'"' => {
                at = string_end(bytes, at);
                let is_closed = at - start >= 2 && bytes[at - 1] == b'"';
                let is_key = is_key(bytes, at);
                let text = &mut bytes[start + 1..at - usize::from(is_closed)];
                let is_type = !is_key && names_type;
                names_type = is_key && text == b"resourceType";
                blank_unless(
                    text,
                    |text| {
                        if is_key { is_structure(text) } else { is_type && words::is_type(text) }
                    },
                );
            }
            b'{' | b'}' | b'[' | b']' | b',' | b':' => at += 1,
            byte if byte.is_ascii_whitespace() => at += 1,
            _ => {
                at += bytes[at..].iter().take_while(|byte| !is_delimiter(**byte)).count();
                if &bytes[start..at] != b"null" {
                    blank(&mut bytes[start..at]);
                }
            }
        }
    }
}

fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b'"' | b'{' | b'}' | b'[' | b']' | b',' | b':') || byte.is_ascii_whitespace()
}

/// The position after the closing quote; a line end closes a string without one.
fn string_end(bytes: &[u8], open: usize) -> usize {
    let mut at = open + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => return at + 1,
            b'\n' => return at,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

fn is_key(bytes: &[u8], at: usize) -> bool {
    bytes[at..].iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b':')
}

fn mask_xml(bytes: &mut [u8]) {
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        if rest[0] != b'<' {
            let length = rest.iter().position(|byte| *byte == b'<').unwrap_or(rest.len());
            blank_text(&mut bytes[at..at + length]);
            at += length;
        } else if let Some((end, open)) = opaque(rest) {
            let length = rest[open..].windows(end.len()).position(|window| window == end.as_bytes());
            let length = length.unwrap_or(rest.len() - open);
            blank_text(&mut bytes[at + open..at + open + length]);
            at = (at + open + length + end.len()).min(bytes.len());
        } else {
            at = mask_tag(bytes, at);
        }
    }
}

/// For markup without names (comments, CDATA, declarations, processing instructions): the text that ends it,
/// and the length of the text that opens it.
fn opaque(rest: &[u8]) -> Option<(&'static str, usize)> {
    match rest {
        [b'<', b'!', b'-', b'-', ..] => Some(("-->", 2)),
        [b'<', b'!', b'[', ..] => Some(("]]>", 2)),
        [b'<', b'!', ..] => Some((">", 2)),
        [b'<', b'?', b'x', b'm', b'l', end, ..] if end.is_ascii_whitespace() => None,
        [b'<', b'?', ..] => Some(("?>", 2)),
        _ => None,
    }
}

/// Blanks text, but leaves the white space that lays out the markup around it.
fn blank_text(bytes: &mut [u8]) {
    let is_text = |byte: &u8| !byte.is_ascii_whitespace();
    if let (Some(first), Some(last)) = (bytes.iter().position(is_text), bytes.iter().rposition(is_text)) {
        blank(&mut bytes[first..=last]);
    }
}

/// Blanks the content of a tag, except for names and namespaces of FHIR; returns where the tag ends.
fn mask_tag(bytes: &mut [u8], open: usize) -> usize {
    let mut at = open + 1;
    let mut is_namespace = false;
    let mut is_value = false;
    while at < bytes.len() {
        match bytes[at] {
            b'>' => return at + 1,
            quote @ (b'"' | b'\'') => {
                let start = at + 1;
                let length =
                    bytes[start..].iter().position(|byte| *byte == quote).unwrap_or(bytes.len() - start);
                blank_unless(&mut bytes[start..start + length], |text| {
                    is_namespace && words::is_namespace(text)
                });
                at = start + length + 1;
                is_value = false;
            }
            b'=' => {
                is_value = true;
                at += 1;
            }
            b'/' | b'?' | b':' => at += 1,
            byte if byte.is_ascii_whitespace() => at += 1,
            _ => {
                let is_end = |byte: &u8| {
                    matches!(byte, b'>' | b'"' | b'\'' | b'=' | b'/' | b'?' | b':')
                        || byte.is_ascii_whitespace()
                };
                let length = bytes[at..].iter().position(is_end).unwrap_or(bytes.len() - at);
                let name = &mut bytes[at..at + length];
                is_namespace = name == b"xmlns" || (is_namespace && at > 0);
                blank_unless(name, |name| !is_value && is_structure(name));
                at += length;
                if bytes.get(at) != Some(&b':') && bytes.get(at) != Some(&b'=') {
                    is_namespace = false;
                }
            }
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_blanked_and_structure_stays() {
        let cases = [
            (
                Syntax::Json,
                r#"{"id":"Ann","code":[12.5,true],"name":null,"Ann":1}"#,
                r#"{"id":"***","code":[****,****],"name":null,"***":*}"#,
            ),
            (Syntax::Json, r#"{"resourceType" : "Patient"}"#, r#"{"resourceType" : "Patient"}"#),
            (Syntax::Json, r#"{"resourceType" : "Ann"}"#, r#"{"resourceType" : "***"}"#),
            (Syntax::Json, r#"{"id":"x\"y","code":"é"}"#, r#"{"id":"****","code":"**"}"#),
            (Syntax::Json, r#"{"9 Ann":"x","\u0069d":"x"}"#, r#"{"*****":"*","*******":"*"}"#),
            (Syntax::Json, "{\"id\":\"cut\n", "{\"id\":\"***\n"),
            (Syntax::Json, "Ann was here, twice", "*** *** ****, *****"),
            (Syntax::Json, "{'mrn': 9999999999}", "{*****: **********}"),
            (Syntax::Json, "\u{feff}{\"id\":1}", "\u{feff}{\"id\":*}"),
            (Syntax::Json, "{\"id\":\"x\\", "{\"id\":\"**"),
            (
                Syntax::Xml,
                "<Patient xmlns=\"http://hl7.org/fhir\">\n <id value='Ann'/>\n</Patient>",
                "<Patient xmlns=\"http://hl7.org/fhir\">\n <id value='***'/>\n</Patient>",
            ),
            (Syntax::Xml, "<p>Ann <b>May</b></p>", "<p>*** <b>***</b></p>"),
            (Syntax::Xml, "<!-- Ann --><a id=\"May", "<!****** --><a id=\"***"),
            (Syntax::Xml, "<![CDATA[Ann]]>Ann", "<!**********]]>***"),
            (Syntax::Xml, "<![CDATA[a > b <Ann>]]><p/>", "<!******************]]><p/>"),
            (Syntax::Xml, "<?note Ann?><?xml version='1.0'?>", "<?********?><?xml version='***'?>"),
            (Syntax::Xml, "<id value=Ann/><Ann May='x'>", "<id value=***/><*** ***='*'>"),
            (Syntax::Xml, "<p xmlns:Ann='urn:Ann' xmlns='May'/>", "<p xmlns:***='*******' xmlns='***'/>"),
            (Syntax::Xml, "<!", "<!"),
        ];
        for (syntax, source, expected) in cases {
            assert_eq!(masked(source, syntax, usize::MAX), expected, "{source}");
        }
    }

    #[test]
    fn where_a_reader_gave_up_nothing_is_shown() {
        let source = r#"{"id":"Ann":"May","name":"é"}"#;
        let expected = r#"{"id":"***":"***","****":"**"}"#;
        assert_eq!(masked(source, Syntax::Json, source.find(":\"May").unwrap_or_default()), expected);
        assert_eq!(masked("<id/><name é", Syntax::Xml, 5), "<id/><**** **");
    }

    #[test]
    fn spans_stay_where_they_are() {
        for source in ["{\"a\":\"é\u{1F600}\"}", "\"\\", "<a b='é", "<a>é</a>", "é", "<é"] {
            for syntax in [Syntax::Json, Syntax::Xml] {
                assert_eq!(masked(source, syntax, usize::MAX).len(), source.len(), "{source}");
            }
        }
    }
}
