//! The file of a compact code system.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use super::{Compact, CompactHead, Lists};
use crate::error::Error;

/// The beginning of a file.
const MAGIC: &[u8] = b"ers-fhir codes 1\n";
/// The longest text in the head.
const MAX_TEXT: u32 = 4096;
/// The largest file that is read.
const MAX_BYTES: u64 = 4 << 30;

/// A compact code system in a file. Only the head is read until a code is asked about.
#[derive(Debug)]
pub struct CompactFile {
    path: PathBuf,
    head: CompactHead,
    content: OnceLock<Result<Arc<Compact>, Error>>,
}

impl CompactFile {
    /// Reads the head of a file.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let file = File::open(path).map_err(|e| Error::io(path, e))?;
        let mut reader = BufReader::with_capacity(4096, file);
        let head = read_head(&mut reader).map_err(|e| Error::io(path, e))?;
        Ok(Self { path: path.to_owned(), head, content: OnceLock::new() })
    }

    /// Its head.
    pub fn head(&self) -> &CompactHead {
        &self.head
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The code system, read when it is first asked for.
    pub fn content(&self) -> Result<Arc<Compact>, Error> {
        let read = || Compact::read(&self.path).map(Arc::new).map_err(|e| Error::io(&self.path, e));
        self.content.get_or_init(read).clone()
    }
}

impl Compact {
    /// The bytes of its file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let shorts = [&self.parents, &self.ancestors, &self.members];
        let shorts: usize = shorts.iter().map(|lists| lists.starts.len() + lists.all.len()).sum();
        let longs = self.codes.len() + self.active.len() + self.sets.len();
        // A vector that grows on demand takes up to twice as much memory.
        let mut bytes = Vec::with_capacity(4 * shorts + 8 * longs + 2 * MAX_TEXT as usize + 1024);
        bytes.extend_from_slice(MAGIC);
        let number = |bytes: &mut Vec<u8>, number: usize| bytes.extend((number as u32).to_le_bytes());
        bytes.push(u8::from(self.head.is_whole));
        for text in [&self.head.url, &self.head.edition] {
            number(&mut bytes, text.len());
            bytes.extend(text.as_bytes());
        }
        for longs in [&self.codes, &self.active, &self.sets] {
            number(&mut bytes, longs.len());
            for long in longs {
                bytes.extend(long.to_le_bytes());
            }
        }
        for lists in [&self.parents, &self.ancestors, &self.members] {
            for all in [&lists.starts, &lists.all] {
                number(&mut bytes, all.len());
                for one in all {
                    bytes.extend(one.to_le_bytes());
                }
            }
        }
        let mut sum = flate2::Crc::new();
        sum.update(&bytes);
        bytes.extend(sum.sum().to_le_bytes());
        bytes
    }

    fn read(path: &Path) -> io::Result<Self> {
        let length = path.metadata()?.len();
        let mut bytes = Vec::with_capacity(usize::try_from(length.min(MAX_BYTES)).unwrap_or_default());
        File::open(path)?.take(MAX_BYTES).read_to_end(&mut bytes)?;
        Self::from_bytes(&bytes)
    }

    fn from_bytes(bytes: &[u8]) -> io::Result<Self> {
        let (rest, sum) = bytes.split_last_chunk().ok_or_else(damaged)?;
        let mut found = flate2::Crc::new();
        found.update(rest);
        if found.sum() != u32::from_le_bytes(*sum) {
            return Err(damaged());
        }
        let mut reader = rest;
        let head = read_head(&mut reader)?;
        let (codes, active, sets) = (longs(&mut reader)?, longs(&mut reader)?, longs(&mut reader)?);
        let mut lists =
            || Ok::<_, io::Error>(Lists { starts: shorts(&mut reader)?, all: shorts(&mut reader)? });
        let (parents, ancestors, members) = (lists()?, lists()?, lists()?);
        Ok(Self { head, codes, active, parents, ancestors, sets, members })
    }
}

fn read_head(reader: &mut impl Read) -> io::Result<CompactHead> {
    let mut magic = vec![0; MAGIC.len() + 1];
    reader.read_exact(&mut magic)?;
    let is_whole = match magic.strip_prefix(MAGIC) {
        Some([whole]) => *whole != 0,
        _ => {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "it is not an index of codes, or is from another version of ers-fhir: regenerate it with `ers-fhir \
                 package index`",
            ));
        }
    };
    let mut text = || {
        let length = number(reader)?;
        if length > MAX_TEXT {
            return Err(damaged());
        }
        let mut text = vec![0; length as usize];
        reader.read_exact(&mut text)?;
        String::from_utf8(text).map_err(|_| damaged())
    };
    Ok(CompactHead { url: text()?, edition: text()?, is_whole })
}

fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "it is damaged: regenerate it with `ers-fhir package index`")
}

fn number(reader: &mut impl Read) -> io::Result<u32> {
    let mut bytes = [0; 4];
    reader.read_exact(&mut bytes)?;
    Ok(u32::from_le_bytes(bytes))
}

/// The words of a size, which must exist.
fn words<'a, const N: usize>(reader: &mut &'a [u8]) -> io::Result<&'a [[u8; N]]> {
    let length = number(reader)? as usize;
    let (words, rest) =
        length.checked_mul(N).and_then(|bytes| reader.split_at_checked(bytes)).ok_or_else(damaged)?;
    *reader = rest;
    Ok(words.as_chunks().0)
}

fn longs(reader: &mut &[u8]) -> io::Result<Vec<u64>> {
    Ok(words(reader)?.iter().map(|word| u64::from_le_bytes(*word)).collect())
}

fn shorts(reader: &mut &[u8]) -> io::Result<Vec<u32>> {
    Ok(words(reader)?.iter().map(|word| u32::from_le_bytes(*word)).collect())
}

#[cfg(test)]
mod tests {
    use super::super::{CompactBuilder, CompactError};
    use super::*;

    fn built() -> CompactBuilder {
        let head = CompactHead {
            url: "http://snomed.info/sct".to_owned(),
            edition: "made for a test".to_owned(),
            is_whole: false,
        };
        let mut builder = CompactBuilder::new(head);
        for (code, is_active) in [("138875005", true), ("404684003", true), ("22298006", true), ("1", false)]
        {
            builder.concept(code, is_active).unwrap();
        }
        builder.kind_of("404684003", "138875005").unwrap();
        builder.kind_of("22298006", "404684003").unwrap();
        builder.kind_of("22298006", "99").unwrap();
        builder.member("700", "22298006").unwrap();
        builder
    }

    #[test]
    fn what_is_written_is_read_and_answers() {
        let compact = built().build().unwrap();
        let bytes = compact.to_bytes();
        assert_eq!(Compact::from_bytes(&bytes).unwrap(), compact);
        let find = |code: &str| compact.find(code).unwrap();
        let (root, finding, infarct) = (find("138875005"), find("404684003"), find("22298006"));
        assert!(compact.is_below(infarct, root) && compact.is_below(infarct, finding));
        assert!(!compact.is_below(root, infarct) && !compact.is_below(root, root));
        assert_eq!(compact.parents(infarct), [finding]);
        assert_eq!(compact.is_member(infarct, "700"), Some(true));
        assert_eq!((compact.is_member(root, "700"), compact.is_member(root, "701")), (Some(false), None));
        assert!(compact.is_active(root) && !compact.is_active(find("1")));
        assert_eq!(compact.find("2"), None);
        for at in 0..bytes.len() {
            let mut spoiled = bytes.clone();
            spoiled[at] ^= 1;
            assert!(Compact::from_bytes(&spoiled).is_err(), "byte {at}");
            assert!(Compact::from_bytes(&bytes[..at]).is_err(), "{at} bytes");
        }
    }

    #[test]
    fn what_cannot_be_made() {
        let mut circle = built();
        circle.kind_of("138875005", "22298006").unwrap();
        assert_eq!(circle.build(), Err(CompactError::Circle(3)));
        assert_eq!(CompactBuilder::default().build(), Err(CompactError::Empty));
        assert!(built().concept("not a code", true).is_err());
    }
}
