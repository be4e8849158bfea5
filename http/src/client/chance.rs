//! What nobody can guess: ids of calls and of assertions.

use std::fmt::Write;

use aws_lc_rs::rand::fill;

/// Random bytes.
pub(crate) fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    // Without them nothing is safe, and the system has them.
    fill(&mut bytes).expect("the system has random bytes");
    bytes
}

/// A UUID of the fourth version.
pub(crate) fn uuid() -> String {
    let mut bytes = bytes::<16>();
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let mut text = String::with_capacity(36);
    for (place, byte) in bytes.iter().enumerate() {
        text.push_str(if matches!(place, 4 | 6 | 8 | 10) { "-" } else { "" });
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Bytes as base64 for addresses, without padding; in a text of one piece, which leaves nothing behind when it is wiped.
pub(crate) fn base64url(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..=chunk.len() {
            text.push(char::from(ALPHABET[(bits >> (18 - 6 * place) & 63) as usize]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{base64url, uuid};

    #[test]
    fn bytes_are_written_for_addresses() {
        for (bytes, text) in
            [(&b""[..], ""), (b"f", "Zg"), (b"fo", "Zm8"), (b"foo", "Zm9v"), (&[0xfb, 0xff, 0xbf], "-_-_")]
        {
            assert_eq!(base64url(bytes), text);
        }
        let id = uuid();
        assert!(id.len() == 36 && id.as_bytes()[14] == b'4' && id != uuid(), "{id}");
    }
}
