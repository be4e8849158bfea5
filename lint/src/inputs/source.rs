//! Where payloads come from, and what is handed over of them.

use std::path::{Path, PathBuf};

use ers_fhir_tree::Unreadable;

use super::error::InputError;
use super::lines::Block;

/// What payloads come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// Standard input, and the file that it is taken for.
    Stdin(Option<PathBuf>),
    /// A call that has no body.
    NoBody,
    /// A file that the command line names.
    File(PathBuf),
    /// A file that was found in a folder, where files of other kinds may lie beside payloads.
    Found(PathBuf),
    /// What was found in a folder and is not opened, and why.
    Unopened(PathBuf, &'static str),
}

/// How what holds payloads is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As one payload, or one capture of traffic.
    Whole,
    /// A payload a line.
    Lines,
    /// A tar archive, gzipped or not.
    Tar,
    /// A zip archive.
    Zip,
}

impl Form {
    /// What the name of a file says.
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

    /// The path that settings know it by.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Stdin(path) => path.as_deref(),
            Self::File(path) | Self::Found(path) => Some(path),
            Self::NoBody | Self::Unopened(..) => None,
        }
    }

    /// How it is written.
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

/// One payload, or what is said instead.
#[derive(Debug)]
pub enum Item<'s> {
    /// All of a source, still to be read.
    Whole(&'s Source),
    /// A payload of several.
    Part(Part),
    /// Several payloads, a line each.
    Lines(Block),
    /// What is not checked, and why.
    Skipped(String, &'static str),
    /// What cannot be.
    Failed(InputError),
}

/// A payload of a source that holds several.
#[derive(Debug)]
pub struct Part {
    /// What to call it.
    pub name: String,
    /// The source that it is in.
    pub within: String,
    /// The path that settings know it by.
    pub path: PathBuf,
    /// Lines and bytes of the source before it, where it is a line of it.
    pub before: Option<(usize, usize)>,
    /// Its bytes, unless it is larger than any payload may be.
    pub bytes: Result<Vec<u8>, Unreadable>,
    /// Whether other files than payloads may lie beside it.
    pub is_found: bool,
}

impl Item<'_> {
    /// How much memory it takes until it is checked, about.
    pub fn weight(&self) -> usize {
        const LEAST: usize = 1 << 10;
        match self {
            Self::Lines(block) => block.weight() + LEAST,
            Self::Part(part) => part.bytes.as_ref().map_or(0, Vec::len) + LEAST,
            // A file is read when it is its turn.
            Self::Whole(_) | Self::Skipped(..) | Self::Failed(_) => LEAST,
        }
    }
}

/// What was found.
#[derive(Debug, Default)]
pub struct Found {
    /// What there is to check, in order.
    pub sources: Vec<Source>,
    /// What keeps something from being checked.
    pub errors: Vec<InputError>,
    /// How many paths ignore files name; a folder is one.
    pub ignored: usize,
    /// Whether something was no plain file, so that it may be found elsewhere too.
    pub has_links: bool,
}

/// Whether a file of that name in a folder may be a payload.
pub(super) fn is_payload(path: &Path) -> bool {
    let is_one = |extension: &std::ffi::OsStr| {
        ["json", "xml", "har", "ndjson", "jsonl"].iter().any(|known| extension.eq_ignore_ascii_case(known))
    };
    path.extension().is_some_and(is_one)
}

/// Whether a file or folder is passed by: it is hidden, or has packages of others.
pub(super) fn is_passed_by(name: &std::ffi::OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".") || name == "node_modules"
}
