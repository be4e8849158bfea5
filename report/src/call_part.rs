//! What a finding is about, where that lies outside the payload.

use std::fmt;

/// A part of the HTTP call around a payload.
///
/// Names come from the definitions of the service, never from the text of a call, so they may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CallPart {
    /// The method of the request.
    Method,
    /// The path of the request.
    Path,
    /// A query parameter of the request.
    Query(&'static str),
    /// A header of the request.
    Header(&'static str),
    /// A header of the request that is not known.
    UnknownHeader,
    /// The status of the answer.
    Status,
    /// A header of the answer.
    AnswerHeader(&'static str),
    /// The body as a whole, above all where it is missing.
    Body,
}

impl CallPart {
    /// As an OperationOutcome names it in `location`: `http.If-Match`.
    pub fn http(self) -> String {
        match self {
            Self::Method => "http.method".to_owned(),
            Self::Path => "http.path".to_owned(),
            Self::Query(name) | Self::Header(name) | Self::AnswerHeader(name) => format!("http.{name}"),
            Self::UnknownHeader => "http.headers".to_owned(),
            Self::Status => "http.status".to_owned(),
            Self::Body => "http.body".to_owned(),
        }
    }
}

impl fmt::Display for CallPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Method => f.write_str("method of the request"),
            Self::Path => f.write_str("path of the request"),
            Self::Query(name) => write!(f, "query parameter {name}"),
            Self::Header(name) => write!(f, "header {name}"),
            Self::UnknownHeader => f.write_str("headers of the request"),
            Self::Status => f.write_str("status of the answer"),
            Self::AnswerHeader(name) => write!(f, "header {name} of the answer"),
            Self::Body => f.write_str("body"),
        }
    }
}
