//! What happened: the last calls, and what became of requests.

use std::collections::VecDeque;
use std::sync::{Arc, OnceLock};

use ers_fhir_local::state::{Appointment, Status};
use ers_fhir_local::{Answer, Call, Change, Moment};
use serde::Serialize;

use super::lint::Found;

/// How many calls are remembered, and events.
const MOST_CALLS: usize = 1000;
const MOST_EVENTS: usize = 20_000;
/// Maximum size of remembered bodies, in total and for one call.
const MOST_BYTES: usize = 8 << 20;
const MOST_OF_CALL: usize = 256 << 10;

/// The state of a request after an event.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Event {
    pub(super) at: Moment,
    pub(super) ubrn: String,
    /// The call that did it, by its number.
    pub(super) call: Option<u64>,
    /// The operation, or the step that was taken elsewhere.
    pub(super) by: String,
    /// Whether it is an advice request.
    pub(super) is_advice: bool,
    pub(super) version: u64,
    /// The state of a referral, the category of an advice request; before, where it was there before, and now.
    pub(super) from: Option<&'static str>,
    pub(super) state: &'static str,
    /// What the appointment is, where it changed.
    pub(super) appointment: Option<&'static str>,
}

/// A call that was answered.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Logged {
    pub(super) number: u64,
    pub(super) at: Moment,
    pub(super) method: String,
    pub(super) target: String,
    pub(super) operation: Option<&'static str>,
    pub(super) status: u16,
    pub(super) code: Option<&'static str>,
    /// How many records it changed.
    pub(super) changes: usize,
    /// The history of requests.
    pub(super) events: Vec<Event>,
    #[serde(skip)]
    pub(super) exchange: Option<Arc<Exchange>>,
}

/// The request and the answer, and their findings once somebody asks for them.
#[derive(Debug)]
pub(super) struct Exchange {
    pub(super) call: Call,
    pub(super) answer: Answer,
    pub(super) at: Moment,
    pub(super) found: OnceLock<Vec<Found>>,
}

impl Exchange {
    /// A call with its answer, without the token; `None` if the bodies are large.
    fn of(call: &Call, answer: &Answer, at: Moment) -> Option<Arc<Self>> {
        if call.body.len() + answer.body.len() > MOST_OF_CALL {
            return None;
        }
        let mut call = call.clone();
        let tokens = call.headers.iter_mut().filter(|(name, _)| name.eq_ignore_ascii_case("Authorization"));
        tokens.for_each(|(_, value)| "Bearer …".clone_into(value));
        let answer = Answer { changes: Vec::new(), ..answer.clone() };
        Some(Arc::new(Self { call, answer, at, found: OnceLock::new() }))
    }

    fn bytes(&self) -> usize {
        self.call.body.len() + self.answer.body.len()
    }
}

/// The changes of requests, derived from the changed records.
pub(super) fn events(changes: &[Change], by: &str, from: Option<&'static str>, at: Moment) -> Vec<Event> {
    let appointments: Vec<&Appointment> = changes
        .iter()
        .filter_map(|change| match change {
            Change::Appointment(_, Some(appointment)) => Some(&**appointment),
            _ => None,
        })
        .collect();
    let event = |ubrn: &String, is_advice: bool, version, state| {
        let appointment = appointments.iter().find(|it| !is_advice && it.ubrn == *ubrn);
        let appointment = appointment.map(|appointment| appointment.status).map(Status::code);
        let (ubrn, by) = (ubrn.clone(), by.to_owned());
        Event { at, ubrn, call: None, by, is_advice, version, from, state, appointment }
    };
    let told = changes.iter().filter_map(|change| match change {
        Change::Referral(ubrn, Some(it)) => Some(event(ubrn, false, it.version, it.state.code())),
        Change::Advice(ubrn, Some(it)) => Some(event(ubrn, true, it.version, it.category.code())),
        _ => None,
    });
    told.collect()
}

/// The last calls and events.
#[derive(Debug, Default)]
pub(super) struct Log {
    calls: VecDeque<Logged>,
    events: VecDeque<Event>,
    count: u64,
    /// Bytes of the bodies that are kept.
    bytes: usize,
}

impl Log {
    /// Remembers a call, under the next number.
    pub(super) fn add(&mut self, call: &Call, answer: &Answer, from: Option<&'static str>, at: Moment) {
        self.count += 1;
        let number = self.count;
        let mut events = events(&answer.changes, answer.operation.unwrap_or_default(), from, at);
        for event in &mut events {
            event.call = Some(number);
        }
        self.remember(events.clone());
        let exchange = Exchange::of(call, answer, at);
        self.bytes += exchange.as_ref().map_or(0, |exchange| exchange.bytes());
        self.calls.push_back(Logged {
            number,
            at,
            method: call.method.clone(),
            target: call.target.clone(),
            operation: answer.operation,
            status: answer.status,
            code: answer.code,
            changes: answer.changes.len(),
            events,
            exchange,
        });
        if self.calls.len() > MOST_CALLS {
            let gone = self.calls.pop_front().and_then(|call| call.exchange);
            self.bytes -= gone.map_or(0, |exchange| exchange.bytes());
        }
        // The oldest bodies go first.
        let mut all = self.calls.iter_mut();
        while self.bytes > MOST_BYTES {
            let Some(oldest) = all.next() else { break };
            self.bytes -= oldest.exchange.take().map_or(0, |exchange| exchange.bytes());
        }
    }

    /// Remembers changes of requests.
    pub(super) fn remember(&mut self, events: Vec<Event>) {
        self.events.extend(events);
        let over = self.events.len().saturating_sub(MOST_EVENTS);
        self.events.drain(..over);
    }

    /// Forgets the history of requests that no longer exist.
    pub(super) fn forget(&mut self) {
        self.events.clear();
    }

    /// How many calls there were.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// The last calls after that number, up to a maximum.
    pub(super) fn since(&self, number: u64, most: usize) -> Vec<Logged> {
        let all = self.calls.iter().rev().take_while(|call| call.number > number).take(most);
        let mut all: Vec<Logged> = all.cloned().collect();
        all.reverse();
        all
    }

    /// The call of that number, as long as it is remembered.
    pub(super) fn call(&self, number: u64) -> Option<Logged> {
        self.calls.iter().find(|call| call.number == number).cloned()
    }

    /// The history of a request, the oldest event first.
    pub(super) fn of(&self, ubrn: &str) -> Vec<Event> {
        self.events.iter().filter(|event| event.ubrn == ubrn).cloned().collect()
    }
}
