//! Why settings cannot be used.

use std::path::{Path, PathBuf};

/// Why settings cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file cannot be read.
    #[error("cannot read {}: {}", path.display(), why(source))]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not TOML, or a value is not valid for its key.
    #[error("{}:{line}:{column}: {reason}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Line of the fault, from 1.
        line: usize,
        /// Column of the fault in characters, from 1.
        column: usize,
        /// The fault.
        reason: String,
    },
    /// A glob is malformed.
    #[error("{}: {reason}", path.display())]
    Glob {
        /// The file.
        path: PathBuf,
        /// The fault.
        reason: String,
    },
}

impl SettingsError {
    /// The error for a fault at a byte of a file.
    pub(super) fn at(path: &Path, text: &str, place: usize, reason: String) -> Self {
        let (line, column) = position(text, place);
        Self::Malformed { path: path.to_owned(), line, column, reason }
    }
}

/// Why a text file cannot be read.
pub(super) fn why(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::InvalidData => "it is not UTF-8: save it as UTF-8 text".to_owned(),
        _ => error.to_string(),
    }
}

/// Line and column of a byte, from 1, the column in characters.
pub(super) fn position(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}
