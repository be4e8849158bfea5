//! Why no code can be generated.

use std::path::PathBuf;
use std::sync::Arc;

/// Why no code can be generated.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A definition cannot be read, or has no snapshot.
    #[error(transparent)]
    Definitions(#[from] ers_fhir_profiles::Error),
    /// No package has a definition.
    #[error("{wanted_by} needs {canonical}, and no package has it: add the package that defines it")]
    Unknown {
        /// Canonical URL or type name.
        canonical: String,
        /// Who needs it.
        wanted_by: String,
    },
    /// A definition says what cannot be turned into a type.
    #[error("{canonical} in package '{package}', element {element}: {reason}")]
    Element {
        /// Package that holds the definition.
        package: String,
        /// Canonical URL of the definition.
        canonical: String,
        /// Id of the element.
        element: String,
        /// What is wrong, and what to do.
        reason: String,
    },
    /// Generated code is no Rust: a fault of this crate.
    #[error("the code generated for {file} is not Rust ({reason}): please report it with the definition")]
    Syntax {
        /// The file.
        file: String,
        /// What the parser says.
        reason: String,
    },
    /// A file cannot be written.
    #[error("cannot write '{}': {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system says.
        source: Arc<std::io::Error>,
    },
}

impl Error {
    pub(crate) fn io(path: impl Into<PathBuf>, source: std::io::Error) -> Self {
        Self::Io { path: path.into(), source: Arc::new(source) }
    }
}
