//! Derives what distinguishes a slice from its constraints at the ends of the discriminator paths.

use ers_fhir_values::canonical;

use super::path::{MAX_STEPS, Step, steps};
use super::place::Place;
use super::test::{Expectation, Hop, Test, Told, Undecidable};
use crate::Definitions;
use crate::datum::Datum;
use crate::definition::{
    Binding, BindingStrength, Discriminator, DiscriminatorKind, ElementDefinition, Max, TypeRef, TypedValue,
};
use crate::snapshot::{Snapshot, core_canonical};

/// The name of the slice that takes all elements that are in no other.
///
/// Source: <http://hl7.org/fhir/R4/profiling.html#default-slice>.
pub const DEFAULT: &str = "@default";

/// The most ways that a path may lead on; one that has more is not followed.
const MOST_WAYS: usize = 32;

/// What distinguishes a slice of an element of a snapshot from the others; both are given by their indexes
/// there.
pub fn tell<'s>(definitions: &Definitions, snapshot: &'s Snapshot, sliced: usize, slice: usize) -> Told<'s> {
    if snapshot.element(slice).slice_name.as_deref().is_some_and(is_default) {
        return Told::Rest;
    }
    let definition = snapshot.element(sliced);
    let implied;
    let stated = |at: &usize| {
        let slicing = snapshot.element(*at).slicing.as_ref()?;
        Some(slicing.discriminators.as_slice()).filter(|discriminators| !discriminators.is_empty())
    };
    // The discriminators of a slicing also apply to re-slices, if the slice does not state its own.
    let discriminators =
        match std::iter::successors(Some(sliced), |at| snapshot.sliced(*at)).find_map(|at| stated(&at)) {
            Some(discriminators) => discriminators,
            // Extensions and choices are told apart by URL and type even where a profile omits to say so.
            None => match implied_by(definition) {
                Some(discriminator) => {
                    implied = [discriminator];
                    &implied
                }
                None => return Told::Undecidable(Undecidable::NoDiscriminator),
            },
        };
    let start = Place::new(snapshot, slice);
    let mut tests = Vec::new();
    let mut unsaid = None;
    for discriminator in discriminators {
        match test(definitions, &start, discriminator) {
            Ok(found) => tests.extend(found),
            // The other discriminators decide.
            Err(reason @ Undecidable::Unsaid(..)) => {
                unsaid.get_or_insert(reason);
            }
            Err(reason) => return Told::Undecidable(reason),
        }
    }
    match unsaid {
        _ if !tests.is_empty() => Told::By(tests),
        Some(reason) => Told::Undecidable(reason),
        None => Told::Open,
    }
}

/// Whether the name of a slice is that of the default, or of the default among the slices of a slice.
fn is_default(name: &str) -> bool {
    name == DEFAULT || name.strip_suffix(DEFAULT).is_some_and(|of| of.ends_with('/'))
}

fn implied_by(definition: &ElementDefinition) -> Option<Discriminator> {
    match definition.name() {
        "extension" | "modifierExtension" => {
            Some(Discriminator { kind: DiscriminatorKind::Value, path: "url".to_owned() })
        }
        name if name.ends_with("[x]") => {
            Some(Discriminator { kind: DiscriminatorKind::Type, path: "$this".to_owned() })
        }
        _ => None,
    }
}

/// The tests that one discriminator finds in a slice, all of which must hold; none if the slice leaves it to
/// the other discriminators.
fn test<'s>(
    definitions: &Definitions,
    start: &Place<'s>,
    discriminator: &Discriminator,
) -> Result<Vec<Test<'s>>, Undecidable> {
    let path = || Box::from(discriminator.path.as_str());
    let steps = steps(&discriminator.path).ok_or_else(|| Undecidable::Path(path()))?;
    // Of a target, only its type or profile counts, which the reference tells.
    let is_of_target = matches!(steps.as_slice(), [.., Step::Resolve])
        && matches!(discriminator.kind, DiscriminatorKind::Type | DiscriminatorKind::Profile);
    let ways = ways(definitions, start, &steps, is_of_target);
    if ways.iter().all(Option::is_none) {
        let by_profile = by_profile(definitions, start, &steps);
        return by_profile.map(|test| vec![test]).ok_or_else(|| Undecidable::Unreached(path()));
    }
    let mut alternatives = Vec::new();
    for way in ways {
        let Some(hops) = way else { return Err(Undecidable::Unsaid(discriminator.kind, path())) };
        let tests = on_way(definitions, start, discriminator, (&steps, hops))?;
        // One that asks for nothing leaves it to the other discriminators.
        if tests.is_empty() {
            return Ok(tests);
        }
        alternatives.push(tests);
    }
    if let [_] = alternatives.as_slice() {
        return Ok(alternatives.remove(0));
    }
    let whole = |expectation| Test { hops: Vec::new(), place: start.clone(), expectation };
    let all_of = |mut tests: Vec<Test<'s>>| match tests.len() {
        1 => tests.remove(0),
        _ => whole(Expectation::Parts(tests)),
    };
    Ok(vec![whole(Expectation::Any(alternatives.into_iter().map(all_of).collect()))])
}

/// The tests that a discriminator finds where its path leads on one way.
fn on_way<'s>(
    definitions: &Definitions,
    start: &Place<'s>,
    discriminator: &Discriminator,
    (steps, hops): (&[Step], Vec<Hop<'s>>),
) -> Result<Vec<Test<'s>>, Undecidable> {
    let path = || Box::from(discriminator.path.as_str());
    let place = hops.last().map_or_else(|| start.clone(), |hop| hop.place.clone());
    if let [before @ .., Hop { step: Step::Resolve, .. }] = hops.as_slice()
        && matches!(discriminator.kind, DiscriminatorKind::Type | DiscriminatorKind::Profile)
    {
        let reference = before.last().map_or(start, |hop| &hop.place);
        let expectation = of_targets(definitions, reference, discriminator.kind);
        let expectation = expectation.ok_or_else(|| Undecidable::Unreached(path()))?;
        return Ok(vec![Test { hops, place, expectation }]);
    }
    let definition = place.element();
    let is_profiled = definition.types.iter().any(|of| !of.profiles.is_empty());
    let found = match discriminator.kind {
        DiscriminatorKind::Value | DiscriminatorKind::Pattern => value_at(definitions, &place, hops.len()),
        DiscriminatorKind::Exists if definition.max == Some(Max::Count(0)) => {
            Some(Expectation::Exists(false))
        }
        DiscriminatorKind::Exists => (definition.min.unwrap_or(0) > 0).then_some(Expectation::Exists(true)),
        DiscriminatorKind::Type if definition.types.is_empty() => return Ok(Vec::new()),
        DiscriminatorKind::Type => {
            Some(Expectation::Types(definition.types.iter().map(|of| of.code.as_str().into()).collect()))
        }
        DiscriminatorKind::Profile if !is_profiled => return Ok(Vec::new()),
        DiscriminatorKind::Profile => {
            // A type without a profile allows everything of that type.
            let profiles = |of: &TypeRef| match of.profiles.as_slice() {
                [] => vec![core_canonical(&of.code).into()],
                profiles => profiles.iter().map(|profile| Box::from(profile.as_str())).collect(),
            };
            Some(Expectation::Profiles(definition.types.iter().flat_map(profiles).collect()))
        }
    };
    // A binding that holds in every slice tells none of them apart.
    let of_all = || follow(definitions, &start.sliced()?, steps)?.pop()?.place.element().binding.clone();
    let found = found.filter(|found| match found {
        Expectation::Bound(binding) => of_all().as_ref() != Some(binding),
        _ => true,
    });
    if let Some(expectation) = found {
        return Ok(vec![Test { hops, place, expectation }]);
    }
    if matches!(discriminator.kind, DiscriminatorKind::Value | DiscriminatorKind::Pattern) {
        let mut around = value_around(start, &hops);
        let test = |expectation| Test { hops: hops.clone(), place: place.clone(), expectation };
        let is_of_slices = around.is_empty();
        if is_of_slices {
            around = value_in_slices(definitions, &hops);
        }
        if around.len() > 1 && is_of_slices {
            // One value that no other slice has is enough; the lack of the others is then a fault of the element.
            let own = values_of_no_other(definitions, start, steps, &around);
            if !own.is_empty() {
                let expectation = Expectation::Any(own.into_iter().map(test).collect());
                return Ok(vec![Test { hops: Vec::new(), place: start.clone(), expectation }]);
            }
        }
        if !around.is_empty() {
            return Ok(around.into_iter().map(test).collect());
        }
        if let Some(test) = by_profile(definitions, start, steps) {
            return Ok(vec![test]);
        }
    }
    Err(Undecidable::Unsaid(discriminator.kind, path()))
}

/// The URL of an extension is that of its profile, whether the profile is loaded or not.
fn by_profile<'s>(definitions: &Definitions, start: &Place<'s>, steps: &[Step]) -> Option<Test<'s>> {
    let ([only], [Step::Child(name)]) = (start.element().types.as_slice(), steps) else { return None };
    if only.code != "Extension" || **name != *"url" {
        return None;
    }
    let place = Place::root(definitions, &core_canonical("Extension"))?.own_child("url")?;
    let test = |profile: &String| {
        let value = Datum::primitive(canonical::url(profile));
        let expectation = Expectation::Fixed(TypedValue { type_name: "uri".to_owned(), value });
        let hops = vec![Hop { step: Step::Child("url".into()), place: place.clone() }];
        Test { hops, place: place.clone(), expectation }
    };
    match only.profiles.as_slice() {
        [] => None,
        [profile] => Some(test(profile)),
        profiles => Some(Test {
            hops: Vec::new(),
            place: start.clone(),
            expectation: Expectation::Any(profiles.iter().map(test).collect()),
        }),
    }
}

/// What a fixed value or pattern of an element on the path says about the end of the path.
fn value_around<'s>(start: &Place<'s>, hops: &[Hop<'s>]) -> Vec<Expectation<'s>> {
    for at in (0..hops.len()).rev() {
        if !matches!(hops[at].step, Step::Child(_) | Step::OfType(_)) {
            break;
        }
        let around = if at == 0 { start } else { &hops[at - 1].place };
        let definition = around.element();
        let Some(whole) = definition.fixed.as_ref().or(definition.pattern.as_ref()) else { continue };
        let mut parts = vec![&whole.value];
        for hop in &hops[at..] {
            if let Step::Child(name) = &hop.step {
                let is_choice = hop.place.element().is_choice();
                let below = parts.into_iter().flat_map(|part| &part.fields);
                let called = below.filter(|(called, _)| match called.strip_prefix(&**name) {
                    Some(suffix) => suffix.is_empty() || is_choice,
                    None => false,
                });
                parts = called.map(|(_, value)| value).collect();
            }
        }
        if !parts.is_empty() {
            let type_name = hops.last().and_then(|hop| Some(hop.place.element().types.first()?.code.clone()));
            let type_name = type_name.unwrap_or_default();
            let typed = |value: &Datum| TypedValue { type_name: type_name.clone(), value: value.clone() };
            return parts.into_iter().map(|value| Expectation::Pattern(typed(value))).collect();
        }
    }
    Vec::new()
}

/// The types or profiles that the targets of a reference may have; `None` if one of them is not known.
fn of_targets<'s>(
    definitions: &Definitions,
    reference: &Place<'_>,
    kind: DiscriminatorKind,
) -> Option<Expectation<'s>> {
    let targets = reference.element().types.iter().flat_map(|of| &of.target_profiles);
    if kind == DiscriminatorKind::Profile {
        return Some(Expectation::Profiles(targets.map(|profile| profile.as_str().into()).collect()));
    }
    let type_of = |profile: &String| Some(definitions.structure(profile).ok()??.type_name.as_str().into());
    targets.map(type_of).collect::<Option<Vec<Box<str>>>>().map(Expectation::Types)
}

/// What the required slices of an element on the path say about the end of the path.
fn value_in_slices<'s>(definitions: &Definitions, hops: &[Hop<'s>]) -> Vec<Expectation<'s>> {
    let ends = |at: usize, slice: Place<'s>| {
        let rest: Vec<Step> = hops[at + 1..].iter().map(|hop| hop.step.clone()).collect();
        let below = follow(definitions, &slice, &rest)?;
        value_at(definitions, below.last().map_or(&slice, |hop| &hop.place), hops.len())
    };
    let found = |at: usize| -> Vec<_> {
        hops[at].place.required_slices().into_iter().filter_map(|slice| ends(at, slice)).collect()
    };
    (0..hops.len()).map(found).find(|found| !found.is_empty()).unwrap_or_default()
}

/// Those of the values in slices that the slices beside `start` do not have.
fn values_of_no_other<'s>(
    definitions: &Definitions,
    start: &Place<'s>,
    steps: &[Step],
    values: &[Expectation<'s>],
) -> Vec<Expectation<'s>> {
    let others = start.other_slices().into_iter().filter_map(|other| follow(definitions, &other, steps));
    let taken: Vec<_> = others.flat_map(|hops| value_in_slices(definitions, &hops)).collect();
    values.iter().filter(|value| !taken.iter().any(|other| value.is_same(other))).cloned().collect()
}

/// Every element that a path leads through, if there is only one way.
fn follow<'s>(definitions: &Definitions, start: &Place<'s>, steps: &[Step]) -> Option<Vec<Hop<'s>>> {
    let mut ways = ways(definitions, start, steps, false);
    ways.pop().flatten().filter(|_| ways.is_empty())
}

/// Every element that a path leads through, on each of the ways that several types or profiles open; `None` for a way
/// that leads to no known element. With `is_of_target`, the first known target at its end stands for all.
fn ways<'s>(
    definitions: &Definitions,
    start: &Place<'s>,
    steps: &[Step],
    is_of_target: bool,
) -> Vec<Option<Vec<Hop<'s>>>> {
    let mut ways = vec![Some(Vec::new())];
    for (at, step) in steps.iter().enumerate() {
        let mut longer = Vec::with_capacity(ways.len());
        for way in ways {
            let Some(hops) = way else {
                longer.push(None);
                continue;
            };
            let mut places = hops.last().map_or(start, |hop: &Hop<'s>| &hop.place).step(definitions, step);
            if is_of_target && at + 1 == steps.len() {
                places = places.into_iter().flatten().take(1).map(Some).collect();
            }
            if places.is_empty() {
                longer.push(None);
            }
            longer.extend(places.into_iter().map(|place| {
                let mut hops = hops.clone();
                hops.push(Hop { step: step.clone(), place: place? });
                Some(hops)
            }));
        }
        if longer.len() > MOST_WAYS {
            return vec![None];
        }
        ways = longer;
    }
    ways
}

/// The fixed value, pattern or required binding at a place, or those of the elements below it.
fn value_at<'s>(definitions: &Definitions, place: &Place<'s>, depth: usize) -> Option<Expectation<'s>> {
    let definition = place.element();
    if let Some(stated) = stated_at(definition) {
        return Some(stated);
    }
    let mut parts = Vec::new();
    for child in place.children(definitions) {
        let below = child.element();
        let is_sure = below.min.unwrap_or(0) > 0 || below.fixed.is_some() || below.pattern.is_some();
        if !is_sure || depth + 1 >= MAX_STEPS {
            continue;
        }
        if let Some(expectation) = value_at(definitions, &child, depth + 1) {
            parts.push(part(&child, &child, expectation));
        }
    }
    if !parts.is_empty() {
        return Some(Expectation::Parts(parts));
    }
    let binding = definition.binding.as_ref();
    let is_required =
        |binding: &&Binding| binding.strength == BindingStrength::Required && binding.value_set.is_some();
    let bound = binding.filter(is_required).map(|binding| Expectation::Bound(binding.clone()));
    bound.or_else(|| value_below(definitions, place, depth))
}

/// The fixed values and patterns below a place: those of required slices, and those of elements that are optional
/// themselves. An element without any of them is in no such slice.
fn value_below<'s>(definitions: &Definitions, place: &Place<'s>, depth: usize) -> Option<Expectation<'s>> {
    if depth + 1 >= MAX_STEPS {
        return None;
    }
    let mut parts = Vec::new();
    for child in place.children(definitions) {
        if child.element().max == Some(Max::Count(0)) {
            continue;
        }
        let slices = child.required_slices();
        parts.extend(slices.iter().filter_map(|slice| {
            let expectation = stated_at(slice.element());
            Some(part(&child, slice, expectation.or_else(|| value_below(definitions, slice, depth + 1))?))
        }));
        let own = stated_at(child.element()).or_else(|| value_below(definitions, &child, depth + 1));
        parts.extend(own.map(|expectation| part(&child, &child, expectation)));
    }
    (!parts.is_empty()).then_some(Expectation::Parts(parts))
}

/// What a definition itself fixes.
fn stated_at<'s>(definition: &ElementDefinition) -> Option<Expectation<'s>> {
    let fixed = definition.fixed.clone().map(Expectation::Fixed);
    fixed.or_else(|| definition.pattern.clone().map(Expectation::Pattern))
}

/// A test of a child, by what the child or one of its slices demands.
fn part<'s>(child: &Place<'s>, says: &Place<'s>, expectation: Expectation<'s>) -> Test<'s> {
    let step = Step::Child(child.element().name().trim_end_matches("[x]").into());
    Test { hops: vec![Hop { step, place: child.clone() }], place: says.clone(), expectation }
}
