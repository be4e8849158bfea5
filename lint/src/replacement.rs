//! A file that takes the place of another when it is complete.

use std::fs::{self, File, Permissions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// What will be at a path; until [`keep`](Self::keep), and where that fails, what was there stays.
#[derive(Debug)]
pub struct Replacement {
    file: BufWriter<NamedTempFile>,
    path: PathBuf,
}

impl Replacement {
    /// An empty file, in the same folder, so that it can take its place in one step.
    ///
    /// # Errors
    ///
    /// Where no file can be made there.
    pub fn at(path: &Path) -> io::Result<Self> {
        if path.is_dir() {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder: name a file in it"));
        }
        let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Ok(Self { file: BufWriter::new(NamedTempFile::new_in(folder)?), path: path.to_owned() })
    }

    /// Puts it in its place, with the permissions of what was there.
    ///
    /// # Errors
    ///
    /// Where it cannot be written or moved.
    pub fn keep(self) -> io::Result<()> {
        let file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        permit(file.as_file(), fs::metadata(&self.path).ok().map(|found| found.permissions()))?;
        file.as_file().sync_all()?;
        file.persist(&self.path).map_err(|error| error.error)?;
        Ok(())
    }
}

impl Write for Replacement {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// A temporary file is for its owner alone; this one is a file like others.
fn permit(file: &File, found: Option<Permissions>) -> io::Result<()> {
    #[cfg(unix)]
    let found = found.or_else(|| Some(std::os::unix::fs::PermissionsExt::from_mode(0o644)));
    found.map_or(Ok(()), |found| file.set_permissions(found))
}
