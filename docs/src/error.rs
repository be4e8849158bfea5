//! Why a site cannot be made.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// Why a site cannot be made.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder cannot be read or written.
    #[error("{path}: {source}", path = path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The folder holds files that do not belong to an earlier site.
    #[error("{path} holds files that do not belong to a generated site, such as {found}; name an empty folder, or delete them with --force", path = path.display())]
    Foreign {
        /// The folder.
        path: PathBuf,
        /// One of the files.
        found: String,
    },
    /// A template is invalid.
    #[error("a template is invalid: {0:#}")]
    Template(#[from] minijinja::Error),
}

impl Error {
    pub(crate) fn file(path: impl Into<PathBuf>, source: io::Error) -> Self {
        Self::File { path: path.into(), source }
    }
}
