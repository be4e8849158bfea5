//! Base64 without decoding it: whether it is well formed, and how many bytes it stands for.

/// How many bytes the text stands for; `None` where it is not base64.
///
/// White space may stand anywhere: both releases ask readers to accept it.
pub(crate) fn decoded_len(text: &str) -> Option<usize> {
    let mut symbols = 0;
    let mut padding = 0;
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' if padding == 0 => symbols += 1,
            b'=' => padding += 1,
            b' ' | b'\t' | b'\n' | b'\r' => {}
            _ => return None,
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
    }
}
