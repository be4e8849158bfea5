//! Applications that call on their own.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use super::assertion::Assertion;
use super::endpoint::{Refused, TokenEndpoint};
use super::error::LoginError;
use super::kept::Kept;
use super::signer::Signer;
use super::token::{Grant, Granted, Waiting};
use crate::client::environment::Environment;
use crate::client::settings::Timeouts;

/// The type of a client assertion.
pub(super) const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// By how many seconds clocks must differ for this to be taken for the reason why an assertion was refused.
const DIFFERENT: i64 = 30;

/// An application that logs in with a signed JWT (client credentials).
///
/// ```no_run
/// use std::path::Path;
/// use std::sync::Arc;
///
/// use ers_fhir_http::client::auth::{ApplicationLogin, PemSigner};
/// use ers_fhir_http::client::{Client, Environment, ProviderApplication};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let environment = Environment::integration();
/// let signer = PemSigner::from_file("key-1", Path::new("private-key.pem"))?;
/// let login = ApplicationLogin::new(&environment, "my API key", Arc::new(signer))?;
/// let client = Client::builder(environment).tokens(login.kept()).build(ProviderApplication)?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct ApplicationLogin {
    pub(super) asserting: Asserting,
}

/// An application that identifies itself by an assertion.
#[derive(Debug)]
pub(super) struct Asserting {
    endpoint: TokenEndpoint,
    api_key: String,
    signer: Arc<dyn Signer>,
    /// By how many seconds the clock of the token service is ahead of ours, as far as known.
    skew: AtomicI64,
}

impl ApplicationLogin {
    /// The application with this API key, and its signer.
    ///
    /// # Errors
    ///
    /// If the environment issues no tokens.
    pub fn new(
        environment: &Environment,
        api_key: impl Into<String>,
        signer: Arc<dyn Signer>,
    ) -> Result<Self, LoginError> {
        let asserting = Asserting::new(environment, api_key.into(), signer)?;
        Ok(Self { asserting })
    }

    /// Its tokens, kept for reuse.
    pub fn kept(self) -> Kept<Self> {
        Kept::new(self)
    }
}

impl Grant for ApplicationLogin {
    fn grant(&self) -> Waiting<'_, Result<Granted, LoginError>> {
        Box::pin(self.asserting.ask(&[("grant_type", "client_credentials")]))
    }
}

impl Asserting {
    pub(super) fn new(
        environment: &Environment,
        api_key: String,
        signer: Arc<dyn Signer>,
    ) -> Result<Self, LoginError> {
        let endpoint = TokenEndpoint::of(environment, &Timeouts::default())?;
        Ok(Self { endpoint, api_key, signer, skew: AtomicI64::new(0) })
    }

    /// Asks with an assertion, and if the clocks differ, once more by the clock of the token service.
    pub(super) async fn ask(&self, fields: &[(&str, &str)]) -> Result<Granted, LoginError> {
        let refused = match self.ask_once(fields).await? {
            Ok(granted) => return Ok(granted),
            Err(refused) => refused,
        };
        let used = self.skew.load(Ordering::Relaxed);
        match refused.skew.filter(|skew| skew.abs_diff(used) > DIFFERENT.unsigned_abs()) {
            Some(skew) if !refused.error.is_passing() => {
                self.skew.store(skew, Ordering::Relaxed);
                self.ask_once(fields).await?.map_err(|refused| refused.error)
            }
            _ => Err(refused.error),
        }
    }

    async fn ask_once(&self, fields: &[(&str, &str)]) -> Result<Result<Granted, Refused>, LoginError> {
        let skew = self.skew.load(Ordering::Relaxed);
        let assertion = Assertion { api_key: &self.api_key, audience: self.endpoint.url(), skew };
        let jwt = assertion.signed(&*self.signer).await?;
        let mut all = fields.to_vec();
        all.extend([("client_assertion_type", ASSERTION_TYPE), ("client_assertion", jwt.as_str())]);
        Ok(self.endpoint.ask(&all).await)
    }
}
