//! Limits the work that one payload may cause. Work that is bounded by its size (reading it, the walk) is not
//! counted; work that may grow faster is: expressions, trials of profiles, suggestions, patterns.
//!
//! When the budget is used up, further such work is left out, counted and reported, and the rest of the check
//! continues.

use std::cell::Cell;

/// The most findings of one severity that a report lists: a hostile payload can be wrong in every byte.
pub(super) const MOST_FINDINGS: usize = 10_000;
/// The deepest nesting of profiles inside each other.
pub(super) const DEEPEST_PROFILE: usize = 24;
/// The number of wrong codes for which the right one is looked for, each time among thousands.
const MOST_SUGGESTIONS: usize = 100;

/// Steps that any payload may take.
const STEPS: u64 = 8_000_000;
/// Additional steps for each of its nodes: HL7's own examples take fewer than ten.
const STEPS_PER_NODE: u64 = 200;
/// How often the clock is read.
const STEPS_PER_LOOK: u64 = 100_000;

/// The remaining work that a payload may cause.
#[derive(Debug)]
pub(crate) struct Budget {
    steps: Cell<u64>,
    suggestions: Cell<usize>,
    /// The number of checks that were left out because no steps were left.
    left_out: Cell<usize>,
    deadline: Option<Deadline>,
}

/// When a run ends.
pub type Deadline = std::time::Instant;

impl Budget {
    /// The budget for a payload with that many nodes.
    pub(super) fn of(nodes: usize, deadline: Option<Deadline>) -> Self {
        Self {
            steps: Cell::new(STEPS + STEPS_PER_NODE * nodes as u64),
            suggestions: Cell::new(MOST_SUGGESTIONS),
            left_out: Cell::new(0),
            deadline,
        }
    }

    /// Whether there are steps left; if not, something is left out and counted.
    pub(crate) fn allows(&self) -> bool {
        if self.steps.get() > 0 && self.is_in_time() {
            return true;
        }
        self.leave_out();
        false
    }

    /// How many steps one piece of work may take.
    pub(crate) fn steps(&self) -> u64 {
        let steps = self.steps.get();
        // Little is done between two readings of the clock.
        if self.deadline.is_some() { steps.min(STEPS_PER_LOOK) } else { steps }
    }

    /// Takes steps.
    pub(crate) fn spend(&self, steps: u64) {
        self.steps.set(self.steps.get().saturating_sub(steps));
    }

    /// Whether another suggestion may be looked for; counts it.
    pub(crate) fn allows_suggestion(&self) -> bool {
        let left = self.suggestions.get();
        self.suggestions.set(left.saturating_sub(1));
        left > 0
    }

    /// Counts something that is left out.
    pub(crate) fn leave_out(&self) {
        self.left_out.set(self.left_out.get() + 1);
    }

    /// How much was left out.
    pub(super) fn left_out(&self) -> usize {
        self.left_out.get()
    }

    fn is_in_time(&self) -> bool {
        let Some(deadline) = self.deadline else { return true };
        if Deadline::now() < deadline {
            return true;
        }
        self.steps.set(0);
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_spent_is_gone_and_what_is_left_out_is_counted() {
        let budget = Budget::of(0, None);
        assert!(budget.allows() && budget.steps() == STEPS);
        budget.spend(STEPS - 1);
        assert!(budget.allows());
        budget.spend(5);
        assert!(!budget.allows() && budget.steps() == 0);
        assert_eq!(budget.left_out(), 1);
    }

    #[test]
    fn a_deadline_ends_it() {
        assert!(!Budget::of(10, Some(Deadline::now())).allows());
    }
}
