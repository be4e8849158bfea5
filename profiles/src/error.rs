//! Errors in reading packages and definitions.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::snapshot::error::SnapshotError;

/// Why a package or a definition cannot be used.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder cannot be read.
    #[error("cannot read '{}': {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system says.
        source: Arc<std::io::Error>,
    },
    /// The path is neither a package nor a resource.
    #[error(
        "'{}' is not a FHIR package: give a package folder, a .tgz or .zip archive, or a .json or .xml resource",
        path.display()
    )]
    NotAPackage {
        /// The path that was given.
        path: PathBuf,
    },
    /// An archive is damaged or unsafe.
    #[error("package '{package}': {reason}")]
    Archive {
        /// Name of the archive.
        package: String,
        /// What is wrong with it, and what to do.
        reason: String,
    },
    /// A resource file cannot be parsed.
    #[error("'{file}': {source}")]
    Resource {
        /// The file.
        file: String,
        /// The error of the parser, with the position.
        source: ReadError,
    },
    /// A resource cannot be read as a definition.
    #[error("{canonical} in package '{package}': {source}")]
    Definition {
        /// Package that holds the definition.
        package: String,
        /// Canonical URL or file name of the definition.
        canonical: String,
        /// What is wrong with it.
        source: ReadError,
    },
    /// A snapshot cannot be generated.
    #[error("no snapshot: {0}")]
    Snapshot(#[from] SnapshotError),
}

impl Error {
    pub(crate) fn io(path: &Path, source: std::io::Error) -> Self {
        Self::Io { path: path.to_owned(), source: Arc::new(source) }
    }
}

/// Why a resource cannot be read as a definition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// A required element is absent.
    #[error("{element} is missing: add it to the resource")]
    Missing {
        /// Path of the element, as `StructureDefinition.url`.
        element: String,
    },
    /// An element has a value that its reader does not know.
    #[error("{element} is '{value}': expected {expected}")]
    Invalid {
        /// Path of the element, as `StructureDefinition.kind`.
        element: String,
        /// The value found.
        value: String,
        /// The values that are allowed there.
        expected: String,
    },
    /// The bytes of the resource cannot be parsed.
    #[error("{0}")]
    Syntax(String),
}

impl ReadError {
    /// A required element is absent.
    pub fn missing(element: impl Into<String>) -> Self {
        Self::Missing { element: element.into() }
    }

    /// An element has a value that its reader does not know.
    pub fn invalid(
        element: impl Into<String>,
        value: impl Into<String>,
        expected: impl Into<String>,
    ) -> Self {
        Self::Invalid { element: element.into(), value: value.into(), expected: expected.into() }
    }
}
