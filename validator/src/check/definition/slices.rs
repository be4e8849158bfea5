//! Slices that a profile adds: their element is sliced, and something tells them apart.
//!
//! Source: <http://hl7.org/fhir/R4/profiling.html#slicing>.

use std::collections::BTreeMap;

use ers_fhir_profiles::definition::{ElementDefinition, Max, SlicingRules};
use ers_fhir_profiles::slicing::{Expectation, Test, Told, Undecidable, tell};
use ers_fhir_profiles::snapshot::{Snapshot, Trace};
use ers_fhir_report::{Message, Severity, def, text};
use ers_fhir_tree::Node;
use ers_fhir_values::FhirVersion;
use ers_fhir_values::suggest::nearest;

use super::stated::{Stated, Step};
use crate::check::{Checker, Finding, said};
use crate::rule::definition as rules;

pub(super) fn check<'d>(
    ctx: &Checker<'_, 'd>,
    stated: &Stated<'_, 'd>,
    trace: &Trace,
    base: Option<&Snapshot>,
) {
    let Some(index) = stated.met.index else { return };
    let snapshot = &trace.snapshot;
    let Some(sliced) = snapshot.sliced(index) else {
        if stated.own.slice_name.is_some() && !snapshot.element(index).is_root() {
            report_unsliced(ctx, stated, Severity::Warning);
        }
        return;
    };
    let (slice, whole) = (snapshot.element(index), snapshot.element(sliced));
    let is_new = base.is_some_and(|base| base.find(&slice.id).is_none());
    if !is_new || stated.own.max == Some(Max::Count(0)) {
        return;
    }
    if whole.slicing.is_none() && whole.slice_name.is_none() {
        report_unsliced(ctx, stated, Severity::Error);
        return;
    }
    let was = base.and_then(|base| Some(base.element(base.find(&whole.id)?)));
    let is_closed = |slicing: &ers_fhir_profiles::definition::Slicing| slicing.rules == SlicingRules::Closed;
    if was.is_some_and(|was| !was.is_choice() && was.slicing.as_ref().is_some_and(is_closed)) {
        let message =
            text!("the base closes the slicing of {}: no slice can be added", said::path(&whole.path));
        let at = stated.node.child("sliceName").unwrap_or(stated.node);
        ctx.report(Finding::new(&rules::PROFILE_LOOSENS, at, message));
    }
    check_told(ctx, stated, snapshot, sliced, index);
}

/// A slice that an id names exists in the base, or was introduced earlier in the differential.
///
/// Ids in STU3 decide nothing. Slices that come with a type are not known from the base.
pub(super) fn check_known<'d>(
    ctx: &Checker<'_, 'd>,
    step: &Step<'_, 'd>,
    differential: &[ElementDefinition],
    base: &Snapshot,
) {
    let (own, id) = (step.own, &*step.own.id);
    let written = step.node.child("id").filter(|written| written.value() == Some(id));
    let Some(at) = written.filter(|_| ctx.version() == FhirVersion::R4) else { return };
    let mut end = 0;
    for part in id.split('.') {
        let start = end + usize::from(end > 0);
        end = start + part.len();
        let Some((name, slice)) = part.split_once(':').filter(|(name, _)| !name.ends_with("[x]")) else {
            continue;
        };
        let (sliced, whole) = (&id[..start + name.len()], &id[..end]);
        let Some(known) = base.find(sliced) else { return };
        let own_name = slice.rsplit('/').next().unwrap_or(slice);
        let is_slice = |index: usize| {
            let element = base.element(index);
            element.id == whole
                || element.slice_name.as_deref().is_some_and(|name| name == slice || name == own_name)
        };
        let is_named = |element: &ElementDefinition| element.id == whole && element.slice_name.is_some();
        if base.find(whole).is_none()
            && !base.slices(known).any(is_slice)
            && !differential.iter().any(is_named)
        {
            let message = Message::text("there is no slice ").value(slice).then(" of ");
            let message = message.then(said::path(sliced));
            let finding = Finding::new(&rules::SLICE_UNKNOWN, at, message);
            let suggestion = if whole == id && own.slice_name.is_none() {
                Message::text("a slice needs a 'sliceName' in addition to its name in the id")
            } else {
                let mut names =
                    base.slices(known).filter_map(|index| base.element(index).slice_name.as_deref());
                match nearest(slice, &mut names) {
                    Some(near) => text!("did you mean '{}'?", def(near)),
                    None => Message::text("describe the slice, with its 'sliceName', before its elements"),
                }
            };
            return ctx.report(finding.suggest(suggestion));
        }
    }
}

/// The slices of an element do not together demand more repeats than are allowed.
pub(super) fn check_sums<'d>(ctx: &Checker<'_, 'd>, steps: &[Step<'_, 'd>], trace: &Trace) {
    let snapshot = &trace.snapshot;
    // For each sliced element, the last stated cardinalities of it and its slices.
    let mut said: BTreeMap<usize, Node<'d>> = BTreeMap::new();
    for Step { node, met, .. } in steps {
        let Some(index) = met.as_ref().ok().and_then(|met| met.index) else { continue };
        if let (Some(min), Some(sliced)) = (node.child("min"), snapshot.sliced(index)) {
            said.insert(sliced, min);
        }
        if let (Some(max), Some(_)) = (node.child("max"), snapshot.slices(index).next()) {
            said.entry(index).or_insert(max);
        }
    }
    for (sliced, at) in said {
        let whole = snapshot.element(sliced);
        let least = snapshot.slices(sliced).filter_map(|slice| snapshot.element(slice).min);
        let least = least.fold(0_u32, u32::saturating_add);
        if let Some(Max::Count(most)) = whole.max
            && most < least
            && most > 0
        {
            let message = text!(
                "the slices of {} together demand {}, but there may be at most {}",
                said::path(&whole.path),
                least,
                most
            );
            ctx.report(Finding::new(&rules::PROFILE_LOOSENS, at, message));
        }
    }
}

fn report_unsliced(ctx: &Checker<'_, '_>, stated: &Stated<'_, '_>, severity: Severity) {
    let at = stated.node.child("sliceName").unwrap_or(stated.node);
    let message =
        Message::text("this names a slice, but nothing slices ").then(said::path(&stated.met.was.path));
    ctx.report(Finding::new(&rules::SLICE_WITHOUT_SLICING, at, message).severity(severity));
}

fn check_told(
    ctx: &Checker<'_, '_>,
    stated: &Stated<'_, '_>,
    snapshot: &Snapshot,
    sliced: usize,
    index: usize,
) {
    let definitions = ctx.validator.definitions();
    let reason = match tell(definitions, snapshot, sliced, index) {
        Told::Undecidable(Undecidable::Unreached(_)) | Told::Rest => return,
        Told::Undecidable(Undecidable::Unsaid(_, path)) if says_below(snapshot, index, &path) => return,
        Told::Undecidable(reason) => undecidable(&reason),
        Told::Open => Message::text("the slice leaves everything that could tell it apart open"),
        Told::By(tests) => {
            let earlier = snapshot.slices(sliced).take_while(|slice| *slice != index);
            let twin = earlier.filter(|other| match tell(definitions, snapshot, sliced, *other) {
                Told::By(others) => are_same(&tests, &others),
                _ => false,
            });
            let Some(twin) = twin.into_iter().next() else { return };
            let name = snapshot.element(twin).slice_name.as_deref().unwrap_or_default();
            Message::text("at its discriminators it demands the same as the slice ").value(name)
        }
    };
    // An extension with an unknown definition is still identified by its URL.
    if !snapshot.element(index).types.iter().all(|of| of.profiles.is_empty())
        && snapshot.element(index).path.ends_with("xtension")
    {
        return;
    }
    let at = stated.node.child("sliceName").unwrap_or(stated.node);
    let message = Message::text("nothing determines which elements belong to this slice: ").then(reason);
    ctx.report(Finding::new(&rules::SLICE_NOT_TOLD, at, message));
}

/// Why nothing determines a slice, with the texts of its author as values.
fn undecidable(reason: &Undecidable) -> Message {
    match reason {
        Undecidable::NoDiscriminator => Message::text("the slicing has no discriminator"),
        Undecidable::Path(path) => {
            Message::text("the discriminator path ").value(path).then(" uses more of FHIRPath than it may")
        }
        Undecidable::Unreached(path) => {
            Message::text("the discriminator path ").value(path).then(" leads to no known element")
        }
        Undecidable::Unsaid(_, path) => {
            Message::text("the slice does not say what its discriminator asks for at ").value(path)
        }
        _ => Message::text("its discriminators do not decide it"),
    }
}

/// Whether slices of an element on the path of a discriminator say what is at its end.
fn says_below(snapshot: &Snapshot, slice: usize, path: &str) -> bool {
    let slice = snapshot.element(slice);
    let path = format!("{}.{path}", slice.path);
    snapshot.elements().iter().any(|element| {
        let is_below = element.id.strip_prefix(&*slice.id).is_some_and(|rest| rest.starts_with('.'));
        let says = element.fixed.is_some() || element.pattern.is_some() || element.binding.is_some();
        is_below
            && says
            && element.id.matches(':').count() > slice.id.matches(':').count()
            && (element.path == path
                || path.strip_prefix(&*element.path).is_some_and(|rest| rest.starts_with('.')))
    })
}

/// Whether tests put the same elements into their slices.
fn are_same(one: &[Test<'_>], other: &[Test<'_>]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
}

fn is_same(one: &Test<'_>, other: &Test<'_>) -> bool {
    let steps = |test: &Test<'_>| test.hops.iter().map(|hop| hop.step.clone()).collect::<Vec<_>>();
    steps(one) == steps(other)
        && match (&one.expectation, &other.expectation) {
            (Expectation::Fixed(one), Expectation::Fixed(other))
            | (Expectation::Pattern(one), Expectation::Pattern(other)) => one == other,
            (Expectation::Parts(one), Expectation::Parts(other)) => are_same(one, other),
            (Expectation::Bound(one), Expectation::Bound(other)) => one.value_set == other.value_set,
            (Expectation::Exists(one), Expectation::Exists(other)) => one == other,
            (Expectation::Types(one), Expectation::Types(other))
            | (Expectation::Profiles(one), Expectation::Profiles(other)) => one == other,
            _ => false,
        }
}
