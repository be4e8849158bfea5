//! Bytes of payloads, bounded.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use ers_fhir_tree::{MAX_BYTES, Unreadable, check_size};

use super::error::InputError;
use super::source::Source;

/// Reads all of a source, unless it is larger than a payload may be.
///
/// # Errors
///
/// Where the operating system does not hand it out.
pub fn bytes(source: &Source) -> Result<Result<Vec<u8>, Unreadable>, InputError> {
    let read = match source {
        Source::Stdin(_) => bounded(io::stdin().lock(), 0),
        Source::NoBody | Source::Unopened(..) => Ok(Ok(Vec::new())),
        Source::File(path) | Source::Found(path) => file(path),
    };
    read.map_err(|error| InputError::Unreadable { name: source.name(), source: error })
}

fn file(path: &Path) -> io::Result<Result<Vec<u8>, Unreadable>> {
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    match check_size(length) {
        Ok(()) => bounded(file, length),
        Err(too_large) => Ok(Err(too_large)),
    }
}

/// Reads what may have no length, such as a pipe, and stops where it is too long.
pub(super) fn bounded(reader: impl Read, length: u64) -> io::Result<Result<Vec<u8>, Unreadable>> {
    let mut bytes = Vec::with_capacity(length as usize + 1);
    reader.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(check_size(bytes.len() as u64).map(|()| bytes))
}
