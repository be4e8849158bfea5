//! Base64 (RFC 4648): the standard form of section 4, with padding, and the URL-safe form of section 5, without.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const OF_ADDRESSES: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Bytes as base64.
pub fn encode(bytes: &[u8]) -> String {
    written(bytes, ALPHABET, true)
}

/// Bytes as URL-safe base64, without padding.
///
/// ```
/// use ers_fhir_values::base64::encode_for_addresses;
/// assert_eq!(encode_for_addresses(&[0xfb, 0xff]), "-_8");
/// ```
pub fn encode_for_addresses(bytes: &[u8]) -> String {
    written(bytes, OF_ADDRESSES, false)
}

/// Allocates the text only once, so that a caller who wipes it leaves no copies behind.
fn written(bytes: &[u8], alphabet: &[u8; 64], is_padded: bool) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..=chunk.len() {
            text.push(char::from(alphabet[(bits >> (18 - 6 * place) & 63) as usize]));
        }
        text.extend((chunk.len()..3).filter(|_| is_padded).map(|_| '='));
    }
    text
}

/// The bytes that a text encodes. White space is skipped.
///
/// # Errors
///
/// The byte offset at which the text stops being base64.
pub fn decode(text: &str) -> Result<Vec<u8>, usize> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut word, mut sextets, mut padding) = (0_u32, 0, 0);
    for (at, byte) in text.bytes().enumerate() {
        let sextet = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' if sextets >= 2 => {
                padding += 1;
                0
            }
            _ if byte.is_ascii_whitespace() => continue,
            _ => return Err(at),
        };
        if padding > 0 && byte != b'=' {
            return Err(at);
        }
        word = word << 6 | u32::from(sextet);
        sextets += 1;
        if sextets == 4 {
            bytes.extend_from_slice(&word.to_be_bytes()[1..4 - padding]);
            (word, sextets) = (0, 0);
        }
    }
    if sextets == 0 { Ok(bytes) } else { Err(text.len()) }
}

/// The bytes that a text encodes in URL-safe base64 without padding; `None` where the text does not have that form.
///
/// ```
/// use ers_fhir_values::base64::decode_of_addresses;
/// assert_eq!(decode_of_addresses("-_8"), Some(vec![0xfb, 0xff]));
/// assert_eq!(decode_of_addresses("+/8="), None);
/// ```
pub fn decode_of_addresses(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
    for chunk in text.as_bytes().chunks(4) {
        let mut word = 0_u32;
        for place in 0..4 {
            let sextet = match chunk.get(place) {
                None => 0,
                Some(b'-') => 62,
                Some(b'_') => 63,
                Some(byte @ b'A'..=b'Z') => byte - b'A',
                Some(byte @ b'a'..=b'z') => byte - b'a' + 26,
                Some(byte @ b'0'..=b'9') => byte - b'0' + 52,
                Some(_) => return None,
            };
            word = word << 6 | u32::from(sextet);
        }
        let count = chunk.len().checked_sub(1).filter(|count| *count > 0)?;
        bytes.extend_from_slice(&word.to_be_bytes()[1..=count]);
    }
    Some(bytes)
}

/// How many bytes the text encodes; `None` where it is not base64.
///
/// White space may occur anywhere: both releases ask readers to accept it.
pub fn decoded_len(text: &str) -> Option<usize> {
    let mut symbols = 0;
    let mut padding = 0;
    // Data is long and nearly all symbols and line ends: whole chunks of them are counted without a branch.
    for chunk in text.as_bytes().chunks(CHUNK) {
        if padding == 0
            && let Some(count) = <&[u8; CHUNK]>::try_from(chunk).ok().and_then(symbols_of)
        {
            symbols += count;
            continue;
        }
        for byte in chunk {
            match byte {
                b'=' => padding += 1,
                b' ' | b'\t' | b'\n' | b'\r' => {}
                symbol if padding == 0 && is_symbol(*symbol) => symbols += 1,
                _ => return None,
            }
        }
    }
    let is_whole = (symbols + padding) % 4 == 0 && padding <= 2 && (padding == 0 || symbols % 4 >= 2);
    is_whole.then_some(
        symbols / 4 * 3
            + match symbols % 4 {
                2 => 1,
                3 => 2,
                _ => 0,
            },
    )
}

/// Bytes that are examined together.
const CHUNK: usize = 64;

/// How many symbols of the alphabet there are; `None` unless everything else is white space. Each byte counts as 0
/// or 1 without a branch, so that the compiler can vectorize the loop.
fn symbols_of(chunk: &[u8; CHUNK]) -> Option<usize> {
    let (mut symbols, mut others) = (0_u8, 0_u8);
    for byte in chunk {
        let is_letter = u8::from((byte | 0x20).wrapping_sub(b'a') < 26);
        // The slash comes right before the digits.
        let is_digit_or_slash = u8::from(byte.wrapping_sub(b'/') < 11);
        let is_symbol = is_letter | is_digit_or_slash | u8::from(*byte == b'+');
        let is_space = u8::from(*byte == b' ')
            | u8::from(*byte == b'\n')
            | u8::from(*byte == b'\r')
            | u8::from(*byte == b'\t');
        symbols += is_symbol;
        others |= 1 ^ (is_symbol | is_space);
    }
    (others == 0).then_some(usize::from(symbols))
}

fn is_symbol(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')
}

#[cfg(test)]
mod tests {
    use super::{decoded_len, encode, encode_for_addresses};

    #[test]
    fn bytes_are_written_with_and_without_padding() {
        for (bytes, text) in
            [(&b""[..], ""), (b"f", "Zg=="), (b"fo", "Zm8="), (b"foo", "Zm9v"), (&[0xfb, 0xff, 0xbf], "+/+/")]
        {
            assert_eq!(encode(bytes), text);
            let of_addresses = text.trim_end_matches('=').replace('+', "-").replace('/', "_");
            assert_eq!(encode_for_addresses(bytes), of_addresses);
        }
    }

    #[test]
    fn counts_the_bytes_that_the_text_stands_for() {
        for (text, expected) in [
            ("", Some(0)),
            ("QQ==", Some(1)),
            ("QUI=", Some(2)),
            ("QUJD", Some(3)),
            ("QUJD\n  QQ==", Some(4)),
            ("Q===", None),
            ("QQ", None),
            ("QQ=", None),
            ("QQ==QUJD", None),
            ("QU-D", None),
            ("====", None),
        ] {
            assert_eq!(decoded_len(text), expected, "{text:?}");
        }
        let long = "QUJD".repeat(100);
        assert_eq!(decoded_len(&long), Some(300));
        assert_eq!(decoded_len(&format!("{long}QQ==")), Some(301));
        assert_eq!(decoded_len(&format!("{long}*{long}")), None);
    }
}
