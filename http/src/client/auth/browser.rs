//! Users who log in with their browser: authorisation code with PKCE, and a callback page on this machine.

use std::fmt;
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use ers_fhir_values::base64::encode_for_addresses;
use reqwest::Url;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::endpoint::TokenEndpoint;
use super::error::LoginError;
use super::token::Granted;
use super::user::ClientSecret;
use crate::client::chance::bytes;
use crate::client::environment::Environment;
use crate::client::settings::Timeouts;

/// The largest head of a request that is read.
const MOST_BYTES: usize = 16 << 10;

/// A login with the browser (combined authentication and authorisation).
#[derive(Debug, Clone)]
pub struct Browser {
    environment: Environment,
    secret: ClientSecret,
    scope: String,
}

/// A login that waits for the browser to come back.
pub struct Pending {
    browser: Browser,
    listener: TcpListener,
    redirect: Url,
    state: String,
    verifier: Zeroizing<String>,
    address: Url,
}

impl Browser {
    /// A login of a user by an application.
    pub fn new(environment: Environment, secret: ClientSecret) -> Self {
        Self { environment, secret, scope: "nhs-cis2".to_owned() }
    }

    /// Requests this scope.
    #[must_use]
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scope = scope.into();
        self
    }

    /// Begins a login that comes back to `redirect`, which was registered for the application and is of this machine,
    /// such as `http://localhost:8412/callback`.
    ///
    /// # Errors
    ///
    /// If nothing can listen there, or the environment has no login.
    pub async fn begin(self, redirect: &str) -> Result<Pending, LoginError> {
        let authorize = self.environment.authorize().cloned().ok_or(LoginError::NoEndpoint)?;
        let mut redirect =
            Url::parse(redirect).map_err(|_| LoginError::Browser("the callback is not an address"))?;
        let is_here = matches!(redirect.host_str(), Some("localhost" | "127.0.0.1"));
        if redirect.scheme() != "http" || !is_here {
            return Err(LoginError::Browser(
                "the callback must be http://localhost or http://127.0.0.1, with a port",
            ));
        }
        let port = redirect.port_or_known_default().unwrap_or(80);
        let listener = TcpListener::bind(("127.0.0.1", port))
            .await
            .map_err(|_| LoginError::Browser("another program listens on the port of the callback"))?;
        if port == 0 {
            let port = listener.local_addr().map(|address| address.port()).ok();
            let _ = redirect.set_port(port);
        }
        let (state, verifier) =
            (encode_for_addresses(&bytes::<24>()), Zeroizing::new(encode_for_addresses(&bytes::<32>())));
        let challenge = encode_for_addresses(digest(&SHA256, verifier.as_bytes()).as_ref());
        let mut address = authorize;
        address
            .query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.secret.client_id)
            .append_pair("redirect_uri", redirect.as_str())
            .append_pair("scope", &self.scope)
            .append_pair("state", &state)
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256");
        Ok(Pending { browser: self, listener, redirect, state, verifier, address })
    }
}

impl Pending {
    /// The address where the user logs in.
    pub fn address(&self) -> &Url {
        &self.address
    }

    /// Waits until the browser comes back, and exchanges its code for a token.
    ///
    /// # Errors
    ///
    /// If it does not come back in time, or comes back with something else.
    pub async fn finish(self, within: Duration) -> Result<Granted, LoginError> {
        let code = tokio::time::timeout(within, self.code())
            .await
            .map_err(|_| LoginError::Browser("the browser did not return in time"))??;
        let endpoint = TokenEndpoint::of(&self.browser.environment, &Timeouts::default())?;
        let secret = &self.browser.secret;
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code.expose_secret()),
            ("redirect_uri", self.redirect.as_str()),
            ("client_id", &secret.client_id),
            ("client_secret", secret.client_secret.expose_secret()),
            ("code_verifier", &self.verifier),
        ];
        endpoint.ask(&fields).await.map_err(|refused| refused.error)
    }

    /// The code that the browser brings. Other requests in the meantime, such as for an icon, are answered with 404.
    async fn code(&self) -> Result<SecretString, LoginError> {
        loop {
            let Ok((mut stream, _)) = self.listener.accept().await else { continue };
            let head = tokio::time::timeout(Duration::from_secs(10), head(&mut stream)).await;
            let Some(url) = head.ok().flatten().and_then(|target| self.redirect.join(&target).ok()) else {
                answer(&mut stream, "400 Bad Request", "This is not a request.").await;
                continue;
            };
            if url.path() != self.redirect.path() || url.origin() != self.redirect.origin() {
                answer(&mut stream, "404 Not Found", "There is nothing here.").await;
                continue;
            }
            let value = |wanted: &str| {
                url.query_pairs().find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned())
            };
            if value("state").as_deref() != Some(&self.state) {
                // From another login, or an attack: this login goes on waiting for its own answer.
                answer(&mut stream, "400 Bad Request", "This login was not begun here.").await;
                continue;
            }
            let Some(code) = value("code") else {
                answer(&mut stream, "200 OK", "The login was refused. You may close this page.").await;
                let word = value("error").filter(|word| {
                    word.len() < 60 && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
                });
                return Err(LoginError::Declined(word));
            };
            answer(&mut stream, "200 OK", "You are logged in. You may close this page.").await;
            return Ok(SecretString::from(code));
        }
    }
}

impl fmt::Debug for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pending").field("redirect", &self.redirect.as_str()).finish_non_exhaustive()
    }
}

/// The target of a GET.
async fn head(stream: &mut TcpStream) -> Option<String> {
    let mut text = Zeroizing::new(Vec::with_capacity(MOST_BYTES));
    let mut part = Zeroizing::new([0; 1024]);
    while !text.windows(4).any(|end| end == b"\r\n\r\n") {
        let read = stream.read(&mut *part).await.ok().filter(|read| *read > 0)?;
        if text.len() + read > MOST_BYTES {
            return None;
        }
        text.extend_from_slice(&part[..read]);
    }
    let line = std::str::from_utf8(&text).ok()?.lines().next()?;
    line.strip_prefix("GET ")?.split(' ').next().filter(|target| target.starts_with('/')).map(str::to_owned)
}

async fn answer(stream: &mut TcpStream, status: &str, words: &str) {
    let page = format!("<!doctype html><meta charset=utf-8><title>ers-fhir</title><p>{words}");
    let text = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {}\r\nCache-Control: no-store\r\n\
         Referrer-Policy: no-referrer\r\nConnection: close\r\n\r\n{page}",
        page.len()
    );
    // A client that has gone needs no answer.
    let _ = stream.write_all(text.as_bytes()).await;
    let _ = stream.shutdown().await;
}
