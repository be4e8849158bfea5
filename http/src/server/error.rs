//! Errors of a service.

use std::io;
use std::net::SocketAddr;

use crate::engine::LoadError;

/// Why a service does not start, or ends unexpectedly.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// Definitions or settings cannot be used.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The address cannot be listened on.
    #[error("cannot listen on {0}: {1}")]
    Listen(SocketAddr, #[source] io::Error),
    /// The system provides no threads.
    #[error("cannot start: {0}")]
    Start(#[from] io::Error),
    /// Requests that were accepted were not answered in time.
    #[error("some requests were not answered in time")]
    Unanswered,
}
