//! Control characters in JSON. A string may only hold them as escapes, but some tools write them raw.

use std::fmt::Write as _;

/// The same JSON with every raw control character in a string escaped, and the position of the first; `None`
/// if there is none.
pub(crate) fn escaped(json: &[u8]) -> Option<(Vec<u8>, usize)> {
    let (mut copy, mut first) = (Vec::new(), None);
    let (mut in_text, mut is_escape) = (false, false);
    for (at, byte) in json.iter().enumerate() {
        match byte {
            _ if is_escape => is_escape = false,
            b'\\' if in_text => is_escape = true,
            b'"' => in_text = !in_text,
            0..0x20 if in_text => {
                first.get_or_insert(at);
                let mut escape = String::new();
                let _ = write!(escape, "\\u{byte:04x}");
                copy.extend_from_slice(escape.as_bytes());
                continue;
            }
            _ => {}
        }
        copy.push(*byte);
    }
    first.map(|first| (copy, first))
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn control_characters_of_texts_become_escapes() {
        let json = b"{\n\"a\": \"x\ty\\\"\x01\"\n}";
        let (copy, first) = escaped(json).expect("there is one");
        assert_eq!(copy, b"{\n\"a\": \"x\\u0009y\\\"\\u0001\"\n}");
        assert_eq!(json[first], b'\t');
        assert_eq!(escaped(b"{\n\t\"a\": 1}"), None);
    }
}
