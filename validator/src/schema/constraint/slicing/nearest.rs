//! Why an element is not in a slice: what excludes the nearest candidate.

use ers_fhir_report::{Message, def, text};
use ers_fhir_tree::Node;

use super::{Place, Slice, Slicing};
use crate::check::finding::Finding;
use crate::rule::cardinality::CARDINALITY_MIN;
use crate::rule::profile::{PROFILE_TYPE, WRONG_TYPE};
use crate::schema::constraint::host::Host;

/// The most reasons that are given.
const MOST: usize = 3;
/// The most reasons, with their own.
const MOST_IN_DEPTH: usize = 6;
/// How far reasons of reasons are followed.
const DEEPEST: usize = 4;
/// A weight above that of any number of other reasons.
const FAR: usize = 1000;
/// The most candidates that are looked at.
const MOST_CANDIDATES: usize = 20;

impl Slicing {
    /// For a slice that was just reported as lacking elements, adds what excludes the nearest other element.
    #[cold]
    pub(super) fn explain_absence<'v, 'd>(
        &'v self,
        host: &impl Host<'v, 'd>,
        slice: &'v Slice,
        nodes: &[Node<'d>],
        places: &[Place],
    ) {
        if let Some(mark) = slice.mark() {
            host.describe(&slice.name, &mark);
        }
        // A text that is almost that of a slice is reported where it is.
        if self.by_text.is_some() {
            return;
        }
        let outside = nodes.iter().zip(places).filter(|(_, place)| **place == Place::Outside);
        let candidates = outside.map(|(node, _)| slice.obstacles(host, *node));
        if let Some(reasons) = least(candidates.take(MOST_CANDIDATES)) {
            host.explain(&slice.name, in_depth(reasons));
        }
    }

    /// The slice that an element comes nearest to, if there is one, and what excludes the element.
    pub(super) fn nearest<'v, 'd>(
        &'v self,
        host: &impl Host<'v, 'd>,
        node: Node<'d>,
    ) -> (Option<&'v Slice>, Vec<Finding<'v>>) {
        let tried =
            self.slices.iter().take(MOST_CANDIDATES).map(|slice| (slice, slice.obstacles(host, node)));
        let mut told: Vec<_> = tried.filter(|(_, reasons)| !reasons.is_empty()).collect();
        told.sort_by_key(|(_, reasons)| weight(reasons));
        let is_tie = matches!(&*told, [(_, one), (_, other), ..] if weight(one) == weight(other));
        match told.into_iter().next() {
            // Reasons that exclude it from several slices in the same way do not show which was meant.
            Some((_, reasons)) if is_tie => {
                (None, if is_absence(&reasons) { in_depth(reasons) } else { Vec::new() })
            }
            Some((slice, reasons)) => (Some(slice), in_depth(reasons)),
            None => (None, Vec::new()),
        }
    }
}

/// Whether the discriminating element is missing altogether.
fn is_absence(reasons: &[Finding<'_>]) -> bool {
    reasons.iter().all(|reason| reason.rule.is(&CARDINALITY_MIN))
}

impl Slice {
    /// What an element must hold to be in it, if that is one text.
    fn mark(&self) -> Option<Message> {
        let [only] = self.tests.as_deref()? else { return None };
        let (path, text) = only.text_of_child()?;
        let path: Vec<&str> = path.iter().map(|name| &***name).collect();
        let part = if path.is_empty() { "value".to_owned() } else { path.join(".") };
        Some(text!("its {} is '{}'", def(part), def(text)))
    }

    /// What excludes an element.
    fn obstacles<'v, 'd>(&'v self, host: &impl Host<'v, 'd>, node: Node<'d>) -> Vec<Finding<'v>> {
        let mut reasons = Vec::new();
        for test in self.tests.iter().flatten() {
            test.explain(host, node, &mut reasons);
        }
        reasons
    }
}

/// The reasons of the candidate that comes nearest, if one has any.
fn least<'v>(candidates: impl Iterator<Item = Vec<Finding<'v>>>) -> Option<Vec<Finding<'v>>> {
    candidates.filter(|reasons| !reasons.is_empty()).min_by_key(|reasons| weight(reasons))
}

/// How far something is from what was looked for. An element of another type was not meant at all.
fn weight(reasons: &[Finding<'_>]) -> usize {
    let is_far = reasons.iter().any(|reason| reason.rule.is(&PROFILE_TYPE) || reason.rule.is(&WRONG_TYPE));
    reasons.len() + if is_far { FAR } else { 0 }
}

/// The first reasons, each followed by its own, down to the elements at fault.
fn in_depth(reasons: Vec<Finding<'_>>) -> Vec<Finding<'_>> {
    let mut told: Vec<Finding<'_>> = Vec::new();
    let mut pending: Vec<(usize, Finding<'_>)> =
        reasons.into_iter().take(MOST).rev().map(|reason| (0, reason)).collect();
    while let Some((depth, mut reason)) = pending.pop() {
        let below = std::mem::take(&mut reason.reasons);
        if depth < DEEPEST {
            pending.extend(below.into_iter().take(MOST).rev().map(|reason| (depth + 1, reason)));
        }
        let is_told = |other: &Finding<'_>| {
            other.node == reason.node && other.message.revealed() == reason.message.revealed()
        };
        if !told.iter().any(is_told) {
            told.push(reason);
        }
        if told.len() == MOST_IN_DEPTH {
            break;
        }
    }
    told
}
