//! A token that is kept, and renewed once for all callers that wait for it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

use super::error::LoginError;
use super::token::{AccessToken, Grant, Granted, Tokens, Waiting};

/// How long before its expiry a token is no longer used, by default: a call takes time, and clocks differ.
const MARGIN: Duration = Duration::from_secs(30);

/// How long a refusal applies to all that waited for the same token.
const REFUSAL_STANDS: Duration = Duration::from_secs(1);

/// Keeps a token until shortly before it expires. However many calls wait for a new one, it is requested once.
#[derive(Debug)]
pub struct Kept<G> {
    grant: G,
    margin: Duration,
    held: Mutex<Held>,
    /// Up to which number tokens were refused by the service.
    refused: AtomicU64,
}

#[derive(Debug, Default)]
struct Held {
    number: u64,
    granted: Option<Granted>,
    failed: Option<(Instant, LoginError)>,
}

impl<G: Grant> Kept<G> {
    /// Keeps tokens from this source.
    pub fn new(grant: G) -> Self {
        Self { grant, margin: MARGIN, held: Mutex::default(), refused: AtomicU64::new(0) }
    }

    /// Sets how long before its expiry a token is no longer used.
    #[must_use]
    pub fn margin(mut self, margin: Duration) -> Self {
        self.margin = margin;
        self
    }

    /// How tokens are granted.
    pub fn grant(&self) -> &G {
        &self.grant
    }

    fn is_good(&self, granted: &Granted) -> bool {
        // A short-lived token is used for half of its time.
        let margin = self.margin.min(granted.lasts / 2);
        granted.token.number > self.refused.load(Ordering::Acquire)
            && granted.since.elapsed() + margin < granted.lasts
    }

    async fn good(&self) -> Result<AccessToken, LoginError> {
        let asked = Instant::now();
        let mut held = self.held.lock().await;
        if let Some(granted) = held.granted.as_ref().filter(|granted| self.is_good(granted)) {
            return Ok(granted.token.clone());
        }
        // Calls that waited during a failure do not all ask again, one after the other.
        if let Some((when, error)) = &held.failed
            && (*when >= asked || when.elapsed() < REFUSAL_STANDS)
        {
            return Err(error.clone());
        }
        match self.grant.grant().await {
            Ok(mut granted) => {
                held.number += 1;
                granted.token = granted.token.numbered(held.number);
                let token = granted.token.clone();
                (held.granted, held.failed) = (Some(granted), None);
                Ok(token)
            }
            Err(error) => {
                (held.granted, held.failed) = (None, Some((Instant::now(), error.clone())));
                Err(error)
            }
        }
    }
}

impl<G: Grant> Tokens for Kept<G> {
    fn token(&self) -> Waiting<'_, Result<Option<AccessToken>, LoginError>> {
        Box::pin(async { self.good().await.map(Some) })
    }

    fn refuse(&self, token: &AccessToken) -> bool {
        self.refused.fetch_max(token.number, Ordering::AcqRel);
        true
    }
}
