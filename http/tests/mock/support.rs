//! A client that is as plain as can be.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::{Value, json};

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(given, _)| given.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The version in `ETag`.
    pub(crate) fn etag(&self) -> String {
        self.header("ETag").to_owned()
    }
}

/// What is sent.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    method: &'static str,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

pub(crate) fn ask(method: &'static str, path: impl Into<String>) -> Ask {
    Ask { method, path: path.into(), headers: Vec::new(), body: Vec::new() }
}

impl Ask {
    pub(crate) fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    pub(crate) fn json(mut self, body: &Value) -> Self {
        self.body = body.to_string().into_bytes();
        self.header("Content-Type", "application/fhir+json")
    }

    pub(crate) fn text(mut self, body: &str) -> Self {
        self.body = body.as_bytes().to_vec();
        self
    }

    pub(crate) fn referrer(self) -> Self {
        self.header("NHSD-End-User-Organisation-ODS", "X26")
            .header("NHSD-eRS-Business-Function", "REFERRING_CLINICIAN")
    }

    pub(crate) fn provider(self) -> Self {
        self.header("NHSD-End-User-Organisation-ODS", "R9K")
            .header("NHSD-eRS-Business-Function", "SERVICE_PROVIDER_CLINICIAN")
    }

    /// Sends it; `None` if the connection ends before there is an answer.
    pub(crate) fn try_to(&self, address: SocketAddr) -> Option<Answer> {
        let mut stream = TcpStream::connect(address).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(20))).ok()?;
        let mut head =
            format!("{} {} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n", self.method, self.path);
        for (name, value) in &self.headers {
            let _infallible = write!(head, "{name}: {value}\r\n");
        }
        let _infallible = write!(head, "Content-Length: {}\r\n\r\n", self.body.len());
        stream.write_all(head.as_bytes()).ok()?;
        stream.write_all(&self.body).ok()?;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).ok()?;
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let mut lines = head.lines();
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let headers = lines.filter_map(|line| line.split_once(": "));
        let headers: Vec<(String, String)> =
            headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let body = bytes.split_off(end + 4);
        let length = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
        if length.and_then(|(_, length)| length.parse().ok()).is_some_and(|length: usize| length > body.len())
            && self.method != "HEAD"
        {
            return None;
        }
        Some(Answer { status, headers, body })
    }

    pub(crate) fn to(&self, address: SocketAddr) -> Answer {
        self.try_to(address).unwrap_or_else(|| panic!("{} {}: no answer", self.method, self.path))
    }

    /// Sends it; it has to succeed.
    pub(crate) fn ok(&self, address: SocketAddr) -> Answer {
        let answer = self.to(address);
        let body = String::from_utf8_lossy(&answer.body);
        assert!(
            (200..400).contains(&answer.status),
            "{} {}: {} {body}",
            self.method,
            self.path,
            answer.status
        );
        answer
    }
}

/// The body of A011, as the command line makes it.
pub(crate) fn creation() -> Value {
    let create = ers_fhir_ers::service::find("A011").next().expect("A011 creates a referral");
    let sample = ers_fhir_ers::example::good(create, ers_fhir_ers::example::callers(create)[0], 0);
    serde_json::from_slice(&sample.call.body).expect("it is JSON")
}

pub(crate) fn create(address: SocketAddr) -> Answer {
    ask("POST", "/referrals/FHIR/STU3/ReferralRequest/$ers.createReferral")
        .referrer()
        .json(&creation())
        .ok(address)
}

/// The body of A036.
pub(crate) fn cancellation() -> Value {
    let system = "https://api.service.nhs.uk/referrals/FHIR/STU3/CodeSystem/REFERRAL-CANCELLATION-REASON";
    json!({
        "resourceType": "Parameters",
        "meta": { "profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/eRS-CancelReferral-Request-Parameters-1"] },
        "parameter": [
            { "name": "cancellationReason", "valueCoding": { "system": system, "code": "PATIENT_REQUEST_CANCELLATION_OTHER" } },
            { "name": "cancellationComments", "valueString": "Moved." },
        ],
    })
}
