//! A file that replaces another when it is complete.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, TempPath};

use crate::unfinished::Unfinished;

/// The future content of a path. Until [`keep`](Self::keep), or if that fails, the existing file
/// stays.
///
/// Links are followed. Anything but a file, such as a pipe or a device, is written to directly.
#[derive(Debug)]
pub struct Replacement(To);

/// The prefix of incomplete files: one that a killed process left behind shows where it is from, and is
/// hidden.
pub const PREFIX: &str = ".ers-fhir-";

#[derive(Debug)]
enum To {
    /// The file being written, its temporary name, and a guard that removes it if the process is terminated.
    File(BufWriter<File>, TempPath, PathBuf, Unfinished),
    Stream(BufWriter<File>),
}

impl Replacement {
    /// An empty file in the same folder, so that it can replace the other in one step.
    ///
    /// # Errors
    ///
    /// If no file can be made there.
    pub fn at(path: &Path) -> io::Result<Self> {
        let path = match path.canonicalize() {
            Ok(found) => found,
            Err(_) => path.to_owned(),
        };
        match fs::metadata(&path) {
            Ok(found) if found.is_dir() => {
                return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder: name a file in it"));
            }
            Ok(found) if !found.is_file() => {
                let stream = OpenOptions::new().write(true).open(&path)?;
                return Ok(Self(To::Stream(BufWriter::new(stream))));
            }
            Ok(found) if found.permissions().readonly() => {
                return Err(io::Error::new(io::ErrorKind::PermissionDenied, "it is not writable"));
            }
            _ => {}
        }
        let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !folder.is_dir() {
            let why = format!("there is no folder {}", folder.display());
            return Err(io::Error::new(io::ErrorKind::NotFound, why));
        }
        let mut unfinished = None;
        let made = Builder::new().prefix(PREFIX).make_in(folder, |name| {
            unfinished = Some(Unfinished::at(name));
            create(name)
        });
        let made = made.map_err(|error| io::Error::from(error.kind()))?;
        let (file, name) = made.into_parts();
        let unfinished = unfinished.unwrap_or_else(|| Unfinished::at(&name));
        Ok(Self(To::File(BufWriter::new(file), name, path, unfinished)))
    }

    /// Moves it into place, with the owner and the permissions of the file that it replaces.
    ///
    /// # Errors
    ///
    /// If it cannot be written or moved.
    pub fn keep(self) -> io::Result<()> {
        match self.0 {
            To::Stream(mut stream) => stream.flush(),
            To::File(file, name, path, _unfinished) => {
                let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
                succeed(&file, fs::metadata(&path).ok())?;
                file.sync_all()?;
                name.persist(&path).map_err(|error| error.error)?;
                Ok(())
            }
        }
    }
}

impl Write for Replacement {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.0 {
            To::Stream(stream) => stream.write(bytes),
            To::File(file, ..) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.0 {
            To::Stream(stream) => stream.flush(),
            To::File(file, ..) => file.flush(),
        }
    }
}

/// A file that only its owner may read, as long as it is incomplete.
fn create(name: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(name)
}

/// Gives it the usual permissions: those of the file that it replaces, if any.
#[cfg(unix)]
fn succeed(file: &File, found: Option<Metadata>) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};

    let Some(found) = found else { return file.set_permissions(PermissionsExt::from_mode(0o644)) };
    let own = file.metadata()?;
    if (own.uid(), own.gid()) != (found.uid(), found.gid()) {
        // Only root may change the owner. Other users can still keep the group, if they belong to it.
        let _ = fchown(file, Some(found.uid()), Some(found.gid()))
            .or_else(|_| fchown(file, None, Some(found.gid())));
    }
    // Changing the owner may remove permissions.
    file.set_permissions(found.permissions())
}

/// Gives it the usual permissions: those of the file that it replaces, if any.
#[cfg(not(unix))]
fn succeed(file: &File, found: Option<Metadata>) -> io::Result<()> {
    found.map_or(Ok(()), |found| file.set_permissions(found.permissions()))
}
