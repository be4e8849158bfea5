//! The operation whose path is nearest to a given one, and how the two differ.

use std::fmt;

use ers_fhir_values::suggest::edits;

use super::url::{Url, is_operation, is_parameter, plain_name, steps_of};
use crate::service::{Endpoint, by_area};

/// The distance from which on two paths have nothing to do with each other.
const FAR: usize = 12;
/// The weight of an extra step, or of a missing parameter.
const STEP: usize = 3;
/// The releases as paths name them.
const RELEASES: [&str; 2] = ["STU3", "R4"];
/// The weight of a release that is missing or the wrong one; any other name makes it a different path.
const RELEASE: usize = 6;
/// The number of steps of a path that are compared.
const LONGEST: usize = 16;

/// One difference between a path and that of an operation; it contains no text of the path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Difference {
    /// This step is missing.
    Missing(&'static str),
    /// There is an extra step after this one, or before all.
    TooMany(Option<&'static str>),
    /// This step differs in case.
    Capitals(&'static str),
    /// There is something else in place of this step.
    Other(&'static str),
    /// The name of the operation lacks its beginning.
    Beginning(&'static str),
    /// The operation has this name.
    Name(&'static str),
    /// The operation belongs to the first release, but the path names the second.
    Release(&'static str, &'static str),
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(step) => write!(f, "{step} is missing"),
            Self::TooMany(Some(step)) => write!(f, "there is an extra step after {step}"),
            Self::TooMany(None) => f.write_str("there is an extra step at the beginning"),
            Self::Capitals(step) => write!(f, "case matters: {step}"),
            Self::Other(step) => write!(f, "there is something else in place of {step}"),
            Self::Beginning(name) => write!(f, "the name of the operation begins with $ers.: {name}"),
            Self::Name(name) => write!(f, "the operation is called {name}"),
            Self::Release(own, given) => write!(f, "it is an operation of {own}, but the path says {given}"),
        }
    }
}

/// The operation whose path needs the fewest changes, and these changes.
pub(super) fn nearest(method: Option<&str>, url: &Url) -> Option<(&'static Endpoint, Vec<Difference>)> {
    let given: Vec<&str> = url.steps.iter().map(String::as_str).collect();
    let apart = |endpoint: &'static Endpoint| {
        let (weight, differences) = apart(endpoint, &given)?;
        let is_other = method.is_some_and(|method| !endpoint.method.to_string().eq_ignore_ascii_case(method));
        let weight = weight + usize::from(is_other);
        (weight < FAR).then_some((weight, endpoint, differences))
    };
    let nearest = by_area().filter_map(apart).min_by_key(|(weight, ..)| *weight);
    nearest.map(|(_, endpoint, differences)| (endpoint, differences))
}

/// The differences between a path and that of an operation; none if it is a completely different
/// path.
pub(crate) fn differences(endpoint: &'static Endpoint, url: &Url) -> Vec<Difference> {
    let given: Vec<&str> = url.steps.iter().map(String::as_str).collect();
    let found = apart(endpoint, &given).filter(|(weight, _)| *weight < FAR);
    found.map(|(_, differences)| differences).unwrap_or_default()
}

/// The distance of a path from that of an operation, and the differences.
fn apart(endpoint: &'static Endpoint, given: &[&str]) -> Option<(usize, Vec<Difference>)> {
    let wanted = steps_of(endpoint.path);
    let (wanted, operation) = parted(&wanted);
    let (given, called) = parted(given);
    if given.len() > LONGEST {
        return None;
    }
    let (mut weight, mut differences) = aligned(wanted, given);
    match (operation, called) {
        (Some(operation), Some(called)) if *operation != *called => {
            let (right, plain) = (plain_name(operation), plain_name(called));
            let changes = changes(right, plain);
            weight += changes.max(1);
            differences.push(match changes {
                0 => Difference::Beginning(operation),
                _ if right.eq_ignore_ascii_case(plain) => Difference::Capitals(operation),
                _ => Difference::Name(operation),
            });
        }
        (Some(_), Some(_)) | (None, None) => {}
        _ => return None,
    }
    Some((weight, differences))
}

/// The steps of a path, and the operation that it ends in.
fn parted<'s, 'p>(steps: &'s [&'p str]) -> (&'s [&'p str], Option<&'p str>) {
    match steps {
        [before @ .., last] if is_operation(last) => (before, Some(last)),
        _ => (steps, None),
    }
}

fn changes(wanted: &str, given: &str) -> usize {
    edits(wanted.as_bytes(), given.as_bytes(), FAR).unwrap_or(FAR)
}

/// How much one step differs from the one that belongs there, and how.
fn step(wanted: &'static str, given: &str) -> (usize, Option<Difference>) {
    if is_parameter(wanted) && !is_operation(given) || wanted == given {
        return (0, None);
    }
    if wanted.eq_ignore_ascii_case(given) {
        return (1, Some(Difference::Capitals(wanted)));
    }
    let release = |name: &str| RELEASES.into_iter().find(|known| known.eq_ignore_ascii_case(name));
    if let (Some(own), Some(given)) = (release(wanted), release(given)) {
        return (RELEASE, Some(Difference::Release(own, given)));
    }
    // A few changes turn any name into a short one.
    let changes = changes(wanted, given);
    let weight = if changes * 2 > wanted.len() { FAR } else { changes };
    (weight, Some(Difference::Other(wanted)))
}

/// The fewest changes that turn one sequence of steps into another.
fn aligned(wanted: &[&'static str], given: &[&str]) -> (usize, Vec<Difference>) {
    // For each number of given steps, the best way to the wanted steps so far.
    let mut ways: Vec<(usize, Vec<Difference>)> = vec![(0, Vec::new())];
    for at in 0..given.len() {
        let (weight, mut differences) = ways[at].clone();
        differences.push(Difference::TooMany(None));
        ways.push((weight + STEP, differences));
    }
    for (before, own) in wanted.iter().enumerate() {
        let missing = match before {
            0 => RELEASE,
            _ if is_parameter(own) => STEP,
            _ => FAR,
        };
        let mut next: Vec<(usize, Vec<Difference>)> = Vec::with_capacity(ways.len());
        for at in 0..=given.len() {
            let with = |way: &(usize, Vec<Difference>), weight: usize, difference: Option<Difference>| {
                let mut differences = way.1.clone();
                differences.extend(difference);
                (way.0 + weight, differences)
            };
            let mut best = with(&ways[at], missing, Some(Difference::Missing(own)));
            if let Some(last) = at.checked_sub(1) {
                let (weight, difference) = step(own, given[last]);
                let paired = with(&ways[last], weight, difference);
                let dropped = with(&next[last], STEP, Some(Difference::TooMany(wanted.get(before).copied())));
                best =
                    [dropped, paired, best].into_iter().min_by_key(|(weight, _)| *weight).unwrap_or_default();
            }
            next.push(best);
        }
        ways = next;
    }
    ways.pop().unwrap_or_default()
}
