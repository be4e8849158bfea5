//! What applies to every request: who may send it, from which pages, metrics and log.

use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::metrics::Route;
use super::rate::{Peer, forwarded};
use super::sent::respond;
use super::state::{Shared, ready};
use crate::engine::{Refusal, Verdict};

/// How long a body was, for the log.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arrived(pub(super) usize);

/// Answers a request, or has it answered.
pub(super) async fn guard(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let pattern = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let route = Route::of(pattern.as_deref().unwrap_or_default());
    let origin = request.headers().get(header::ORIGIN).cloned();
    shared.metrics.in_flight.fetch_add(1, Ordering::Relaxed);
    let flight = Flight(&shared);
    let is_preflight = request.method() == Method::OPTIONS
        && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = if is_preflight && !shared.options.origins.is_empty() {
        StatusCode::NO_CONTENT.into_response()
    } else if is_open(route, pattern.as_deref()) {
        next.run(request).await
    } else if let Err(wait) = counted(&shared, &request) {
        too_fast(wait)
    } else if is_let_in(&shared, request.headers()) {
        next.run(request).await
    } else {
        let text = "a token is needed: Authorization: Bearer …".to_owned();
        let refusal = Refusal { status: 401, code: "login", text };
        let mut response = respond(ready(refusal.answer(), false));
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        response
    };
    drop(flight);
    finish(&shared, origin.as_ref(), is_preflight, &mut response);
    note(&shared, route, pattern.as_deref(), begun, &response);
    response
}

/// Counts a request as in flight until it is answered or its client has gone.
struct Flight<'a>(&'a Shared);

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        self.0.metrics.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Counts a request for its client, whoever that is, so that tokens cannot be guessed faster than payloads are checked.
fn counted(shared: &Shared, request: &Request) -> Result<(), Duration> {
    let Some(rate) = &shared.rate else { return Ok(()) };
    let named = shared.options.is_behind_proxy.then(|| forwarded(request.headers())).flatten();
    let peer = request.extensions().get().map(|Peer(address)| *address);
    named.or(peer).map_or(Ok(()), |client| rate.take(client))
}

/// The refusal that asks a client to wait.
fn too_fast(wait: Duration) -> Response {
    let text = "too many requests from this client: wait, then try again".to_owned();
    let mut response = respond(ready(Refusal { status: 429, code: "throttled", text }.answer(), false));
    // In whole seconds, rounded up.
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// Whether an address is public: it reveals nothing about anybody, and costs nothing.
fn is_open(route: Route, pattern: Option<&str>) -> bool {
    matches!(route, Route::Probe | Route::Metadata) || pattern.is_none_or(super::page::is_asset)
}

fn is_let_in(shared: &Shared, headers: &HeaderMap) -> bool {
    let tokens = &shared.options.tokens;
    let given = headers.get(header::AUTHORIZATION).and_then(|given| given.to_str().ok());
    let token = given
        .and_then(|given| given.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    tokens.is_empty() || token.is_some_and(|(_, token)| tokens.hold(token.trim()))
}

/// Headers that every answer has.
fn finish(shared: &Shared, origin: Option<&HeaderValue>, is_preflight: bool, response: &mut Response) {
    let busy = response.status() == StatusCode::SERVICE_UNAVAILABLE;
    let headers = response.headers_mut();
    let mut put = |name: HeaderName, value: &'static str| {
        headers.insert(name, HeaderValue::from_static(value));
    };
    put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    if busy {
        put(header::RETRY_AFTER, "1");
    }
    if shared.is_stopping() {
        put(header::CONNECTION, "close");
    }
    let origins = &shared.options.origins;
    if origins.is_empty() {
        return;
    }
    put(header::VARY, "Origin, Accept, Accept-Encoding");
    let is_known = |origin: &&HeaderValue| {
        origins.iter().any(|known| known == "*" || known.as_bytes() == origin.as_bytes())
    };
    let Some(origin) = origin.filter(is_known) else { return };
    if is_preflight {
        put(header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST");
        put(header::ACCESS_CONTROL_ALLOW_HEADERS, "Authorization, Content-Type, Content-Encoding");
        put(header::ACCESS_CONTROL_MAX_AGE, "600");
    }
    put(header::ACCESS_CONTROL_EXPOSE_HEADERS, "Ers-Fhir-Result, Retry-After");
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
}

/// Counts a request and logs its result.
fn note(shared: &Shared, route: Route, pattern: Option<&str>, begun: Instant, response: &Response) {
    let (status, took) = (response.status().as_u16(), begun.elapsed());
    shared.metrics.answered(route, status, took);
    let verdict = response.extensions().get::<Verdict>();
    if let Some(verdict) = verdict {
        shared.metrics.found(verdict);
    }
    let is_usual = status < 500 && !matches!(status, 408 | 413);
    if is_usual && !shared.options.logs_requests {
        return;
    }
    let level = if is_usual { "info" } else { "warning" };
    let name = pattern.unwrap_or_else(|| route.name());
    let mut more = format!("route=\"{name}\" status={status} us={}", took.as_micros());
    if let Some(Arrived(bytes)) = response.extensions().get() {
        let _infallible = write!(more, " bytes={bytes}");
    }
    if let Some(Verdict { payloads, failing, errors, warnings, .. }) = verdict {
        let _infallible =
            write!(more, " payloads={payloads} failing={failing} errors={errors} warnings={warnings}");
    }
    shared.log.say(level, "request", &more);
}
