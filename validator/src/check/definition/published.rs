//! The published snapshot of a definition: it agrees with the differential; [`whole`] checks the rest.
//!
//! Source: <http://hl7.org/fhir/R4/profiling.html#snapshot>.

use ers_fhir_profiles::definition::{ElementDefinition, StructureDefinition, TypeRef};
use ers_fhir_profiles::read;
use ers_fhir_profiles::read::structure::Label;
use ers_fhir_profiles::snapshot::{Snapshot, Trace};
use ers_fhir_report::Message;
use ers_fhir_tree::Node;
use ers_fhir_values::canonical;
use rustc_hash::FxHashMap;

use super::datum::element;
use super::stated::Step;
use super::whole;
use crate::check::{Checker, Finding};
use crate::rule::definition as rules;

/// Checks the elements that the differential describes, each with its node.
pub(super) fn check<'d>(
    ctx: &Checker<'_, 'd>,
    structure: Node<'d>,
    definition: &StructureDefinition,
    steps: &[Step<'_, 'd>],
    trace: &Trace,
    base: Option<&Snapshot>,
) {
    let Some(snapshot) = structure.child("snapshot") else { return };
    let nodes: Vec<_> = snapshot.named("element").collect();
    let labels: Vec<_> = nodes.iter().map_while(|node| label(*node)).collect();
    // Elements cannot be matched if one of them has no path.
    if nodes.is_empty() || labels.len() != nodes.len() {
        return;
    }
    let ids = read::structure::ids(labels.iter().copied(), ctx.version());
    let places: FxHashMap<&str, usize> = ids.iter().enumerate().map(|(place, id)| (&**id, place)).collect();
    if let Some(base) = base {
        let elements: Vec<_> = nodes
            .iter()
            .zip(&ids)
            .zip(&labels)
            .map(|((node, id), label)| (&**id, label.path, *node))
            .collect();
        whole::check(ctx, snapshot, &elements, steps, trace, base);
    }
    for Step { node, own, met } in steps {
        let Some(index) = met.as_ref().ok().and_then(|met| met.index) else { continue };
        let made = trace.snapshot.element(index);
        let place = places.get(&*made.id).or_else(|| places.get(&*own.id));
        let Some(place) = place.copied() else {
            // Ids in STU3 are arbitrary, and carry no meaning.
            if labels.iter().all(|label| label.path != made.path) {
                let message = Message::text("the snapshot lacks the element ")
                    .value(&own.id)
                    .then(", which the differential describes");
                ctx.report(Finding::new(&rules::SNAPSHOT_DIFFERS, snapshot, message).at_key(snapshot));
            }
            continue;
        };
        if keeps(own, made) && repeats(*node, nodes[place]) {
            continue;
        }
        let published = read::structure::element(&element(nodes[place]), &definition.url, ctx.version());
        // An element that cannot be read breaks other rules.
        let Ok(published) = published else { continue };
        if let Some(what) = difference(own, made, &published) {
            let message = Message::text("the snapshot has a different ")
                .then(what)
                .then(" here than the differential and the base yield");
            let part = nodes[place].child(what).unwrap_or(nodes[place]);
            ctx.report(Finding::new(&rules::SNAPSHOT_DIFFERS, part, message));
        }
    }
}

fn label(element: Node<'_>) -> Option<Label<'_>> {
    Some(Label {
        id: element.child_value("id").unwrap_or_default(),
        path: element.child_value("path")?,
        slice_name: element.child_value("sliceName"),
    })
}

/// Whether the snapshot has everything that the differential says about an element.
fn keeps(stated: &ElementDefinition, made: &ElementDefinition) -> bool {
    fn is_kept<T: PartialEq>(stated: Option<&T>, made: Option<&T>) -> bool {
        stated.is_none() || stated == made
    }
    is_kept(stated.min.as_ref(), made.min.as_ref())
        && is_kept(stated.max.as_ref(), made.max.as_ref())
        && (stated.types.is_empty() || stated.types == made.types)
        && is_kept(stated.fixed.as_ref(), made.fixed.as_ref())
        && is_kept(stated.pattern.as_ref(), made.pattern.as_ref())
        && is_kept(stated.max_length.as_ref(), made.max_length.as_ref())
        && is_kept(stated.must_support.as_ref(), made.must_support.as_ref())
        && is_kept(stated.binding.as_ref(), made.binding.as_ref())
}

/// Whether an element of the snapshot repeats everything in an element of the differential that
/// [`difference`] compares.
fn repeats(stated: Node<'_>, published: Node<'_>) -> bool {
    let is_compared = |node: &Node<'_>| {
        let name = node.name();
        matches!(name, "representation" | "min" | "max" | "type" | "maxLength" | "mustSupport" | "binding")
            || name.starts_with("fixed")
            || name.starts_with("pattern")
    };
    stated.children().filter(is_compared).all(|part| {
        let name = part.name();
        let other = published.named(name).nth(part.index());
        other.is_some_and(|other| are_equal(part, other))
            && (part.index() > 0 || stated.named(name).count() == published.named(name).count())
    })
}

/// Whether two nodes and their descendants are equal.
fn are_equal(left: Node<'_>, right: Node<'_>) -> bool {
    let is_same = |(left, right): (Node<'_>, Node<'_>)| left.name() == right.name() && are_equal(left, right);
    left.value() == right.value()
        && left.children().count() == right.children().count()
        && left.children().zip(right.children()).all(is_same)
}

/// The name of a member that the differential gives an element and that differs in the snapshot.
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
        // Tools leave out the bindings of types that cannot be bound.
        (
            "binding",
            stated.binding.is_some()
                && published.binding.is_some()
                && (strength(made) != strength(published) || set(made) != set(published)),
        ),
    ];
    differs.into_iter().find_map(|(what, differs)| differs.then_some(what))
}
