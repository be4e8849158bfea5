//! The file that a state is kept in.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use ers_fhir_local::journal::{HEADER, line, read, snapshot};
use ers_fhir_local::{Change, State};

use super::error::MockError;

/// Minimum number of bytes after the snapshot before a new one is due.
const LEAST_GROWTH: u64 = 16 << 20;

/// The file of a journal, open for appending.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    file: File,
    /// Bytes of the snapshot, and of the whole file.
    snapshot: u64,
    length: u64,
}

impl Journal {
    /// Opens a journal and reads its state; `None` if there is none yet. An incomplete entry at its end is removed.
    pub(super) fn open(path: &Path) -> Result<(Self, Option<State>), MockError> {
        let failed = |error| MockError::File(path.to_owned(), error);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(failed)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(failed)?;
        let mut state = State::default();
        let whole =
            read(&bytes, &mut state).map_err(|error| MockError::Journal(path.to_owned(), error))? as u64;
        file.set_len(whole).map_err(failed)?;
        io::Seek::seek(&mut file, io::SeekFrom::Start(whole)).map_err(failed)?;
        let is_begun = whole > HEADER.len() as u64;
        let journal = Self { path: path.to_owned(), file, snapshot: whole, length: whole };
        Ok((journal, is_begun.then_some(state)))
    }

    /// Writes changes before they are acknowledged: once this returns, they survive the process.
    pub(super) fn append(&mut self, changes: &[Change], state: &State) -> io::Result<()> {
        let line = line(changes);
        self.file.write_all(&line)?;
        self.length += line.len() as u64;
        if self.length > self.snapshot * 2 + LEAST_GROWTH {
            self.rewrite(state)?;
        }
        Ok(())
    }

    /// Replaces the journal atomically by a snapshot.
    pub(super) fn rewrite(&mut self, state: &State) -> io::Result<()> {
        let mut name = self.path.file_name().unwrap_or_default().to_owned();
        name.push(".new");
        let beside = self.path.with_file_name(name);
        let file = OpenOptions::new().write(true).create(true).truncate(true).open(&beside)?;
        let mut writer = BufWriter::new(file);
        writer.write_all(HEADER)?;
        let mut length = HEADER.len() as u64;
        for line in snapshot(state) {
            writer.write_all(&line)?;
            length += line.len() as u64;
        }
        let file = writer.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        std::fs::rename(&beside, &self.path)?;
        self.file = file;
        (self.snapshot, self.length) = (length, length);
        Ok(())
    }
}
