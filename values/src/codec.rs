//! Encodings and escapes for `encode()`, `decode()`, `escape()` and `unescape()`.

use std::fmt::Write;

use crate::base64;

/// Encodes text; `None` for an unknown format.
pub fn encode(text: &str, format: &str) -> Option<String> {
    match format {
        "hex" => Some(text.bytes().fold(String::new(), |mut out, byte| {
            // Writing to a String cannot fail.
            let _ = write!(out, "{byte:02x}");
            out
        })),
        "base64" => Some(base64::encode(text.as_bytes())),
        "urlbase64" => Some(base64::encode(text.as_bytes()).replace('+', "-").replace('/', "_")),
        _ => None,
    }
}

/// Decodes text; `None` for an unknown format, or for text that is not in that format.
pub fn decode(text: &str, format: &str) -> Option<String> {
    let bytes = match format {
        "hex" => from_hex(text.as_bytes())?,
        "base64" => base64::decode(&padded(text)).ok()?,
        "urlbase64" => base64::decode(&padded(&text.replace('-', "+").replace('_', "/"))).ok()?,
        _ => return None,
    };
    String::from_utf8(bytes).ok()
}

/// Adds the padding that URL-safe base64 often leaves out.
fn padded(text: &str) -> String {
    let bare = text.trim_end_matches('=');
    let padding = "=".repeat((4 - bare.len() % 4) % 4);
    [bare, &padding].concat()
}

fn from_hex(digits: &[u8]) -> Option<Vec<u8>> {
    if digits.len() % 2 == 1 {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16);
    digits.chunks(2).map(|pair| u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).ok()).collect()
}

const HTML: [(&str, char); 5] =
    [("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&#39;", '\''), ("&amp;", '&')];
const JSON: [(char, char); 7] =
    [('"', '"'), ('\\', '\\'), ('n', '\n'), ('r', '\r'), ('t', '\t'), ('f', '\u{c}'), ('b', '\u{8}')];

/// Escapes text for HTML or JSON; `None` for another target.
pub fn escape(text: &str, target: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match target {
            "html" => match HTML.iter().find(|(_, plain)| *plain == c) {
                Some((entity, _)) => out.push_str(entity),
                None => out.push(c),
            },
            "json" => match JSON.iter().find(|(_, plain)| *plain == c) {
                Some((letter, _)) => out.extend(['\\', *letter]),
                None => out.push(c),
            },
            _ => return None,
        }
    }
    Some(out)
}

/// Undoes [`escape`].
pub fn unescape(text: &str, target: &str) -> Option<String> {
    match target {
        "html" => {
            // The ampersand comes last, so that `&amp;lt;` becomes `&lt;`.
            Some(HTML.iter().fold(text.to_owned(), |text, (entity, plain)| {
                text.replace(entity, plain.encode_utf8(&mut [0; 4]))
            }))
        }
        "json" => {
            let mut out = String::with_capacity(text.len());
            let mut chars = text.chars();
            while let Some(c) = chars.next() {
                if c != '\\' {
                    out.push(c);
                    continue;
                }
                let letter = chars.next()?;
                out.push(match letter {
                    '/' => '/',
                    'u' => {
                        let code =
                            (0..4).try_fold(0, |code, _| Some(code * 16 + chars.next()?.to_digit(16)?))?;
                        char::from_u32(code)?
                    }
                    _ => JSON.iter().find(|(known, _)| *known == letter)?.1,
                });
            }
            Some(out)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_return() {
        for text in ["", "a", "ab", "abc", "subjects?_d", "\u{1F600} ok"] {
            for format in ["hex", "base64", "urlbase64"] {
                let encoded = encode(text, format).expect(format);
                assert_eq!(decode(&encoded, format).as_deref(), Some(text));
            }
            for target in ["html", "json"] {
                let marked = format!("<{text}>\"&amp;\\\n");
                let escaped = escape(&marked, target).expect(target);
                assert_eq!(unescape(&escaped, target), Some(marked));
            }
        }
        assert_eq!(encode("test", "base64").as_deref(), Some("dGVzdA=="));
    }

    #[test]
    fn nonsense_is_refused() {
        for (text, format) in
            [("abc", "hex"), ("xy", "hex"), ("a", "base64"), ("a*bc", "base64"), ("a", "rot13")]
        {
            assert_eq!(decode(text, format), None);
        }
        assert_eq!(escape("a", "xml"), None);
        assert_eq!(unescape("\\x", "json"), None);
    }
}
