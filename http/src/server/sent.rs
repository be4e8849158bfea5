//! An answer, as sent.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;

use super::state::Ready;
use crate::engine::Answer;

/// Says in one word whether a payload fails.
const RESULT: HeaderName = HeaderName::from_static("ers-fhir-result");

impl axum::response::IntoResponse for Ready {
    fn into_response(self) -> Response {
        respond(self)
    }
}

/// An answer as it is sent.
pub(super) fn respond(ready: Ready) -> Response {
    let Ready { answer: Answer { status, media_type, body, verdict }, is_packed } = ready;
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(with_charset(media_type)));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if media_type == "text/html" {
        // A page of findings must not run scripts, wherever it is opened.
        let policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    }
    if is_packed {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    if let Some(verdict) = verdict {
        let result = if verdict.failing == 0 { "pass" } else { "fail" };
        headers.insert(RESULT, HeaderValue::from_static(result));
        response.extensions_mut().insert(verdict);
    }
    response
}

fn with_charset(media_type: &'static str) -> &'static str {
    match media_type {
        "text/html" => "text/html; charset=utf-8",
        "text/plain" => "text/plain; charset=utf-8",
        "text/markdown" => "text/markdown; charset=utf-8",
        other => other,
    }
}
