//! Errors of the generator.

use std::path::PathBuf;
use std::sync::Arc;

/// Why no code can be generated.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A package or a definition cannot be read.
    #[error(transparent)]
    Definitions(#[from] ers_fhir_profiles::Error),
    /// The elements of a definition cannot be determined.
    #[error("package '{package}': {source}")]
    Snapshot {
        /// Package that holds the definition.
        package: String,
        /// What is wrong with the definition, and what to do.
        source: ers_fhir_profiles::snapshot::SnapshotError,
    },
    /// A definition is in no package.
    #[error("{wanted_by} needs {canonical}, and no package has it: add the package that defines it")]
    Unknown {
        /// Canonical URL or type name.
        canonical: String,
        /// Who needs it.
        wanted_by: String,
    },
    /// No package defines a type that was requested by name.
    #[error("no package defines the type '{name}'{}", meant(nearest.as_deref()))]
    NoType {
        /// The name.
        name: String,
        /// The name that may have been meant.
        nearest: Option<String>,
    },
    /// No package of this name is embedded for the release.
    #[error("no package '{package}' is embedded for FHIR {version}")]
    NotEmbedded {
        /// The name.
        package: String,
        /// The release.
        version: ers_fhir_profiles::FhirVersion,
    },
    /// A definition is not found, and there are files that could not be used.
    #[error("{source}. It may be in a file that cannot be used: {files}")]
    Unusable {
        /// The error about the missing definition.
        source: Box<Error>,
        /// The files, with what is wrong with each.
        files: String,
    },
    /// A definition cannot be turned into a type.
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
    /// The file of earlier names cannot be read.
    #[error("the names file, line {line}: {reason}")]
    Names {
        /// Number of the line, counted from 1.
        line: usize,
        /// What is wrong, and what to do.
        reason: String,
    },
    /// A setting by element path cannot be applied.
    #[error("the setting for {path}: {reason}")]
    Setting {
        /// The path.
        path: String,
        /// What is wrong, and what to do.
        reason: String,
    },
    /// There is no folder to write to.
    #[error("no output folder: set out_dir, or call this from a build script, where Cargo sets OUT_DIR")]
    NoFolder,
    /// Generated code is not valid Rust: a fault of this crate.
    #[error(
        "the code generated for {file} is not valid Rust ({reason}): please report it with the definition"
    )]
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

fn meant(nearest: Option<&str>) -> String {
    match nearest {
        Some(nearest) => format!("; did you mean '{nearest}'?"),
        None => ": add the package that does".to_owned(),
    }
}

impl Error {
    pub(crate) fn io(path: impl Into<PathBuf>, source: std::io::Error) -> Self {
        Self::Io { path: path.into(), source: Arc::new(source) }
    }
}

/// Why a profile that an element refers to is absent: no package has it.
pub(crate) fn absence(element: &str) -> String {
    format!("{element} refers to it, and no package has it: add the package that does")
}
