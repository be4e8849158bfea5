//! Sources of payloads, and their content.

use std::path::{Path, PathBuf};

use ers_fhir_tree::Unreadable;

use super::error::InputError;
use super::lines::Block;

/// A source of payloads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// Standard input, and the file name that it is given.
    Stdin(Option<PathBuf>),
    /// A call without a body.
    NoBody,
    /// A file that the command line names.
    File(PathBuf),
    /// A file that was found in a folder, where there may be other files next to payloads.
    Found(PathBuf),
    /// Something in a folder that is not opened, and why.
    Unopened(PathBuf, &'static str),
}

/// The format of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One payload, or one capture of traffic.
    Whole,
    /// One payload per line.
    Lines,
    /// A tar archive, gzipped or not.
    Tar,
    /// A zip archive.
    Zip,
}

impl Form {
    /// The format according to the name of a file.
    pub fn of(path: &Path) -> Self {
        let name = path.file_name().unwrap_or_default().as_encoded_bytes();
        let ends_with = |ending: &&str| {
            let start = name.len().checked_sub(ending.len());
            start.is_some_and(|start| name[start..].eq_ignore_ascii_case(ending.as_bytes()))
        };
        let ends = |endings: &[&str]| endings.iter().any(ends_with);
        match () {
            () if ends(&[".ndjson", ".jsonl"]) => Self::Lines,
            () if ends(&[".tgz", ".tar.gz", ".tar"]) => Self::Tar,
            () if ends(&[".zip"]) => Self::Zip,
            () => Self::Whole,
        }
    }
}

impl Source {
    /// The name under which findings are reported.
    pub fn name(&self) -> String {
        match self {
            Self::Stdin(None) => "<stdin>".to_owned(),
            Self::NoBody => "<call>".to_owned(),
            Self::Stdin(Some(path)) | Self::File(path) | Self::Found(path) | Self::Unopened(path, _) => {
                path.display().to_string()
            }
        }
    }

    /// Its path for the settings.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Stdin(path) => path.as_deref(),
            Self::File(path) | Self::Found(path) => Some(path),
            Self::NoBody | Self::Unopened(..) => None,
        }
    }

    /// Its format.
    pub fn form(&self) -> Form {
        self.path().map_or(Form::Whole, Form::of)
    }

    /// The file that the command line names.
    pub fn named(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            _ => None,
        }
    }
}

/// One payload, or a message instead.
#[derive(Debug)]
pub enum Item<'s> {
    /// A whole source, still to be read.
    Whole(&'s Source),
    /// One of several payloads.
    Part(Part),
    /// Several payloads, one per line.
    Lines(Block),
    /// Something that is not checked, and why.
    Skipped(String, &'static str),
    /// Something that cannot be checked.
    Failed(InputError),
}

/// A payload of a source with several.
#[derive(Debug)]
pub struct Part {
    /// Its name.
    pub name: String,
    /// Its source.
    pub within: String,
    /// Its path for the settings.
    pub path: PathBuf,
    /// Lines and bytes of the source before it, if it is a line.
    pub before: Option<(usize, usize)>,
    /// Its bytes, unless it is too large for a payload.
    pub bytes: Result<Vec<u8>, Unreadable>,
    /// Whether there may be files other than payloads next to it.
    pub is_found: bool,
}

impl Item<'_> {
    /// Roughly how much memory it takes until it is checked.
    pub fn weight(&self) -> usize {
        const LEAST: usize = 1 << 10;
        match self {
            Self::Lines(block) => block.weight() + LEAST,
            Self::Part(part) => part.bytes.as_ref().map_or(0, Vec::len) + LEAST,
            // A file is read only when it is checked.
            Self::Whole(_) | Self::Skipped(..) | Self::Failed(_) => LEAST,
        }
    }
}

/// The result of a search for payloads.
#[derive(Debug, Default)]
pub struct Found {
    /// The sources to check, in order.
    pub sources: Vec<Source>,
    /// Errors that prevent something from being checked.
    pub errors: Vec<InputError>,
    /// How many paths were ignored; a folder counts as one.
    pub ignored: usize,
    /// Whether something was not a plain file, so that it may be found twice.
    pub has_links: bool,
}

/// Whether a file with that name in a folder may be a payload.
pub(super) fn is_payload(path: &Path) -> bool {
    let is_one = |extension: &std::ffi::OsStr| {
        ["json", "xml", "har", "ndjson", "jsonl"].iter().any(|known| extension.eq_ignore_ascii_case(known))
    };
    path.extension().is_some_and(is_one)
}

/// Whether a file or folder is skipped: it is hidden, or holds third-party packages.
pub(super) fn is_passed_by(name: &std::ffi::OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".") || name == "node_modules"
}
