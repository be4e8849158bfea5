//! Compressed bodies.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;

/// Smaller bodies are sent uncompressed.
pub(crate) const WORTH_IT: usize = 1 << 10;

/// Why a body cannot be unpacked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unpackable {
    /// Unpacked, it is larger than a body may be.
    TooLarge,
    /// It is not compressed in the way that it declares.
    Broken,
}

/// Unpacks a body up to a maximum size; it never holds more than that.
pub(crate) fn unpacked(bytes: &[u8], most: usize) -> Result<Vec<u8>, Unpackable> {
    let mut unpacked = Vec::with_capacity((bytes.len() * 4).min(most));
    let mut reader = MultiGzDecoder::new(bytes).take(most as u64 + 1);
    reader.read_to_end(&mut unpacked).map_err(|_| Unpackable::Broken)?;
    if unpacked.len() > most { Err(Unpackable::TooLarge) } else { Ok(unpacked) }
}

/// Packs a body; `None` if it would not get smaller.
pub(crate) fn packed(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 2), Compression::fast());
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok().filter(|packed| packed.len() < bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_unpacked_up_to_a_limit() {
        let text = vec![b'a'; 100_000];
        let small = packed(&text).expect("it gets smaller");
        assert!(small.len() < 1000);
        assert_eq!(unpacked(&small, text.len()), Ok(text));
        assert_eq!(unpacked(&small, 99_999), Err(Unpackable::TooLarge));
        assert_eq!(unpacked(&small[..20], 100_000), Err(Unpackable::Broken));
        assert_eq!(unpacked(b"{}", 10), Err(Unpackable::Broken));
        assert_eq!(packed(b"x"), None);
    }
}
