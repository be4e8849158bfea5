//! Orders of an administrator: the clock, faults, steps that others take elsewhere, a reset.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::http::header::{HOST, HeaderName, ORIGIN};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::post;
use ers_fhir_local::Moment;
use ers_fhir_local::elsewhere::{Step, take};
use serde::Deserialize;

use super::fault::Ordered;
use super::kept::Order;
use super::reply::{json, plain};
use super::shared::Shared;

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/_local/requests/{ubrn}/steps", post(step))
        .route("/_local/faults", post(fault))
        .route("/_local/clock", post(clock))
        .route("/_local/reset", post(reset))
        .layer(from_fn(from_here))
}

/// Refuses orders that a foreign page sends through the browser.
async fn from_here(request: Request, next: Next) -> Response {
    let headers = request.headers();
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let host = text(HOST).unwrap_or_default();
    let is_foreign = text(ORIGIN).is_some_and(|origin| {
        origin.strip_prefix("http://").or(origin.strip_prefix("https://")) != Some(host)
    });
    if is_foreign {
        return plain(
            StatusCode::FORBIDDEN,
            "text/plain",
            "orders are accepted only from the page of this service\n",
        );
    }
    next.run(request).await
}

/// Why an order of an administrator is refused.
#[derive(Debug)]
enum Refused {
    Bad(String),
    Failed(std::io::Error),
}

impl From<std::io::Error> for Refused {
    fn from(error: std::io::Error) -> Self {
        Self::Failed(error)
    }
}

fn refused(refused: Refused) -> Response {
    match refused {
        Refused::Bad(what) => plain(StatusCode::BAD_REQUEST, "text/plain", format!("{what}\n")),
        Refused::Failed(error) => {
            plain(StatusCode::INTERNAL_SERVER_ERROR, "text/plain", format!("the journal: {error}\n"))
        }
    }
}

fn read<T: for<'de> Deserialize<'de>>(body: &Bytes) -> Result<T, Refused> {
    serde_json::from_slice(body).map_err(|error| Refused::Bad(error.to_string()))
}

async fn step(State(shared): State<Shared>, Path(ubrn): Path<String>, body: Bytes) -> Response {
    let taken = read::<Step>(&body).and_then(|step| {
        let (kept, by) = (&shared.kept, step.name());
        kept.change(by, &ubrn, |state, now| take(&kept.local, state, &ubrn, step, now).map_err(Refused::Bad))
    });
    match taken {
        Ok(version) => json(&serde_json::json!({ "version": version })),
        Err(error) => refused(error),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WantedFault {
    fault: String,
    operation: Option<String>,
    #[serde(default = "once")]
    times: u32,
}

fn once() -> u32 {
    1
}

async fn fault(State(shared): State<Shared>, body: Bytes) -> Response {
    let wanted: WantedFault = match read(&body) {
        Ok(wanted) => wanted,
        Err(error) => return refused(error),
    };
    let Some(fault) = Ordered::read(&wanted.fault) else {
        return refused(Refused::Bad(format!("there is no fault '{}'", wanted.fault)));
    };
    shared.kept.order(Order { operation: wanted.operation, fault, times: wanted.times.max(1) });
    plain(StatusCode::NO_CONTENT, "text/plain", "")
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct WantedClock {
    /// The time to set.
    at: Option<Moment>,
    /// By how much to move it forward.
    seconds: Option<i64>,
}

async fn clock(State(shared): State<Shared>, body: Bytes) -> Response {
    let wanted: WantedClock = match read(&body) {
        Ok(wanted) => wanted,
        Err(error) => return refused(error),
    };
    let aim = match (wanted.at, wanted.seconds) {
        (Some(at), None) => at,
        (None, Some(seconds)) => shared.kept.look(|_, now| now).plus_seconds(seconds),
        _ => return refused(Refused::Bad("give at or seconds".to_owned())),
    };
    match shared.kept.set_clock(aim) {
        Ok(()) => json(&serde_json::json!({ "clock": aim })),
        Err(error) => refused(Refused::Failed(error)),
    }
}

async fn reset(State(shared): State<Shared>) -> Response {
    match shared.kept.reset() {
        Ok(()) => json(&shared.kept.overview()),
        Err(error) => refused(Refused::Failed(error)),
    }
}
