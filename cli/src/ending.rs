//! The exit status of a run.

use std::process::ExitCode;

/// How a run ended; the exit statuses are a contract with scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Ending {
    /// Nothing at or above the level that fails.
    Clean,
    /// Findings at or above it.
    Findings,
    /// Wrong usage, or something could not be read or written.
    Trouble,
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> Self {
        Self::from(match ending {
            Ending::Clean => 0,
            Ending::Findings => 1,
            Ending::Trouble => 2,
        })
    }
}
