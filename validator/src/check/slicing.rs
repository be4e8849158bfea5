//! Which slice an element belongs to, and what follows from it.

use ers_fhir_profiles::definition::SlicingRules;
use ers_fhir_report::Message;
use ers_fhir_tree::Node;
use ers_fhir_values::suggest::nearest;

use super::{Checker, Finding, binding, cardinality, name, value};
use crate::rule::slicing as rules;
use crate::schema::{Expectation, Origin, Slice, SlicingCheck, Step, Test};

/// Puts the repeats of an element into their slices and checks each slice.
pub(super) fn check<'v, 'd>(
    ctx: &Checker<'v, 'd>,
    parent: Node<'d>,
    nodes: &[Node<'d>],
    slicing: &'v SlicingCheck,
    origin: Origin<'v>,
) {
    let decidable = slicing.slices.iter().all(|slice| slice.tests.is_some());
    let mut members: Vec<Vec<Node<'d>>> = vec![Vec::new(); slicing.slices.len()];
    let mut furthest = 0;
    let mut unmatched_seen = false;
    for node in nodes {
        let mut matches = (0..slicing.slices.len()).filter(|at| belongs(ctx, *node, &slicing.slices[*at]));
        let Some(first) = matches.next() else {
            unmatched_seen = true;
            if slicing.rules == SlicingRules::Closed && decidable {
                report_unmatched(ctx, *node, slicing, origin);
            }
            continue;
        };
        if let Some(second) = matches.next() {
            let (one, other) = (&slicing.slices[first].name, &slicing.slices[second].name);
            let message = Message::text(format!(
                "'{}' belongs to two slices, '{one}' and '{other}'",
                origin.element.id
            ));
            ctx.report(
                Finding::new(&rules::SLICE_AMBIGUOUS, *node, message).demanded_by(origin).at_key(*node),
            );
        }
        if (slicing.ordered && first < furthest)
            || (slicing.rules == SlicingRules::OpenAtEnd && unmatched_seen)
        {
            let message = Message::text(format!("the slice '{}' comes too late", slicing.slices[first].name));
            ctx.report(Finding::new(&rules::SLICE_ORDER, *node, message).demanded_by(origin).at_key(*node));
        }
        furthest = furthest.max(first);
        members[first].push(*node);
    }
    for (slice, nodes) in slicing.slices.iter().zip(&members) {
        if slice.tests.is_some() {
            check_slice(ctx, parent, nodes, origin.at(origin.schema.element(slice.element)));
        }
    }
}

fn check_slice<'v, 'd>(ctx: &Checker<'v, 'd>, parent: Node<'d>, nodes: &[Node<'d>], origin: Origin<'v>) {
    let count = u32::try_from(nodes.len()).unwrap_or(u32::MAX);
    if count < origin.element.min {
        cardinality::too_few(ctx, parent, count, origin);
    }
    if let Some(surplus) = nodes.get(origin.element.max as usize) {
        cardinality::too_many(ctx, *surplus, origin);
    }
    for node in nodes {
        ctx.check_profile_element(*node, origin);
    }
    if let Some(slicing) = &origin.element.slicing {
        check(ctx, parent, nodes, slicing, origin);
    }
}

fn report_unmatched<'v, 'd>(
    ctx: &Checker<'v, 'd>,
    node: Node<'d>,
    slicing: &'v SlicingCheck,
    origin: Origin<'v>,
) {
    const SHOWN: usize = 12;
    let mut names: Vec<&str> = slicing.slices.iter().take(SHOWN).map(|slice| &*slice.name).collect();
    if slicing.slices.len() > SHOWN {
        names.push("…");
    }
    let message = Message::text(format!(
        "'{}' fits none of the slices {} (told apart by {})",
        origin.element.id,
        names.join(", "),
        slicing.discriminators
    ));
    let finding = Finding::new(&rules::SLICE_UNMATCHED, node, message).demanded_by(origin);
    ctx.report(match discriminating(ctx, node, slicing) {
        Some((part, found)) => {
            let finding = finding.underline(part);
            match nearest(found, expected_texts(slicing)) {
                Some(near) => finding.suggest(Message::text(format!("did you mean '{near}'?"))),
                None => finding,
            }
        }
        None => finding.at_key(node),
    });
}

/// The part of an element that told it apart from every slice, where that is one value.
fn discriminating<'d>(
    ctx: &Checker<'_, 'd>,
    node: Node<'d>,
    slicing: &SlicingCheck,
) -> Option<(Node<'d>, &'d str)> {
    let [only] = slicing.slices.first()?.tests.as_deref()? else { return None };
    let mut part = None;
    any_at(ctx, node, &only.path, &mut |found| {
        part = found.value().map(|value| (found, value));
        true
    });
    part
}

/// The texts by which slices are told apart.
fn expected_texts(slicing: &SlicingCheck) -> impl Iterator<Item = &str> {
    slicing.slices.iter().filter_map(|slice| match slice.tests.as_deref()? {
        [Test { expectation: Expectation::Fixed(value) | Expectation::Pattern(value), .. }] => {
            value.value.text.as_deref()
        }
        _ => None,
    })
}

/// Whether a node passes every test of a slice.
fn belongs<'v, 'd>(ctx: &Checker<'v, 'd>, node: Node<'d>, slice: &'v Slice) -> bool {
    slice.tests.as_ref().is_some_and(|tests| tests.iter().all(|test| passes(ctx, node, test)))
}

fn passes<'v, 'd>(ctx: &Checker<'v, 'd>, node: Node<'d>, test: &'v Test) -> bool {
    if let Expectation::Exists(expected) = test.expectation {
        return any_at(ctx, node, &test.path, &mut |_| true) == expected;
    }
    any_at(ctx, node, &test.path, &mut |found| match &test.expectation {
        Expectation::Fixed(fixed) => value::equals(found, &fixed.value),
        Expectation::Pattern(pattern) => value::contains(found, &pattern.value),
        Expectation::Bound(bound) => {
            binding::is_member(ctx, found, ctx.fact(found).of.and_then(|of| of.carries), bound)
        }
        Expectation::Types(types) => ctx.fact(found).of.is_some_and(|actual| {
            types.iter().any(|expected| ctx.validator.schemas().is_kind_of(actual, expected))
        }),
        Expectation::Profiles(links) => links.iter().any(|link| {
            link.schema.is_some_and(|index| ctx.holds(found, index)) || declares(found, &link.canonical)
        }),
        Expectation::Exists(_) => true,
    })
}

fn declares(resource: Node<'_>, canonical: &str) -> bool {
    resource
        .child(name::META)
        .is_some_and(|meta| meta.named(name::PROFILE).any(|p| p.value() == Some(canonical)))
}

/// Whether any node that a path reaches passes a test.
fn any_at<'d>(
    ctx: &Checker<'_, 'd>,
    node: Node<'d>,
    path: &[Step],
    passes: &mut dyn FnMut(Node<'d>) -> bool,
) -> bool {
    let Some((step, rest)) = path.split_first() else { return passes(node) };
    match step {
        Step::Child(name) => {
            node.selected(|child| ctx.is_named(child, name)).any(|child| any_at(ctx, child, rest, passes))
        }
        Step::Extension(url) => node
            .named(name::EXTENSION)
            .filter(|extension| extension.child_value(name::URL) == Some(url))
            .any(|extension| any_at(ctx, extension, rest, passes)),
        Step::Resolve => {
            let reference = node.child_value(name::REFERENCE).or(node.value());
            reference
                .and_then(|reference| ctx.resolve(reference, node))
                .is_some_and(|target| any_at(ctx, target, rest, passes))
        }
        Step::OfType(code) => ctx.fact(node).type_name() == Some(code) && any_at(ctx, node, rest, passes),
    }
}
