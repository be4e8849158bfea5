//! The effect of each single edit on a payload: whether less is wrong around it.

use crate::change::Edit;
use crate::{Diagnostic, Report, Rule, Severity};

/// How much is wrong around an edit: findings that hide others, errors, warnings, information.
type Weights = [usize; 4];

/// The findings around whose edits less is wrong than before, once all edits are applied.
pub(super) fn helping<'r>(
    fixes: &[&'r Diagnostic],
    before: &Report,
    after: &Report,
    hides: impl Fn(&Rule) -> bool,
) -> Vec<&'r Diagnostic> {
    let mut edits: Vec<(&Edit, usize)> =
        fixes.iter().enumerate().flat_map(|(at, fix)| fix.edits.iter().map(move |edit| (edit, at))).collect();
    edits.sort_by_key(|(edit, _)| edit.span.start);
    let of_old: Vec<usize> = edits.iter().map(|(edit, _)| edit.span.start).collect();
    let of_new = moved(&edits);
    let weighed = |report: &Report, places: &[usize]| {
        let mut weights: Vec<Weights> = vec![[0; 4]; fixes.len()];
        for finding in &report.diagnostics {
            if let Some(at) = nearest(places, finding.span.start) {
                add(&mut weights[edits[at].1], finding, &hides);
            }
        }
        weights
    };
    let (old, new) = (weighed(before, &of_old), weighed(after, &of_new));
    fixes.iter().zip(old.iter().zip(&new)).filter(|(_, (old, new))| new < old).map(|(fix, _)| *fix).collect()
}

/// The positions of edits, given in order, in the new text.
fn moved(edits: &[(&Edit, usize)]) -> Vec<usize> {
    let (mut put_in, mut taken_out) = (0, 0);
    let places = edits.iter().map(|(edit, _)| {
        let at = edit.span.start + put_in - taken_out;
        put_in += edit.text.len();
        taken_out += edit.span.len();
        at
    });
    places.collect()
}

/// The place nearest to another; of two equally near ones, the earlier.
fn nearest(places: &[usize], at: usize) -> Option<usize> {
    let behind = places.partition_point(|place| *place <= at);
    let distance = |place: usize| places[place].abs_diff(at);
    match (behind.checked_sub(1), (behind < places.len()).then_some(behind)) {
        (Some(before), Some(behind)) => {
            Some(if distance(behind) < distance(before) { behind } else { before })
        }
        (before, behind) => before.or(behind),
    }
}

fn add(weights: &mut Weights, finding: &Diagnostic, hides: impl Fn(&Rule) -> bool) {
    weights[0] += usize::from(hides(finding.rule));
    match finding.severity {
        Severity::Fatal | Severity::Error => weights[1] += 1,
        Severity::Warning => weights[2] += 1,
        Severity::Information => weights[3] += 1,
    }
}
