//! Encodings and escapes for `encode()`, `decode()`, `escape()` and `unescape()`.

use std::fmt::Write;

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Encodes text; `None` for an unknown format.
pub(crate) fn encode(text: &str, format: &str) -> Option<String> {
    match format {
        "hex" => Some(text.bytes().fold(String::new(), |mut out, byte| {
            // Writing to a String cannot fail.
            let _ = write!(out, "{byte:02x}");
            out
        })),
        "base64" => Some(to_base64(text.as_bytes())),
        "urlbase64" => Some(to_base64(text.as_bytes()).replace('+', "-").replace('/', "_")),
        _ => None,
    }
}

/// Decodes text; `None` for an unknown format or when it is not so encoded.
pub(crate) fn decode(text: &str, format: &str) -> Option<String> {
    let bytes = match format {
        "hex" => from_hex(text.as_bytes())?,
        "base64" => from_base64(text)?,
        "urlbase64" => from_base64(&text.replace('-', "+").replace('_', "/"))?,
        _ => return None,
    };
    String::from_utf8(bytes).ok()
}

fn to_base64(bytes: &[u8]) -> String {
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let letter = BASE64[(bits >> (18 - 6 * place) & 63) as usize];
            out.push(if place <= chunk.len() { char::from(letter) } else { '=' });
        }
    }
    out
}

fn from_base64(text: &str) -> Option<Vec<u8>> {
    let letters = text.trim_end_matches('=').as_bytes();
    let mut out = Vec::with_capacity(letters.len() / 4 * 3);
    for chunk in letters.chunks(4) {
        let mut bits = 0;
        for letter in chunk {
            bits = bits << 6 | u32::try_from(BASE64.iter().position(|known| known == letter)?).ok()?;
        }
        if chunk.len() == 1 {
            return None;
        }
        bits <<= 6 * (4 - chunk.len());
        out.extend(&bits.to_be_bytes()[1..chunk.len()]);
    }
    Some(out)
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
pub(crate) fn escape(text: &str, target: &str) -> Option<String> {
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
pub(crate) fn unescape(text: &str, target: &str) -> Option<String> {
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
