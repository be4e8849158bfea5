//! Captures of traffic, as exchanges.

mod har;
mod postman;
mod unpack;

use ers_fhir_ers::Call;
use ers_fhir_ers::service::Access;
pub use har::ACCESS;
use serde_json::Value;
pub use unpack::Unusable;

/// One exchange of a capture.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Exchange {
    /// Its number in the capture, from 1.
    pub number: usize,
    /// The call.
    pub call: Call,
    /// Who calls, if the capture says so.
    pub access: Option<Access>,
    /// When it began, in milliseconds since 1970; `None` if unknown.
    pub began: Option<i64>,
    /// Whether the capture has the body of the request, or there was none.
    pub has_request: bool,
    /// Whether the capture has the body of the answer, or there was none.
    pub has_answer: bool,
    /// Why the body of the request in the capture cannot be read.
    pub unusable_request: Option<Unusable>,
    /// Why the body of the answer in the capture cannot be read.
    pub unusable_answer: Option<Unusable>,
}

/// Why a capture cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CaptureError {
    /// It has no calls.
    #[error("the capture has no calls")]
    Empty,
}

/// The exchanges of a capture; `None` if the bytes are not a capture.
///
/// # Errors
///
/// If the capture is empty.
pub fn read(bytes: &[u8]) -> Option<Result<Vec<Exchange>, CaptureError>> {
    if !is_capture(bytes) {
        return None;
    }
    let value: Value = serde_json::from_slice(strip(bytes)).ok()?;
    let exchanges = har::exchanges(&value).or_else(|| postman::exchanges(&value))?;
    Some(if exchanges.is_empty() { Err(CaptureError::Empty) } else { Ok(exchanges) })
}

/// Whether bytes begin like a capture, with a key that no payload begins with, so that payloads are not
/// parsed twice.
pub fn is_capture(bytes: &[u8]) -> bool {
    const FIRST: [&[u8]; 8] =
        [b"log", b"info", b"item", b"variable", b"event", b"auth", b"collection", b"protocolProfileBehavior"];
    let Some(object) = strip(bytes).trim_ascii_start().strip_prefix(b"{") else { return false };
    let Some(key) = object.trim_ascii_start().strip_prefix(b"\"") else { return false };
    FIRST.iter().any(|first| key.strip_prefix(*first).is_some_and(|rest| rest.starts_with(b"\"")))
}

fn strip(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// Names and values of a list of objects with two members.
fn pairs(list: &Value, name: &str) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let all = list.as_array().into_iter().flatten();
    all.map(|pair| (text(&pair[name]), text(&pair["value"])))
        // The pseudo-headers of HTTP/2.
        .filter(|(name, _)| !name.is_empty() && !name.starts_with(':'))
        .collect()
}
