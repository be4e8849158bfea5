//! Calls to the service, and its answers.

use std::fmt::Write;

use ers_fhir_ers::service::Role;

use crate::seed::ProviderSystem;
use crate::state::{Availability, Change};

/// A call as received.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Call {
    /// Method.
    pub method: String,
    /// Path from `/STU3/` or `/R4/` on, with the query.
    pub target: String,
    /// The part of the URL before the path, for the links in answers:
    /// `http://127.0.0.1:8290/referrals/FHIR`.
    pub base: String,
    /// Headers.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: Vec<u8>,
    /// Who calls, as far as the token says.
    pub caller: Token,
    /// Whether somebody else is changing the record at this moment.
    pub is_locked: bool,
    /// Whether somebody else has changed it since it was read.
    pub is_raced: bool,
    /// What the provider's system does this time, if that differs from the seed.
    pub provider_system: Option<ProviderSystem>,
    /// The result of the check of a file this time, if that differs from its content.
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

    /// The value of a header, whose name may be in any case; none if it is empty.
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

/// What a token says about the caller.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Token {
    /// Nothing: the headers decide, and a matching user of the seed is taken to be the caller.
    #[default]
    Open,
    /// A user, by SDS user id.
    User(String),
    /// A user who chose a business function and an organisation at login.
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
    /// No valid token, and why.
    Invalid(&'static str),
}

/// The answer to a call.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// Status.
    pub status: u16,
    /// Headers, except transport headers: length and correlation id.
    pub headers: Vec<(&'static str, String)>,
    /// Body.
    pub body: Vec<u8>,
    /// The operation that was called, if it exists.
    pub operation: Option<&'static str>,
    /// The error code, if it was refused with one.
    pub code: Option<&'static str>,
    /// The changes.
    pub changes: Vec<Change>,
}

impl Answer {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(given, _)| given.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

/// Percent decoding, with `+` for a space.
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

/// Percent encoding of everything that a query may not hold literally.
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
