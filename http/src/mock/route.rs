//! From HTTP to the core, and back.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use ers_fhir_ers::operation_of;
use ers_fhir_local::state::uuid;
use ers_fhir_local::{Answer, Call};

use super::fault::{Fault, HEADER, Ordered};
use super::kept::Kept;
use super::reply::plain;
use super::shared::Shared;
use super::{look, oauth, order, page};

/// The paths before `/STU3` and `/R4`: that of the service, and that of its sandbox.
const PREFIXES: [&str; 2] = ["/referrals/FHIR", "/FHIR"];
/// Largest body that is read; files may be smaller, which the core says.
const MOST_BYTES: usize = 16 << 20;

pub(super) fn router(kept: Arc<Kept>, origin: String) -> Router {
    let shared = Shared { kept, origin: origin.into(), count: Arc::default() };
    let admin = look::routes().merge(order::routes()).merge(page::routes());
    admin.merge(oauth::routes()).fallback(route).with_state(shared)
}

async fn route(State(shared): State<Shared>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let target = parts.uri.path_and_query().map_or("/", |target| target.as_str());
    let Some((prefix, rest)) = below(target) else {
        return match parts.uri.path() {
            "/referrals/_ping" | "/referrals/_status" => {
                plain(StatusCode::OK, "application/json", r#"{"status":"pass"}"#)
            }
            _ => plain(
                StatusCode::NOT_FOUND,
                "text/plain",
                "there is nothing here; operations are under /referrals/FHIR\n",
            ),
        };
    };
    let Ok(bytes) = to_bytes(body, MOST_BYTES).await else {
        return plain(StatusCode::PAYLOAD_TOO_LARGE, "text/plain", "the body is too large\n");
    };
    if let Some(file) = rest.strip_prefix("/object-store/") {
        return stored(&shared.kept, file);
    }
    let number = shared.count.fetch_add(1, Ordering::Relaxed);
    let call = called(&shared, parts.method.as_str(), &parts.headers, prefix, rest, &bytes);
    let (answer, is_cut) = answered(&shared.kept, call, number).await;
    response(answer, is_cut)
}

/// The base path of an operation, and the operation.
fn below(target: &str) -> Option<(&'static str, &str)> {
    let rest = |prefix: &'static str| {
        Some((prefix, target.strip_prefix(prefix).filter(|rest| rest.starts_with('/'))?))
    };
    PREFIXES.into_iter().find_map(rest)
}

fn called(
    shared: &Shared,
    method: &str,
    headers: &HeaderMap,
    prefix: &str,
    rest: &str,
    body: &Bytes,
) -> Call {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers: Vec<(String, String)> =
        headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
    let mut call = Call::new(method, decoded_path(rest));
    call.base = format!("{}{prefix}", shared.origin);
    call.headers = headers;
    call.body = body.to_vec();
    call.caller = shared.kept.token(call.value("Authorization"));
    call
}

/// The path with `%24` as `$`, which some clients encode; the query as it is.
fn decoded_path(target: &str) -> String {
    match target.split_once('?') {
        Some((path, query)) => format!("{}?{query}", path.replace("%24", "$")),
        None => target.replace("%24", "$"),
    }
}

/// Answers a call, with the requested faults; returns whether the answer is to be cut.
async fn answered(kept: &Kept, mut call: Call, number: u64) -> (Answer, bool) {
    let operation = operation_of(Some(&call.method), &call.target).ok().map(|endpoint| endpoint.id);
    let asked = call.value(HEADER).and_then(Ordered::read);
    let mut status = None;
    let mut is_cut = false;
    let mut wait = None;
    for ordered in asked.into_iter().chain(kept.ordered(operation)) {
        match ordered {
            Ordered::Slow(time) => wait = Some(time),
            Ordered::Fault(fault) => {
                is_cut |= fault == Fault::Cut;
                status = status.or(fault.strike(&mut call));
            }
        }
    }
    let share = u64::from(kept.options.failing_per_thousand);
    if share > 0 && number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32 & 0xffff_ffff < (share << 32) / 1000 {
        status = status.or(Some(503));
    }
    if kept.is_over_rate() {
        status = status.or(Some(429));
    }
    // While a change is under way, nobody else may change the same record.
    let seized = kept.seize(&call);
    call.is_locked |= seized.is_err();
    if let Some(time) = wait {
        tokio::time::sleep(time).await;
    }
    let (mut answer, from) = match status {
        Some(status) => (kept.local.refuse(&call, status, kept.look(|_, now| now)), None),
        None => kept.answer(&call),
    };
    drop(seized);
    answer.headers.push(("X-Request-ID", format!("{}-{}", uuid(number), number + 1)));
    answer.headers.extend(call.value("X-Correlation-ID").map(|id| ("X-Correlation-ID", id.to_owned())));
    kept.log(&call, &answer, from);
    (answer, is_cut)
}

fn response(answer: Answer, is_cut: bool) -> Response {
    let body = if is_cut { cut(answer.body) } else { Body::from(answer.body) };
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    for (name, value) in answer.headers {
        // Values that cannot be a header, such as a file name with letters beyond Latin, are left out.
        if let (Ok(name), Ok(value)) =
            (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(&value))
        {
            headers.insert(name, value);
        }
    }
    response
}

/// The first half of a body, after which the connection ends.
fn cut(body: Vec<u8>) -> Body {
    let half = body.len() / 2;
    let parts = [Ok(Bytes::from(body).slice(..half)), Err(std::io::Error::other("cut on demand"))];
    Body::from_stream(Parts(parts.into_iter().collect()))
}

/// Parts of a body, one after the other.
struct Parts(std::collections::VecDeque<Result<Bytes, std::io::Error>>);

impl futures_core::Stream for Parts {
    type Item = Result<Bytes, std::io::Error>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        std::task::Poll::Ready(self.0.pop_front())
    }
}

/// A file at the address that A042 gave, while that is valid.
fn stored(kept: &Kept, target: &str) -> Response {
    let (id, query) = target.split_once('?').unwrap_or((target, ""));
    let expires: Option<i64> = query.strip_prefix("expires=").and_then(|text| text.parse().ok());
    let found = kept.look(|state, now| {
        if expires.is_none_or(|expires| expires < now.millis()) {
            return Err(StatusCode::FORBIDDEN);
        }
        let file = state.files.get(id).zip(state.contents.get(id));
        let (file, content) = file.ok_or(StatusCode::NOT_FOUND)?;
        Ok((file.media_type.clone(), content.0.clone()))
    });
    match found {
        Ok((media_type, bytes)) => {
            let mut response = plain(StatusCode::OK, "application/octet-stream", bytes);
            if let Ok(media_type) = HeaderValue::from_str(&media_type) {
                response.headers_mut().insert("content-type", media_type);
            }
            response
        }
        Err(StatusCode::FORBIDDEN) => {
            plain(StatusCode::FORBIDDEN, "text/plain", "the link has expired: ask A042 for another\n")
        }
        Err(status) => plain(status, "text/plain", "there is no such file\n"),
    }
}
