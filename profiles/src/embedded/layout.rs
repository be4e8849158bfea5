//! The form of an embedded pack, shared by the build script that writes it and the code that reads it.
//!
//! Words are unsigned, 32 bits, little-endian. A pack is a header, tables of records of words, strings,
//! and deflated blocks of JSON:
//!
//! | part | records |
//! | --- | --- |
//! | header | number of entries, keys, supplements and blocks; length of the strings |
//! | entries | kind and constraint flag, URL, version, name, type, package, file, block, start, length, first part, parts |
//! | keys | [hash](hash) of the others, kind, URL or unique id, entry; sorted |
//! | supplements | URL of the supplemented code system, entry; sorted |
//! | blocks | start in the data, deflated length, inflated length |
//!
//! A string is a 16-bit length and UTF-8, and its word is its place among the strings.
//!
//! A large code system is stored in parts, each of which is a block: the same code system with some of its
//! concepts, so that a code is found without reading all of them. Its entry has no text of its own, and each
//! concept has its [place](ORDINAL) in the whole.

/// Words in the header.
pub(crate) const HEADER: usize = 5;
/// Words of an entry.
pub(crate) const ENTRY: usize = 12;
/// Words of a key.
pub(crate) const KEY: usize = 4;
/// Words of a supplement.
pub(crate) const SUPPLEMENT: usize = 2;
/// Words of a block.
pub(crate) const BLOCK: usize = 3;
/// In the first word of an entry: the structure constrains a type. The kind is in the bits below.
pub(crate) const CONSTRAINT: u32 = 1 << 8;
/// The word for an absent string.
pub(crate) const NONE: u32 = u32::MAX;

/// The hash by which a kind and a key are found: numbers are compared faster than URLs, most of which begin
/// alike.
pub(crate) fn hash(kind: u32, key: &str) -> u32 {
    let mut hash = u64::from(kind);
    for chunk in key.as_bytes().chunks(8) {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        hash = (hash.rotate_left(5) ^ u64::from_le_bytes(word)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
    (hash >> 32) as u32
}

/// The member of a concept in a part that gives its place in the whole.
pub(crate) const ORDINAL: &str = "ordinal";

/// The part of a code system that holds a code.
pub(crate) fn part(code: &str, parts: u32) -> u32 {
    hash(0, code) % parts.max(1)
}
