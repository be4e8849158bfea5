//! Recording of calls, for `ers-fhir validate` and `ers-fhir evidence`.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use ers_fhir_ers::Call;
use ers_fhir_ers::service::Access;
use ers_fhir_lint::capture::ACCESS;
use ers_fhir_values::base64;
use serde_json::{Value, json};

/// Hears of each call that went over the network, with its answer. Secrets are masked; bodies are what they were, so
/// a record is to be kept like the records of patients.
pub trait Record: fmt::Debug + Send + Sync {
    /// A call went over the network.
    fn record(&self, recorded: &Recorded<'_>);
}

/// A recorded call.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Recorded<'c> {
    /// The call, and its answer if there was one.
    pub call: &'c Call,
    /// Whether a user or an application calls.
    pub access: Access,
    /// When it began.
    pub began: SystemTime,
    /// How long it took.
    pub took: Duration,
}

/// Records calls as a HAR file.
#[derive(Default)]
pub struct HarRecorder(Mutex<Vec<Value>>);

impl HarRecorder {
    /// An empty recorder.
    pub fn new() -> Self {
        Self::default()
    }

    /// The recorded calls as a HAR file.
    pub fn to_json(&self) -> String {
        let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let har = json!({
            "log": {
                "version": "1.2",
                "creator": { "name": "ers-fhir", "version": env!("CARGO_PKG_VERSION") },
                "entries": *entries,
            }
        });
        format!("{har:#}\n")
    }
}

impl Record for HarRecorder {
    fn record(&self, recorded: &Recorded<'_>) {
        let entry = entry(recorded);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(entry);
    }
}

impl fmt::Debug for HarRecorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        write!(f, "HarRecorder of {} calls", entries.len())
    }
}

fn entry(recorded: &Recorded<'_>) -> Value {
    let Recorded { call, access, began, took } = *recorded;
    let time = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    let query = call.url.split_once('?').map_or("", |(_, query)| query);
    let query: Vec<Value> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| json!({ "name": name, "value": value }))
        .collect();
    let mut request = json!({
        "method": call.method,
        "url": call.url,
        "httpVersion": "HTTP/1.1",
        "headers": pairs(&call.headers),
        "queryString": query,
        "cookies": [],
        "headersSize": -1,
        "bodySize": call.body.len(),
    });
    if !call.body.is_empty() {
        let mut data = body(&call.body);
        data["mimeType"] = media_type(&call.headers).into();
        request["postData"] = data;
    }
    let response = call.answer.as_ref().map(|answer| {
        let mut content = body(&answer.body);
        content["mimeType"] = media_type(&answer.headers).into();
        content["size"] = answer.body.len().into();
        json!({
            "status": answer.status,
            "statusText": "",
            "httpVersion": "HTTP/1.1",
            "headers": pairs(&answer.headers),
            "cookies": [],
            "content": content,
            "redirectURL": value(&answer.headers, "Location"),
            "headersSize": -1,
            "bodySize": answer.body.len(),
        })
    });
    // In HAR, a status of 0 means that nothing came back.
    let nothing = || {
        json!({
            "status": 0, "statusText": "", "httpVersion": "", "headers": [], "cookies": [],
            "content": { "size": 0, "mimeType": "" }, "redirectURL": "", "headersSize": -1, "bodySize": -1,
        })
    };
    let began = jiff::Timestamp::try_from(began).map(|began| format!("{began:.3}")).unwrap_or_default();
    json!({
        "startedDateTime": began,
        ACCESS: access.to_string(),
        "time": time,
        "request": request,
        "response": response.unwrap_or_else(nothing),
        "cache": {},
        "timings": { "send": 0, "wait": time, "receive": 0 },
    })
}

fn body(bytes: &[u8]) -> Value {
    match std::str::from_utf8(bytes) {
        Ok(text) => json!({ "text": text }),
        Err(_) => json!({ "text": base64::encode(bytes), "encoding": "base64" }),
    }
}

fn pairs(headers: &[(String, String)]) -> Vec<Value> {
    headers.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect()
}

fn value<'h>(headers: &'h [(String, String)], name: &str) -> &'h str {
    headers.iter().find(|(given, _)| given.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value)
}

fn media_type(headers: &[(String, String)]) -> &str {
    value(headers, "Content-Type")
}
