//! The text of JSON definitions, one after the other.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// The text of the definitions of a package.
#[derive(Debug, Clone)]
pub(super) enum Text {
    /// In memory.
    Memory(Vec<u8>),
    /// In a file, from which each definition is read when it is asked for.
    File(Arc<TextFile>),
}

impl Default for Text {
    fn default() -> Self {
        Self::Memory(Vec::new())
    }
}

impl Text {
    pub(super) fn get(&self, range: Range<usize>) -> io::Result<Cow<'_, [u8]>> {
        match self {
            Self::Memory(text) => {
                text.get(range).map(Cow::Borrowed).ok_or_else(|| ErrorKind::UnexpectedEof.into())
            }
            Self::File(file) => file.read(range).map(Cow::Owned),
        }
    }
}

/// A file with the text of definitions.
#[derive(Debug)]
pub(super) struct TextFile {
    path: PathBuf,
    file: Mutex<File>,
}

impl TextFile {
    pub(super) fn new(path: PathBuf, file: File) -> Self {
        Self { path, file: Mutex::new(file) }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    fn read(&self, range: Range<usize>) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; range.len()];
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(range.start as u64))?;
        file.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}
