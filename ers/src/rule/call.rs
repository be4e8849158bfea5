//! The call that an example belongs to.

use crate::call::{Context, Direction};
use crate::example::answer::record;
use crate::example::call::headers;
use crate::example::caller::Caller;
use crate::service::{Access, Endpoint, Role, find};

/// An e-RS operation, and what an example says about a call to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call {
    /// Id of the operation.
    pub endpoint: &'static str,
    /// Whether the payload is the request or the answer.
    pub direction: Direction,
    /// Business function of the user.
    pub role: Option<Role>,
    /// Who calls.
    pub access: Option<Access>,
    /// Headers of the request that differ from those of a good request.
    pub headers: &'static [(&'static str, &'static str)],
    /// Headers of a good request that it lacks.
    pub without: &'static [&'static str],
    /// Whether its headers are known: those of a good request, with the differences above.
    pub is_complete: bool,
    /// Path and query.
    pub url: Option<&'static str>,
    /// Method.
    pub method: Option<&'static str>,
    /// Status of the answer.
    pub status: Option<u16>,
    /// Headers of the answer.
    pub answer_headers: &'static [(&'static str, &'static str)],
    /// The record as last read.
    pub current: Option<Record>,
    /// Body of the request, where the example is the answer.
    pub request: Option<&'static str>,
}

/// A record as last read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Record {
    /// A valid record that the operation changes.
    Good,
    /// A valid record that another operation changes.
    Of(&'static str),
    /// Something else.
    Text(&'static str),
}

impl Record {
    /// The text of the record, for an operation.
    pub(crate) fn text(self, endpoint: &Endpoint) -> String {
        match self {
            Self::Good => record(endpoint).unwrap_or_default(),
            Self::Of(other) => find(other).next().and_then(record).unwrap_or_default(),
            Self::Text(text) => text.to_owned(),
        }
    }
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
            without: &[],
            is_complete: false,
            url: None,
            method: None,
            status: None,
            answer_headers: &[],
            current: None,
            request: None,
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

    /// The same, with the headers of a good call.
    #[must_use]
    pub const fn complete(self) -> Self {
        Self { is_complete: true, ..self }
    }

    /// The same, with the headers of a good call, but for these.
    #[must_use]
    pub const fn headers(self, headers: &'static [(&'static str, &'static str)]) -> Self {
        Self { headers, is_complete: true, ..self }
    }

    /// The same, with the headers of a good call, but without these.
    #[must_use]
    pub const fn without(self, without: &'static [&'static str]) -> Self {
        Self { without, is_complete: true, ..self }
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
    pub const fn against(self, current: Record) -> Self {
        Self { current: Some(current), ..self }
    }

    /// The same, answering that request.
    #[must_use]
    pub const fn asked(self, request: &'static str) -> Self {
        Self { request: Some(request), ..self }
    }

    /// The caller, where it is given.
    pub fn caller(&self) -> Option<Caller> {
        match (self.role, self.access) {
            (_, Some(Access::Application)) => Some(Caller::Application),
            (role, _) => role.map(Caller::User),
        }
    }

    /// Turns the headers of a good request into those of this call.
    pub(crate) fn overlay(&self, headers: &mut Vec<(String, String)>) {
        let is_other =
            |name: &str| self.without.contains(&name) || self.headers.iter().any(|(other, _)| *other == name);
        headers.retain(|(name, _)| !is_other(name));
        headers.extend(owned(self.headers));
    }

    /// The call as a check takes it; `None` if there is no such operation.
    pub fn context(&self) -> Option<Context> {
        let endpoint = find(self.endpoint).next()?;
        let first = endpoint.roles.first().map_or(Caller::AnyUser, |role| Caller::User(*role));
        let mut sent = Vec::new();
        if self.is_complete {
            sent = headers(endpoint, self.caller().unwrap_or(first));
            self.overlay(&mut sent);
        }
        Some(Context {
            endpoint,
            direction: self.direction,
            role: self.role,
            access: self.access,
            headers: sent,
            method: self.method.map(str::to_owned),
            url: self.url.map(str::to_owned),
            status: self.status,
            answer_headers: owned(self.answer_headers),
            request_body: self.request.map(|request| request.as_bytes().into()),
            current: self.current.map(|current| current.text(endpoint).into_bytes().into()),
        })
    }
}

/// Names and values as a call holds them.
pub(crate) fn owned(headers: &[(&str, &str)]) -> Vec<(String, String)> {
    headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}
