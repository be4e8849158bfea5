//! What payloads may be packed in that is not unpacked here, known by how it begins.

/// What a file is packed with, and what to do with it.
const KINDS: [(&[u8], &str, &str); 9] = [
    (b"PK\x03\x04", "zip", "give it a name that ends with .zip, and it is read like a folder"),
    (b"\x1f\x8b", "gzip", "unpack it, or give it a name that ends with .tgz where it is a tar archive"),
    (b"\xfd7zXZ\0", "xz", UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip", UNPACK),
    (b"Rar!\x1a\x07", "RAR", UNPACK),
    (b"\x28\xb5\x2f\xfd", "Zstandard", UNPACK),
    (b"BZh", "bzip2", UNPACK),
    (b"\x04\x22\x4d\x18", "LZ4", UNPACK),
    (b"\x1f\x9d", "compress", UNPACK),
];

const UNPACK: &str = "unpack it, and name what was in it; of archives .zip, .tar, .tar.gz and .tgz are read";

/// What is to be said of bytes that are packed.
pub(super) fn said(bytes: &[u8]) -> Option<String> {
    let (_, kind, advice) = KINDS.iter().find(|(magic, ..)| bytes.starts_with(magic))?;
    Some(format!("this is packed with {kind}, and is not read: {advice}"))
}
