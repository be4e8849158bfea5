//! The snapshot that a definition brings along: it says what the differential and the base say.
//!
//! Source: <http://hl7.org/fhir/R4/profiling.html#snapshot>.

use ers_fhir_profiles::definition::{ElementDefinition, StructureDefinition, TypeRef};
use ers_fhir_profiles::snapshot::Trace;
use ers_fhir_report::Message;
use ers_fhir_tree::Node;
use ers_fhir_values::canonical;
use rustc_hash::FxHashMap;

use crate::check::{Checker, Finding};
use crate::rule::definition as rules;

/// Checks the elements of which the differential speaks.
pub(super) fn check<'d>(
    ctx: &Checker<'_, 'd>,
    structure: Node<'d>,
    definition: &StructureDefinition,
    trace: &Trace,
) {
    let (Some(published), Some(node)) = (&definition.snapshot, structure.child("snapshot")) else { return };
    let nodes: Vec<_> = node.named("element").collect();
    if nodes.len() != published.len() {
        return;
    }
    let places: FxHashMap<&str, usize> =
        published.iter().enumerate().map(|(place, element)| (&*element.id, place)).collect();
    for (stated, met) in definition.differential.iter().zip(&trace.steps) {
        let Some(index) = met.as_ref().ok().and_then(|met| met.index) else { continue };
        let made = trace.snapshot.element(index);
        let place = places.get(&*made.id).or_else(|| places.get(&*stated.id));
        let Some(place) = place.copied() else {
            // Ids of STU3 are free, and say nothing.
            if published.iter().all(|element| element.path != made.path) {
                let message = Message::text("the snapshot lacks the element ")
                    .value(&stated.id)
                    .then(", of which the differential speaks");
                ctx.report(Finding::new(&rules::SNAPSHOT_DIFFERS, node, message).at_key(node));
            }
            continue;
        };
        if let Some(what) = difference(stated, made, &published[place]) {
            let message = Message::text("the snapshot has another ")
                .then(what)
                .then(" here than the differential and the base make");
            let part = nodes[place].child(what).unwrap_or(nodes[place]);
            ctx.report(Finding::new(&rules::SNAPSHOT_DIFFERS, part, message));
        }
    }
}

/// The name of what the differential says of an element and the snapshot has otherwise.
fn difference(
    stated: &ElementDefinition,
    made: &ElementDefinition,
    published: &ElementDefinition,
) -> Option<&'static str> {
    let codes = |element: &ElementDefinition| {
        let mut codes: Vec<_> = element.types.iter().map(|of: &TypeRef| of.code.clone()).collect();
        codes.sort_unstable();
        codes.dedup();
        codes
    };
    let set = |element: &ElementDefinition| {
        let set = element.binding.as_ref()?.value_set.as_deref()?;
        Some(canonical::url(set).to_owned())
    };
    let strength = |element: &ElementDefinition| element.binding.as_ref().map(|binding| binding.strength);
    let differs = [
        ("min", stated.min.is_some() && made.min != published.min),
        ("max", stated.max.is_some() && made.max != published.max),
        ("type", !stated.types.is_empty() && codes(made) != codes(published)),
        ("fixed", stated.fixed.is_some() && made.fixed != published.fixed),
        ("pattern", stated.pattern.is_some() && made.pattern != published.pattern),
        ("maxLength", stated.max_length.is_some() && made.max_length != published.max_length),
        ("mustSupport", stated.must_support.is_some() && made.must_support != published.must_support),
        // Tools leave the bindings of types out that cannot be bound.
        (
            "binding",
            stated.binding.is_some()
                && published.binding.is_some()
                && (strength(made) != strength(published) || set(made) != set(published)),
        ),
    ];
    differs.into_iter().find_map(|(what, differs)| differs.then_some(what))
}
