//! Why a payload cannot be checked at all.

use std::io;
use std::path::PathBuf;

/// Why a payload cannot be checked at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InputError {
    /// The operating system does not hand it out.
    #[error("cannot read {name}: {source}")]
    Unreadable {
        /// What.
        name: String,
        /// Why.
        source: io::Error,
    },
    /// A capture of traffic cannot be used.
    #[error("{name}: {why}")]
    Capture {
        /// Which.
        name: String,
        /// Why.
        why: String,
    },
    /// An archive cannot be read, or not to its end.
    #[error("{name}: {why}")]
    Archive {
        /// Which.
        name: String,
        /// Why.
        why: String,
    },
    /// A file that says what is ignored cannot be read.
    #[error("{}: {why}", path.display())]
    Ignore {
        /// Which.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// A folder has no payloads.
    #[error(
        "there is no .json, .xml, .ndjson or .har file in {}; with --allow-empty that is no failure",
        .0.display()
    )]
    EmptyFolder(PathBuf),
    /// A glob fits no payload.
    #[error("no file fits {}; with --allow-empty that is no failure", .0.display())]
    EmptyPattern(PathBuf),
    /// A glob cannot be read.
    #[error("{0}")]
    Pattern(String),
}

impl InputError {
    /// Whether there is just nothing to check.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::EmptyFolder(_) | Self::EmptyPattern(_))
    }
}
