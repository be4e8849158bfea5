//! Calls: sending, retrying where that is safe, and answering.

use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use ers_fhir_ers::service::{Body, Header, Method, effect};
use ers_fhir_ers::{Answer, Call, Context, Direction};
use reqwest::header::{HeaderName, HeaderValue};
use secrecy::ExposeSecret;
use secrecy::zeroize::Zeroizing;
use tokio::time::{Instant, sleep, timeout_at};
use tracing::Instrument;

use super::auth::{AccessToken, Tokens};
use super::builder::Builder;
use super::caller::Who;
use super::chance;
use super::checks::{Checking, Checks};
use super::environment::Environment;
use super::error::{Error, Phase, Refusal, Unreachable};
use super::failure::Failure;
use super::files::{Download, download, elsewhere};
use super::mask::{MASK, text_without, without};
use super::network::{retry_after, words};
use super::pace::Pace;
use super::prepared::Prepared;
use super::record::{Record, Recorded};
use super::reply::{Incoming, MOST_BYTES, Reply, texts};
use super::request::{Payload, Request};
use super::settings::{Retries, Timeouts};

/// The most bytes of a failure that are read.
const MOST_OF_FAILURE: usize = 1 << 20;

/// The most bytes of a file that a recorder keeps.
const MOST_RECORDED: usize = 128 << 20;

/// Calls the service on behalf of a caller. Clones share connections, tokens and the rate.
///
/// ```no_run
/// use ers_fhir_http::client::{Client, Environment, ReferringClinician};
///
/// # async fn f() -> Result<(), Box<dyn std::error::Error>> {
/// let who = ReferringClinician::of("R69".parse()?);
/// let client = Client::builder(Environment::sandbox()).build(who)?;
/// let referral = client.retrieve_referral_request("000000070000".parse()?).await?;
/// println!("{:?}, version {}", referral.status, referral.version);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Client<W> {
    inner: Arc<Inner>,
    who: W,
}

/// What clones share.
#[derive(Debug)]
pub(super) struct Inner {
    pub(super) http: reqwest::Client,
    pub(super) environment: Environment,
    pub(super) tokens: Arc<dyn Tokens>,
    pub(super) timeouts: Timeouts,
    pub(super) retries: Retries,
    pub(super) pace: Pace,
    pub(super) checks: Checks,
    pub(super) recorder: Option<Arc<dyn Record>>,
}

impl Client<()> {
    /// Sets up a client for an environment.
    pub fn builder(environment: Environment) -> Builder {
        Builder::new(environment)
    }
}

impl<W> Client<W> {
    pub(super) fn new(inner: Arc<Inner>, who: W) -> Self {
        Self { inner, who }
    }

    /// The same, called by somebody else: connections, tokens and the rate stay. A user who has asked what they may work
    /// as (A030) goes on so.
    pub fn called_by<V: Who>(&self, who: V) -> Client<V> {
        Client { inner: self.inner.clone(), who }
    }

    /// Who calls.
    pub fn who(&self) -> &W {
        &self.who
    }

    /// Where.
    pub fn environment(&self) -> &Environment {
        &self.inner.environment
    }

    /// The file that an answer is, or leads to.
    ///
    /// # Errors
    ///
    /// If it leads nowhere, or the file cannot be fetched.
    pub async fn file_of(&self, reply: Reply) -> Result<Download, Error> {
        match reply.endpoint.success {
            307 if reply.status == 307 => {
                elsewhere(reply, &self.inner.http, self.inner.environment.fhir()).await
            }
            _ => Ok(download(reply)),
        }
    }
}

impl<W: Who> Client<W> {
    /// A request as it would be sent, with its checks: nothing is sent, and no token is requested.
    ///
    /// # Errors
    ///
    /// If it would not be sent.
    pub async fn prepare(&self, request: Request) -> Result<Prepared, Error> {
        let prepared = Prepared::new(request, self.who.caller(), &self.inner.environment)?;
        self.inner.check_sent(&prepared).await?;
        Ok(prepared)
    }

    /// Sends a request that is made as data; the methods that are named after operations do so with types.
    ///
    /// # Errors
    ///
    /// If it is not sent, or does not succeed.
    pub async fn send(&self, request: Request) -> Result<Reply, Error> {
        let prepared = self.prepare(request).await?;
        // Nothing that identifies a patient: no address, no body.
        let span = tracing::info_span!(
            "ers", operation = prepared.endpoint.id, correlation_id = %prepared.correlation_id
        );
        self.inner.send(&prepared).instrument(span).await
    }
}

impl Inner {
    async fn send(&self, prepared: &Prepared) -> Result<Reply, Error> {
        let deadline = Instant::now() + self.timeouts.whole;
        let reads = effect(prepared.endpoint.id).is_none();
        let (mut done, mut is_renewed) = (0, false);
        loop {
            let over = |_| unreachable(prepared, Phase::Whole, None);
            timeout_at(deadline, self.pace.wait()).await.map_err(over)?;
            let token = if prepared.has_token {
                timeout_at(deadline, self.tokens.token()).await.map_err(over)??
            } else {
                None
            };
            let error = match self.once(prepared, token.as_ref(), deadline).await {
                Ok(reply) => return self.checked(prepared, reply).await,
                Err(error) => error,
            };
            let failure = error.failure();
            tracing::debug!(status = failure.map(|failure| failure.status), attempt = done + 1, "no success");
            // A call that was not let in has done nothing, so it may safely be sent again with another token.
            if failure.is_some_and(|failure| failure.status == 401)
                && !is_renewed
                && token.as_ref().is_some_and(|token| self.tokens.refuse(token))
            {
                is_renewed = true;
                continue;
            }
            let is_safe = match (&error, failure) {
                (_, Some(failure)) => failure.may_be_repeated(),
                (Error::Unreachable(Unreachable { phase, .. }), _) => match phase {
                    Phase::Connecting => true,
                    Phase::Waiting | Phase::Reading => reads,
                    Phase::Whole => false,
                },
                _ => false,
            };
            let asked = failure.and_then(|failure| failure.retry_after);
            let wait = self.retries.wait(done, asked, chance::bytes::<1>()[0]);
            let Some(wait) = wait.filter(|wait| is_safe && Instant::now() + *wait < deadline) else {
                return Err(error);
            };
            done += 1;
            sleep(wait).await;
        }
    }

    /// Sends it once.
    async fn once(
        &self,
        prepared: &Prepared,
        token: Option<&AccessToken>,
        deadline: Instant,
    ) -> Result<Reply, Error> {
        let (began, since) = (SystemTime::now(), Instant::now());
        let request = self.request(prepared, token).await?;
        let first_byte = (since + self.timeouts.first_byte_of(prepared.endpoint)).min(deadline);
        let response = match timeout_at(first_byte, self.http.execute(request)).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => {
                let phase = if error.is_connect() { Phase::Connecting } else { Phase::Waiting };
                self.record(prepared, None, token, began, since).await;
                return Err(unreachable(prepared, phase, Some(words(&error.without_url()))));
            }
            Err(_) => {
                self.record(prepared, None, token, began, since).await;
                let phase = if first_byte == deadline { Phase::Whole } else { Phase::Waiting };
                return Err(unreachable(prepared, phase, None));
            }
        };
        let endpoint = prepared.endpoint;
        let status = response.status().as_u16();
        let mut reply = Reply {
            endpoint,
            status,
            headers: texts(response.headers()),
            correlation_id: prepared.correlation_id.clone(),
            body: Incoming::Stream(response),
            deadline,
        };
        if (200..300).contains(&status) || status == endpoint.success {
            if self.recorder.is_some()
                && let Err(error) = reply.bytes(MOST_RECORDED).await
            {
                self.record(prepared, None, token, began, since).await;
                return Err(error);
            }
            self.record(prepared, Some(&reply), token, began, since).await;
            return Ok(reply);
        }
        // The body is better than nothing, but the status counts for more.
        let body = reply.bytes(MOST_OF_FAILURE).await.unwrap_or_default();
        let secret = token.map(|token| token.secret().expose_secret());
        let body = without(&body, secret).into_owned();
        reply.body = Incoming::Whole(body.clone().into());
        self.record(prepared, Some(&reply), token, began, since).await;
        let now = jiff::Timestamp::now().as_second();
        let failure = Failure {
            endpoint,
            status,
            outcome: None,
            code: None,
            correlation_id: prepared.correlation_id.clone(),
            request_id: reply.request_id().map(|id| text_without(id, secret)),
            retry_after: reply.header("Retry-After").and_then(|text| retry_after(text, now)),
        };
        Err(Error::of_failure(failure.with_body(&body)))
    }

    async fn request(
        &self,
        prepared: &Prepared,
        token: Option<&AccessToken>,
    ) -> Result<reqwest::Request, Error> {
        let method = match prepared.endpoint.method {
            Method::Get => reqwest::Method::GET,
            Method::Head => reqwest::Method::HEAD,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
        };
        let mut request = reqwest::Request::new(method, prepared.url.clone());
        let headers = request.headers_mut();
        for (name, value) in &prepared.headers {
            let unsendable =
                |()| std::io::Error::other(format!("{name} has a value that is not valid in a header"));
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| unsendable(()))?;
            headers.append(name, HeaderValue::from_bytes(value.as_bytes()).map_err(|_| unsendable(()))?);
        }
        if let Some(token) = token {
            let secret = token.secret().expose_secret();
            let mut text = Zeroizing::new(Vec::with_capacity(secret.len() + 7));
            text.extend_from_slice(b"Bearer ");
            text.extend_from_slice(secret.as_bytes());
            // The header wipes its memory when it is dropped.
            let value = HeaderValue::from_maybe_shared(Bytes::from_owner(text));
            let mut value = value.map_err(|_| std::io::Error::other("the token is not valid in a header"))?;
            value.set_sensitive(true);
            headers.insert(reqwest::header::AUTHORIZATION, value);
        }
        match &prepared.body {
            // Unless told that there is no body, servers wait for one, or ask for its length.
            Payload::None if matches!(prepared.endpoint.method, Method::Post | Method::Put) => {
                request.headers_mut().insert(reqwest::header::CONTENT_LENGTH, 0.into());
            }
            Payload::None => {}
            Payload::Bytes(bytes) => *request.body_mut() = Some(bytes.clone().into()),
            Payload::File(path, length) => {
                let file = tokio::fs::File::open(path).await?;
                request.headers_mut().insert(reqwest::header::CONTENT_LENGTH, (*length).into());
                *request.body_mut() = Some(file.into());
            }
        }
        Ok(request)
    }

    /// Checks a request against the rules.
    async fn check_sent(&self, prepared: &Prepared) -> Result<(), Error> {
        let checking = self.checks.of_sent();
        let (Payload::Bytes(bytes), Body::Resource(_)) = (&prepared.body, prepared.endpoint.request) else {
            return Ok(());
        };
        if checking == Checking::Off || prepared.is_sent_anyway {
            return Ok(());
        }
        let refused = self.checks.check(checking, prepared.context(), bytes.clone()).await;
        let endpoint = prepared.endpoint;
        refused.map_or(Ok(()), |report| Err(Error::Refused(Box::new(Refusal { endpoint, report }))))
    }

    /// Checks an answer against the rules.
    async fn checked(&self, prepared: &Prepared, mut reply: Reply) -> Result<Reply, Error> {
        let checking = self.checks.of_received();
        if checking == Checking::Off || !matches!(prepared.endpoint.response, Body::Resource(_)) {
            return Ok(reply);
        }
        let body = reply.bytes(MOST_BYTES).await?;
        let sent = match &prepared.body {
            Payload::Bytes(bytes) => Some(bytes.to_vec().into()),
            Payload::None | Payload::File(..) => None,
        };
        let context = Context {
            direction: Direction::Response,
            status: Some(reply.status),
            answer_headers: reply.headers.clone(),
            request_body: sent,
            ..prepared.context()
        };
        let endpoint = prepared.endpoint;
        match self.checks.check(checking, context, body).await {
            Some(report) => Err(Error::Unsound(Box::new(Refusal { endpoint, report }))),
            None => Ok(reply),
        }
    }

    /// Passes it to the recorder, with secrets masked.
    async fn record(
        &self,
        prepared: &Prepared,
        reply: Option<&Reply>,
        token: Option<&AccessToken>,
        began: SystemTime,
        since: Instant,
    ) {
        let Some(recorder) = &self.recorder else { return };
        let secret = token.map(|token| token.secret().expose_secret());
        let body = match &prepared.body {
            Payload::None => Vec::new(),
            Payload::Bytes(bytes) => bytes.to_vec(),
            Payload::File(path, _) => tokio::fs::read(path).await.unwrap_or_default(),
        };
        let mut call = Call { body, ..prepared.call() };
        if token.is_none() {
            call.headers.retain(|(name, _)| name != Header::AUTHORIZATION.name);
        }
        call.answer = reply.map(|reply| Answer {
            status: reply.status,
            headers: reply.headers.iter().map(|pair| shown(pair, secret)).collect(),
            body: match &reply.body {
                Incoming::Whole(bytes) => without(bytes, secret).into_owned(),
                Incoming::Stream(_) => Vec::new(),
            },
        });
        let (access, took) = (prepared.caller.access(), since.elapsed());
        recorder.record(&Recorded { call: &call, access, began, took });
    }
}

/// A header of an answer as it may be shown: without secrets, and without the signature of an address that whoever has
/// it may fetch from.
fn shown((name, value): &(String, String), secret: Option<&str>) -> (String, String) {
    let is_secret = name.eq_ignore_ascii_case("set-cookie");
    let value = match value.split_once('?') {
        _ if is_secret => MASK.to_owned(),
        Some((address, _)) if name.eq_ignore_ascii_case("location") => format!("{address}?{MASK}"),
        _ => text_without(value, secret),
    };
    (name.clone(), value)
}

fn unreachable(prepared: &Prepared, phase: Phase, said: Option<String>) -> Error {
    let (endpoint, correlation_id) = (prepared.endpoint, prepared.correlation_id.clone());
    Error::Unreachable(Unreachable { endpoint, phase, correlation_id, source: said.map(Into::into) })
}
