//! What puts an element into a slice, from what the slice says at the ends of its discriminators.

use ers_fhir_profiles::definition::{
    BindingStrength, Discriminator, DiscriminatorKind, ElementDefinition, Max, TypeRef,
};
use ers_fhir_profiles::snapshot::Snapshot;

use super::place::Place;
use super::steps::{MAX_STEPS, steps};
use super::test::{Expectation, Step, Test};
use crate::schema::catalogue::Catalogue;

/// What puts an element into a slice; `None` where the definitions do not decide it.
pub(super) fn tests(
    catalogue: &Catalogue,
    snapshot: &Snapshot,
    sliced: usize,
    slice: usize,
) -> Option<Vec<Test>> {
    let definition = snapshot.element(sliced);
    let slicing = definition.slicing.as_ref();
    let discriminators = match slicing {
        Some(slicing) if !slicing.discriminators.is_empty() => slicing.discriminators.clone(),
        // Extensions and choices are told apart by URL and type even where a profile omits to say so.
        _ => vec![implied(definition)?],
    };
    let start = Place::new(snapshot, slice);
    let mut tests = Vec::new();
    for discriminator in &discriminators {
        let steps = steps(&discriminator.path)?;
        let place = start.follow(catalogue, &steps);
        if !expect(catalogue, discriminator.kind, steps, place.as_ref(), &mut tests) {
            return None;
        }
    }
    Some(tests)
}

fn implied(definition: &ElementDefinition) -> Option<Discriminator> {
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

/// Adds the tests of one discriminator; `false` where the slice does not decide it.
fn expect(
    catalogue: &Catalogue,
    kind: DiscriminatorKind,
    steps: Vec<Step>,
    place: Option<&Place<'_>>,
    tests: &mut Vec<Test>,
) -> bool {
    let Some(place) = place else { return false };
    let definition = place.definition();
    let is_open = match kind {
        DiscriminatorKind::Type => definition.types.is_empty(),
        DiscriminatorKind::Profile => definition.types.iter().all(|t| t.profiles.is_empty()),
        _ => false,
    };
    if is_open {
        // The slice leaves this discriminator to the others.
        return true;
    }
    let expectation = match kind {
        DiscriminatorKind::Value | DiscriminatorKind::Pattern => {
            return expect_value(catalogue, steps, place, tests);
        }
        DiscriminatorKind::Exists if definition.max == Some(Max::Count(0)) => Expectation::Exists(false),
        DiscriminatorKind::Exists if definition.min.unwrap_or(0) > 0 => Expectation::Exists(true),
        DiscriminatorKind::Exists => return false,
        DiscriminatorKind::Type => {
            Expectation::Types(definition.types.iter().map(|t| t.code.as_str().into()).collect())
        }
        DiscriminatorKind::Profile => {
            let links = |t: &TypeRef| t.profiles.iter().map(|p| catalogue.link(p)).collect::<Vec<_>>();
            Expectation::Profiles(definition.types.iter().flat_map(links).collect())
        }
    };
    tests.push(Test { path: steps.into(), expectation });
    true
}

/// Fixed value, pattern or required binding at the place, or of elements below it.
fn expect_value(catalogue: &Catalogue, steps: Vec<Step>, place: &Place<'_>, tests: &mut Vec<Test>) -> bool {
    let definition = place.definition();
    let fixed = definition.fixed.clone().map(Expectation::Fixed);
    if let Some(expectation) = fixed.or_else(|| definition.pattern.clone().map(Expectation::Pattern)) {
        tests.push(Test { path: steps.into(), expectation });
        return true;
    }
    let before = tests.len();
    for child in place.children(catalogue) {
        let definition = child.definition();
        if definition.min.unwrap_or(0) == 0 && definition.fixed.is_none() && definition.pattern.is_none() {
            continue;
        }
        let mut deeper = steps.clone();
        deeper.push(Step::Child(definition.name().trim_end_matches("[x]").into()));
        if deeper.len() < MAX_STEPS {
            expect_value(catalogue, deeper, &child, tests);
        }
    }
    if tests.len() > before {
        return true;
    }
    let required =
        definition.binding.as_ref().filter(|binding| binding.strength == BindingStrength::Required);
    match required.and_then(|binding| binding.value_set.as_deref()) {
        Some(value_set) => {
            tests.push(Test { path: steps.into(), expectation: Expectation::Bound(value_set.into()) });
            true
        }
        None => false,
    }
}
