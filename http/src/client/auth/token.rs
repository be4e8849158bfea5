//! Access tokens, and where they are from.

use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use tokio::time::Instant;

use super::error::LoginError;

/// What is waited for.
pub type Waiting<'w, T> = Pin<Box<dyn Future<Output = T> + Send + 'w>>;

/// Where the token of a call is from.
pub trait Tokens: Debug + Send + Sync {
    /// A token for a call that is about to be sent; `None` where none is needed.
    fn token(&self) -> Waiting<'_, Result<Option<AccessToken>, LoginError>>;

    /// The service did not take that token (401), so that it is not handed out again. Whether another one can be had.
    fn refuse(&self, token: &AccessToken) -> bool {
        let _ = token;
        false
    }
}

/// An access token. Its copies share one text, which shows nowhere and is wiped with the last of them.
#[derive(Debug, Clone)]
pub struct AccessToken {
    secret: Arc<SecretString>,
    /// Which of those of a source it is.
    pub(super) number: u64,
}

impl AccessToken {
    /// That token.
    pub fn new(secret: SecretString) -> Self {
        Self { secret: Arc::new(secret), number: 0 }
    }

    pub(super) fn numbered(self, number: u64) -> Self {
        Self { number, ..self }
    }

    /// The token, to be sent or to be masked.
    pub fn secret(&self) -> &SecretString {
        &self.secret
    }
}

/// No token, as in the sandbox.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoToken;

impl Tokens for NoToken {
    fn token(&self) -> Waiting<'_, Result<Option<AccessToken>, LoginError>> {
        Box::pin(std::future::ready(Ok(None)))
    }
}

/// One token that somebody else came by.
#[derive(Debug, Clone)]
pub struct GivenToken(AccessToken);

impl GivenToken {
    /// That token.
    pub fn new(secret: SecretString) -> Self {
        Self(AccessToken::new(secret))
    }
}

impl Tokens for GivenToken {
    fn token(&self) -> Waiting<'_, Result<Option<AccessToken>, LoginError>> {
        Box::pin(std::future::ready(Ok(Some(self.0.clone()))))
    }
}

/// How a new token is had.
pub trait Grant: Debug + Send + Sync {
    /// A new token.
    fn grant(&self) -> Waiting<'_, Result<Granted, LoginError>>;
}

/// What a token service gave.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Granted {
    /// The token.
    pub token: AccessToken,
    /// When the request for it was begun, from which its time is counted: our clock alone.
    pub since: Instant,
    /// How long it is good from then.
    pub lasts: Duration,
    /// What a new one can be had for, where users log in.
    pub refresh: Option<Arc<SecretString>>,
    /// How long that is good.
    pub refresh_lasts: Option<Duration>,
}
