//! Who is registered, and which tokens were issued to whom.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use aws_lc_rs::rsa::KeyPair;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use ers_fhir_local::state::uuid;
use ers_fhir_local::{Seed, Token};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use serde_json::{Value, json};

use super::keys::{ApplicationKey, KeyError};
use super::ledger::{Ledger, hash};
use super::options::LoginOptions;
use super::refused::Refused;
use crate::mock::reply::plain;

/// An application that is registered.
#[derive(Debug)]
pub(in crate::mock) struct Registered {
    pub(in crate::mock) id: String,
    pub(super) keys: Vec<ApplicationKey>,
    secret: Option<[u8; 32]>,
    callbacks: Vec<String>,
}

impl Registered {
    /// Whether a login may return to this address, which must match exactly.
    pub(in crate::mock) fn has_callback(&self, address: &str) -> bool {
        self.callbacks.iter().any(|known| known == address)
    }

    /// Whether that is its secret.
    pub(super) fn has_secret(&self, secret: &str) -> bool {
        // Hashes are compared, whose bytes nobody chooses.
        self.secret.is_some_and(|known| known == hash(secret))
    }
}

/// Who is registered, and which tokens were issued to whom.
pub(in crate::mock) struct Authority {
    pub(in crate::mock) applications: BTreeMap<String, Registered>,
    pub(super) options: LoginOptions,
    ledger: Mutex<Ledger>,
    pub(super) identity: OnceLock<KeyPair>,
    count: AtomicU64,
    pub(super) given: AtomicU64,
}

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authority").finish_non_exhaustive()
    }
}

impl Authority {
    pub(in crate::mock) fn new(seed: &Seed, options: &LoginOptions) -> Result<Self, KeyError> {
        let mut applications = BTreeMap::new();
        for application in &seed.applications {
            let set = application.jwks.as_ref().map(|set| ApplicationKey::set(&application.id, set));
            let registered = Registered {
                id: application.id.clone(),
                keys: set.transpose()?.unwrap_or_default(),
                secret: application.client_secret.as_ref().map(|secret| hash(secret.expose())),
                callbacks: application.callbacks.clone(),
            };
            applications.insert(application.id.clone(), registered);
        }
        for key in &options.keys {
            let registered = applications.get_mut(&key.application);
            let registered = registered.ok_or_else(|| KeyError::Application(key.application.clone()))?;
            registered.keys.push(key.clone());
        }
        Ok(Self {
            applications,
            options: options.clone(),
            ledger: Mutex::default(),
            identity: OnceLock::new(),
            count: AtomicU64::new(0),
            given: AtomicU64::new(0),
        })
    }

    /// Keeps logins in this file next to the state; logins that are already in it stay valid unless the state is new.
    pub(in crate::mock) fn keep_beside(&mut self, state: &Path, is_new: bool) -> io::Result<()> {
        let (ledger, next) = Ledger::kept(state, is_new, self.now())?;
        self.ledger = Mutex::new(ledger);
        self.count = AtomicU64::new(next);
        Ok(())
    }

    /// Who calls with this token; `None` if it was not issued here.
    pub(in crate::mock) fn bearer(&self, token: &str) -> Option<Token> {
        let now = self.now();
        let ledger = self.ledger();
        let ((_, who), is_over) = ledger.tokens.look(token, now)?;
        Some(if is_over { Token::Invalid("the access token has expired") } else { who.clone() })
    }

    /// How many access tokens were issued.
    pub(in crate::mock) fn given(&self) -> u64 {
        self.given.load(Ordering::Relaxed)
    }

    pub(super) fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Milliseconds since 1970, by the clock of the token service: that of the machine, however the clock of the local
    /// service is set, as whoever signs goes by that of the machine too.
    pub(super) fn now(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let millis = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
        millis.saturating_add(self.options.ahead.saturating_mul(1000))
    }

    /// A number that nothing else has: of a login, of an answer.
    pub(in crate::mock) fn number(&self) -> u64 {
        self.count.fetch_add(1, Ordering::Relaxed)
    }

    pub(in crate::mock) fn refuse(&self, refused: &Refused) -> Response {
        let body = json!({
            "error": refused.error,
            "error_description": refused.words,
            "message_id": uuid(self.number()),
        });
        self.json(refused.status, &body)
    }

    /// An answer that must not be cached, with the time of the local clock.
    pub(in crate::mock) fn json(&self, status: u16, body: &Value) -> Response {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = plain(status, "application/json", body.to_string());
        let headers = response.headers_mut();
        headers.insert("cache-control", HeaderValue::from_static("no-store"));
        headers.insert("pragma", HeaderValue::from_static("no-cache"));
        if self.options.ahead != 0
            && let Some(now) = date(self.now()).and_then(|date| HeaderValue::from_str(&date).ok())
        {
            headers.insert("date", now);
        }
        response
    }
}

/// A time as written in HTTP.
fn date(millis: i64) -> Option<String> {
    let moment = Timestamp::from_millisecond(millis).ok()?;
    DateTimePrinter::new().timestamp_to_rfc9110_string(&moment).ok()
}
