//! Setting up a client.

use std::sync::Arc;

use reqwest::Certificate;

use super::auth::{NoToken, Tokens};
use super::caller::Who;
use super::calling::{Client, Inner};
use super::checks::Checks;
use super::environment::Environment;
use super::network::network;
use super::pace::Pace;
use super::record::Record;
use super::settings::{Rate, Retries, Timeouts};

/// Sets up a client; the defaults are what the service advises.
#[derive(Debug, Clone)]
pub struct Builder {
    environment: Environment,
    tokens: Arc<dyn Tokens>,
    timeouts: Timeouts,
    retries: Retries,
    rate: Rate,
    checks: Checks,
    recorder: Option<Arc<dyn Record>>,
    root: Option<Certificate>,
}

/// A client that cannot be set up.
#[derive(Debug, thiserror::Error)]
#[error("the client cannot be set up: {0}")]
pub struct BuildError(String);

impl Builder {
    pub(super) fn new(environment: Environment) -> Self {
        Self {
            environment,
            tokens: Arc::new(NoToken),
            timeouts: Timeouts::default(),
            retries: Retries::default(),
            rate: Rate::default(),
            checks: Checks::off(),
            recorder: None,
            root: None,
        }
    }

    /// Takes tokens from this source.
    #[must_use]
    pub fn tokens(self, tokens: impl Tokens + 'static) -> Self {
        self.shared_tokens(Arc::new(tokens))
    }

    /// Takes tokens from a shared source.
    #[must_use]
    pub fn shared_tokens(mut self, tokens: Arc<dyn Tokens>) -> Self {
        self.tokens = tokens;
        self
    }

    /// Sets how long to wait.
    #[must_use]
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// Sets how often and when to retry.
    #[must_use]
    pub fn retries(mut self, retries: Retries) -> Self {
        self.retries = retries;
        self
    }

    /// Sets the rate of calls.
    #[must_use]
    pub fn rate(mut self, rate: Rate) -> Self {
        self.rate = rate;
        self
    }

    /// Sets how payloads are checked against the rules.
    #[must_use]
    pub fn checks(mut self, checks: Checks) -> Self {
        self.checks = checks;
        self
    }

    /// Records each call.
    #[must_use]
    pub fn recorder(mut self, recorder: Arc<dyn Record>) -> Self {
        self.recorder = Some(recorder);
        self
    }

    /// Trusts a certificate in PEM in addition to those that the system trusts.
    ///
    /// # Errors
    ///
    /// If it is none.
    pub fn trust(mut self, pem: &[u8]) -> Result<Self, BuildError> {
        let failed = |error: reqwest::Error| BuildError(error.to_string());
        self.root = Some(Certificate::from_pem(pem).map_err(failed)?);
        Ok(self)
    }

    /// The client for a caller.
    ///
    /// # Errors
    ///
    /// If TLS cannot be set up.
    pub fn build<W: Who>(self, who: W) -> Result<Client<W>, BuildError> {
        let http = network(self.environment.fhir(), &self.timeouts, self.root.as_ref());
        let http = http.map_err(|error| BuildError(error.to_string()))?;
        let inner = Inner {
            http,
            environment: self.environment,
            tokens: self.tokens,
            timeouts: self.timeouts,
            retries: self.retries,
            pace: Pace::new(self.rate),
            checks: self.checks,
            recorder: self.recorder,
        };
        Ok(Client::new(Arc::new(inner), who))
    }
}
