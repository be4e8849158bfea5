//! The checked-in page.

use std::sync::Arc;

use axum::Router;
use axum::http::HeaderMap;
use axum::routing::get;

use super::state::Shared;
use crate::asset::{Asset, CSS, HTML, SCRIPT, SVG, asset, sent};

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
    asset!("/made.js", SCRIPT, "made.js"),
    asset!("/theme.js", SCRIPT, "theme.js"),
    asset!("/worker.js", SCRIPT, "worker.js"),
    asset!("/icon.svg", SVG, "icon.svg"),
];

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
