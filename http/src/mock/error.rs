//! Errors of a local service.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use ers_fhir_local::journal::JournalError;

use super::authority::KeyError;

/// Why a local service does not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MockError {
    /// The address cannot be listened on.
    #[error("cannot listen on {0}: {1}")]
    Listen(SocketAddr, #[source] io::Error),
    /// The journal cannot be read or written.
    #[error("{path}: {error}", path = .0.display(), error = .1)]
    File(PathBuf, #[source] io::Error),
    /// The file is not a journal.
    #[error("{path}: {error}", path = .0.display(), error = .1)]
    Journal(PathBuf, #[source] JournalError),
    /// A key of an application cannot be used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The system provides no threads.
    #[error("cannot start: {0}")]
    Start(#[from] io::Error),
}

/// Why a step elsewhere cannot be taken.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StepError {
    /// It is not possible in the state of the request.
    #[error("{0}")]
    Refused(String),
    /// The journal cannot be written.
    #[error("the journal: {0}")]
    Journal(#[from] io::Error),
}
