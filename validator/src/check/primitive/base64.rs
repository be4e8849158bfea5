//! Base64 without decoding it: whether it is well formed, and how many bytes it stands for.

/// How many bytes the text stands for; `None` where it is not base64.
///
/// White space may stand anywhere: both releases ask readers to accept it.
pub(crate) fn decoded_len(text: &str) -> Option<usize> {
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

/// Bytes that are looked at together.
const CHUNK: usize = 64;

/// How many symbols of the alphabet there are, where all else is white space. Each byte comes to 0 or 1
/// without a branch, so that the compiler makes vector instructions of the loop.
fn symbols_of(chunk: &[u8; CHUNK]) -> Option<usize> {
    let (mut symbols, mut others) = (0_u8, 0_u8);
    for byte in chunk {
        let is_letter = u8::from((byte | 0x20).wrapping_sub(b'a') < 26);
        // The slash stands right before the digits.
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
    use super::decoded_len;

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
