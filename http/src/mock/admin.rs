//! What no operation of the service does: looking, moving the clock, ordering faults, steps that others take elsewhere.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use ers_fhir_local::Moment;
use ers_fhir_local::elsewhere::{Step, take};
use serde::{Deserialize, Serialize};

use super::fault::Ordered;
use super::kept::Order;
use super::reply::plain;
use super::shared::Shared;

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/_local", get(overview))
        .route("/_local/calls", get(calls))
        .route("/_local/referrals", get(referrals))
        .route("/_local/requests/{ubrn}", get(request))
        .route("/_local/requests/{ubrn}/steps", post(step))
        .route("/_local/faults", post(fault))
        .route("/_local/clock", post(clock))
        .route("/_local/reset", post(reset))
        .route("/_local/settings", get(settings))
}

/// Why an order of an administrator is refused.
#[derive(Debug)]
enum Refused {
    Bad(String),
    NotFound,
    Failed(std::io::Error),
}

impl From<std::io::Error> for Refused {
    fn from(error: std::io::Error) -> Self {
        Self::Failed(error)
    }
}

fn json(value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(bytes) => plain(StatusCode::OK, "application/json", bytes),
        Err(_) => plain(StatusCode::INTERNAL_SERVER_ERROR, "text/plain", "this cannot be written\n"),
    }
}

fn refused(refused: Refused) -> Response {
    match refused {
        Refused::Bad(what) => plain(StatusCode::BAD_REQUEST, "text/plain", format!("{what}\n")),
        Refused::NotFound => plain(StatusCode::NOT_FOUND, "text/plain", "there is no such request\n"),
        Refused::Failed(error) => {
            plain(StatusCode::INTERNAL_SERVER_ERROR, "text/plain", format!("the journal: {error}\n"))
        }
    }
}

fn read<T: for<'de> Deserialize<'de>>(body: &Bytes) -> Result<T, Refused> {
    serde_json::from_slice(body).map_err(|error| Refused::Bad(error.to_string()))
}

async fn overview(State(shared): State<Shared>) -> Response {
    json(&shared.kept.overview())
}

async fn settings(State(shared): State<Shared>) -> Response {
    json(shared.kept.local.settings())
}

async fn calls(State(shared): State<Shared>, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let since = query.split('&').find_map(|pair| pair.strip_prefix("since=")?.parse().ok());
    json(&shared.kept.calls_since(since.unwrap_or_default()))
}

/// A referral in one line.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    ubrn: String,
    version: u64,
    state: &'static str,
    patient: String,
    changed: Moment,
}

async fn referrals(State(shared): State<Shared>) -> Response {
    let lines: Vec<Line> = shared.kept.look(|state, _| {
        let all = state.referrals.iter().map(|(ubrn, referral)| Line {
            ubrn: ubrn.to_owned(),
            version: referral.version,
            state: referral.state.code(),
            patient: referral.patient.clone(),
            changed: referral.changed,
        });
        all.collect()
    });
    json(&lines)
}

/// A request with all that belongs to it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Whole {
    referral: Option<ers_fhir_local::state::Referral>,
    advice: Option<ers_fhir_local::state::AdviceRequest>,
    appointments: Vec<ers_fhir_local::state::Appointment>,
    files: Vec<ers_fhir_local::state::File>,
}

async fn request(State(shared): State<Shared>, Path(ubrn): Path<String>) -> Response {
    let whole = shared.kept.look(|state, _| Whole {
        referral: state.referrals.get(&ubrn).cloned(),
        advice: state.advice.get(&ubrn).cloned(),
        appointments: state.appointments_of(&ubrn).cloned().collect(),
        files: state
            .files
            .iter()
            .map(|(_, file)| file)
            .filter(|file| file.link.as_ref().is_some_and(|link| link.ubrn == ubrn))
            .cloned()
            .collect(),
    });
    if whole.referral.is_none() && whole.advice.is_none() { refused(Refused::NotFound) } else { json(&whole) }
}

async fn step(State(shared): State<Shared>, Path(ubrn): Path<String>, body: Bytes) -> Response {
    let taken = read::<Step>(&body).and_then(|step| {
        let kept = &shared.kept;
        kept.change(|state, now| take(&kept.local, state, &ubrn, step, now).map_err(Refused::Bad))
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
    /// What it is to show.
    at: Option<Moment>,
    /// By how much it is to go on.
    seconds: Option<i64>,
}

async fn clock(State(shared): State<Shared>, body: Bytes) -> Response {
    let wanted: WantedClock = match read(&body) {
        Ok(wanted) => wanted,
        Err(error) => return refused(error),
    };
    let moved = shared.kept.change(|state, now| {
        let aim = match (wanted.at, wanted.seconds) {
            (Some(at), None) => at,
            (None, Some(seconds)) => now.plus_seconds(seconds),
            _ => return Err(Refused::Bad("say at or seconds".to_owned())),
        };
        let ahead = state.counters().clock_ahead.saturating_add(aim.millis().saturating_sub(now.millis()));
        state.set_clock_ahead(ahead);
        Ok(aim)
    });
    match moved {
        Ok(now) => json(&serde_json::json!({ "clock": now })),
        Err(error) => refused(error),
    }
}

async fn reset(State(shared): State<Shared>) -> Response {
    match shared.kept.reset() {
        Ok(()) => json(&shared.kept.overview()),
        Err(error) => refused(Refused::Failed(error)),
    }
}
