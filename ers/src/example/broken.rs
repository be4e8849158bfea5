//! Calls that break one rule: the bad example of the rule, or the same mistake in a valid call.

use ers_fhir_report::{Diagnostic, Example, Issue, Payload, Report, Rule};

use super::caller::{Caller, callers};
use super::cast::Cast;
use super::plain::plain;
use super::sample::Sample;
use crate::call::{Answer, Context, Direction};
use crate::rule::calls::DEPRECATED;
use crate::rule::{self, Call, deviation, owned};
use crate::service::{Body, Endpoint, Role, by_area, find};

/// The operation and the direction of the example of a rule; `None` for rules that are not of e-RS.
pub fn homes(rule: &Rule) -> Option<(&'static Endpoint, Direction)> {
    let call = rule::call_of(&rule.bad);
    if let Some(call) = call {
        return Some((find(call.endpoint).next()?, call.direction));
    }
    let text = rule.good.payload.bytes();
    let text = String::from_utf8_lossy(&text);
    let fits = |body: Body| match body {
        Body::Resource(profiles) => profiles.iter().any(|profile| text.contains(&format!("\"{profile}\""))),
        Body::None | Body::File(_) => false,
    };
    let sent = by_area().find(|endpoint| fits(endpoint.request));
    let came = || by_area().find(|endpoint| fits(endpoint.response));
    sent.map(|endpoint| (endpoint, Direction::Request))
        .or_else(|| came().map(|endpoint| (endpoint, Direction::Response)))
}

/// Whether a rule is the only finding of a report, by itself or below what FHIR finds in the same mistake; known
/// deviations of the service and deprecated operations are ignored.
pub fn is_alone(report: &Report, rule: &'static Rule) -> bool {
    let is_old = |found: &Diagnostic| found.rule.is(&DEPRECATED) && !rule.is(&DEPRECATED);
    let is_known =
        |found: &&Diagnostic| deviation::RULES.iter().any(|known| found.rule.is(known)) || is_old(found);
    let mut found = report.diagnostics.iter().filter(|found| !is_known(found)).peekable();
    let speaks = |found: &Diagnostic| {
        let notes = found.related.iter().map(|related| &related.finding);
        found.rule.is(rule)
            || found.rule.issue != Issue::BusinessRule
                && notes.map(|note| note.rule).any(|note| note.is(rule))
    };
    found.peek().is_some() && found.all(speaks)
}

/// Calls of an operation that may break a rule and no other, the likeliest first; a check shows whether one
/// does. Without a caller, the one that the rule is about calls, or else the first who may.
pub fn broken(
    rule: &'static Rule,
    endpoint: &'static Endpoint,
    caller: Option<Caller>,
    seed: u64,
) -> Vec<Sample> {
    let Some((home, direction)) = homes(rule) else { return Vec::new() };
    let call = rule::call_of(&rule.bad);
    let own = call.and_then(Call::caller);
    let all = callers(endpoint);
    let caller_of = |own: Option<Caller>| caller.or(own).or(all.first().copied());
    let mut found = Vec::new();
    if home.id == endpoint.id {
        let callers = caller_of(own).into_iter();
        found.extend(callers.map(|caller| of_rule(rule, endpoint, direction, caller)));
    }
    if is_about_caller(rule) {
        let wanted = caller.or(own).into_iter();
        let others = Role::ALL.into_iter().map(Caller::User).filter(|_| caller.is_none());
        let strangers = wanted.chain(others).filter(|caller| !all.contains(caller));
        found.extend(strangers.map(|caller| plain(endpoint, caller).towards(direction)));
    }
    let may = caller_of(own.filter(|own| all.contains(own)));
    found.extend(may.and_then(|caller| likewise(rule, endpoint, direction, caller)));
    let cast = Cast::of(seed);
    found.into_iter().map(|sample| sample.cast(&cast)).collect()
}

/// Whether the examples of a rule differ only in who calls.
fn is_about_caller(rule: &Rule) -> bool {
    let differs = |call: &Call| Call { role: None, access: None, ..*call };
    let calls = rule::call_of(&rule.bad).map(differs).zip(rule::call_of(&rule.good).map(differs));
    calls.is_some_and(|(bad, good)| bad == good) && rule.bad.payload.bytes() == rule.good.payload.bytes()
}

/// The bad example of the rule itself, in an otherwise valid call.
fn of_rule(rule: &Rule, endpoint: &'static Endpoint, direction: Direction, caller: Caller) -> Sample {
    let mut sample = plain(endpoint, caller).towards(direction);
    let payload = rule.bad.payload.bytes();
    let is_about_body = !payload.is_empty() || !rule.good.payload.bytes().is_empty();
    if is_about_body {
        replace(&mut sample, payload.into_owned());
    }
    settle(&mut sample, &rule.bad);
    sample
}

/// The same mistake in a valid call of the operation; `None` if it cannot be made there.
fn likewise(
    rule: &Rule,
    endpoint: &'static Endpoint,
    direction: Direction,
    caller: Caller,
) -> Option<Sample> {
    let mut sample = plain(endpoint, caller).towards(direction);
    let call = rule::call_of(&rule.bad);
    if call.is_some_and(|call| call.url.is_some() || call.method.is_some()) {
        return None;
    }
    if let Payload::Edited { find, put, times, .. } = rule.bad.payload {
        let text = String::from_utf8(sample.payload().to_vec()).ok().filter(|text| text.contains(find))?;
        replace(&mut sample, text.replacen(find, &put.repeat(times), 1).into_bytes());
    } else if call.is_none_or(|call| !call.is_complete && call.status.is_none()) {
        return None;
    }
    settle(&mut sample, &rule.bad);
    Some(sample)
}

/// Replaces the body in the direction that the example is about.
fn replace(sample: &mut Sample, body: Vec<u8>) {
    match (sample.direction, &mut sample.call.answer) {
        (Direction::Response, Some(answer)) => {
            answer.headers = super::call::answer_headers(sample.endpoint, &body);
            answer.body = body;
        }
        _ => sample.call.body = body,
    }
}

/// Replaces the parts of the valid call that the example gives.
fn settle(sample: &mut Sample, example: &Example) {
    sample.now = example.now;
    let Some(call) = rule::call_of(example) else { return };
    call.overlay(&mut sample.call.headers);
    if let Some(url) = call.url {
        url.clone_into(&mut sample.call.url);
    }
    if let Some(method) = call.method {
        method.clone_into(&mut sample.call.method);
    }
    if let Some(request) = call.request {
        sample.call.body = request.as_bytes().to_vec();
    }
    sample.current = call.current.map(|current| current.text(sample.endpoint));
    if let Some(Answer { status, headers, .. }) = &mut sample.call.answer {
        *status = call.status.unwrap_or(*status);
        let context = Context::response(sample.endpoint).status(*status);
        if context.succeeds() == Some(false) {
            headers.retain(|(name, _)| name != "ETag" && name != "Location");
        }
        if !call.answer_headers.is_empty() {
            *headers = owned(call.answer_headers);
        }
    }
}
