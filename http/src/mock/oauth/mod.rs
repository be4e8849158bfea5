//! Who calls: tokens for applications and users, as the platform of the real service gives them (`/oauth2`), and a
//! stand-in for the identity service where users log in.

mod assertion;
mod authority;
mod authorize;
mod grants;
mod id_token;
mod jwt;
mod keys;
mod ledger;
mod page;
mod refused;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_TYPE, HOST};
use axum::response::Response;
use axum::routing::{get, post};

pub(super) use authority::Authority;
pub use authority::LoginOptions;
pub use keys::{ApplicationKey, KeyError};

use super::route::Shared;
use crate::engine::query::pairs;
use refused::Refused;

/// Where tokens are from, below the origin.
const TOKEN: &str = "/oauth2/token";
/// Largest form that is read.
const MOST_BYTES: usize = 64 << 10;

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route(TOKEN, post(token))
        .route("/oauth2/authorize", get(authorize::ask).post(authorize::choose))
        .route("/_local/id-tokens", post(id_token::give))
        .route("/_local/id-tokens/keys", get(id_token::keys))
        .layer(DefaultBodyLimit::max(MOST_BYTES))
}

/// What a form or a query says; each name once.
struct Form(Vec<(String, String)>);

impl Form {
    fn read(text: &str) -> Result<Self, Refused> {
        let all = pairs(text);
        let is_repeated = |at: usize, name: &String| all[..at].iter().any(|(before, _)| before == name);
        if all.iter().enumerate().any(|(at, (name, _))| is_repeated(at, name)) {
            return Err(Refused::request("a parameter stands there twice"));
        }
        Ok(Self(all))
    }

    /// The value of a parameter; none where it is empty.
    fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(given, _)| given == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    fn wanted(&self, name: &'static str) -> Result<&str, Refused> {
        self.get(name).ok_or_else(|| Refused::request(format!("{name} is missing")))
    }
}

async fn token(State(shared): State<Shared>, headers: HeaderMap, body: Bytes) -> Response {
    let authority = &shared.kept.authority;
    let granted = form(&headers, &body).and_then(|form| {
        let audiences = audiences(&shared, &headers);
        authority.grant(&form, &audiences, &shared.origin, &shared.kept.options.seed)
    });
    match granted {
        Ok(granted) => authority.answer(granted),
        Err(refused) => authority.refuse(&refused),
    }
}

fn form(headers: &HeaderMap, body: &Bytes) -> Result<Form, Refused> {
    const KIND: &str = "application/x-www-form-urlencoded";
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(KIND) {
        return Err(Refused::request(format!("Content-Type is not {KIND}")));
    }
    let text = std::str::from_utf8(body).map_err(|_| Refused::request("the form is no UTF-8"))?;
    Form::read(text)
}

/// The addresses of the token service that an assertion may be meant for: as the service is known, and as it was asked.
fn audiences(shared: &Shared, headers: &HeaderMap) -> Vec<String> {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let asked = host.map(|host| format!("http://{host}{TOKEN}"));
    [format!("{}{TOKEN}", shared.origin)].into_iter().chain(asked).collect()
}
