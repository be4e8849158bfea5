//! One operation of the service, as data.

use std::fmt;

use super::form::path_parameter;
use super::header::Header;
use super::role::Role;
use ers_fhir_profiles::FhirVersion;

/// One operation.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Endpoint {
    /// Number in the catalogue of the service: `A011`. A versioned read shares it.
    pub id: &'static str,
    /// What it does.
    pub name: &'static str,
    /// Release of its payloads.
    pub release: FhirVersion,
    /// HTTP method.
    pub method: Method,
    /// Path below `/FHIR`, with parameters in braces.
    pub path: &'static str,
    /// Business functions of users that may call it; empty where every user may.
    pub roles: &'static [Role],
    /// Whose applications may call it on their own; `None` where none may.
    pub application: Option<Organisation>,
    /// Headers it asks for beyond those that every call has.
    pub more_headers: &'static [Header],
    /// Query parameters.
    pub query: &'static [Parameter],
    /// What a request carries.
    pub request: Body,
    /// Status of success.
    pub success: u16,
    /// What an answer carries.
    pub response: Body,
    /// Whether the answer carries the version of the record in `ETag`.
    pub etag: bool,
    /// How it may fail.
    pub failures: &'static [Failure],
    /// What replaces it, where it is deprecated.
    pub replaced_by: Option<&'static str>,
    /// Limits, and what else a caller should know.
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

/// What a request or an answer carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Body {
    /// Nothing.
    None,
    /// Bytes that are not FHIR.
    File(&'static str),
    /// A resource of one of these profiles, named by their canonicals; which one, its content tells.
    Resource(&'static [&'static str]),
}

/// A query parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// Whether it must be there.
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

/// What it is known by: the whole of the table is long, and whoever prints it knows where to look.
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

    /// Whether calls name the organisation and the business function of the user: all but the one
    /// that finds them out.
    pub fn names_user(&self) -> bool {
        !self.roles.is_empty()
    }

    /// Whether an admin must name the clinician whom the call is for: where both may call.
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

    /// The operation that its path names: `ers.createReferral`.
    pub fn operation(&self) -> Option<&'static str> {
        self.path.rsplit_once("/$").map(|(_, name)| name)
    }

    /// The parameters of its path, and what each has to be.
    pub fn path_parameters(&self) -> Vec<Parameter> {
        let steps = self.path.split('/').filter_map(|step| step.strip_prefix('{')?.strip_suffix('}'));
        let known = steps.filter_map(|name| path_parameter(self.release, self.resource_type(), name));
        known.map(|known| Parameter { name: known.name, required: true, holds: known.holds }).collect()
    }

    /// The resource type that its path names.
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
