//! The last calls, for people who look what happened.

use std::collections::VecDeque;

use ers_fhir_local::Moment;
use serde::Serialize;

/// How many calls are remembered.
const MOST: usize = 1000;

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
}

/// The last calls.
#[derive(Debug, Default)]
pub(super) struct Log {
    calls: VecDeque<Logged>,
    count: u64,
}

impl Log {
    /// Remembers a call, under the next number.
    pub(super) fn add(&mut self, mut call: Logged) {
        self.count += 1;
        call.number = self.count;
        if self.calls.len() == MOST {
            self.calls.pop_front();
        }
        self.calls.push_back(call);
    }

    /// Calls behind that number.
    pub(super) fn since(&self, number: u64) -> Vec<Logged> {
        self.calls.iter().filter(|call| call.number > number).cloned().collect()
    }
}
