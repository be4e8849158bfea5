//! Why a payload cannot be checked at all.

use std::io;
use std::path::PathBuf;

/// Why a payload cannot be checked at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InputError {
    /// It cannot be read.
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
    /// An archive cannot be read to its end.
    #[error("{name}: {why}")]
    Archive {
        /// Which.
        name: String,
        /// Why.
        why: String,
    },
    /// A file of ignore patterns cannot be read.
    #[error("{}: {why}", path.display())]
    Ignore {
        /// Which.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// A folder has no payloads.
    #[error(
        "there is no .json, .xml, .ndjson or .har file in {}; --allow-empty accepts that",
        .0.display()
    )]
    EmptyFolder(PathBuf),
    /// A glob matches no payload.
    #[error("no file matches {}; --allow-empty accepts that", .0.display())]
    EmptyPattern(PathBuf),
    /// A glob is malformed.
    #[error("{0}")]
    Pattern(String),
}

impl InputError {
    /// Whether there is merely nothing to check.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::EmptyFolder(_) | Self::EmptyPattern(_))
    }
}
