//! NDJSON: a payload a line, read one after the other, so that no more is in memory than a line.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use ers_fhir_tree::{MAX_BYTES, check_size};

use super::error::InputError;
use super::source::{Item, Part, Source};

/// What is read at once.
const BUFFER: usize = 256 << 10;

/// Hands over the lines of a source.
pub(super) fn each(source: &Source, take: &mut dyn FnMut(Item) -> bool) -> bool {
    let opened: io::Result<Box<dyn BufRead>> = match source.named_or_found() {
        Some(path) => File::open(path).map(|file| Box::new(BufReader::with_capacity(BUFFER, file)) as _),
        None => Ok(Box::new(io::stdin().lock())),
    };
    let name = source.name();
    let path = source.path().unwrap_or(name.as_ref()).to_owned();
    let failed = |error| Item::Failed(InputError::Unreadable { name: source.name(), source: error });
    let file = Lines { name: name.clone(), path, is_found: matches!(source, Source::Found(_)) };
    match opened {
        Ok(reader) => of(reader, file, take).unwrap_or_else(|error| take(failed(error))),
        Err(error) => take(failed(error)),
    }
}

/// A file of lines.
pub(super) struct Lines {
    /// What to call it.
    pub(super) name: String,
    /// The path that settings know it by.
    pub(super) path: PathBuf,
    /// Whether other files than payloads may lie beside it.
    pub(super) is_found: bool,
}

/// Hands over the lines of what is read.
pub(super) fn of(
    mut reader: impl BufRead,
    file: Lines,
    take: &mut dyn FnMut(Item) -> bool,
) -> io::Result<bool> {
    let Lines { name, path, is_found } = file;
    let (mut line, mut byte) = (0, 0);
    // Programs log in this form too: lines wait until one of them looks like FHIR.
    let mut waiting = is_found.then(Waiting::default);
    loop {
        let mut bytes = Vec::new();
        let mut length = reader.by_ref().take(MAX_BYTES as u64 + 1).read_until(b'\n', &mut bytes)?;
        if length == 0 {
            let is_none = waiting.is_some_and(|waiting| !waiting.parts.is_empty());
            return Ok(!is_none || take(Item::Skipped(name, "not FHIR")));
        }
        let before = (line, byte);
        let read = if length > MAX_BYTES && bytes.last() != Some(&b'\n') {
            bytes = Vec::new();
            length += pass_line(&mut reader)?;
            check_size(length as u64).map(|()| Vec::new())
        } else {
            bytes.truncate(bytes.trim_ascii_end().len());
            bytes.shrink_to_fit();
            Ok(bytes)
        };
        line += 1;
        byte += length;
        if read.as_ref().is_ok_and(|bytes| bytes.trim_ascii().is_empty()) {
            continue;
        }
        let is_fhir = read.as_ref().map_or(true, |bytes| may_be_fhir(bytes));
        let part = Part {
            name: format!("{name}, line {line}"),
            within: name.clone(),
            path: path.clone(),
            before: Some(before),
            bytes: read,
            is_found: false,
        };
        let parts = match waiting.take() {
            Some(mut others) if !is_fhir => {
                others.bytes += length;
                others.parts.push(part);
                if others.is_enough() {
                    return Ok(take(Item::Skipped(name, "not FHIR")));
                }
                waiting = Some(others);
                continue;
            }
            Some(others) => others.parts,
            None => Vec::new(),
        };
        if !parts.into_iter().chain([part]).all(|part| take(Item::Part(part))) {
            return Ok(false);
        }
    }
}

/// The lines of a file of which none looks like FHIR so far.
#[derive(Default)]
struct Waiting {
    parts: Vec<Part>,
    bytes: usize,
}

impl Waiting {
    /// Whether a file that begins so is none of payloads.
    fn is_enough(&self) -> bool {
        self.parts.len() >= 20 || self.bytes >= 1 << 20
    }
}

fn may_be_fhir(line: &[u8]) -> bool {
    const TYPE: &[u8] = b"\"resourceType\"";
    line.windows(TYPE.len()).any(|window| window == TYPE)
}

/// Passes by what is left of a line; how much that was.
fn pass_line(reader: &mut impl BufRead) -> io::Result<usize> {
    let mut passed = 0;
    loop {
        let buffer = reader.fill_buf()?;
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let (length, is_last) = (end.map_or(buffer.len(), |end| end + 1), end.is_some() || buffer.is_empty());
        reader.consume(length);
        passed += length;
        if is_last {
            return Ok(passed);
        }
    }
}

impl Source {
    fn named_or_found(&self) -> Option<&Path> {
        if matches!(self, Self::Stdin(_)) { None } else { self.path() }
    }
}
