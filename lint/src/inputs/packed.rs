//! Compression formats that are not decompressed here, recognised by their first bytes.

/// How a file is compressed, and what to do about it.
const KINDS: [(&[u8], &str, &str); 9] = [
    (b"PK\x03\x04", "zip", "give it a name that ends with .zip, so that it is read like a folder"),
    (b"\x1f\x8b", "gzip", "unpack it, or give it a name that ends with .tgz if it is a tar archive"),
    (b"\xfd7zXZ\0", "xz", UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip", UNPACK),
    (b"Rar!\x1a\x07", "RAR", UNPACK),
    (b"\x28\xb5\x2f\xfd", "Zstandard", UNPACK),
    (b"BZh", "bzip2", UNPACK),
    (b"\x04\x22\x4d\x18", "LZ4", UNPACK),
    (b"\x1f\x9d", "compress", UNPACK),
];

const UNPACK: &str = "unpack it, and name its files; only .zip, .tar, .tar.gz and .tgz archives are read";

/// The message about compressed bytes.
pub(super) fn said(bytes: &[u8]) -> Option<String> {
    let (_, kind, advice) = KINDS.iter().find(|(magic, ..)| bytes.starts_with(magic))?;
    Some(format!("this is compressed with {kind}, which is not supported: {advice}"))
}
