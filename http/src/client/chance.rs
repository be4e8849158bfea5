//! Unguessable ids for calls and assertions.

use std::fmt::Write;

use aws_lc_rs::rand::fill;

/// Random bytes.
pub(crate) fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    // Nothing is safe without them, and the system provides them.
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

#[cfg(test)]
mod tests {
    use super::uuid;

    #[test]
    fn no_two_ids_are_the_same() {
        let id = uuid();
        assert!(id.len() == 36 && id.as_bytes()[14] == b'4' && id != uuid(), "{id}");
    }
}
