//! Where the service is.

use std::fmt;
use std::str::FromStr;

use ers_fhir_ers::service::environment::{INTEGRATION, PRODUCTION, SANDBOX};
use reqwest::Url;

/// An environment of the service: the address of FHIR, and the address of its token service.
///
/// ```
/// use ers_fhir_http::client::Environment;
///
/// let sandbox: Environment = "sandbox".parse()?;
/// assert_eq!(sandbox.fhir().as_str(), "https://sandbox.api.service.nhs.uk/referrals/FHIR");
/// assert!(sandbox.token().is_none(), "the sandbox asks for none");
///
/// // Tokens are never sent unencrypted, except to this machine.
/// assert!("http://example.org/FHIR".parse::<Environment>().is_err());
/// # Ok::<(), ers_fhir_http::client::UnknownEnvironment>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    fhir: Url,
    token: Option<Url>,
    authorize: Option<Url>,
}

/// No environment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnknownEnvironment {
    /// It is neither an address nor a known name.
    #[error(
        "there is no environment of that name: use local, sandbox, int, prod, or an address that ends in /FHIR"
    )]
    Name,
    /// Secrets would be sent over the network unencrypted.
    #[error(
        "an address must begin with https:// or be on this machine: tokens are never sent over the network unencrypted"
    )]
    Clear,
    /// Neither credentials nor a query belong in an address.
    #[error("an address must end in /FHIR, without a user or a query")]
    Parts,
}

impl Environment {
    /// Answers without a token, and only to copies of the published examples.
    pub fn sandbox() -> Self {
        Self { token: None, authorize: None, ..Self::gateway(SANDBOX) }
    }

    /// For suppliers' tests.
    pub fn integration() -> Self {
        Self::gateway(INTEGRATION)
    }

    /// Real patients.
    pub fn production() -> Self {
        Self::gateway(PRODUCTION)
    }

    /// An e-RS on this machine, at its usual port.
    pub fn local() -> Self {
        let host = "http://127.0.0.1:8290";
        Self {
            fhir: known(&format!("{host}/referrals/FHIR")),
            token: Some(known(&format!("{host}/oauth2/token"))),
            authorize: Some(known(&format!("{host}/oauth2/authorize"))),
        }
    }

    /// The service at another address, which is what stands before `/STU3`. Tokens are from `/oauth2/token` of the
    /// same host.
    ///
    /// # Errors
    ///
    /// If it is not an address, or one that tokens must not be sent to.
    pub fn at(address: &str) -> Result<Self, UnknownEnvironment> {
        let mut fhir = Url::parse(address).map_err(|_| UnknownEnvironment::Name)?;
        if !is_private(&fhir) {
            return Err(UnknownEnvironment::Clear);
        }
        let has_more = fhir.query().is_some() || fhir.fragment().is_some() || !fhir.username().is_empty();
        if has_more || fhir.password().is_some() {
            return Err(UnknownEnvironment::Parts);
        }
        let path = fhir.path().trim_end_matches('/').to_owned();
        fhir.set_path(&path);
        let beside = |path: &str| {
            let mut url = fhir.clone();
            url.set_path(path);
            url
        };
        Ok(Self { token: Some(beside("/oauth2/token")), authorize: Some(beside("/oauth2/authorize")), fhir })
    }

    /// Takes tokens from another address.
    ///
    /// # Errors
    ///
    /// If secrets must not be sent there.
    pub fn with_token(mut self, address: &str) -> Result<Self, UnknownEnvironment> {
        let url = Url::parse(address).map_err(|_| UnknownEnvironment::Name)?;
        if !is_private(&url) {
            return Err(UnknownEnvironment::Clear);
        }
        self.token = Some(url);
        Ok(self)
    }

    /// Calls without a token, as in the sandbox.
    #[must_use]
    pub fn without_tokens(self) -> Self {
        Self { token: None, authorize: None, ..self }
    }

    /// The address before `/STU3` and `/R4`.
    pub fn fhir(&self) -> &Url {
        &self.fhir
    }

    /// The source of tokens; `None` if none are needed.
    pub fn token(&self) -> Option<&Url> {
        self.token.as_ref()
    }

    /// Where users log in with their browser.
    pub fn authorize(&self) -> Option<&Url> {
        self.authorize.as_ref()
    }

    fn gateway(host: &str) -> Self {
        let host = format!("https://{host}");
        Self {
            fhir: known(&format!("{host}/referrals/FHIR")),
            token: Some(known(&format!("{host}/oauth2/token"))),
            authorize: Some(known(&format!("{host}/oauth2/authorize"))),
        }
    }
}

impl FromStr for Environment {
    type Err = UnknownEnvironment;

    fn from_str(text: &str) -> Result<Self, UnknownEnvironment> {
        match text {
            "local" => Ok(Self::local()),
            "sandbox" => Ok(Self::sandbox()),
            "int" => Ok(Self::integration()),
            "prod" => Ok(Self::production()),
            address => Self::at(address),
        }
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.fhir.as_str())
    }
}

fn known(address: &str) -> Url {
    Url::parse(address).expect("it is an address")
}

/// Whether nobody on the way can read what is sent there.
pub(crate) fn is_private(url: &Url) -> bool {
    let is_here = match url.host_str() {
        Some("localhost" | "[::1]") => true,
        Some(host) => host.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback()),
        None => false,
    };
    match url.scheme() {
        "https" => url.host_str().is_some(),
        "http" => is_here,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{Environment, Url};

    #[test]
    fn secrets_go_where_nobody_reads_them() {
        for address in [
            "https://example.org/FHIR",
            "http://127.0.0.1:80/FHIR/",
            "http://localhost/FHIR",
            "http://[::1]:9/FHIR",
        ] {
            let environment = Environment::at(address).unwrap_or_else(|error| panic!("{address}: {error}"));
            assert!(!environment.fhir().as_str().ends_with('/'), "{address}");
            assert_eq!(environment.token().map(Url::path), Some("/oauth2/token"), "{address}");
        }
        for address in [
            "http://example.org/FHIR",
            "ftp://localhost/FHIR",
            "file:///FHIR",
            "prood",
            "",
            "https://a:b@example.org/FHIR",
            "https://example.org/FHIR?x=1",
            "http://127.0.0.1.example.org/FHIR",
        ] {
            assert!(Environment::at(address).is_err(), "{address}");
        }
    }
}
