//! What is known of the call that a payload belongs to.

use std::fmt;

use ers_fhir_profiles::FhirVersion;

use crate::service::{self, Access, Body, Endpoint, Role};

/// The call of an e-RS operation that a payload is the request or the answer of.
///
/// The operation decides the profile. The rest is optional: a rule is checked when what it needs is
/// known, and left alone otherwise.
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
    /// Which way the payload goes.
    pub direction: Direction,
    /// Business function of the user.
    pub role: Option<Role>,
    /// Whether a user or an application calls.
    pub access: Option<Access>,
    /// Headers of the request; where there are any, what is missing among them is not sent.
    pub headers: Vec<(String, String)>,
    /// Path and query of the request, from wherever `/STU3/` or `/R4/` begins.
    pub url: Option<String>,
}

/// Which way a payload goes.
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
            url: None,
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

    /// The value of a header, whose name may be in any case.
    pub fn header_value(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(given, _)| given.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim())
    }

    /// The business function of the caller, said outright or by a header.
    pub(crate) fn function(&self) -> Option<&str> {
        self.role.map(Role::code).or_else(|| self.header_value("NHSD-eRS-Business-Function"))
    }

    /// The business function of the caller, where it is one that exists.
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

    /// What goes that way.
    pub fn body(&self) -> Body {
        match self.direction {
            Direction::Request => self.endpoint.request,
            Direction::Response => self.endpoint.response,
        }
    }

    /// Whether this is a request that carries no FHIR, so that there is only the call to check.
    pub fn is_without_fhir(&self) -> bool {
        self.direction == Direction::Request && !matches!(self.endpoint.request, Body::Resource(_))
    }

    /// The profile of a body of that type; `url` is what a code system calls itself.
    pub(crate) fn profile(&self, resource_type: &str, url: Option<&str>) -> Option<&'static str> {
        if self.direction == Direction::Response && resource_type == "OperationOutcome" {
            return Some(match self.endpoint.release {
                FhirVersion::Stu3 => service::OUTCOME_STU3,
                FhirVersion::R4 => service::OUTCOME_R4,
            });
        }
        let Body::Resource(profiles) = self.body() else { return None };
        // Of several, the later ones are for one list of reference data each.
        let list = url.and_then(|url| url.rsplit('/').next()).unwrap_or_default().to_ascii_lowercase();
        let special = profiles
            .iter()
            .skip(1)
            .find(|profile| !list.is_empty() && profile.to_ascii_lowercase().contains(&format!("-{list}-")));
        special.or(profiles.first()).copied()
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Request => "request",
            Self::Response => "response",
        })
    }
}
