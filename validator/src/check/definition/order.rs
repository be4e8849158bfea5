//! The order of a differential: elements come in the order of the base, and each once.
//!
//! Source: <http://hl7.org/fhir/R4/profiling.html#snapshot>.

use ers_fhir_profiles::snapshot::Trace;
use ers_fhir_report::{Message, key, text};
use rustc_hash::FxHashMap;

use super::stated::Step;
use crate::check::{Checker, Finding};
use crate::rule::definition as rules;

/// An element on the path to the previous one, and its place in the snapshot.
struct Level<'a> {
    /// The step of the id, with the slice name.
    step: &'a str,
    /// The place of the element (of any of its slices) in the snapshot.
    place: Option<usize>,
}

/// Checks the order of the elements, except the order of slices of one element.
pub(super) fn check(ctx: &Checker<'_, '_>, steps: &[Step<'_, '_>], trace: &Trace) {
    let mut levels: Vec<Level<'_>> = Vec::new();
    let mut seen: FxHashMap<usize, (&str, Option<&str>)> = FxHashMap::default();
    for Step { node, own, met } in steps {
        let Some(index) = met.as_ref().ok().and_then(|met| met.index) else { continue };
        let at = node.child("path").unwrap_or(*node);
        // An element and its only slice may be the same, and so may the two ways to write a choice.
        let is_plain = own.slice_name.is_none() && own.slicing.is_none() && !own.id.contains(':');
        let said = (&*own.path, node.child_value("id"));
        if let Some(before) =
            is_plain.then(|| seen.insert(index, said)).flatten().filter(|before| before.0 == said.0)
        {
            // Two elements with the same id break an invariant (sdf-17).
            if said.1.is_none() || before.1 != said.1 {
                let message = text!("the differential describes this element earlier");
                ctx.report(Finding::new(&rules::DIFFERENTIAL_ORDER, at, message));
            }
            continue;
        }
        let id = &*trace.snapshot.element(index).id;
        let mut end = 0;
        let mut is_same = true;
        for (depth, step) in id.split('.').enumerate() {
            let start = end;
            end += usize::from(depth > 0) + step.len();
            if is_same && levels.get(depth).is_some_and(|level| level.step == step) {
                continue;
            }
            let name = step.split(':').next().unwrap_or(step);
            let sliced = format!("{}{}{name}", &id[..start], if depth > 0 { "." } else { "" });
            let place = trace.snapshot.find(&sliced);
            if is_same
                && let Some(before) = levels.get(depth)
                && let (Some(was), Some(is)) = (before.place, place)
                && is < was
            {
                let before = before.step.split(':').next().unwrap_or(before.step);
                let message = Message::text("the base has ").key(name).then(text!(" before {}", key(before)));
                let suggestion = text!("put the elements of the differential in the order of the base");
                let finding = Finding::new(&rules::DIFFERENTIAL_ORDER, at, message);
                ctx.report(finding.suggest(suggestion));
            }
            is_same = false;
            levels.truncate(depth);
            levels.push(Level { step, place });
        }
    }
}
