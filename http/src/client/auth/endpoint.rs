//! Requests to the token service, and its answers.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use reqwest::Url;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tokio::time::Instant;

use super::error::LoginError;
use super::token::{AccessToken, Granted};
use crate::client::environment::Environment;
use crate::client::mask::holds_any;
use crate::client::network::{date, network, words};
use crate::client::settings::Timeouts;

/// The largest answer that is read.
const MOST_BYTES: usize = 256 << 10;

/// The address of a token service, and how to ask it.
#[derive(Clone)]
pub(super) struct TokenEndpoint {
    http: reqwest::Client,
    url: Url,
    whole: Duration,
}

/// A refusal, and by how much the clock of the token service is ahead of ours.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) error: LoginError,
    pub(super) skew: Option<i64>,
}

/// A token as the service writes it: numbers are sometimes strings.
#[derive(Deserialize)]
struct Answer {
    access_token: Option<SecretString>,
    token_type: Option<String>,
    expires_in: Option<Seconds>,
    refresh_token: Option<SecretString>,
    refresh_token_expires_in: Option<Seconds>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Seconds {
    Number(u64),
    Text(String),
}

#[derive(Deserialize, Default)]
struct Complaint {
    error: Option<String>,
    error_description: Option<String>,
}

impl TokenEndpoint {
    pub(super) fn of(environment: &Environment, timeouts: &Timeouts) -> Result<Self, LoginError> {
        let url = environment.token().cloned().ok_or(LoginError::NoEndpoint)?;
        let http =
            network(&url, timeouts, None).map_err(|error| LoginError::Unreachable(error.to_string()))?;
        Ok(Self { http, url, whole: timeouts.first_byte })
    }

    pub(super) fn url(&self) -> &str {
        self.url.as_str()
    }

    /// Asks for a token.
    pub(super) async fn ask(&self, fields: &[(&str, &str)]) -> Result<Granted, Refused> {
        let since = Instant::now();
        let form = Bytes::from_owner(Zeroizing::new(form(fields)));
        let request = self
            .http
            .post(self.url.clone())
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Accept", "application/json")
            .body(form);
        let unreachable = |what: String| Refused { error: LoginError::Unreachable(what), skew: None };
        let answer = tokio::time::timeout(self.whole, async {
            let mut answer = request.send().await?;
            let mut body = Zeroizing::new(Vec::with_capacity(16 << 10));
            while let Some(part) = answer.chunk().await? {
                if body.len() + part.len() > MOST_BYTES {
                    break;
                }
                body.extend_from_slice(&part);
            }
            Ok::<_, reqwest::Error>((answer, body))
        });
        let (answer, body) = match answer.await {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => return Err(unreachable(words(&error.without_url()))),
            Err(_) => return Err(unreachable("it took too long".to_owned())),
        };
        let status = answer.status().as_u16();
        if status == 200 {
            return granted(&body, since).map_err(|error| Refused { error, skew: None });
        }
        let secrets: Vec<&str> =
            fields.iter().map(|(_, value)| *value).filter(|value| value.len() > 8).collect();
        let complaint: Complaint = serde_json::from_slice(&body).unwrap_or_default();
        // What comes back is shown, so it must not be what was sent.
        let shown = |text: Option<String>| {
            text.filter(|text| text.len() <= 300 && !text.chars().any(char::is_control))
                .filter(|text| !holds_any(text.as_bytes(), &secrets))
        };
        let skew =
            answer.headers().get("date").and_then(|date_text| date(date_text.to_str().ok()?)).map(|theirs| {
                let ours = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
                theirs.saturating_sub(i64::try_from(ours).unwrap_or(i64::MAX))
            });
        let error = LoginError::Refused {
            status,
            error: shown(complaint.error),
            description: shown(complaint.error_description),
        };
        Err(Refused { error, skew })
    }
}

fn granted(body: &[u8], since: Instant) -> Result<Granted, LoginError> {
    let answer: Answer =
        serde_json::from_slice(body).map_err(|_| LoginError::Unreadable("it is not the JSON of a token"))?;
    let is_bearer = answer.token_type.as_deref().is_none_or(|kind| kind.eq_ignore_ascii_case("bearer"));
    let token = answer.access_token.filter(|token| {
        let text = token.expose_secret();
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
    });
    let token = token.ok_or(LoginError::Unreadable("it has no usable access_token"))?;
    if !is_bearer {
        return Err(LoginError::Unreadable("its token_type is not Bearer"));
    }
    Ok(Granted {
        token: AccessToken::new(token),
        since,
        // The service grants ten minutes; if it does not say, assume little.
        lasts: Duration::from_secs(answer.expires_in.and_then(Seconds::number).unwrap_or(60)),
        refresh: answer.refresh_token.map(Arc::new),
        refresh_lasts: answer.refresh_token_expires_in.and_then(Seconds::number).map(Duration::from_secs),
    })
}

impl Seconds {
    fn number(self) -> Option<u64> {
        match self {
            Self::Number(number) => Some(number),
            Self::Text(text) => text.trim().parse().ok(),
        }
    }
}

/// Encodes fields as a form, in a text that does not grow.
fn form(fields: &[(&str, &str)]) -> Vec<u8> {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let length: usize = fields.iter().map(|(name, value)| name.len() * 3 + value.len() * 3 + 2).sum();
    let mut out = Vec::with_capacity(length);
    let write = |text: &str, out: &mut Vec<u8>| {
        for byte in text.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                out.push(byte);
            } else {
                out.extend([b'%', HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
            }
        }
    };
    for (place, (name, value)) in fields.iter().enumerate() {
        if place > 0 {
            out.push(b'&');
        }
        write(name, &mut out);
        out.push(b'=');
        write(value, &mut out);
    }
    out
}

impl fmt::Debug for TokenEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenEndpoint").field("url", &self.url.as_str()).finish_non_exhaustive()
    }
}
