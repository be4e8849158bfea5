//! What is known about the call that a payload belongs to.

use std::fmt;
use std::sync::Arc;

use ers_fhir_profiles::FhirVersion;

use super::foreign::Foreign;
use crate::service::{self, Access, Body, Endpoint, Role};

/// The call of an e-RS operation that a payload is the request or the answer of.
///
/// The operation decides the profile. The rest is optional: a rule is checked if everything that it
/// needs is known, and skipped otherwise.
///
/// ```
/// use ers_fhir_ers::Context;
/// use ers_fhir_ers::service::{Role, find};
///
/// let create = find("A011").next().expect("A011 creates a referral");
/// let context = Context::request(create).role(Role::ReferringClinician).header("If-Match", "W/\"1\"");
/// assert_eq!(context.header_value("if-match"), Some("W/\"1\""));
/// ```
#[derive(Debug, Clone)]
pub struct Context {
    /// The operation.
    pub endpoint: &'static Endpoint,
    /// The direction of the payload.
    pub direction: Direction,
    /// Business function of the user.
    pub role: Option<Role>,
    /// Whether a user or an application calls.
    pub access: Option<Access>,
    /// Headers of the request; if there are any, the others are taken to be missing.
    pub headers: Vec<(String, String)>,
    /// Method of the request.
    pub method: Option<String>,
    /// URL of the request: path and query, with or without the part before `/STU3/` or `/R4/`.
    pub url: Option<String>,
    /// Status of the answer.
    pub status: Option<u16>,
    /// Headers of the answer; if there are any, the others are taken to be missing.
    pub answer_headers: Vec<(String, String)>,
    /// Body of the request that an answer belongs to.
    pub request_body: Option<Arc<[u8]>>,
    /// The record that the request changes, as last read.
    pub current: Option<Arc<[u8]>>,
}

/// The direction of a payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// To the service.
    Request,
    /// From the service.
    Response,
}

impl Context {
    /// The request of an operation.
    pub fn request(endpoint: &'static Endpoint) -> Self {
        Self {
            endpoint,
            direction: Direction::Request,
            role: None,
            access: None,
            headers: Vec::new(),
            method: None,
            url: None,
            status: None,
            answer_headers: Vec::new(),
            request_body: None,
            current: None,
        }
    }

    /// The answer of an operation.
    pub fn response(endpoint: &'static Endpoint) -> Self {
        Self { direction: Direction::Response, ..Self::request(endpoint) }
    }

    /// The same, called with a business function.
    #[must_use]
    pub fn role(mut self, role: Role) -> Self {
        self.role = Some(role);
        self
    }

    /// The same, called by a user or an application.
    #[must_use]
    pub fn access(mut self, access: Access) -> Self {
        self.access = Some(access);
        self
    }

    /// The same, with one more header.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// The same, called at that path and query.
    #[must_use]
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }

    /// The same, answered with that status.
    #[must_use]
    pub fn status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// The same, changing that record.
    #[must_use]
    pub fn against(mut self, current: impl Into<Arc<[u8]>>) -> Self {
        self.current = Some(current.into());
        self
    }

    /// The value of a header of the request, whose name may be in any case.
    pub fn header_value(&self, name: &str) -> Option<&str> {
        value_of(&self.headers, name)
    }

    /// The value of a header of the answer, whose name may be in any case.
    pub fn answer_header(&self, name: &str) -> Option<&str> {
        value_of(&self.answer_headers, name)
    }

    /// The business function of the caller, given directly or by a header.
    pub(crate) fn function(&self) -> Option<&str> {
        self.role.map(Role::code).or_else(|| self.header_value("NHSD-eRS-Business-Function"))
    }

    /// The business function of the caller, if it exists.
    pub(crate) fn known_role(&self) -> Option<Role> {
        self.function()?.parse().ok()
    }

    /// Whether an application calls on its own.
    pub(crate) fn is_application(&self) -> bool {
        self.access == Some(Access::Application)
    }

    /// Whether this is the request of one of those operations.
    pub(crate) fn requests(&self, ids: &[&str]) -> bool {
        self.direction == Direction::Request && ids.contains(&self.endpoint.id)
    }

    /// Whether this is the answer of one of those operations.
    pub(crate) fn answers(&self, ids: &[&str]) -> bool {
        self.direction == Direction::Response && ids.contains(&self.endpoint.id)
    }

    /// The body in the direction of the payload.
    pub fn body(&self) -> Body {
        match self.direction {
            Direction::Request => self.endpoint.request,
            Direction::Response => self.endpoint.response,
        }
    }

    /// Whether a body in this direction is not FHIR but a file or nothing, so that only the call can be
    /// checked. An answer may always be an error, which is FHIR.
    pub fn is_without_fhir(&self, body: &[u8]) -> bool {
        let carries_fhir = matches!(self.body(), Body::Resource(_));
        match self.direction {
            Direction::Request => !carries_fhir,
            Direction::Response if body.is_empty() || self.foreign(body).is_some() => true,
            Direction::Response => !carries_fhir && (self.succeeds() == Some(true) || !looks_like_fhir(body)),
        }
    }

    /// What the body of an answer is, if it certainly does not come from e-RS: anything but FHIR if the call failed,
    /// and otherwise a page or plain text instead of FHIR or a file.
    pub(crate) fn foreign(&self, body: &[u8]) -> Option<Foreign> {
        if self.direction == Direction::Request {
            return None;
        }
        if self.succeeds() == Some(false) {
            return Foreign::of(body);
        }
        Foreign::in_place_of_fhir(body).filter(|kind| match self.body() {
            Body::Resource(_) => true,
            // No file that the service accepts or makes is HTML.
            Body::File(_) => *kind == Foreign::Page && self.is_called_page(),
            Body::None => false,
        })
    }

    /// Whether an answer may be HTML: its Content-Type says so, or it is a document that the operation makes.
    fn is_called_page(&self) -> bool {
        let is_html = |value: &str| value.to_ascii_lowercase().starts_with("text/html");
        self.endpoint.operation().is_some() || self.answer_header("Content-Type").is_some_and(is_html)
    }

    /// Whether the status of the answer is the success status, if it is known.
    pub fn succeeds(&self) -> Option<bool> {
        self.status.map(|status| status == self.endpoint.success || (200..300).contains(&status))
    }

    /// The profile of a body of that type; `url` is the URL of a code system.
    pub(crate) fn profile(&self, resource_type: &str, url: Option<&str>) -> Option<&'static str> {
        if self.direction == Direction::Response && resource_type == "OperationOutcome" {
            return Some(match self.endpoint.release {
                FhirVersion::Stu3 => service::OUTCOME_STU3,
                FhirVersion::R4 => service::OUTCOME_R4,
            });
        }
        let Body::Resource(profiles) = self.body() else { return None };
        // If there are several, each of the later ones is for one list of reference data.
        let list = url.and_then(|url| url.rsplit('/').next()).unwrap_or_default().to_ascii_lowercase();
        let special = profiles
            .iter()
            .skip(1)
            .find(|profile| !list.is_empty() && profile.to_ascii_lowercase().contains(&format!("-{list}-")));
        special.or(profiles.first()).copied()
    }
}

fn value_of<'h>(headers: &'h [(String, String)], name: &str) -> Option<&'h str> {
    let found = headers.iter().find(|(given, _)| given.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.trim())
}

/// Whether bytes begin as JSON or XML do.
fn looks_like_fhir(body: &[u8]) -> bool {
    let text = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    matches!(text.iter().find(|byte| !byte.is_ascii_whitespace()), Some(b'{' | b'<'))
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Request => "request",
            Self::Response => "response",
        })
    }
}
