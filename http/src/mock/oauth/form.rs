//! A form that is sent.

use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;

use crate::mock::authority::{Form, Refused};

pub(super) fn form(headers: &HeaderMap, body: &Bytes) -> Result<Form, Refused> {
    const KIND: &str = "application/x-www-form-urlencoded";
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(KIND) {
        return Err(Refused::request(format!("Content-Type is not {KIND}")));
    }
    let text = std::str::from_utf8(body).map_err(|_| Refused::request("the form is not UTF-8"))?;
    Form::read(text)
}
