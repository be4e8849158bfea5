//! The token endpoints (`/oauth2`), and a stand-in for the identity service where users log in.

mod authorize;
mod begun;
mod form;
mod identity;
mod page;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::HeaderMap;
use axum::http::header::HOST;
use axum::response::Response;
use axum::routing::{get, post};

use super::shared::Shared;
use form::form;

/// The path of the token service.
const TOKEN: &str = "/oauth2/token";
/// Largest form that is read.
const MOST_BYTES: usize = 64 << 10;

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route(TOKEN, post(token))
        .route("/oauth2/authorize", get(authorize::ask).post(authorize::choose))
        .route("/_local/id-tokens", post(identity::give))
        .route("/_local/id-tokens/keys", get(identity::keys))
        .layer(DefaultBodyLimit::max(MOST_BYTES))
}

async fn token(State(shared): State<Shared>, headers: HeaderMap, body: Bytes) -> Response {
    let authority = &shared.kept.authority;
    let granted = form(&headers, &body).and_then(|form| {
        let audiences = audiences(&shared, &headers);
        authority.grant(&form, &audiences, &shared.origin, &shared.kept.options.seed)
    });
    match granted {
        Ok(granted) => authority.json(200, &granted.into_json()),
        Err(refused) => authority.refuse(&refused),
    }
}

/// The addresses of the token service that an assertion may name: the public one, and the one that was called.
fn audiences(shared: &Shared, headers: &HeaderMap) -> Vec<String> {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let asked = host.map(|host| format!("http://{host}{TOKEN}"));
    [format!("{}{TOKEN}", shared.origin)].into_iter().chain(asked).collect()
}
