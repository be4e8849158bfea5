//! Answers to requests, before they are sent.

use serde_json::json;

/// An answer as data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Media type of the body.
    pub media_type: &'static str,
    /// Body.
    pub body: Vec<u8>,
    /// Figures of the findings, if something was checked.
    pub verdict: Option<Verdict>,
}

/// The findings in the payloads of a request, in figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Verdict {
    /// Payloads that were checked.
    pub payloads: usize,
    /// Those of them that fail.
    pub failing: usize,
    /// Findings that are errors.
    pub errors: usize,
    /// Findings that are warnings.
    pub warnings: usize,
    /// Findings that are information.
    pub information: usize,
}

/// FHIR in JSON.
pub const FHIR_JSON: &str = "application/fhir+json";
/// FHIR in XML.
pub const FHIR_XML: &str = "application/fhir+xml";
/// JSON.
pub const JSON: &str = "application/json";

impl Answer {
    /// A successful answer.
    pub fn ok(media_type: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self { status: 200, media_type, body: body.into(), verdict: None }
    }
}

/// Why a request is not carried out; it is answered as an OperationOutcome.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct Refusal {
    /// HTTP status.
    pub status: u16,
    /// `OperationOutcome.issue.code`.
    pub code: &'static str,
    /// In words, without any text from a payload.
    pub text: String,
}

impl Refusal {
    /// The request cannot be understood.
    pub fn of_request(text: impl Into<String>) -> Self {
        Self { status: 400, code: "invalid", text: text.into() }
    }

    /// There is nothing at that address.
    pub fn unknown(text: impl Into<String>) -> Self {
        Self { status: 404, code: "not-found", text: text.into() }
    }

    /// The answer to it.
    pub fn answer(&self) -> Answer {
        let outcome = json!({
            "resourceType": "OperationOutcome",
            "issue": [{
                "severity": "error",
                "code": self.code,
                "details": { "text": self.text },
            }],
        });
        let body = format!("{outcome}\n").into_bytes();
        Answer { status: self.status, media_type: FHIR_JSON, body, verdict: None }
    }
}
