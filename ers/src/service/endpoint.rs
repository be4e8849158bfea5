//! An operation of the service, as data.

use std::fmt;

use super::form::path_parameter;
use super::header::Header;
use super::role::Role;
use ers_fhir_profiles::FhirVersion;

/// One operation.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Endpoint {
    /// Number in the catalogue of the service: `A011`. A read and its versioned form share one.
    pub id: &'static str,
    /// What it does.
    pub name: &'static str,
    /// FHIR release of its payloads.
    pub release: FhirVersion,
    /// HTTP method.
    pub method: Method,
    /// Path below `/FHIR`, with parameters in braces.
    pub path: &'static str,
    /// Business functions of users that may call it; empty if every user may.
    pub roles: &'static [Role],
    /// Whose applications may call it on their own; `None` if none may.
    pub application: Option<Organisation>,
    /// Headers that it takes beyond those of every call.
    pub more_headers: &'static [Header],
    /// Query parameters.
    pub query: &'static [Parameter],
    /// The body of a request.
    pub request: Body,
    /// Status of success.
    pub success: u16,
    /// The body of an answer.
    pub response: Body,
    /// Whether the answer carries the version of the record in `ETag`.
    pub etag: bool,
    /// The statuses and error codes with which it may fail.
    pub failures: &'static [Failure],
    /// Its replacement, if it is deprecated.
    pub replaced_by: Option<&'static str>,
    /// Limits, and other notes for callers.
    pub notes: &'static [&'static str],
}

/// HTTP methods that the service uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// GET.
    Get,
    /// HEAD.
    Head,
    /// POST.
    Post,
    /// PUT.
    Put,
}

/// The body of a request or an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Body {
    /// Nothing.
    None,
    /// Bytes that are not FHIR.
    File(&'static str),
    /// A resource of one of these profiles, named by their canonicals; its content shows which one.
    Resource(&'static [&'static str]),
}

/// A query parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// Whether it is required.
    pub required: bool,
    /// What it holds.
    pub holds: &'static str,
}

/// Whose applications may call an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Organisation {
    /// Of providers.
    Provider,
    /// Of referrers.
    Referrer,
    /// Of both.
    Any,
}

/// A status that is not success, and the error codes that come with it.
pub type Failure = (u16, &'static [&'static str]);

/// Prints only what identifies the operation, since the whole entry is long.
impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} {})", self.id, self.method, self.path)
    }
}

impl Endpoint {
    /// Whether a user with that business function may call it.
    pub fn allows(&self, role: Role) -> bool {
        if self.roles.is_empty() { !role.is_of_application() } else { self.roles.contains(&role) }
    }

    /// Whether calls name the organisation and the business function of the user: all do, except
    /// the one that looks these up.
    pub fn names_user(&self) -> bool {
        !self.roles.is_empty()
    }

    /// Whether an admin must name the clinician whom the call is for, which is so if both may call.
    pub fn is_on_behalf(&self) -> bool {
        self.allows(Role::ServiceProviderClinician)
            && self.allows(Role::ServiceProviderClinicianAdmin)
            && self.names_user()
    }

    /// The headers of a request, in the order in which they are documented.
    pub fn headers(&self) -> Vec<Header> {
        let mut headers = vec![Header::AUTHORIZATION];
        if self.names_user() {
            headers.extend([Header::ORGANISATION, Header::FUNCTION]);
        }
        if self.is_on_behalf() {
            headers.push(Header::ON_BEHALF_OF);
        }
        headers.extend(self.more_headers);
        match self.request {
            Body::None => {}
            Body::File(_) => headers.push(Header::FILE_TYPE),
            Body::Resource(_) => headers.push(Header::CONTENT_TYPE),
        }
        headers.push(Header::CORRELATION);
        headers
    }

    /// The headers of a successful answer.
    pub fn answer_headers(&self) -> Vec<&'static str> {
        let mut headers = vec!["X-Correlation-ID", "X-Request-ID"];
        if self.etag {
            headers.push("ETag");
        }
        match self.response {
            Body::None if self.success == 201 || self.success == 307 => headers.push("Location"),
            Body::None => {}
            Body::File(_) => headers.extend(["Content-Type", "Content-Length", "Content-Disposition"]),
            Body::Resource(_) => headers.push("Content-Type"),
        }
        if self.path.starts_with("/R4/HealthcareService/") {
            headers.push("Cache-Control");
        }
        headers
    }

    /// Whether it reads one version of a record.
    pub fn is_versioned(&self) -> bool {
        self.path.contains("/_history/")
    }

    /// The FHIR operation in its path: `ers.createReferral`.
    pub fn operation(&self) -> Option<&'static str> {
        self.path.rsplit_once("/$").map(|(_, name)| name)
    }

    /// The parameters of its path, and the form of each.
    pub fn path_parameters(&self) -> Vec<Parameter> {
        let steps = self.path.split('/').filter_map(|step| step.strip_prefix('{')?.strip_suffix('}'));
        let known = steps.filter_map(|name| path_parameter(self.release, self.resource_type(), name));
        known.map(|known| Parameter { name: known.name, required: true, holds: known.holds }).collect()
    }

    /// The resource type in its path.
    pub fn resource_type(&self) -> &'static str {
        self.path.split('/').nth(2).unwrap_or_default()
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
        })
    }
}

impl fmt::Display for Organisation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Provider => "provider",
            Self::Referrer => "referrer",
            Self::Any => "provider or referrer",
        })
    }
}
