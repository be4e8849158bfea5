//! The addresses, and what answers at each.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, RawQuery, Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::{get, post};
use ers_fhir_profiles::FhirVersion;

use super::guard::{Arrived, guard};
use super::sent::respond;
use super::state::{Ready, Shared, ready};
use super::{accept, body, page};
use crate::engine::{Answer, Ask, Engine, JSON, Place, Refusal};
use crate::openapi;

/// All addresses.
pub(super) fn router(shared: Arc<Shared>) -> Router {
    let router = Router::new()
        .route("/{release}/$validate", post(operation))
        .route("/{release}/{type}/$validate", post(operation_of_type))
        .route("/{release}/metadata", get(metadata_of))
        .route("/metadata", get(metadata))
        .route("/validate", post(payloads))
        .route("/calls", post(calls))
        .route("/examples", get(async || ready(Engine::examples(), false)))
        .route("/examples/{operation}", get(example))
        .route("/rules", get(rules))
        .route("/rules/{code}", get(rule))
        .route("/health", get(async || ready(Answer::ok("text/plain", "ok\n"), false)))
        .route("/ready", get(is_ready))
        .route("/metrics", get(metrics))
        .route("/openapi.json", get(async || ready(Answer::ok(JSON, openapi::document()), false)));
    page::routes(router)
        .fallback(async || {
            Refused(Refusal::unknown(
                "there is nothing at this address; /openapi.json describes what is available",
            ))
        })
        .method_not_allowed_fallback(async || {
            let text = "this address does not support this method".to_owned();
            Refused(Refusal { status: 405, code: "not-supported", text })
        })
        .layer(from_fn_with_state(Arc::clone(&shared), guard))
        .with_state(shared)
}

/// A refusal as an answer.
struct Refused(Refusal);

impl axum::response::IntoResponse for Refused {
    fn into_response(self) -> Response {
        respond(ready(self.0.answer(), false))
    }
}

async fn operation(
    State(shared): State<Arc<Shared>>,
    Path(release): Path<String>,
    RawQuery(query): RawQuery,
    request: Request,
) -> Response {
    validate(shared, &release, None, query, request).await
}

async fn operation_of_type(
    State(shared): State<Arc<Shared>>,
    Path((release, type_name)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    request: Request,
) -> Response {
    validate(shared, &release, Some(type_name), query, request).await
}

async fn validate(
    shared: Arc<Shared>,
    release: &str,
    type_name: Option<String>,
    query: Option<String>,
    request: Request,
) -> Response {
    let version = match self::release(release) {
        Ok(version) => version,
        Err(refusal) => return respond(ready(refusal.answer(), false)),
    };
    let (head, body) = request.into_parts();
    let asked = Ask::read(query.as_deref().unwrap_or_default(), Place::Operation);
    let written =
        match accept::written(&head.headers, asked.as_ref().ok().and_then(|ask| ask.written.as_deref())) {
            Ok(written) => written,
            Err(refusal) => return respond(ready(refusal.answer(), false)),
        };
    let gzip = accept::takes_gzip(&head.headers);
    let (arrived, done) =
        carry_out(&shared, &head.headers, body, gzip, asked, move |engine, body, ask, deadline| {
            let answer = engine.operation(version, type_name.as_deref(), body, &ask, deadline);
            let answer = answer.unwrap_or_else(|refusal| refusal.answer());
            Ok(engine.written(answer, version, written))
        })
        .await;
    let done = done
        .unwrap_or_else(|refusal| ready(shared.engine().written(refusal.answer(), version, written), false));
    sized(respond(done), arrived)
}

async fn payloads(
    State(shared): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    let asked = Ask::read(query.as_deref().unwrap_or_default(), Place::Payloads);
    let has_lines = accept::has_lines(&head.headers) || asked.as_ref().is_ok_and(Ask::names_lines);
    let gzip = accept::takes_gzip(&head.headers);
    let (arrived, done) =
        carry_out(&shared, &head.headers, body, gzip, asked, move |engine, body, ask, deadline| {
            engine.payloads(body, &ask, deadline, has_lines)
        })
        .await;
    sized(respond(done.unwrap_or_else(|refusal| ready(refusal.answer(), false))), arrived)
}

async fn calls(State(shared): State<Arc<Shared>>, RawQuery(query): RawQuery, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let asked = Ask::read(query.as_deref().unwrap_or_default(), Place::Calls);
    let gzip = accept::takes_gzip(&head.headers);
    let (arrived, done) =
        carry_out(&shared, &head.headers, body, gzip, asked, |engine, body, ask, deadline| {
            engine.calls(&body, &ask, deadline)
        })
        .await;
    sized(respond(done.unwrap_or_else(|refusal| ready(refusal.answer(), false))), arrived)
}

/// Receives a body and runs a job on it on the checking threads.
async fn carry_out(
    shared: &Arc<Shared>,
    headers: &HeaderMap,
    body: Body,
    takes_gzip: bool,
    asked: Result<Ask, Refusal>,
    work: impl FnOnce(&Engine, Vec<u8>, Ask, Option<ers_fhir_validator::Deadline>) -> Result<Answer, Refusal>
    + Send
    + 'static,
) -> (usize, Result<Ready, Refusal>) {
    let ask = match asked {
        Ok(ask) => ask,
        Err(refusal) => return (0, Err(refusal)),
    };
    let received = match body::receive(headers, body, &shared.options.limits, &shared.memory).await {
        Ok(received) => received,
        Err(refusal) => return (0, Err(refusal)),
    };
    let arrived = received.len();
    let done = shared.work(takes_gzip, move |engine, deadline| {
        let (body, share) = received.unpacked()?;
        let answer = work(engine, body, ask, deadline);
        drop(share);
        answer
    });
    (arrived, done.await)
}

/// Keeps how long a body was for the log.
fn sized(mut response: Response, arrived: usize) -> Response {
    response.extensions_mut().insert(Arrived(arrived));
    response
}

/// The release of an address.
fn release(text: &str) -> Result<FhirVersion, Refusal> {
    match text.to_ascii_lowercase().as_str() {
        "stu3" | "r3" => Ok(FhirVersion::Stu3),
        "r4" => Ok(FhirVersion::R4),
        _ => Err(Refusal::unknown("the FHIR release must be /stu3/… or /r4/…")),
    }
}

async fn metadata_of(
    State(shared): State<Arc<Shared>>,
    Path(release): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    match self::release(&release) {
        Ok(version) => capability(&shared, version, query.as_deref(), &headers),
        Err(refusal) => respond(ready(refusal.answer(), false)),
    }
}

/// That of R4, unless a client asks for STU3 by the parameter of the media type.
async fn metadata(
    State(shared): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    let is_stu3 = accept.replace([' ', '"'], "").contains("fhirVersion=3.0");
    let version = if is_stu3 { FhirVersion::Stu3 } else { FhirVersion::R4 };
    capability(&shared, version, query.as_deref(), &headers)
}

fn capability(shared: &Shared, version: FhirVersion, query: Option<&str>, headers: &HeaderMap) -> Response {
    let said = query.and_then(|query| query.split('&').find_map(|pair| pair.strip_prefix("_format=")));
    let said = said.map(|said| said.replace("%2B", "+").replace("%2F", "/"));
    match accept::written(headers, said.as_deref()) {
        Ok(written) => {
            respond(ready(shared.engine().written(Engine::capability(version), version, written), false))
        }
        Err(refusal) => respond(ready(refusal.answer(), false)),
    }
}

async fn example(
    State(shared): State<Arc<Shared>>,
    Path(operation): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let gzip = accept::takes_gzip(&headers);
    let done =
        shared.work(gzip, move |engine, _| engine.example(&operation, query.as_deref().unwrap_or_default()));
    respond(done.await.unwrap_or_else(|refusal| ready(refusal.answer(), false)))
}

async fn rules(headers: HeaderMap) -> Ready {
    ready(Engine::rules(), accept::takes_gzip(&headers))
}

async fn rule(Path(code): Path<String>) -> Response {
    respond(ready(Engine::rule(&code).unwrap_or_else(|refusal| refusal.answer()), false))
}

async fn is_ready(State(shared): State<Arc<Shared>>) -> Ready {
    let (status, text) = if shared.is_ready() { (200, "ready\n") } else { (503, "not ready\n") };
    ready(Answer { status, ..Answer::ok("text/plain", text) }, false)
}

async fn metrics(State(shared): State<Arc<Shared>>) -> Ready {
    ready(Answer::ok("text/plain; version=0.0.4", shared.metrics()), false)
}
