//! The login of a user with the browser (RFC 6749, section 4.1): a page to choose a user, and the redirect back.

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use ers_fhir_ers::service::Role;
use ers_fhir_local::{Seed, Token};

use super::begun::{Begun, Wrong};
use super::form::form;
use super::page::{complaint, login};
use crate::mock::authority::{Code, Form, Refused};
use crate::mock::reply::plain;
use crate::mock::shared::Shared;

/// What a page may do: nothing but show itself. Nothing is said of where its form may lead, since the browser is sent on from
/// there.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";
pub(super) async fn ask(State(shared): State<Shared>, RawQuery(query): RawQuery) -> Response {
    let begun = Form::read(&query.unwrap_or_default())
        .map_err(|_| Wrong::Here("a parameter occurs twice in the address"))
        .and_then(|form| Begun::read(&shared.kept.authority, &form));
    match begun {
        Ok(begun) => page(StatusCode::OK, login(&begun, &shared.kept.options.seed)),
        Err(wrong) => refuse(wrong),
    }
}

pub(super) async fn choose(State(shared): State<Shared>, headers: HeaderMap, body: Bytes) -> Response {
    let Ok(form) = form(&headers, &body) else {
        return refuse(Wrong::Here("this is not the form of the login page"));
    };
    let authority = &shared.kept.authority;
    let begun = match Begun::read(authority, &form) {
        Ok(begun) => begun,
        Err(wrong) => return refuse(wrong),
    };
    if form.get("refuse").is_some() {
        return back(begun.error("access_denied"));
    }
    let Some(who) = form.get("as").and_then(|chosen| chosen_user(&shared.kept.options.seed, chosen)) else {
        let words = "Choose a user from the list.";
        return page(StatusCode::BAD_REQUEST, complaint(words));
    };
    let code = Code {
        application: begun.application.clone(),
        callback: begun.callback.clone(),
        challenge: begun.challenge.clone(),
        who,
        login: authority.number(),
        is_used: false,
    };
    match authority.give_code(code) {
        Ok(code) => back(begun.back(&[("code", &code)])),
        Err(Refused { error, .. }) => back(begun.error(error)),
    }
}

/// A user of the seed, and the role that they chose: `555000111222`, or `555000111222 REFERRING_CLINICIAN X26`.
fn chosen_user(seed: &Seed, chosen: &str) -> Option<Token> {
    let mut parts = chosen.split(' ');
    let id = parts.next()?;
    let user = seed.users.iter().find(|user| user.active && user.id == id)?;
    match (parts.next(), parts.next(), parts.next()) {
        (None, ..) => Some(Token::User(user.id.clone())),
        (Some(function), Some(organisation), None) => {
            let function: Role = function.parse().ok()?;
            user.works_as(function, organisation).then(|| Token::UserAs {
                id: user.id.clone(),
                function,
                organisation: organisation.to_owned(),
            })
        }
        _ => None,
    }
}

fn refuse(wrong: Wrong) -> Response {
    match wrong {
        Wrong::Here(words) => page(StatusCode::BAD_REQUEST, complaint(words)),
        Wrong::Back(address) => back(address),
    }
}

fn back(address: String) -> Response {
    let Ok(address) = HeaderValue::try_from(address) else {
        return page(StatusCode::BAD_REQUEST, complaint("redirect_uri is not an address"));
    };
    let mut response = page(StatusCode::SEE_OTHER, String::new());
    response.headers_mut().insert(LOCATION, address);
    response
}

fn page(status: StatusCode, html: String) -> Response {
    let mut response = plain(status, "text/html; charset=utf-8", html);
    let headers = response.headers_mut();
    for (name, value) in [
        ("cache-control", "no-store"),
        ("content-security-policy", POLICY),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
