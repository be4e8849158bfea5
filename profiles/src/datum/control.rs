//! Control characters in JSON, which a text may only have as escapes: tools write them raw all the same.

use std::fmt::Write as _;

/// The same JSON with every raw control character of a text as an escape, and where the first of them is; `None`
/// where there is none.
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
