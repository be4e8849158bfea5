//! Error answers of the service.

use std::fmt;
use std::time::Duration;

use ers_fhir_ers::service::{Endpoint, Repeat, effect, error, status};
use ers_fhir_model::runtime::Json;
use ers_fhir_model::{r4, stu3};
use ers_fhir_profiles::FhirVersion;

/// An error answer.
///
/// It displays as its meaning, without anything from the payload; the OperationOutcome may name a patient.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Failure {
    /// The operation.
    pub endpoint: &'static Endpoint,
    /// Status.
    pub status: u16,
    /// The body, if it is an OperationOutcome. STU3 has none for most statuses.
    pub outcome: Option<Outcome>,
    /// Error code of e-RS, such as `NO_RELATIONSHIP`: the first that the OperationOutcome has.
    pub code: Option<String>,
    /// The caller's id for the call (X-Correlation-ID).
    pub correlation_id: String,
    /// The id of the call in e-RS (X-Request-ID); `None` if the gateway answered.
    pub request_id: Option<String>,
    /// How long the service asks to wait (Retry-After).
    pub retry_after: Option<Duration>,
}

/// An OperationOutcome of either release.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// Of an STU3 operation.
    Stu3(Box<stu3::OperationOutcome>),
    /// Of an R4 operation.
    R4(Box<r4::OperationOutcome>),
}

/// What a failure means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Explanation {
    /// Why it was answered.
    pub cause: &'static str,
    /// What to do next.
    pub next: &'static str,
}

impl Failure {
    /// Why it was answered and what to do, as `ers-fhir explain` says it: of the code, where there is one, else of the
    /// status.
    pub fn explain(&self) -> Explanation {
        let of_code = self.code.as_deref().and_then(error).map(|known| (known.cause, known.next));
        let of_status = || status(self.status).map(|known| (known.cause, known.next));
        let (cause, next) = of_code
            .or_else(of_status)
            .unwrap_or(("The service does not document this status.", "Report it with the correlation id."));
        Explanation { cause, next }
    }

    /// Whether the same call may be sent again.
    pub fn repeat(&self) -> Repeat {
        let of_code = self.code.as_deref().and_then(error).map(|known| known.repeat);
        let of_status = || status(self.status).map(|known| known.repeat);
        // A call that failed on the way may still have reached the service.
        let unknown = if self.status >= 500 { Repeat::ReadFirst } else { Repeat::Never };
        of_code.or_else(of_status).unwrap_or(unknown)
    }

    /// Whether it may be sent again unchanged, after a while, without checking first.
    pub fn may_be_repeated(&self) -> bool {
        match self.repeat() {
            Repeat::Later => true,
            // Somebody else's write locks the record; a read never meets a lock.
            Repeat::ReadFirst => effect(self.endpoint.id).is_none(),
            Repeat::Never | Repeat::Corrected => false,
        }
    }

    /// Reads the body of an answer.
    pub(crate) fn with_body(mut self, body: &[u8]) -> Self {
        let looks_so = body.windows(16).any(|part| part == b"OperationOutcome");
        if !looks_so {
            return self;
        }
        self.outcome = match self.endpoint.release {
            FhirVersion::Stu3 => {
                stu3::OperationOutcome::from_json(body).ok().map(Box::new).map(Outcome::Stu3)
            }
            FhirVersion::R4 => r4::OperationOutcome::from_json(body).ok().map(Box::new).map(Outcome::R4),
        };
        self.code = self.outcome.as_ref().and_then(|outcome| outcome.codes().into_iter().next());
        self
    }
}

/// Uniform access to an OperationOutcome of either release.
macro_rules! either {
    ($outcome:expr, $release:ident => $asked:expr) => {
        match $outcome {
            Outcome::Stu3($release) => $asked,
            Outcome::R4($release) => $asked,
        }
    };
}

impl Outcome {
    /// The error codes of its issues.
    pub fn codes(&self) -> Vec<String> {
        either!(self, outcome => {
            let details = outcome.issue.iter().filter_map(|issue| issue.details.as_ref());
            let codings = details.flat_map(|details| &details.coding);
            codings.filter_map(|coding| coding.code.as_deref()).map(known).collect()
        })
    }

    /// What its issues say in words. It may name a patient.
    pub fn diagnostics(&self) -> Vec<&str> {
        either!(self, outcome => outcome.issue.iter().filter_map(|issue| issue.diagnostics.as_deref()).collect())
    }
}

/// A code as the tables write it; one that they do not have may hold anything, and stands for itself only where it
/// looks like a code.
fn known(code: &str) -> String {
    let is_code = code.len() <= 60 && code.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    error(code)
        .map_or_else(|| if is_code { code } else { "(no code of e-RS)" }, |known| known.code)
        .to_owned()
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} was answered with {}", self.endpoint.id, self.status)?;
        if let Some(code) = &self.code {
            write!(f, " {code}")?;
        }
        let Explanation { cause, next } = self.explain();
        write!(f, ": {cause} {next} (correlation id {})", self.correlation_id)
    }
}
