//! Base64 without decoding it: whether it is well formed, and how many bytes it stands for.

/// How many bytes the text stands for; `None` where it is not base64.
///
/// White space may stand anywhere: both releases ask readers to accept it.
pub(crate) fn decoded_len(text: &str) -> Option<usize> {
    let mut symbols = 0;
    let mut padding = 0;
    // Data is long and nearly all symbols: whole chunks of them are told apart without a branch.
    for chunk in text.as_bytes().chunks(64) {
        if padding == 0 && chunk.iter().fold(true, |all, byte| all & is_symbol(*byte)) {
            symbols += chunk.len();
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

#[expect(clippy::needless_bitwise_bool, reason = "a branch would keep the loop from being vectorised")]
fn is_symbol(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() | (byte == b'+') | (byte == b'/')
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
