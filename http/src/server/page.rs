//! The page, as it is checked in.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::get;

use super::state::Shared;

/// A file of the page.
struct Asset {
    path: &'static str,
    media_type: &'static str,
    text: &'static str,
}

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

macro_rules! asset {
    ($path:literal, $media_type:expr, $file:literal) => {
        Asset { path: $path, media_type: $media_type, text: include_str!(concat!("../../page/", $file)) }
    };
}

const ASSETS: &[Asset] = &[
    asset!("/", HTML, "index.html"),
    asset!("/style.css", CSS, "style.css"),
    asset!("/main.js", SCRIPT, "main.js"),
    asset!("/service.js", SCRIPT, "service.js"),
    asset!("/editor.js", SCRIPT, "editor.js"),
    asset!("/findings.js", SCRIPT, "findings.js"),
    asset!("/examples.js", SCRIPT, "examples.js"),
    asset!("/bytes.js", SCRIPT, "bytes.js"),
    asset!("/local.js", SCRIPT, "local.js"),
    asset!("/worker.js", SCRIPT, "worker.js"),
    asset!("/icon.svg", "image/svg+xml", "icon.svg"),
];

/// What the page may do: ask this service, and nothing else.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Whether an address is a file of the page, or about the service itself.
pub(super) fn is_asset(path: &str) -> bool {
    path == "/openapi.json" || ASSETS.iter().any(|asset| asset.path == path)
}

/// Adds the files to the addresses.
pub(super) fn routes(router: Router<Arc<Shared>>) -> Router<Arc<Shared>> {
    ASSETS.iter().fold(router, |router, asset| {
        router.route(asset.path, get(async move |headers: HeaderMap| sent(asset, &headers)))
    })
}

fn sent(asset: &Asset, headers: &HeaderMap) -> Response {
    // All files change together, with the version.
    const TAG: &str = concat!("\"", env!("CARGO_PKG_VERSION"), "\"");
    let length = format!("\"{:x}-{}\"", asset.text.len(), TAG.trim_matches('"'));
    let is_known = headers.get(header::IF_NONE_MATCH).is_some_and(|tag| tag.as_bytes() == length.as_bytes());
    let mut response = Response::new(Body::from(if is_known { "" } else { asset.text }));
    if is_known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let all = response.headers_mut();
    if let Ok(tag) = HeaderValue::from_str(&length) {
        all.insert(header::ETAG, tag);
    }
    for (name, value) in [
        (header::CONTENT_TYPE, asset.media_type),
        (header::CACHE_CONTROL, "no-cache"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::REFERRER_POLICY, "no-referrer"),
    ] {
        all.insert(name, HeaderValue::from_static(value));
    }
    response
}
