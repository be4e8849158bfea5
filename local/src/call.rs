//! What the service is asked, and what it answers.

use std::fmt::Write;

use ers_fhir_ers::service::Role;

use crate::seed::ProviderSystem;
use crate::state::{Availability, Change};

/// A call, taken off the wire.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Call {
    /// Method.
    pub method: String,
    /// Path from `/STU3/` or `/R4/` on, with the query.
    pub target: String,
    /// What stands before the path, for the links in answers: `http://127.0.0.1:8290/referrals/FHIR`.
    pub base: String,
    /// Headers.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: Vec<u8>,
    /// Who calls, as far as the token tells.
    pub caller: Token,
    /// Whether somebody else is changing the record at this moment.
    pub is_locked: bool,
    /// Whether somebody else has changed it since it was read.
    pub is_raced: bool,
    /// What the system of a provider does this time, where that is not what the seed says.
    pub provider_system: Option<ProviderSystem>,
    /// What comes of the look at a file this time, where that is not what is in it.
    pub scan: Option<Availability>,
}

impl Call {
    /// A call without headers or body.
    pub fn new(method: impl Into<String>, target: impl Into<String>) -> Self {
        Self {
            method: method.into(),
            target: target.into(),
            base: "http://127.0.0.1:8290/referrals/FHIR".to_owned(),
            ..Self::default()
        }
    }

    /// The same with one more header.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// The same with a body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// The value of a header, whose name may be in any case; none where it is empty.
    pub fn value(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(given, _)| given.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// The path without the query.
    pub fn path(&self) -> &str {
        self.target.split_once('?').map_or(self.target.as_str(), |(path, _)| path)
    }

    /// The values of a parameter of the query, decoded.
    pub fn parameters(&self, name: &str) -> Vec<String> {
        let Some((_, query)) = self.target.split_once('?') else { return Vec::new() };
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.filter(|(given, _)| decoded(given) == name).map(|(_, value)| decoded(value)).collect()
    }

    /// The first value of a parameter that is not empty.
    pub fn parameter(&self, name: &str) -> Option<String> {
        self.parameters(name).into_iter().find(|value| !value.is_empty())
    }
}

/// What a token says of who calls.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Token {
    /// Nothing: the headers decide, and a user of the seed who works as they say is taken for the caller.
    #[default]
    Open,
    /// A user, by SDS user id.
    User(String),
    /// A user who has chosen at their login what to work as, and where.
    UserAs {
        /// SDS user id.
        id: String,
        /// Business function.
        function: Role,
        /// ODS code.
        organisation: String,
    },
    /// An application, by its id.
    Application(String),
    /// None that is valid, and why.
    Invalid(&'static str),
}

/// What a call is answered with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// Status.
    pub status: u16,
    /// Headers, but for those that carry a call: its length, its correlation.
    pub headers: Vec<(&'static str, String)>,
    /// Body.
    pub body: Vec<u8>,
    /// The operation that was called, where it is one.
    pub operation: Option<&'static str>,
    /// The error code, where it was refused with one.
    pub code: Option<&'static str>,
    /// What changed.
    pub changes: Vec<Change>,
}

impl Answer {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(given, _)| given.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

/// Percent decoding, with `+` for a blank.
pub(crate) fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut read = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = text.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        match (bytes[at], hex.and_then(|hex| u8::from_str_radix(hex, 16).ok())) {
            (_, Some(byte)) => {
                read.push(byte);
                at += 3;
            }
            (b'+', None) => {
                read.push(b' ');
                at += 1;
            }
            (byte, None) => {
                read.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&read).into_owned()
}

/// Percent encoding of all but what a query may hold as it is.
pub(crate) fn encoded(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~,/|".contains(&byte);
    let mut written = String::with_capacity(text.len());
    for byte in text.bytes() {
        if is_plain(byte) && byte != b'|' {
            written.push(char::from(byte));
        } else {
            let _infallible = write!(written, "%{byte:02X}");
        }
    }
    written
}
