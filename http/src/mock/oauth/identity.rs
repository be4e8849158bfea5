//! The stand-in for the identity service issues id tokens for users of the seed to anybody: it is for tests.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;

use crate::mock::authority::{LASTS, Wanted};
use crate::mock::reply::plain;
use crate::mock::shared::Shared;

pub(super) async fn give(State(shared): State<Shared>, body: Bytes) -> Response {
    let authority = &shared.kept.authority;
    let bad = |words: String| plain(StatusCode::BAD_REQUEST, "text/plain", format!("{words}\n"));
    let wanted: Wanted = match serde_json::from_slice(&body) {
        Ok(wanted) => wanted,
        Err(error) => return bad(error.to_string()),
    };
    if !shared.kept.options.seed.users.iter().any(|user| user.active && user.id == wanted.user) {
        return bad("there is no active user with that id".to_owned());
    }
    if !authority.applications.contains_key(&wanted.application) {
        return bad("there is no application with that id".to_owned());
    }
    match authority.id_token(&wanted, &shared.origin) {
        Some(token) => authority.json(200, &json!({ "id_token": token, "expires_in": LASTS })),
        None => plain(StatusCode::INTERNAL_SERVER_ERROR, "text/plain", "the token cannot be signed\n"),
    }
}

/// The keys that verify id tokens, as a JWK Set.
pub(super) async fn keys(State(shared): State<Shared>) -> Response {
    let authority = &shared.kept.authority;
    match authority.id_token_keys() {
        Some(keys) => authority.json(200, &keys),
        None => plain(StatusCode::INTERNAL_SERVER_ERROR, "text/plain", "there is no key\n"),
    }
}
