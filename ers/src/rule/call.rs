//! The call that an example belongs to.

use crate::call::{Context, Direction};
use crate::service::{Access, Role, find};

/// An e-RS operation, and what is known of a call of it, as an example states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call {
    /// Id of the operation.
    pub endpoint: &'static str,
    /// Which way the payload goes.
    pub direction: Direction,
    /// Business function of the user.
    pub role: Option<Role>,
    /// Who calls.
    pub access: Option<Access>,
    /// Headers of the request.
    pub headers: &'static [(&'static str, &'static str)],
    /// Path and query.
    pub url: Option<&'static str>,
    /// Method.
    pub method: Option<&'static str>,
    /// Status of the answer.
    pub status: Option<u16>,
    /// Headers of the answer.
    pub answer_headers: &'static [(&'static str, &'static str)],
    /// The record as it was read last.
    pub current: Option<&'static str>,
}

impl Call {
    /// The request of an operation.
    pub const fn to(endpoint: &'static str) -> Self {
        Self {
            endpoint,
            direction: Direction::Request,
            role: None,
            access: None,
            headers: &[],
            url: None,
            method: None,
            status: None,
            answer_headers: &[],
            current: None,
        }
    }

    /// The answer of an operation.
    pub const fn answer(endpoint: &'static str) -> Self {
        Self { direction: Direction::Response, ..Self::to(endpoint) }
    }

    /// The same, called with a business function.
    #[must_use]
    pub const fn role(self, role: Role) -> Self {
        Self { role: Some(role), ..self }
    }

    /// The same, called by a user or an application.
    #[must_use]
    pub const fn access(self, access: Access) -> Self {
        Self { access: Some(access), ..self }
    }

    /// The same, with these headers.
    #[must_use]
    pub const fn headers(self, headers: &'static [(&'static str, &'static str)]) -> Self {
        Self { headers, ..self }
    }

    /// The same, called at that path and query.
    #[must_use]
    pub const fn url(self, url: &'static str) -> Self {
        Self { url: Some(url), ..self }
    }

    /// The same, called with that method.
    #[must_use]
    pub const fn method(self, method: &'static str) -> Self {
        Self { method: Some(method), ..self }
    }

    /// The same, answered with that status.
    #[must_use]
    pub const fn status(self, status: u16) -> Self {
        Self { status: Some(status), ..self }
    }

    /// The same, answered with these headers.
    #[must_use]
    pub const fn answer_headers(self, headers: &'static [(&'static str, &'static str)]) -> Self {
        Self { answer_headers: headers, ..self }
    }

    /// The same, changing that record.
    #[must_use]
    pub const fn against(self, current: &'static str) -> Self {
        Self { current: Some(current), ..self }
    }

    /// The call as a check takes it; `None` where there is no such operation.
    pub fn context(&self) -> Option<Context> {
        let owned = |headers: &[(&str, &str)]| {
            headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        Some(Context {
            endpoint: find(self.endpoint).next()?,
            direction: self.direction,
            role: self.role,
            access: self.access,
            headers: owned(self.headers),
            method: self.method.map(str::to_owned),
            url: self.url.map(str::to_owned),
            status: self.status,
            answer_headers: owned(self.answer_headers),
            request_body: None,
            current: self.current.map(|current| current.as_bytes().into()),
        })
    }
}
