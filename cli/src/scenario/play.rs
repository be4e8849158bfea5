//! Running a scenario: each step, and whether its expectations hold.

use std::sync::Arc;

use ers_fhir_ers::service::{Endpoint, Header, find};
use ers_fhir_http::BlockingLocalErs;
use ers_fhir_http::client::{Error, HarRecorder, Payload, Request, media_type_of};
use ers_fhir_lint::Validators;

use super::Run;
use super::file::{Call, Placed, Scenario, Sent, Step};
use super::place::{Answered, Heard, Place};
use super::values::{Values, selected, state};
use crate::output::Output;

/// How a scenario ended.
pub(super) enum Outcome {
    /// All expectations held.
    Held,
    /// Some expectation did not hold.
    Failed,
}

/// The result of a step.
struct Done {
    /// In a few words.
    words: String,
    /// The failed expectations, each with its line.
    wrong: Vec<Placed<String>>,
}

/// Runs a scenario, and reports each step as it is taken.
///
/// # Errors
///
/// If it cannot be continued: there is no answer, or a value was not kept.
pub(super) fn play(
    scenario: &Scenario,
    args: &Run,
    own: Option<&BlockingLocalErs>,
    har: &Arc<HarRecorder>,
    validators: &Validators,
    output: &mut Output,
) -> Result<Outcome, String> {
    let profiles = args.profiles()?;
    if let (Some(service), Some(clock)) = (own, scenario.clock) {
        service.set_clock(clock).map_err(|error| error.to_string())?;
    }
    let mut place = Place::new(own, args.environment.as_deref(), &profiles, har);
    let mut values = Values::default();
    for (name, value) in scenario.values.iter().chain(&args.values()?) {
        values.keep(name, value.clone());
    }
    let path = scenario.path.display();
    let mut outcome = Ok(Outcome::Held);
    say(output, &format!("{path}: {}\n", scenario.title))?;
    for (number, step) in (1..).zip(&scenario.steps) {
        let done = match taken(step, scenario, &mut place, &mut values, validators, output) {
            Ok(done) => done,
            Err(what) => {
                outcome = Err(format!("{path}:{}: {what}", step.line));
                break;
            }
        };
        let mark = if done.wrong.is_empty() { "ok" } else { "FAILS" };
        say(output, &format!("  {number:>2} {mark:<5} {}\n", done.words))?;
        for wrong in &done.wrong {
            say(output, &format!("{path}:{}: {}\n", wrong.line, wrong.what))?;
        }
        if !done.wrong.is_empty() {
            let left = scenario.steps.len() - number;
            say(output, &format!("  {left} later steps were not taken\n"))?;
            outcome = Ok(Outcome::Failed);
            break;
        }
    }
    outcome
}

fn say(output: &mut Output, text: &str) -> Result<(), String> {
    output
        .write(text)
        .and_then(|()| output.flush())
        .map_err(|error| format!("cannot write the output: {error}"))
}

fn taken(
    step: &Placed<Step>,
    scenario: &Scenario,
    place: &mut Place<'_>,
    values: &mut Values,
    validators: &Validators,
    output: &Output,
) -> Result<Done, String> {
    let nothing = |words: String| Ok(Done { words, wrong: Vec::new() });
    match &step.what {
        Step::Wait(seconds) => {
            place.wait(*seconds)?;
            nothing(format!("{seconds} seconds pass"))
        }
        Step::Elsewhere { ubrn, step, with } => {
            let ubrn = values.fill(ubrn)?;
            let mut filled = toml::Table::new();
            for (name, value) in with {
                let value = match value {
                    toml::Value::String(text) => toml::Value::String(values.fill(text)?),
                    other => other.clone(),
                };
                filled.insert(name.clone(), value);
            }
            place.take(&ubrn, step, &filled, output)?;
            nothing(format!("{step}, elsewhere"))
        }
        Step::Call(call) => {
            let who = scenario.who.get(&call.who).ok_or("there is no caller")?;
            let request = request(call, values)?;
            let sent = place.client(&call.who, who, output)?.clone();
            // The expectations are compared with the recorded answer.
            let read = match sent.send(request) {
                Ok(mut reply) => sent.wait(reply.bytes(usize::MAX)).map(drop),
                Err(error) => Err(error),
            };
            match read {
                Err(error) if error.failure().is_none() => Err(words(&error)),
                _ => judged(call, step.line, place.heard(), values, validators),
            }
        }
    }
}

fn words(error: &Error) -> String {
    error.to_string()
}

/// The request that a step makes.
fn request(call: &Call, values: &Values) -> Result<Request, String> {
    let id = call.endpoint.id;
    let changes = call.endpoint.more_headers.contains(&Header::IF_MATCH);
    let version = call.at.as_deref().map(|at| values.fill(at)).transpose()?;
    let reads_version = version.is_some() && !changes;
    let endpoint: &'static Endpoint =
        find(id).find(|endpoint| endpoint.is_versioned() == reads_version).unwrap_or(call.endpoint);
    let mut request = Request::to(endpoint).anyway();
    for parameter in endpoint.path_parameters() {
        let value = match call.path.get(parameter.name) {
            Some(value) => values.fill(value)?,
            None if parameter.name == "version" => version.clone().unwrap_or_default(),
            None => return Err(format!("{id} needs path.{}: {}", parameter.name, parameter.holds)),
        };
        request = request.path(parameter.name, value);
    }
    if let Some(other) =
        call.path.keys().find(|name| !endpoint.path_parameters().iter().any(|it| it.name == **name))
    {
        return Err(format!("{id} has no path.{other}"));
    }
    if let Some(version) = version.filter(|_| changes) {
        let version: u64 = version.parse().map_err(|_| format!("at: '{version}' is not a version"))?;
        request = request.version(version.into());
    }
    for (name, value) in &call.query {
        request = request.query(name, values.fill(value)?);
    }
    for (name, value) in &call.headers {
        if name.eq_ignore_ascii_case(Header::AUTHORIZATION.name) {
            return Err("a token comes from a profile, never from a scenario".to_owned());
        }
        request = request.header(name, values.fill(value)?);
    }
    match &call.body {
        None => Ok(request),
        Some(Sent::Resource(text)) => Ok(request.json(values.fill_json(text)?)),
        Some(Sent::File { name, bytes }) => {
            let media_type = media_type_of(name).unwrap_or("application/octet-stream");
            let payload = Payload::Bytes(bytes.clone().into());
            Ok(request.header(Header::FILE_NAME.name, name).file(media_type, payload))
        }
    }
}

/// The result of an answer, and the values that are kept.
fn judged(
    call: &Call,
    line: usize,
    heard: Heard,
    values: &mut Values,
    validators: &Validators,
) -> Result<Done, String> {
    let answer = heard.answer.ok_or("the call was not sent")?;
    let code = code(&answer.body);
    let shown = |status: u16, code: Option<&str>| {
        code.map_or_else(|| status.to_string(), |code| format!("{status} {code}"))
    };
    let state = state(&answer.body);
    let behind = state.as_ref().map(|state| format!(", {state}")).unwrap_or_default();
    let words =
        format!("{} as {}: {}{behind}", call.endpoint.id, call.who, shown(answer.status, code.as_deref()));
    let mut wrong = Vec::new();
    let mut say = |line: usize, what: String| wrong.push(Placed { line, what });
    if answer.status != call.status || (call.code.is_some() && call.code != code) {
        let (wanted, got) = (shown(call.status, call.code.as_deref()), shown(answer.status, code.as_deref()));
        say(line, format!("{} answers {got}, but {wanted} was expected", call.endpoint.id));
        return Ok(Done { words, wrong });
    }
    if call.state.is_some() && call.state != state {
        let (wanted, got) = (call.state.as_deref().unwrap_or_default(), state.as_deref().unwrap_or("none"));
        say(line, format!("the state is {got}, but {wanted} was expected"));
    }
    for found in heard.found {
        say(line, format!("the answer breaks {found}"));
    }
    let release = call.endpoint.release;
    for holds in &call.holds {
        let expression = values.fill(&holds.what)?;
        match selected(&expression, &answer.body, release, validators) {
            Ok(all) if all == ["true"] => {}
            Ok(_) => say(holds.line, format!("it does not hold: {expression}")),
            Err(error) => say(holds.line, error),
        }
    }
    for (name, path) in &call.keep {
        match kept(&path.what, &answer, call, validators) {
            Ok(value) => values.keep(name, value),
            Err(error) => say(path.line, format!("keep.{name}: {error}")),
        }
    }
    Ok(Done { words, wrong })
}

/// The value that is kept of an answer.
fn kept(path: &str, answer: &Answered, call: &Call, validators: &Validators) -> Result<String, String> {
    if let Some(name) = path.strip_prefix("header ") {
        let found = answer.headers.iter().find(|(given, _)| given.eq_ignore_ascii_case(name.trim()));
        return found.map(|(_, value)| value.clone()).ok_or_else(|| format!("there is no header {name}"));
    }
    let mut all = selected(path, &answer.body, call.endpoint.release, validators)?;
    match all.len() {
        1 => Ok(all.remove(0)),
        0 => Err(format!("{path} selects nothing")),
        count => Err(format!("{path} selects {count} values, but only one can be kept")),
    }
}

/// The error code of an OperationOutcome.
fn code(body: &[u8]) -> Option<String> {
    let body: serde_json::Value = serde_json::from_slice(body).ok()?;
    (body["resourceType"] == "OperationOutcome").then_some(())?;
    body["issue"][0]["details"]["coding"][0]["code"].as_str().map(str::to_owned)
}
