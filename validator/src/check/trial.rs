//! Which profiles a node conforms to, as far as trials have shown.
//!
//! Profiles may lead back to themselves. A profile under trial is assumed to hold until it is shown not to.
//! So a profile that was found *not* to hold is settled for good, but one that was found to hold does so only
//! as long as its assumptions do. Trials that depend on each other are settled together, with the outermost
//! of them: each is tried once, and once more for each of them that fails.

use ers_fhir_tree::NodeId;
use rustc_hash::FxHashMap;

use crate::schema::SchemaIndex;

/// A profile at a node.
pub(super) type Place = (NodeId, SchemaIndex);

/// A dependency that is settled for good.
const NOTHING: usize = usize::MAX;

/// The trials in progress, and the answers of finished ones.
#[derive(Debug)]
pub(super) struct Trials {
    /// The depth of each trial in progress.
    open: FxHashMap<Place, usize>,
    /// Settled answers.
    settled: FxHashMap<Place, bool>,
    /// Provisional answers, which hold if an outer trial does: the depth of the outermost trial that each
    /// depends on.
    supposed: FxHashMap<Place, usize>,
    /// The provisional ones, in order.
    order: Vec<Place>,
    /// The outermost trial that the innermost one depends on so far.
    rests_on: usize,
}

impl Default for Trials {
    fn default() -> Self {
        Self {
            open: FxHashMap::default(),
            settled: FxHashMap::default(),
            supposed: FxHashMap::default(),
            order: Vec::new(),
            rests_on: NOTHING,
        }
    }
}

/// A trial in progress.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trial {
    place: Place,
    depth: usize,
    /// The dependency of the enclosing trial before.
    around: usize,
    /// The number of provisional answers before.
    before: usize,
}

impl Trials {
    /// Whether nothing is being tried.
    pub(super) fn is_idle(&self) -> bool {
        self.open.is_empty()
    }

    /// The answer, if there is one; the trial that asks then depends on it.
    pub(super) fn answer(&mut self, place: Place) -> Option<bool> {
        if let Some(answer) = self.settled.get(&place) {
            return Some(*answer);
        }
        let rests_on = self.open.get(&place).or_else(|| self.supposed.get(&place))?;
        self.rests_on = self.rests_on.min(*rests_on);
        Some(true)
    }

    /// Begins a trial for which there is no answer yet.
    pub(super) fn begin(&mut self, place: Place) -> Trial {
        let depth = self.open.len();
        self.open.insert(place, depth);
        let around = std::mem::replace(&mut self.rests_on, NOTHING);
        Trial { place, depth, around, before: self.order.len() }
    }

    /// Ends a trial with its result.
    pub(super) fn end(&mut self, trial: Trial, holds: bool) {
        let Trial { place, depth, around, before } = trial;
        self.open.remove(&place);
        let rests_on = std::mem::replace(&mut self.rests_on, around);
        if holds && rests_on < depth {
            self.supposed.insert(place, rests_on);
            self.order.push(place);
            self.rests_on = around.min(rests_on);
            return;
        }
        // It depends on no outer trial, so the answers that were provisional meanwhile are settled with it.
        for other in self.order.drain(before..) {
            self.supposed.remove(&other);
            if holds {
                self.settled.insert(other, true);
            }
        }
        self.settled.insert(place, holds);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tries a graph in which a place holds if it is sound and one of each of its alternatives does.
    fn holds(graph: &[(bool, &[&[usize]])], at: usize, trials: &mut Trials, count: &mut usize) -> bool {
        let place = (NodeId::ROOT, at as SchemaIndex);
        if let Some(answer) = trials.answer(place) {
            return answer;
        }
        *count += 1;
        let trial = trials.begin(place);
        let (is_sound, needs) = graph[at];
        let answer =
            is_sound && needs.iter().all(|any| any.iter().any(|other| holds(graph, *other, trials, count)));
        trials.end(trial, answer);
        answer
    }

    #[test]
    fn what_rests_on_each_other_is_settled_together() {
        // 0 and 1 hold each other up; 2 rests on 3, which does not hold; 4 has a way out.
        let graph: [(bool, &[&[usize]]); 5] =
            [(true, &[&[1]]), (true, &[&[0]]), (true, &[&[3]]), (false, &[&[2]]), (true, &[&[2, 0]])];
        for (at, expected) in [true, true, false, false, true].into_iter().enumerate() {
            let mut trials = Trials::default();
            assert_eq!(holds(&graph, at, &mut trials, &mut 0), expected, "{at}");
            // In the order in which trials come, the answers are the same.
            for (other, expected) in [true, true, false, false, true].into_iter().enumerate() {
                assert_eq!(holds(&graph, other, &mut trials, &mut 0), expected, "{at}, then {other}");
            }
        }
    }

    #[test]
    fn trials_are_few_where_everything_leads_everywhere() {
        const PLACES: usize = 20;
        let all: Vec<usize> = (0..PLACES).collect();
        let any: Vec<&[usize]> = all.chunks(2).collect();
        // The first half does not hold, so one of each pair fails in the end.
        let graph: Vec<(bool, &[&[usize]])> = (0..PLACES).map(|at| (at % 2 == 1, &*any)).collect();
        let mut count = 0;
        assert!(holds(&graph, 1, &mut Trials::default(), &mut count));
        assert!(count <= PLACES * PLACES, "{count}");
    }
}
