//! What puts an element into a slice, from what the slice says at the ends of its discriminators.

use ers_fhir_profiles::definition::{
    BindingStrength, Discriminator, DiscriminatorKind, ElementDefinition, Max, TypeRef,
};
use ers_fhir_profiles::snapshot::Snapshot;

use super::place::Place;
use super::steps::{MAX_STEPS, steps};
use super::{Expectation, Step, Test};
use crate::schema::{BindingCheck, Schemas};

/// What puts an element into a slice; `None` where the definitions do not decide it.
pub(in crate::schema) fn tests(
    schemas: &Schemas,
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
        let place = start.follow(schemas, &steps);
        if !expect(schemas, discriminator.kind, steps, place.as_ref(), &mut tests) {
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
    schemas: &Schemas,
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
            return expect_value(schemas, steps, place, tests);
        }
        DiscriminatorKind::Exists if definition.max == Some(Max::Count(0)) => Expectation::Exists(false),
        DiscriminatorKind::Exists if definition.min.unwrap_or(0) > 0 => Expectation::Exists(true),
        DiscriminatorKind::Exists => return false,
        DiscriminatorKind::Type => {
            Expectation::Types(definition.types.iter().map(|t| t.code.as_str().into()).collect())
        }
        DiscriminatorKind::Profile => {
            let links = |t: &TypeRef| t.profiles.iter().map(|p| schemas.link(p)).collect::<Vec<_>>();
            Expectation::Profiles(definition.types.iter().flat_map(links).collect())
        }
    };
    tests.push(Test { path: steps.into(), expectation });
    true
}

/// Fixed value, pattern or required binding at the place, or of elements below it.
fn expect_value(schemas: &Schemas, steps: Vec<Step>, place: &Place<'_>, tests: &mut Vec<Test>) -> bool {
    let definition = place.definition();
    let fixed = definition.fixed.clone().map(Expectation::Fixed);
    if let Some(expectation) = fixed.or_else(|| definition.pattern.clone().map(Expectation::Pattern)) {
        tests.push(Test { path: steps.into(), expectation });
        return true;
    }
    let before = tests.len();
    for child in place.children(schemas) {
        let definition = child.definition();
        if definition.min.unwrap_or(0) == 0 && definition.fixed.is_none() && definition.pattern.is_none() {
            continue;
        }
        let mut deeper = steps.clone();
        deeper.push(Step::Child(definition.name().trim_end_matches("[x]").into()));
        if deeper.len() < MAX_STEPS {
            expect_value(schemas, deeper, &child, tests);
        }
    }
    if tests.len() > before {
        return true;
    }
    let bound = definition.binding.as_ref().and_then(|binding| {
        Some(BindingCheck {
            strength: binding.strength,
            value_set: binding.value_set.as_deref()?.into(),
            max_value_set: None,
            additional: Box::default(),
        })
    });
    match bound {
        Some(bound) if bound.strength == BindingStrength::Required => {
            tests.push(Test { path: steps.into(), expectation: Expectation::Bound(bound) });
            true
        }
        _ => false,
    }
}
