//! Answers of texts.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use serde::Serialize;

/// A text as an answer.
pub(super) fn plain(status: StatusCode, content_type: &'static str, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().insert("content-type", HeaderValue::from_static(content_type));
    response
}

/// A value as an answer.
pub(super) fn json(value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(bytes) => plain(StatusCode::OK, "application/json", bytes),
        Err(_) => plain(StatusCode::INTERNAL_SERVER_ERROR, "text/plain", "the answer cannot be written\n"),
    }
}
