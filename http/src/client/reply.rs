//! Successful answers.

use std::fmt;

use bytes::Bytes;
use ers_fhir_ers::service::Endpoint;
use reqwest::header::HeaderMap;
use tokio::time::{Instant, timeout_at};

use super::error::{Error, Phase, Unreachable, Unreadable};
use super::network::words;
use super::version::Version;

/// The most bytes of FHIR that are read: the service itself fails beyond ten megabytes.
pub(crate) const MOST_BYTES: usize = 16 << 20;

/// A successful answer whose body has not been read yet.
pub struct Reply {
    /// The operation.
    pub endpoint: &'static Endpoint,
    /// Status.
    pub status: u16,
    /// Headers, by names in small letters.
    pub headers: Vec<(String, String)>,
    /// The caller's id for the call (X-Correlation-ID).
    pub correlation_id: String,
    pub(crate) body: Incoming,
    pub(crate) deadline: Instant,
}

/// A body that is being received.
pub(crate) enum Incoming {
    /// It is here.
    Whole(Bytes),
    /// It is coming.
    Stream(reqwest::Response),
}

impl Reply {
    /// The first value of a header, whose name may be in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(given, _)| given.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The id of the call in e-RS (X-Request-ID).
    pub fn request_id(&self) -> Option<&str> {
        self.header("X-Request-ID")
    }

    /// The version of the record, by `ETag`.
    pub fn etag(&self) -> Option<Version> {
        self.header("ETag").and_then(Version::of_etag)
    }

    /// The next piece of the body; `None` at its end.
    ///
    /// # Errors
    ///
    /// If it breaks off, or takes too long.
    pub async fn piece(&mut self) -> Result<Option<Bytes>, Error> {
        let response = match &mut self.body {
            Incoming::Whole(bytes) if bytes.is_empty() => return Ok(None),
            Incoming::Whole(bytes) => return Ok(Some(std::mem::take(bytes))),
            Incoming::Stream(response) => response,
        };
        let unreachable = |phase, source| {
            let correlation_id = self.correlation_id.clone();
            Error::Unreachable(Unreachable { endpoint: self.endpoint, phase, correlation_id, source })
        };
        match timeout_at(self.deadline, response.chunk()).await {
            Ok(Ok(piece)) => Ok(piece),
            Ok(Err(error)) => Err(unreachable(Phase::Reading, Some(words(&error.without_url()).into()))),
            Err(_) => Err(unreachable(Phase::Whole, None)),
        }
    }

    /// The whole body, up to a maximum size.
    ///
    /// # Errors
    ///
    /// If it is longer, breaks off, or takes too long.
    pub async fn bytes(&mut self, most: usize) -> Result<Bytes, Error> {
        if let Incoming::Whole(bytes) = &self.body
            && bytes.len() <= most
        {
            return Ok(bytes.clone());
        }
        let mut all: Vec<u8> = Vec::new();
        while let Some(piece) = self.piece().await? {
            if all.len() + piece.len() > most {
                return Err(self.unreadable("is longer than an answer of this operation may be", None));
            }
            all.extend_from_slice(&piece);
        }
        self.body = Incoming::Whole(all.into());
        match &self.body {
            Incoming::Whole(bytes) => Ok(bytes.clone()),
            Incoming::Stream(_) => Ok(Bytes::new()),
        }
    }

    pub(crate) fn unreadable(
        &self,
        what: &'static str,
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Error {
        let correlation_id = self.correlation_id.clone();
        Error::Unreadable(Unreadable { endpoint: self.endpoint, what, correlation_id, source })
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("Reply")
            .field("endpoint", &self.endpoint.id)
            .field("status", &self.status)
            .field("headers", &names)
            .finish_non_exhaustive()
    }
}

/// Headers as texts; values that are not text are left out.
pub(crate) fn texts(headers: &HeaderMap) -> Vec<(String, String)> {
    let texts = headers.iter().filter_map(|(name, value)| {
        let value = String::from_utf8(value.as_bytes().to_vec()).ok()?;
        Some((name.as_str().to_owned(), value))
    });
    texts.collect()
}
