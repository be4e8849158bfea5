//! The page of a local service: calls, states of requests, and controls.

use axum::Router;
use axum::http::HeaderMap;
use axum::routing::get;

use super::shared::Shared;
use super::told::listen;
use crate::asset::{Asset, CSS, HTML, SCRIPT, SVG, asset, sent};

const ASSETS: &[Asset] = &[
    asset!("/", HTML, "local/index.html"),
    asset!("/_local/page/style.css", CSS, "style.css"),
    asset!("/_local/page/local.css", CSS, "local/local.css"),
    asset!("/_local/page/main.js", SCRIPT, "local/main.js"),
    asset!("/_local/page/calls.js", SCRIPT, "local/calls.js"),
    asset!("/_local/page/request.js", SCRIPT, "local/request.js"),
    asset!("/_local/page/orders.js", SCRIPT, "local/orders.js"),
    asset!("/_local/page/states.js", SCRIPT, "local/states.js"),
    asset!("/_local/page/service.js", SCRIPT, "local/service.js"),
    asset!("/_local/page/made.js", SCRIPT, "made.js"),
    asset!("/_local/page/theme.js", SCRIPT, "theme.js"),
    asset!("/_local/page/icon.svg", SVG, "icon.svg"),
];

pub(super) fn routes() -> Router<Shared> {
    let router = Router::new().route("/_local/events", get(listen));
    ASSETS.iter().fold(router, |router, asset| {
        router.route(asset.path, get(async move |headers: HeaderMap| sent(asset, &headers)))
    })
}
