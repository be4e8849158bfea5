//! The data that an administrator can read.

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use ers_fhir_ers::service::endpoints;
use ers_fhir_local::state::{AdviceRequest, Appointment, File, Referral, ReferralState};
use ers_fhir_local::{Moment, Settings};
use serde::Serialize;
use serde_json::{Value, json};

use super::fault::Fault;
use super::lint::Found;
use super::log::{Event, Logged};
use super::reply::{json as answered, plain};
use super::shared::Shared;
use crate::engine::query::pairs;

/// How many calls or requests are listed at most, by default.
const USUAL: usize = 200;

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/_local", get(overview))
        .route("/_local/calls", get(calls))
        .route("/_local/calls/{number}", get(call))
        .route("/_local/referrals", get(referrals))
        .route("/_local/requests/{ubrn}", get(request))
        .route("/_local/settings", get(settings))
        .route("/_local/choices", get(choices))
}

fn absent(what: &'static str) -> Response {
    plain(StatusCode::NOT_FOUND, "text/plain", what)
}

async fn overview(State(shared): State<Shared>) -> Response {
    answered(&shared.kept.overview())
}

/// A setting: behaviour of the service that is not public, and what is assumed here.
#[derive(Serialize)]
struct Switch<'s> {
    name: &'s str,
    value: Value,
    usual: Value,
    about: &'s str,
}

async fn settings(State(shared): State<Shared>) -> Response {
    let value = |settings: &Settings| serde_json::to_value(settings).unwrap_or_default();
    let (now, usual) = (value(shared.kept.local.settings()), value(&Settings::default()));
    let schema = Settings::schema();
    let about = |name: &str| schema["properties"][name]["description"].as_str().unwrap_or_default();
    let names = now.as_object().into_iter().flat_map(|fields| fields.keys());
    let switches: Vec<Switch<'_>> = names
        .map(|name| Switch { name, value: now[name].clone(), usual: usual[name].clone(), about: about(name) })
        .collect();
    answered(&switches)
}

/// The values that orders may use.
async fn choices(State(shared): State<Shared>) -> Response {
    let mut operations: Vec<&str> = endpoints().iter().map(|endpoint| endpoint.id).collect();
    operations.dedup();
    let (cancellation, non_attendance) = shared.kept.local.reasons_elsewhere();
    answered(&json!({
        "cancellation": cancellation,
        "nonAttendance": non_attendance,
        "faults": Fault::ALL,
        "operations": operations,
        "states": ReferralState::ALL.iter().map(|state| [state.code(), state.display()]).collect::<Vec<_>>(),
    }))
}

/// The parameters of a query.
struct Asked(Vec<(String, String)>);

impl Asked {
    fn of(query: Option<&str>) -> Self {
        Self(pairs(query.unwrap_or_default()))
    }

    fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(given, _)| given == name).map_or("", |(_, value)| value)
    }

    /// How many to list at most.
    fn most(&self) -> usize {
        self.text("most").parse().unwrap_or(USUAL)
    }
}

/// A call, and its findings.
#[derive(Serialize)]
struct Judged<'l> {
    #[serde(flatten)]
    logged: &'l Logged,
    /// `None` if it is no longer remembered in full.
    found: Option<&'l [Found]>,
}

async fn calls(State(shared): State<Shared>, RawQuery(query): RawQuery) -> Response {
    let asked = Asked::of(query.as_deref());
    let calls = shared.kept.calls_since(asked.text("since").parse().unwrap_or_default(), asked.most());
    let judged: Vec<Judged<'_>> = calls
        .iter()
        .map(|logged| Judged {
            logged,
            found: logged.exchange.as_ref().map(|exchange| shared.kept.lint.found(exchange)),
        })
        .collect();
    answered(&judged)
}

async fn call(State(shared): State<Shared>, Path(number): Path<u64>) -> Response {
    let Some(logged) = shared.kept.call(number) else { return absent("this call is not remembered\n") };
    let Some(exchange) = &logged.exchange else { return answered(&Judged { logged: &logged, found: None }) };
    let pairs = |all: &mut dyn Iterator<Item = (&str, &str)>| -> Vec<Value> {
        all.map(|(name, value)| json!({ "name": name, "value": value })).collect()
    };
    let headers = &exchange.call.headers;
    let asked = pairs(&mut headers.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    let answer = pairs(&mut exchange.answer.headers.iter().map(|(name, value)| (*name, value.as_str())));
    answered(&json!({
        "call": Judged { logged: &logged, found: Some(shared.kept.lint.found(exchange)) },
        "headers": asked,
        "body": String::from_utf8_lossy(&exchange.call.body),
        "answerHeaders": answer,
        "answerBody": String::from_utf8_lossy(&exchange.answer.body),
    }))
}

/// A request in one line.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    ubrn: String,
    version: u64,
    state: &'static str,
    is_advice: bool,
    patient: String,
    changed: Moment,
}

/// Requests, the most recently changed first.
#[derive(Serialize)]
struct Lines {
    /// The number of matching requests.
    total: usize,
    requests: Vec<Line>,
}

/// Those whose UBRN or NHS number has `find` in it, in the `state` that is wanted.
async fn referrals(State(shared): State<Shared>, RawQuery(query): RawQuery) -> Response {
    let asked = Asked::of(query.as_deref());
    let (find, wanted) = (asked.text("find"), asked.text("state"));
    let is_wanted = |ubrn: &str, patient: &str, state: &str| {
        (wanted.is_empty() || wanted == state) && (ubrn.contains(find) || patient.contains(find))
    };
    let lines = shared.kept.look(|state, _| {
        let referrals =
            state.referrals.iter().map(|(ubrn, it)| (ubrn, &it.patient, it.state.code(), it.changed, false));
        let advice =
            state.advice.iter().map(|(ubrn, it)| (ubrn, &it.patient, it.category.code(), it.changed, true));
        let mut all: Vec<_> = referrals
            .chain(advice)
            .filter(|(ubrn, patient, state, ..)| is_wanted(ubrn, patient, state))
            .collect();
        all.sort_unstable_by(|a, b| (b.3, b.0).cmp(&(a.3, a.0)));
        let total = all.len();
        let shown = all.into_iter().take(asked.most());
        let requests = shown.map(|(ubrn, patient, code, changed, is_advice)| {
            let version = if is_advice {
                state.advice.get(ubrn).map(|it| it.version)
            } else {
                state.referrals.get(ubrn).map(|it| it.version)
            };
            let (ubrn, patient) = (ubrn.to_owned(), patient.clone());
            Line { ubrn, version: version.unwrap_or_default(), state: code, is_advice, patient, changed }
        });
        Lines { total, requests: requests.collect() }
    });
    answered(&lines)
}

/// A request with all that belongs to it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Whole {
    referral: Option<Referral>,
    advice: Option<AdviceRequest>,
    appointments: Vec<Appointment>,
    files: Vec<File>,
    /// Its history, as far as this process has seen it.
    events: Vec<Event>,
}

async fn request(State(shared): State<Shared>, Path(ubrn): Path<String>) -> Response {
    let events = shared.kept.events_of(&ubrn);
    let whole = shared.kept.look(|state, _| {
        let (referral, advice) = (state.referrals.get(&ubrn).cloned(), state.advice.get(&ubrn).cloned());
        let mut files = referral.as_ref().map(|referral| referral.documents.clone()).unwrap_or_default();
        files.extend(advice.iter().flat_map(AdviceRequest::documents));
        files.sort();
        files.dedup();
        Whole {
            appointments: state.appointments_of(&ubrn).cloned().collect(),
            files: files.iter().filter_map(|id| state.files.get(id)).cloned().collect(),
            referral,
            advice,
            events,
        }
    });
    if whole.referral.is_none() && whole.advice.is_none() {
        return absent("there is no such request\n");
    }
    answered(&whole)
}
