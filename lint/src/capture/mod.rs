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
    /// Who calls, where the capture says so.
    pub access: Option<Access>,
    /// When it began, in milliseconds since 1970; `None` where that is not told.
    pub began: Option<i64>,
    /// The capture has the body of the request, or there was none.
    pub has_request: bool,
    /// The capture has the body of the answer, or there was none.
    pub has_answer: bool,
    /// Why the body of the request cannot be read, although the capture has it.
    pub unusable_request: Option<Unusable>,
    /// Why the body of the answer cannot be.
    pub unusable_answer: Option<Unusable>,
}

/// Why a capture cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CaptureError {
    /// It has no calls.
    #[error("the capture has no calls")]
    Empty,
}

/// The exchanges of a capture; `None` where the bytes are none.
///
/// # Errors
///
/// If it is a capture, and there is nothing in it.
pub fn read(bytes: &[u8]) -> Option<Result<Vec<Exchange>, CaptureError>> {
    if !is_capture(bytes) {
        return None;
    }
    let value: Value = serde_json::from_slice(strip(bytes)).ok()?;
    let exchanges = har::exchanges(&value).or_else(|| postman::exchanges(&value))?;
    Some(if exchanges.is_empty() { Err(CaptureError::Empty) } else { Ok(exchanges) })
}

/// Whether bytes begin as a capture does: with a key that no payload begins with. So a payload is not parsed
/// twice.
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
        // What HTTP/2 has for the first line.
        .filter(|(name, _)| !name.is_empty() && !name.starts_with(':'))
        .collect()
}
