//! Users who are logged in.

use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::application::Asserting;
use super::endpoint::TokenEndpoint;
use super::error::LoginError;
use super::kept::Kept;
use super::signer::Signer;
use super::token::{Grant, Granted, Waiting};
use crate::client::environment::Environment;
use crate::client::settings::Timeouts;

/// How an application proves its identity when it refreshes the token of a user.
#[derive(Debug, Clone)]
pub struct ClientSecret {
    /// The API key of the application.
    pub client_id: String,
    /// Its secret.
    pub client_secret: SecretString,
}

/// A user who is logged in. Their token is refreshed as long as the login lasts.
#[derive(Debug)]
pub struct UserLogin {
    first: First,
    /// The credentials for refreshing; without them a login lasts as long as its first token.
    secret: Option<ClientSecret>,
    endpoint: TokenEndpoint,
    refresh: Mutex<Refresh>,
}

/// How the login begins.
#[derive(Debug)]
enum First {
    /// With the id token of CIS2 for the user.
    IdToken { asserting: Asserting, id_token: SecretString },
    /// It has begun.
    Begun,
}

#[derive(Debug, Default)]
struct Refresh {
    has_begun: bool,
    /// The refresh token, and until when it is valid.
    token: Option<(Arc<SecretString>, Option<Instant>)>,
}

impl UserLogin {
    /// A user who logged in at CIS2, whose id token is exchanged for a token (separate authentication and
    /// authorisation).
    ///
    /// # Errors
    ///
    /// If the environment issues no tokens.
    pub fn exchange(
        environment: &Environment,
        api_key: impl Into<String>,
        signer: Arc<dyn Signer>,
        id_token: SecretString,
    ) -> Result<Self, LoginError> {
        let asserting = Asserting::new(environment, api_key.into(), signer)?;
        Self::begin(environment, First::IdToken { asserting, id_token })
    }

    /// A login that has begun, with its refresh token.
    ///
    /// # Errors
    ///
    /// If the environment issues no tokens.
    pub fn refreshed(
        environment: &Environment,
        refresh: Arc<SecretString>,
        secret: ClientSecret,
    ) -> Result<Self, LoginError> {
        let login = Self::begin(environment, First::Begun)?;
        let token = Some((refresh, None));
        Ok(Self { refresh: Mutex::new(Refresh { has_begun: true, token }), secret: Some(secret), ..login })
    }

    /// Makes the login refreshable.
    #[must_use]
    pub fn with_secret(mut self, secret: ClientSecret) -> Self {
        self.secret = Some(secret);
        self
    }

    /// Its tokens, kept for reuse.
    pub fn kept(self) -> Kept<Self> {
        Kept::new(self)
    }

    /// The refresh token, to be stored. Each refresh may issue another one.
    pub async fn refresh_token(&self) -> Option<Arc<SecretString>> {
        self.refresh.lock().await.token.as_ref().map(|(token, _)| token.clone())
    }

    fn begin(environment: &Environment, first: First) -> Result<Self, LoginError> {
        let endpoint = TokenEndpoint::of(environment, &Timeouts::default())?;
        Ok(Self { first, secret: None, endpoint, refresh: Mutex::default() })
    }

    async fn next(&self) -> Result<Granted, LoginError> {
        let mut refresh = self.refresh.lock().await;
        let granted = if refresh.has_begun {
            let (token, until) = refresh.token.as_ref().ok_or(LoginError::Over)?;
            let secret = self.secret.as_ref().ok_or(LoginError::Over)?;
            if until.is_some_and(|until| Instant::now() >= until) {
                return Err(LoginError::Over);
            }
            let fields = [
                ("grant_type", "refresh_token"),
                ("refresh_token", token.expose_secret()),
                ("client_id", &secret.client_id),
                ("client_secret", secret.client_secret.expose_secret()),
            ];
            self.endpoint.ask(&fields).await.map_err(|refused| match refused.error {
                LoginError::Refused { status: 400 | 401, .. } => LoginError::Over,
                error => error,
            })?
        } else {
            let First::IdToken { asserting, id_token } = &self.first else { return Err(LoginError::Over) };
            asserting
                .ask(&[
                    ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
                    ("subject_token_type", "urn:ietf:params:oauth:token-type:id_token"),
                    ("subject_token", id_token.expose_secret()),
                ])
                .await?
        };
        refresh.has_begun = true;
        if let Some(token) = &granted.refresh {
            let until = granted.refresh_lasts.map(|lasts| granted.since + lasts);
            refresh.token = Some((token.clone(), until));
        }
        Ok(granted)
    }
}

impl Grant for UserLogin {
    fn grant(&self) -> Waiting<'_, Result<Granted, LoginError>> {
        Box::pin(self.next())
    }
}
