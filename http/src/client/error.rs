//! Why a call failed.

use std::error::Error as Source;
use std::fmt;

use ers_fhir_ers::service::{Endpoint, Repeat, effect};
use ers_fhir_report::{Report, Severity};

use super::auth::LoginError;
use super::failure::Failure;

/// Why a call failed. None of these holds a secret, and none displays anything from a payload.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// Nothing was sent: the call breaks rules of the service, or its body does.
    Refused(Box<Refusal>),
    /// No token could be obtained.
    Login(LoginError),
    /// 409: the record has changed since it was read. Read it again, decide again, and send the new version.
    Stale(Box<Failure>),
    /// 412: the version of the record is missing. Send the version that you read last.
    NoVersion(Box<Failure>),
    /// 423: somebody else is changing the record right now. Wait, read it again, and then decide.
    Locked(Box<Failure>),
    /// Any other error answer.
    Failed(Box<Failure>),
    /// The service could not be reached, or the connection broke off.
    Unreachable(Unreachable),
    /// The answer is not one that the operation gives.
    Unreadable(Unreadable),
    /// The answer breaks rules, and the client was told to refuse such answers.
    Unsound(Box<Refusal>),
    /// A received file could not be written, or a file to send could not be read.
    Io(std::io::Error),
}

/// What is wrong with a request or an answer, by the rules.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// The operation.
    pub endpoint: &'static Endpoint,
    /// The findings. Their messages may contain values from the payload, unless you ask for masked ones.
    pub report: Report,
}

impl Refusal {
    /// The codes of the rules that are broken, such as `ers-rule-06`.
    pub fn codes(&self) -> Vec<&'static str> {
        let errors = self.report.diagnostics.iter().filter(|found| found.severity == Severity::Error);
        let mut codes: Vec<&str> = errors.map(|found| found.rule.code).collect();
        codes.dedup();
        codes
    }
}

/// The service could not be reached, or the connection broke off.
#[derive(Debug)]
#[non_exhaustive]
pub struct Unreachable {
    /// The operation.
    pub endpoint: &'static Endpoint,
    /// The operation in which that happened.
    pub phase: Phase,
    /// The caller's id for the call (X-Correlation-ID).
    pub correlation_id: String,
    /// The network error, without the address.
    pub source: Option<Box<dyn Source + Send + Sync>>,
}

/// How far a call got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Phase {
    /// There was no connection: nothing has happened.
    Connecting,
    /// It was sent, but no answer came.
    Waiting,
    /// The answer broke off.
    Reading,
    /// The time for the whole call was over.
    Whole,
}

/// The answer is not one that the operation gives.
#[derive(Debug)]
#[non_exhaustive]
pub struct Unreadable {
    /// The operation.
    pub endpoint: &'static Endpoint,
    /// What is wrong.
    pub what: &'static str,
    /// The caller's id for the call (X-Correlation-ID).
    pub correlation_id: String,
    /// The error from reading it.
    pub source: Option<Box<dyn Source + Send + Sync>>,
}

impl Error {
    /// The error answer of the service, if there was one.
    pub fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Stale(failure)
            | Self::NoVersion(failure)
            | Self::Locked(failure)
            | Self::Failed(failure) => Some(failure),
            _ => None,
        }
    }

    /// Whether the same call may be sent again.
    pub fn repeat(&self) -> Repeat {
        match self {
            Self::Stale(failure)
            | Self::NoVersion(failure)
            | Self::Locked(failure)
            | Self::Failed(failure) => failure.repeat(),
            Self::Unreachable(Unreachable { phase: Phase::Connecting, .. }) => Repeat::Later,
            Self::Unreachable(Unreachable { endpoint, .. })
            | Self::Unreadable(Unreadable { endpoint, .. })
                if effect(endpoint.id).is_none() =>
            {
                Repeat::Later
            }
            Self::Unreachable(_) | Self::Unreadable(_) => Repeat::ReadFirst,
            Self::Login(error) if error.is_passing() => Repeat::Later,
            // The operation was carried out; only its answer cannot be trusted.
            Self::Unsound(_) => Repeat::Never,
            Self::Refused(_) | Self::Login(_) | Self::Io(_) => Repeat::Corrected,
        }
    }

    pub(crate) fn of_failure(failure: Failure) -> Self {
        let failure = Box::new(failure);
        match failure.status {
            409 => Self::Stale(failure),
            412 => Self::NoVersion(failure),
            423 => Self::Locked(failure),
            _ => Self::Failed(failure),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refusal) => write!(f, "{} was not sent: {refusal}", refusal.endpoint.id),
            Self::Unsound(refusal) => {
                write!(f, "the answer of {} breaks rules: {refusal}", refusal.endpoint.id)
            }
            Self::Login(error) => write!(f, "no access token: {error}"),
            Self::Stale(failure)
            | Self::NoVersion(failure)
            | Self::Locked(failure)
            | Self::Failed(failure) => failure.fmt(f),
            Self::Unreachable(Unreachable { endpoint, phase, correlation_id, source }) => {
                write!(f, "{} {phase}", endpoint.id)?;
                if let Some(source) = source {
                    write!(f, ": {source}")?;
                }
                if *phase != Phase::Connecting && effect(endpoint.id).is_some() {
                    f.write_str("; the change may have been made: read the record before you send it again")?;
                }
                write!(f, " (correlation id {correlation_id})")
            }
            Self::Unreadable(Unreadable { endpoint, what, correlation_id, source }) => {
                write!(f, "the answer of {} {what}", endpoint.id)?;
                if let Some(source) = source {
                    write!(f, ": {source}")?;
                }
                write!(f, " (correlation id {correlation_id})")
            }
            Self::Io(error) => error.fmt(f),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let errors = self.report.diagnostics.iter().filter(|found| found.severity == Severity::Error);
        for (place, found) in errors.enumerate() {
            let separator = if place == 0 { "" } else { "; " };
            write!(f, "{separator}{}: {}", found.rule.code, found.message.masked())?;
            if let Some(suggestion) = &found.suggestion {
                write!(f, " ({})", suggestion.masked())?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connecting => "was not sent: no connection could be made",
            Self::Waiting => "was sent, but no answer came",
            Self::Reading => "was answered, but the answer broke off",
            Self::Whole => "took longer than allowed",
        })
    }
}

impl Source for Error {
    fn source(&self) -> Option<&(dyn Source + 'static)> {
        match self {
            Self::Login(error) => Some(error),
            Self::Io(error) => Some(error),
            Self::Unreachable(error) => error.source.as_ref().map(|source| &**source as _),
            Self::Unreadable(error) => error.source.as_ref().map(|source| &**source as _),
            _ => None,
        }
    }
}

impl From<LoginError> for Error {
    fn from(error: LoginError) -> Self {
        Self::Login(error)
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error)
    }
}
