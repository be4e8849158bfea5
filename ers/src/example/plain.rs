//! Valid calls.

use super::caller::Caller;
use super::cast::Cast;
use super::sample::Sample;
use super::{answer, call, sent};
use crate::call::{Answer, Call, Direction};
use crate::service::Endpoint;

/// A valid call of an operation, with its answer.
pub fn good(endpoint: &'static Endpoint, caller: Caller, seed: u64) -> Sample {
    plain(endpoint, caller).cast(&Cast::of(seed))
}

/// The record that an operation changes, as read before; `None` if it changes none.
pub fn record(endpoint: &Endpoint, seed: u64) -> Option<String> {
    Some(Cast::of(seed).play(&answer::record(endpoint)?))
}

/// A valid call about the cast of all examples.
pub(super) fn plain(endpoint: &'static Endpoint, caller: Caller) -> Sample {
    let answer = answer::body(endpoint, caller).into_bytes();
    Sample {
        endpoint,
        caller,
        direction: Direction::Request,
        call: Call {
            method: endpoint.method.to_string(),
            url: call::url(endpoint),
            headers: call::headers(endpoint, caller),
            body: sent::body(endpoint, caller).into_bytes(),
            answer: Some(Answer {
                status: endpoint.success,
                headers: call::answer_headers(endpoint, &answer),
                body: answer,
            }),
        },
        current: None,
        now: None,
    }
}
