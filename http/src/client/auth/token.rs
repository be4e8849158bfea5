//! Access tokens and their sources.

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

/// The source of the token of a call.
pub trait Tokens: Debug + Send + Sync {
    /// A token for a call that is about to be sent; `None` if none is needed.
    fn token(&self) -> Waiting<'_, Result<Option<AccessToken>, LoginError>>;

    /// Marks this token as refused by the service (401), so it is not used again; returns whether another can be had.
    fn refuse(&self, token: &AccessToken) -> bool {
        let _ = token;
        false
    }
}

/// An access token. Its copies share one text, which is never displayed, and is wiped when the last copy is dropped.
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

/// A token obtained elsewhere.
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

/// How to get a new token.
pub trait Grant: Debug + Send + Sync {
    /// A new token.
    fn grant(&self) -> Waiting<'_, Result<Granted, LoginError>>;
}

/// The answer of a token service.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Granted {
    /// The token.
    pub token: AccessToken,
    /// When the request for it began, by our clock; its lifetime is counted from there.
    pub since: Instant,
    /// How long it is valid from then.
    pub lasts: Duration,
    /// The refresh token, for users who log in.
    pub refresh: Option<Arc<SecretString>>,
    /// How long that is valid.
    pub refresh_lasts: Option<Duration>,
}
