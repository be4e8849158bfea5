//! The hash of an archive, which identifies a package.

use std::fmt::{self, Write as _};
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;
use std::str::FromStr;

use sha2::{Digest as _, Sha256, Sha512};

/// The SHA-256 of an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sha(pub(crate) [u8; 32]);

/// A text that is not a SHA-256.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a SHA-256, which has 64 digits from 0 to 9 and a to f")]
pub struct NoSha(String);

impl Sha {
    /// The hash of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The hash of a file.
    pub fn of_file(path: &Path) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let mut hash = Sha256::new();
        let mut buffer = vec![0; 64 << 10];
        loop {
            match file.read(&mut buffer)? {
                0 => return Ok(Self(hash.finalize().into())),
                read => hash.update(&buffer[..read]),
            }
        }
    }
}

impl fmt::Display for Sha {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for Sha {
    type Err = NoSha;

    fn from_str(text: &str) -> Result<Self, NoSha> {
        let no = || NoSha(text.chars().take(80).collect());
        let digits: Vec<u8> = text
            .chars()
            .map(|digit| digit.to_digit(16).filter(|_| !digit.is_ascii_uppercase()).map(|digit| digit as u8))
            .collect::<Option<_>>()
            .ok_or_else(no)?;
        let bytes: Vec<u8> =
            digits.chunks(2).map(|pair| pair.iter().fold(0, |all, digit| all << 4 | digit)).collect();
        if digits.len() == 64 { bytes.try_into().map(Self).map_err(|_| no()) } else { Err(no()) }
    }
}

/// A writer that hashes what goes through it.
pub(crate) struct Hashing<W> {
    into: W,
    sha256: Sha256,
    sha512: Sha512,
}

impl<W: Write> Hashing<W> {
    pub(crate) fn new(into: W) -> Self {
        Self { into, sha256: Sha256::new(), sha512: Sha512::new() }
    }

    /// The inner writer, the SHA-256, and the SHA-512 as registries list it.
    pub(crate) fn finish(self) -> (W, Sha, String) {
        let Self { into, sha256, sha512 } = self;
        let mut hex = String::new();
        for byte in sha512.finalize() {
            let _infallible = write!(hex, "{byte:02x}");
        }
        (into, Sha(sha256.finalize().into()), hex)
    }
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.into.write(bytes)?;
        self.sha256.update(&bytes[..written]);
        self.sha512.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.into.flush()
    }
}

/// Whether the hash that a registry lists for an archive (`sha512-` and base64) agrees with its SHA-512 in
/// hexadecimal digits. Hashes of other kinds are not compared.
pub(crate) fn goes_with(listed: &str, sha512: &str) -> bool {
    let mut listed = listed.split_whitespace().filter_map(|one| one.strip_prefix("sha512-")).peekable();
    listed.peek().is_none() || listed.any(|one| hex_of_base64(one).as_deref() == Some(sha512))
}

fn hex_of_base64(text: &str) -> Option<String> {
    let mut hex = String::new();
    let mut word = 0_u32;
    let mut bits = 0;
    for letter in text.split('?').next()?.trim_end_matches('=').bytes() {
        let digit = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        word = (word << 6 | u32::from(digit)) & 0xffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            let _infallible = write!(hex, "{:02x}", word >> bits & 0xff);
        }
    }
    Some(hex)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_as_they_are_written() {
        let sha = Sha::of(b"abc");
        assert_eq!(sha.to_string(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(sha.to_string().parse(), Ok(sha));
        for text in ["", "ab", &"x".repeat(64), &"A".repeat(64), &"a".repeat(65)] {
            assert!(text.parse::<Sha>().is_err(), "{text}");
        }
    }

    #[test]
    fn what_a_registry_lists() {
        let mut hashing = Hashing::new(Vec::new());
        hashing.write_all(b"abc").unwrap();
        let (_, _, sha512) = hashing.finish();
        let listed =
            "sha512-3a81oZNherrMQXNJriBBMRLm+k6JqX6iCp7u5ktV05ohkpkqJ0/BqDa6PCOj/uu9RU1EI2Q86A4qmslPpUyknw==";
        assert!(goes_with(listed, &sha512));
        assert!(goes_with("sha1-x", &sha512), "hashes of other kinds tell nothing");
        assert!(!goes_with(&listed.replace("3a81", "3a82"), &sha512));
        assert!(!goes_with("sha512-", &sha512) && !goes_with("sha512-!", &sha512));
    }
}
