//! Reading payloads up to a limit.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use ers_fhir_tree::{MAX_BYTES, Unreadable, check_size};

use super::error::InputError;
use super::packed;
use super::source::Source;

/// Reads all of a source, unless it is larger than a payload may be.
///
/// # Errors
///
/// If it cannot be read, or is compressed.
pub fn bytes(source: &Source) -> Result<Result<Vec<u8>, Unreadable>, InputError> {
    let read = match source {
        Source::Stdin(_) => bounded(io::stdin().lock(), 0),
        Source::NoBody | Source::Unopened(..) => Ok(Ok(Vec::new())),
        Source::File(path) | Source::Found(path) => file(path),
    };
    let unreadable = |error| InputError::Unreadable { name: source.name(), source: explained(source, error) };
    let read = read.map_err(unreadable)?;
    let packed = match (&read, source) {
        (Ok(bytes), _) => packed::said(bytes),
        (Err(_), Source::File(path) | Source::Found(path)) => packed::said(&head(path)),
        (Err(_), _) => None,
    };
    packed.map_or(Ok(read), |why| Err(InputError::Archive { name: source.name(), why }))
}

/// Why a source cannot be read: for a broken link the system only says that a file does not exist.
fn explained(source: &Source, error: io::Error) -> io::Error {
    match source {
        Source::File(path) | Source::Found(path) if path.is_symlink() && !path.exists() => {
            io::Error::new(error.kind(), "it is a broken link")
        }
        _ => error,
    }
}

/// The beginning of a file.
fn head(path: &Path) -> Vec<u8> {
    let mut head = Vec::new();
    // A file that can no longer be read was read before.
    let _ = File::open(path).and_then(|file| file.take(8).read_to_end(&mut head));
    head
}

fn file(path: &Path) -> io::Result<Result<Vec<u8>, Unreadable>> {
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    match check_size(length) {
        Ok(()) => bounded(file, length),
        Err(too_large) => Ok(Err(too_large)),
    }
}

/// Reads a source that may have no length, such as a pipe, up to a limit.
pub(super) fn bounded(reader: impl Read, length: u64) -> io::Result<Result<Vec<u8>, Unreadable>> {
    let mut bytes = Vec::with_capacity(length as usize + 1);
    reader.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(check_size(bytes.len() as u64).map(|()| bytes))
}
