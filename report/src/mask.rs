//! A payload with its values blanked, so that patient data does not end up in a build log.
//!
//! Every byte of a value becomes `*`: spans, lines and columns stay those of the payload. What is
//! not certain to be structure is blanked too, for the payload may not be JSON or XML at all.

use ers_fhir_tree::Syntax;

/// The payload with its values blanked. Keys, tags and white space stay, and so do `true`, `false`,
/// `null`, namespaces and the type of a JSON resource.
pub fn masked(source: &str, syntax: Syntax) -> String {
    let mut bytes = source.as_bytes().to_vec();
    let start = if source.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    match syntax {
        Syntax::Json => mask_json(&mut bytes[start..]),
        Syntax::Xml => mask_xml(&mut bytes[start..]),
    }
    // Whole values are blanked, so nothing is cut in the middle of a character; if it were, the
    // replacement characters would hide it.
    String::from_utf8(bytes).unwrap_or_default()
}

fn blank(bytes: &mut [u8]) {
    for byte in bytes {
        if !matches!(byte, b'\n' | b'\r') {
            *byte = b'*';
        }
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
                if is_key(bytes, at) {
                    names_type = &bytes[start..at] == b"\"resourceType\"";
                    continue;
                }
                if !names_type {
                    let is_closed = at - start >= 2 && bytes[at - 1] == b'"';
                    blank(&mut bytes[start + 1..at - usize::from(is_closed)]);
                }
                names_type = false;
            }
            b'{' | b'}' | b'[' | b']' | b',' | b':' => at += 1,
            byte if byte.is_ascii_whitespace() => at += 1,
            _ => {
                at += bytes[at..].iter().take_while(|byte| !is_delimiter(**byte)).count();
                if ![&b"true"[..], b"false", b"null"].contains(&&bytes[start..at]) {
                    blank(&mut bytes[start..at]);
                }
            }
        }
    }
}

fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b'"' | b'{' | b'}' | b'[' | b']' | b',' | b':') || byte.is_ascii_whitespace()
}

/// Behind the closing quote; a line end closes a string that is not closed.
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
        if rest.starts_with(b"<!") {
            let end: &[u8] = if rest.starts_with(b"<!--") { b"-->" } else { b">" };
            let length = rest[2..].windows(end.len()).position(|window| window == end);
            let length = length.unwrap_or(rest.len() - 2);
            blank_text(&mut bytes[at + 2..at + 2 + length]);
            at = (at + 2 + length + end.len()).min(bytes.len());
        } else if rest[0] == b'<' {
            at = mask_tag(bytes, at);
        } else {
            let length = rest.iter().position(|byte| *byte == b'<').unwrap_or(rest.len());
            blank_text(&mut bytes[at..at + length]);
            at += length;
        }
    }
}

/// Blanks text, but leaves the white space that lays out the markup around it.
fn blank_text(bytes: &mut [u8]) {
    let is_text = |byte: &u8| !byte.is_ascii_whitespace();
    if let (Some(first), Some(last)) = (bytes.iter().position(is_text), bytes.iter().rposition(is_text)) {
        blank(&mut bytes[first..=last]);
    }
}

/// Blanks the attributes of a tag but namespaces; returns where the tag ends.
fn mask_tag(bytes: &mut [u8], open: usize) -> usize {
    let mut at = open + 1;
    let mut name_start = at;
    while at < bytes.len() {
        match bytes[at] {
            b'>' => return at + 1,
            quote @ (b'"' | b'\'') => {
                let start = at + 1;
                let length =
                    bytes[start..].iter().position(|byte| *byte == quote).unwrap_or(bytes.len() - start);
                let is_namespace = bytes[name_start..at].starts_with(b"xmlns");
                if !is_namespace {
                    blank(&mut bytes[start..start + length]);
                }
                at = start + length + 1;
                name_start = at;
            }
            byte => {
                at += 1;
                if byte.is_ascii_whitespace() {
                    name_start = at;
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
                r#"{"a":"Ann","b":[12.5,true],"c":null}"#,
                r#"{"a":"***","b":[****,true],"c":null}"#,
            ),
            (Syntax::Json, r#"{"resourceType" : "Patient"}"#, r#"{"resourceType" : "Patient"}"#),
            (Syntax::Json, r#"{"a":"x\"y","b":"é"}"#, r#"{"a":"****","b":"**"}"#),
            (Syntax::Json, "{\"a\":\"cut\n", "{\"a\":\"***\n"),
            (Syntax::Json, "Ann was here, twice", "*** *** ****, *****"),
            (Syntax::Json, "{'mrn': 9999999999}", "{*****: **********}"),
            (Syntax::Json, "\u{feff}{\"a\":1}", "\u{feff}{\"a\":*}"),
            (Syntax::Json, "{\"a\":\"x\\", "{\"a\":\"**"),
            (
                Syntax::Xml,
                "<P xmlns=\"http://hl7.org/fhir\">\n <a value='Ann'/>\n</P>",
                "<P xmlns=\"http://hl7.org/fhir\">\n <a value='***'/>\n</P>",
            ),
            (Syntax::Xml, "<p>Ann <b>May</b></p>", "<p>*** <b>***</b></p>"),
            (Syntax::Xml, "<!-- Ann --><a b=\"May", "<!****** --><a b=\"***"),
            (Syntax::Xml, "<![CDATA[Ann]]>Ann", "<!************>***"),
            (Syntax::Xml, "<!", "<!"),
        ];
        for (syntax, source, expected) in cases {
            assert_eq!(masked(source, syntax), expected, "{source}");
        }
    }

    #[test]
    fn spans_stay_where_they_are() {
        for source in ["{\"a\":\"é\u{1F600}\"}", "\"\\", "<a b='é", "<a>é</a>", "é", "<é"] {
            for syntax in [Syntax::Json, Syntax::Xml] {
                assert_eq!(masked(source, syntax).len(), source.len(), "{source}");
            }
        }
    }
}
