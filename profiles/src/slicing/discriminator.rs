//! From what a slice says at the ends of its discriminators to what tells it apart.

use super::path::{MAX_STEPS, Step, steps};
use super::place::Place;
use super::test::{Expectation, Hop, Test, Told, Undecidable};
use crate::Definitions;
use crate::definition::{BindingStrength, Discriminator, DiscriminatorKind, ElementDefinition, Max};
use crate::snapshot::Snapshot;

/// What tells a slice of an element of a snapshot from the others; both are given by their indexes there.
pub fn tell<'s>(definitions: &Definitions, snapshot: &'s Snapshot, sliced: usize, slice: usize) -> Told<'s> {
    let definition = snapshot.element(sliced);
    let implied;
    let discriminators = match &definition.slicing {
        Some(slicing) if !slicing.discriminators.is_empty() => slicing.discriminators.as_slice(),
        // Extensions and choices are told apart by URL and type even where a profile omits to say so.
        _ => match implied_by(definition) {
            Some(discriminator) => {
                implied = [discriminator];
                &implied
            }
            None => return Told::Undecidable(Undecidable::NoDiscriminator),
        },
    };
    let start = Place::new(snapshot, slice);
    let mut tests = Vec::new();
    for discriminator in discriminators {
        match test(definitions, &start, discriminator) {
            Ok(test) => tests.extend(test),
            Err(reason) => return Told::Undecidable(reason),
        }
    }
    if tests.is_empty() { Told::Open } else { Told::By(tests) }
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

/// What one discriminator finds in a slice; `None` where the slice leaves it to the others.
fn test<'s>(
    definitions: &Definitions,
    start: &Place<'s>,
    discriminator: &Discriminator,
) -> Result<Option<Test<'s>>, Undecidable> {
    let path = || Box::from(discriminator.path.as_str());
    let steps = steps(&discriminator.path).ok_or_else(|| Undecidable::Path(path()))?;
    let hops = follow(definitions, start, steps).ok_or_else(|| Undecidable::Unreached(path()))?;
    let place = hops.last().map_or_else(|| start.clone(), |hop| hop.place.clone());
    if let [before @ .., Hop { step: Step::Resolve, .. }] = hops.as_slice()
        && matches!(discriminator.kind, DiscriminatorKind::Type | DiscriminatorKind::Profile)
    {
        let reference = before.last().map_or(start, |hop| &hop.place);
        let expectation = of_targets(definitions, reference, discriminator.kind);
        let expectation = expectation.ok_or_else(|| Undecidable::Unreached(path()))?;
        return Ok(Some(Test { hops, place, expectation }));
    }
    let definition = place.element();
    let profiles = || definition.types.iter().flat_map(|of| &of.profiles);
    let found = match discriminator.kind {
        DiscriminatorKind::Value | DiscriminatorKind::Pattern => value_at(definitions, &place, hops.len()),
        DiscriminatorKind::Exists if definition.max == Some(Max::Count(0)) => {
            Some(Expectation::Exists(false))
        }
        DiscriminatorKind::Exists => (definition.min.unwrap_or(0) > 0).then_some(Expectation::Exists(true)),
        DiscriminatorKind::Type if definition.types.is_empty() => return Ok(None),
        DiscriminatorKind::Type => {
            Some(Expectation::Types(definition.types.iter().map(|of| of.code.as_str().into()).collect()))
        }
        DiscriminatorKind::Profile if profiles().next().is_none() => return Ok(None),
        DiscriminatorKind::Profile => {
            Some(Expectation::Profiles(profiles().map(|profile| profile.as_str().into()).collect()))
        }
    };
    match found {
        Some(expectation) => Ok(Some(Test { hops, place, expectation })),
        None => Err(Undecidable::Unsaid(discriminator.kind, path())),
    }
}

/// The types or profiles that the targets of a reference may have; `None` where one is not known.
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

/// Every element that a path leads through.
fn follow<'s>(definitions: &Definitions, start: &Place<'s>, steps: Vec<Step>) -> Option<Vec<Hop<'s>>> {
    let mut hops: Vec<Hop<'s>> = Vec::with_capacity(steps.len());
    for step in steps {
        let place = hops.last().map_or(start, |hop| &hop.place).step(definitions, &step)?;
        hops.push(Hop { step, place });
    }
    Some(hops)
}

/// Fixed value, pattern or required binding at a place, or what the elements below it say.
fn value_at<'s>(definitions: &Definitions, place: &Place<'s>, depth: usize) -> Option<Expectation<'s>> {
    let definition = place.element();
    if let Some(fixed) = &definition.fixed {
        return Some(Expectation::Fixed(fixed.clone()));
    }
    if let Some(pattern) = &definition.pattern {
        return Some(Expectation::Pattern(pattern.clone()));
    }
    let mut parts = Vec::new();
    for child in place.children(definitions) {
        let below = child.element();
        let is_sure = below.min.unwrap_or(0) > 0 || below.fixed.is_some() || below.pattern.is_some();
        if !is_sure || depth + 1 >= MAX_STEPS {
            continue;
        }
        if let Some(expectation) = value_at(definitions, &child, depth + 1) {
            let step = Step::Child(below.name().trim_end_matches("[x]").into());
            let hops = vec![Hop { step, place: child.clone() }];
            parts.push(Test { hops, place: child, expectation });
        }
    }
    if !parts.is_empty() {
        return Some(Expectation::Parts(parts));
    }
    let binding = definition.binding.as_ref()?;
    let is_required = binding.strength == BindingStrength::Required && binding.value_set.is_some();
    is_required.then(|| Expectation::Bound(binding.clone()))
}
