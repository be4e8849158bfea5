//! Why settings cannot be used.

use std::path::{Path, PathBuf};

/// Why there are no settings.
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
    /// The file is no TOML, or a value is none that the key can have.
    #[error("{}:{line}:{column}: {reason}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Line of the fault, from 1.
        line: usize,
        /// Column of the fault in characters, from 1.
        column: usize,
        /// What is wrong there.
        reason: String,
    },
    /// A glob cannot be read.
    #[error("{}: {reason}", path.display())]
    Glob {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
}

impl SettingsError {
    /// What is wrong at a byte of a file.
    pub(super) fn at(path: &Path, text: &str, place: usize, reason: String) -> Self {
        let (line, column) = position(text, place);
        Self::Malformed { path: path.to_owned(), line, column, reason }
    }
}

/// Why a file of text cannot be read.
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
