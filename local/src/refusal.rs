//! Refusals of calls, and their bodies.

use ers_fhir_ers::service::OUTCOME_STU3;
use ers_fhir_profiles::FhirVersion;
use serde_json::{Value, json};

use crate::moment::Moment;

/// Why a call is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Status.
    pub status: u16,
    /// Error code; none if the status is enough.
    pub code: Option<&'static str>,
    /// A message in our own words, since those of the service are not public.
    pub diagnostics: String,
    /// Whether changes made on the way are kept, namely that a booking failed.
    pub(crate) keeps: bool,
    /// Whether the fault is in the path.
    pub(crate) is_about_path: bool,
}

/// The result of something that may be refused.
pub(crate) type Outcome<T> = Result<T, Refusal>;

impl Refusal {
    pub(crate) fn new(status: u16, code: &'static str, diagnostics: impl Into<String>) -> Self {
        Self { status, code: Some(code), diagnostics: diagnostics.into(), keeps: false, is_about_path: false }
    }

    /// A refusal with status 422.
    pub(crate) fn of(code: &'static str, diagnostics: impl Into<String>) -> Self {
        Self::new(422, code, diagnostics)
    }

    /// A refusal with only a status.
    pub(crate) fn plain(status: u16, diagnostics: impl Into<String>) -> Self {
        Self { status, code: None, diagnostics: diagnostics.into(), keeps: false, is_about_path: false }
    }

    /// The same, keeping changes made on the way.
    pub(crate) fn keeping(self) -> Self {
        Self { keeps: true, ..self }
    }

    /// The same for a fault in the path, so that a missing record is simply not found.
    pub(crate) fn about_path(self) -> Self {
        if self.code == Some("REFERENCE_NOT_FOUND") {
            return Self::plain(404, self.diagnostics);
        }
        Self { is_about_path: true, ..self }
    }

    /// The same with another status.
    pub(crate) fn with_status(self, status: u16) -> Self {
        Self { status, ..self }
    }

    /// The same as an operation of that release would say it: R4 has codes of its own for general statuses, and an outcome for each.
    pub(crate) fn of_release(self, release: FhirVersion) -> Self {
        if release == FhirVersion::Stu3 {
            return self;
        }
        let code = match (self.status, self.code) {
            (400, None | Some("MISSING_PARAMETER" | "INVALID_VALUE")) => Some("REC_BAD_REQUEST"),
            (401, _) | (403, Some("NO_ACCESS")) => Some("ACCESS_DENIED"),
            (403, None | Some("FORBIDDEN")) => Some("REC_FORBIDDEN"),
            (404, _) => Some("REC_NOT_FOUND"),
            (406, _) => Some("REC_NOT_ACCEPTABLE"),
            (415, _) => Some("REC_UNSUPPORTED_MEDIA_TYPE"),
            (429, _) => Some("TOO_MANY_REQUESTS"),
            (500, _) => Some("REC_SERVER_ERROR"),
            (503, _) => Some("REC_UNAVAILABLE"),
            (_, code) => code,
        };
        Self { code, ..self }
    }

    /// The body: an OperationOutcome if the service documents one, else nothing or plain text.
    pub(crate) fn body(&self, release: FhirVersion, now: Moment) -> (Option<&'static str>, Vec<u8>) {
        let Some(code) = self.code else {
            let text = matches!(self.status, 406 | 415).then(|| self.diagnostics.clone().into_bytes());
            return (text.is_some().then_some("text/plain"), text.unwrap_or_default());
        };
        let outcome = match release {
            FhirVersion::Stu3 => self.stu3(code),
            FhirVersion::R4 => self.r4(code, now),
        };
        (Some("application/fhir+json"), crate::render::text(&outcome))
    }

    fn stu3(&self, code: &str) -> Value {
        json!({
            "resourceType": "OperationOutcome",
            "meta": { "profile": [OUTCOME_STU3] },
            "issue": [{
                "severity": "error",
                "code": self.issue(code),
                "details": { "coding": [{
                    "system": "https://fhir.nhs.uk/STU3/CodeSystem/eRS-APIErrorCode-1",
                    "code": code,
                }] },
                "diagnostics": self.diagnostics,
            }],
        })
    }

    fn r4(&self, code: &str, now: Moment) -> Value {
        let system = match code {
            _ if code.starts_with("REC_") => "https://fhir.nhs.uk/CodeSystem/http-error-codes",
            "ACCESS_DENIED" | "MISSING_HEADER" | "TOO_MANY_REQUESTS" => {
                "https://fhir.nhs.uk/CodeSystem/NHSD-API-ErrorOrWarningCode"
            }
            _ => "https://fhir.nhs.uk/CodeSystem/ers-error-codes",
        };
        json!({
            "resourceType": "OperationOutcome",
            "meta": { "lastUpdated": now.to_string() },
            "issue": [{
                "severity": "error",
                "code": self.issue(code),
                "details": { "coding": [{ "system": system, "code": code }] },
                "diagnostics": self.diagnostics,
            }],
        })
    }

    fn issue(&self, code: &str) -> &'static str {
        match (self.status, code) {
            (401, _) => "login",
            (403, _) => "forbidden",
            (404, _) => "not-found",
            (406 | 415, _) => "not-supported",
            (429, _) => "throttled",
            (500 | 502, _) => "exception",
            (503, _) => "transient",
            (504, _) => "timeout",
            (_, "MISSING_VALUE" | "MISSING_HEADER" | "MISSING_PARAMETER" | "VALUE_IS_REQUIRED") => "required",
            (_, "INVALID_VALUE" | "INVALID_CODE" | "REC_BAD_REQUEST") => "value",
            (_, "UNEXPECTED_FIELD" | "INVALID_FHIR_STRUCTURE") => "structure",
            _ => "business-rule",
        }
    }
}
