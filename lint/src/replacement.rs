//! A file that takes the place of another when it is complete.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, TempPath};

use crate::unfinished::Unfinished;

/// What will be at a path; until [`keep`](Self::keep), and where that fails, what was there stays.
///
/// A link is followed. What is no file, such as a pipe or a device, is written to as it is.
#[derive(Debug)]
pub struct Replacement(To);

/// How files begin that are not complete: one that a killed process left tells whose it is, and is hidden.
pub const PREFIX: &str = ".ers-fhir-";

#[derive(Debug)]
enum To {
    /// What is written, its name, which is told to nobody, and that it goes where the process is told to end.
    File(BufWriter<File>, TempPath, PathBuf, Unfinished),
    Stream(BufWriter<File>),
}

impl Replacement {
    /// An empty file, in the same folder, so that it can take its place in one step.
    ///
    /// # Errors
    ///
    /// Where no file can be made there.
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
                return Err(io::Error::new(io::ErrorKind::PermissionDenied, "it may not be written"));
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

    /// Puts it in its place, with the owner and the permissions of what was there.
    ///
    /// # Errors
    ///
    /// Where it cannot be written or moved.
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

/// A file for its owner alone, as long as it is not complete.
fn create(name: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(name)
}

/// Makes it a file like others: like what was there, if anything.
#[cfg(unix)]
fn succeed(file: &File, found: Option<Metadata>) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};

    let Some(found) = found else { return file.set_permissions(PermissionsExt::from_mode(0o644)) };
    let own = file.metadata()?;
    if (own.uid(), own.gid()) != (found.uid(), found.gid()) {
        // Only root gives files away. Who may not still leaves it to the group, where that is one of theirs.
        let _ = fchown(file, Some(found.uid()), Some(found.gid()))
            .or_else(|_| fchown(file, None, Some(found.gid())));
    }
    // To change the owner may take permissions away.
    file.set_permissions(found.permissions())
}

/// Makes it a file like others: like what was there, if anything.
#[cfg(not(unix))]
fn succeed(file: &File, found: Option<Metadata>) -> io::Result<()> {
    found.map_or(Ok(()), |found| file.set_permissions(found.permissions()))
}
