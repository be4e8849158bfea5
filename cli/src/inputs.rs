//! Which payloads a run checks, and their bytes.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use ers_fhir_validator::tree::{MAX_BYTES, Unreadable, check_size};

/// What a payload comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    /// Standard input.
    Stdin,
    /// A call that has no body.
    NoBody,
    /// A file that the command line names.
    File(PathBuf),
    /// A file that was found in a folder, where files of other kinds may lie beside payloads.
    Found(PathBuf),
    /// A pipe, socket or device that was found in a folder: to open it may have no end.
    NoFile(PathBuf),
}

impl Source {
    /// The name under which findings are reported.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Stdin => "<stdin>".to_owned(),
            Self::NoBody => "<call>".to_owned(),
            Self::File(path) | Self::Found(path) | Self::NoFile(path) => path.display().to_string(),
        }
    }

    /// The file that it is read from.
    pub(crate) fn path(&self) -> Option<&Path> {
        match self {
            Self::File(path) | Self::Found(path) => Some(path),
            Self::Stdin | Self::NoBody | Self::NoFile(_) => None,
        }
    }

    /// The file that the command line names.
    pub(crate) fn named(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Found(_) | Self::Stdin | Self::NoBody | Self::NoFile(_) => None,
        }
    }

    /// Reads a payload, unless it is larger than any may be.
    pub(crate) fn read(&self) -> Result<Result<Vec<u8>, Unreadable>, InputError> {
        let read = match self {
            Self::Stdin => read_bounded(io::stdin().lock(), 0),
            Self::NoBody | Self::NoFile(_) => Ok(Ok(Vec::new())),
            Self::File(path) | Self::Found(path) => read_file(path),
        };
        read.map_err(|source| InputError::Unreadable { name: self.name(), source })
    }
}

/// Why a payload cannot be checked at all.
#[derive(Debug, thiserror::Error)]
pub(crate) enum InputError {
    /// The operating system does not hand it out.
    #[error("cannot read {name}: {source}")]
    Unreadable { name: String, source: io::Error },
    /// A capture of traffic cannot be used.
    #[error("{name}: {why}")]
    Capture { name: String, why: String },
    /// A folder has no payloads.
    #[error("there is no .json, .xml or .har file in {}; with --allow-empty that is no failure", .0.display())]
    EmptyFolder(PathBuf),
}

/// The payloads that the paths mean, in their order; the files of a folder in order of their paths.
pub(crate) fn find(paths: &[PathBuf]) -> (Vec<Source>, Vec<InputError>) {
    let mut sources = Vec::new();
    let mut errors = Vec::new();
    for path in paths {
        if path == Path::new("-") {
            sources.push(Source::Stdin);
        } else if path.is_dir() {
            let found = sources.len();
            search(path, &mut sources, &mut errors);
            if sources.len() == found {
                errors.push(InputError::EmptyFolder(path.clone()));
            }
        } else {
            sources.push(Source::File(path.clone()));
        }
    }
    (sources, errors)
}

/// Adds the payloads below a folder. Hidden files and links to folders are passed by.
fn search(folder: &Path, sources: &mut Vec<Source>, errors: &mut Vec<InputError>) {
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let mut entries = match entries {
        Ok(entries) => entries,
        Err(source) => {
            errors.push(InputError::Unreadable { name: folder.display().to_string(), source });
            return;
        }
    };
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        let path = entry.path();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            search(&path, sources, errors);
        } else if is_payload(&path) {
            match path.metadata() {
                Ok(file) if file.is_dir() => {}
                Ok(file) if !file.is_file() => sources.push(Source::NoFile(path)),
                // A link that leads nowhere is said when it is read.
                _ => sources.push(Source::Found(path)),
            }
        }
    }
}

fn is_payload(path: &Path) -> bool {
    path.extension().is_some_and(|extension| {
        ["json", "xml", "har"].iter().any(|known| extension.eq_ignore_ascii_case(known))
    })
}

fn read_file(path: &Path) -> io::Result<Result<Vec<u8>, Unreadable>> {
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    match check_size(length) {
        Ok(()) => read_bounded(file, length),
        Err(too_large) => Ok(Err(too_large)),
    }
}

/// Reads what may have no length, such as a pipe, and stops where it is too long.
fn read_bounded(reader: impl Read, length: u64) -> io::Result<Result<Vec<u8>, Unreadable>> {
    let mut bytes = Vec::with_capacity(length as usize + 1);
    reader.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(check_size(bytes.len() as u64).map(|()| bytes))
}
