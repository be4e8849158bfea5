//! A request of an operation, as data: what the typed methods make, and what programs fill that know only at run time
//! what they call.

use std::fmt;
use std::path::PathBuf;

use bytes::Bytes;
use ers_fhir_ers::service::{Body, Endpoint, Header, find};
use reqwest::Url;

use super::environment::Environment;
use super::version::Version;

/// A request of an operation, without the caller.
///
/// ```
/// use ers_fhir_http::client::{Environment, Request};
///
/// let request = Request::of("A013", false).expect("it is an operation").path("ubrn", "000000070000").version(5.into());
/// let url = request.url(&Environment::integration()).expect("nothing is missing");
/// assert!(url.as_str().ends_with("/FHIR/STU3/ReferralRequest/000000070000/$ers.acceptReferral"));
/// ```
#[derive(Debug, Clone)]
pub struct Request {
    pub(crate) endpoint: &'static Endpoint,
    pub(crate) path: Vec<(&'static str, String)>,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Payload,
    /// Whether it is sent even if it breaks rules.
    pub(crate) is_sent_anyway: bool,
}

/// What a request carries.
#[derive(Clone, Default)]
#[non_exhaustive]
pub enum Payload {
    /// Nothing.
    #[default]
    None,
    /// Bytes in memory.
    Bytes(Bytes),
    /// A file, read while it is sent, and its size in bytes.
    File(PathBuf, u64),
}

impl Payload {
    /// How many bytes it has.
    pub fn len(&self) -> u64 {
        match self {
            Self::None => 0,
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::File(_, length) => *length,
        }
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.len())
    }
}

impl Request {
    /// A request of the operation with this number; if there are two, of the one that reads a given version.
    pub fn of(id: &str, is_versioned: bool) -> Option<Self> {
        find(id).find(|endpoint| endpoint.is_versioned() == is_versioned).map(Self::to)
    }

    /// A request of an operation.
    pub fn to(endpoint: &'static Endpoint) -> Self {
        let (path, query, headers) = (Vec::new(), Vec::new(), Vec::new());
        Self { endpoint, path, query, headers, body: Payload::None, is_sent_anyway: false }
    }

    /// The operation.
    pub fn endpoint(&self) -> &'static Endpoint {
        self.endpoint
    }

    /// Sets a parameter of the path.
    #[must_use]
    pub fn path(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.path.push((name, value.into()));
        self
    }

    /// Adds a parameter to the query.
    #[must_use]
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.query.push((name.into(), value.into()));
        self
    }

    /// Adds a header to those that name the caller.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Starts from this version of the record (If-Match).
    #[must_use]
    pub fn version(self, version: Version) -> Self {
        self.header(Header::IF_MATCH.name, version.etag())
    }

    /// Sets a FHIR body as JSON.
    #[must_use]
    pub fn json(mut self, json: impl Into<Bytes>) -> Self {
        self.body = Payload::Bytes(json.into());
        self.header(Header::CONTENT_TYPE.name, Header::CONTENT_TYPE.holds)
    }

    /// Sets a file of this media type as the body.
    #[must_use]
    pub fn file(mut self, media_type: &str, payload: Payload) -> Self {
        self.body = payload;
        self.header(Header::FILE_TYPE.name, media_type)
    }

    /// Sets a body whose Content-Type is among the headers.
    #[must_use]
    pub fn payload_as_is(mut self, payload: Payload) -> Self {
        self.body = payload;
        self
    }

    /// Sends it even if it breaks rules, to see what the service answers.
    #[must_use]
    pub fn anyway(mut self) -> Self {
        self.is_sent_anyway = true;
        self
    }

    /// What it carries.
    pub fn payload(&self) -> &Payload {
        &self.body
    }

    /// Its address in an environment.
    ///
    /// # Errors
    ///
    /// The name of a parameter of the path that is missing.
    pub fn url(&self, environment: &Environment) -> Result<Url, &'static str> {
        let mut path = environment.fhir().path().trim_end_matches('/').to_owned();
        for step in self.endpoint.path.split('/').skip(1) {
            path.push('/');
            match step.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
                None => path.push_str(step),
                Some(name) => {
                    let value = self.path.iter().find(|(given, _)| *given == name);
                    encode(&value.ok_or(name)?.1, "", &mut path);
                }
            }
        }
        let mut url = environment.fhir().clone();
        url.set_path(&path);
        let mut query = String::new();
        for (name, value) in &self.query {
            query.push_str(if query.is_empty() { "" } else { "&" });
            encode(name, ":", &mut query);
            query.push('=');
            encode(value, ":/,", &mut query);
        }
        url.set_query(Some(query.as_str()).filter(|query| !query.is_empty()));
        Ok(url)
    }

    /// What the answer may be.
    pub(crate) fn accept(&self) -> Option<&'static str> {
        match self.endpoint.response {
            Body::Resource(_) => Some("application/fhir+json"),
            Body::File(_) if self.endpoint.operation().is_some() => Some("application/pdf"),
            Body::File(_) => Some("*/*"),
            Body::None => None,
        }
    }
}

/// Escapes text for an address: letters, digits, `-._~` and the allowed characters stay as they are.
fn encode(text: &str, allowed: &str, out: &mut String) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        let letter = char::from(byte);
        if letter.is_ascii_alphanumeric() || "-._~".contains(letter) || allowed.contains(letter) {
            out.push(letter);
        } else {
            out.push('%');
            out.push(char::from(HEX[usize::from(byte >> 4)]));
            out.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Request;
    use crate::client::environment::Environment;

    #[test]
    fn what_is_no_id_stays_one_step_of_the_path() {
        let request =
            Request::of("A006", false).expect("it is there").path("attachmentLogicalID", "att-1/../?x#y");
        let url = request.url(&Environment::integration()).expect("nothing is missing");
        assert_eq!(url.path(), "/referrals/FHIR/STU3/Binary/att-1%2F..%2F%3Fx%23y");
        assert_eq!((url.query(), url.fragment()), (None, None));
        let missing =
            Request::of("A005", true).expect("it is there").path("ubrn", "1").url(&Environment::local());
        assert_eq!(missing.expect_err("it reads a version"), "version");
    }

    #[test]
    fn queries_are_written_as_the_service_documents_them() {
        let request = Request::of("A041", false).expect("it is there");
        let request =
            request.query("identifier", "https://fhir.nhs.uk/Id/UBRN|000000070000").query("a:b", "1 2&3");
        let url = request.url(&Environment::integration()).expect("nothing is missing");
        assert_eq!(url.query(), Some("identifier=https://fhir.nhs.uk/Id/UBRN%7C000000070000&a:b=1%202%263"));
    }
}
