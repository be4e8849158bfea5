//! Slices: the tests that tell them apart, in terms of JSON.

use ers_fhir_profiles::definition::{Max, SlicingRules};
use ers_fhir_profiles::slicing::{Expectation, Hop, Step, Test, Told, tell};

use super::base::times;
use super::profile::{Lowering, Place};
use crate::error::Error;
use crate::ir::profile::{Cardinality, Expected, Handling, Kept, Slice, SliceStep, SliceTest, Sliced, Times};
use crate::ir::{Field, StructureKind};
use crate::literal;
use crate::names;

/// The tests that tell a slice apart, or why nothing in JSON does.
type Marks = Result<Vec<SliceTest>, String>;

impl<'a> Lowering<'a> {
    /// The slices of an element, and those that cannot be told apart; `None` where none can.
    pub(super) fn sliced(
        &mut self,
        place: Place<'_>,
        index: usize,
        base: &'a Field,
        owner: &str,
        untold: &mut Vec<(String, String)>,
    ) -> Result<Option<Handling>, Error> {
        let element = place.snapshot.element(index);
        let rules = element.slicing.as_ref().map_or(SlicingRules::Open, |slicing| slicing.rules);
        let mut slices = Vec::new();
        let numbers: Vec<usize> = place.snapshot.slices(index).collect();
        for number in numbers {
            let slice = place.snapshot.element(number);
            let name = slice.slice_name.clone().unwrap_or_else(|| base.name.clone());
            let told = match tell(self.definitions, place.snapshot, index, number) {
                Told::By(tests) => self.marks(&tests, &slice.id)?,
                // It accepts anything.
                Told::Open => Ok(Vec::new()),
                Told::Rest => Err("it takes what is in no other slice".to_owned()),
                Told::Undecidable(reason) => Err(reason.to_string()),
            };
            let tests = match told {
                Ok(tests) => tests,
                Err(reason) => {
                    untold.push((name, reason));
                    continue;
                }
            };
            let field = match slice.max {
                Some(Max::Count(0)) => None,
                _ => Some(self.kept(place, number, base, &names::snake(&name), owner)?),
            };
            slices.push(Slice { name, field, times: times(slice), tests });
        }
        if slices.is_empty() {
            return Ok(None);
        }
        let mut rest = None;
        if rules != SlicingRules::Closed || !untold.is_empty() {
            let kept = self.kept(place, index, base, &format!("other_{}", base.name), owner)?;
            let cardinality = Cardinality::Any;
            let times = Times { min: 0, max: None };
            let untold = std::mem::take(untold);
            rest = Some(Kept { is_rest: true, untold, cardinality, times, ..kept });
        }
        let is_ordered = element.slicing.as_ref().is_some_and(|slicing| slicing.ordered);
        let rest_is_last = rules == SlicingRules::OpenAtEnd;
        let times = times(element);
        let handling = Handling::Sliced(Box::new(Sliced { slices, rest, times, is_ordered, rest_is_last }));
        Ok(Some(handling))
    }

    /// The tests that tell a slice apart, in terms of JSON.
    fn marks(&mut self, tests: &[Test<'_>], element: &str) -> Result<Marks, Error> {
        let mut marks = Vec::new();
        for test in tests {
            match self.mark(test, element)? {
                Ok(mark) => marks.push(mark),
                Err(reason) => return Ok(Err(reason)),
            }
        }
        Ok(Ok(marks))
    }

    fn mark(&mut self, test: &Test<'_>, element: &str) -> Result<Result<SliceTest, String>, Error> {
        let mut path = Vec::new();
        for hop in &test.hops {
            match step(hop, &mut path) {
                Ok(()) => {}
                Err(reason) => return Ok(Err(reason)),
            }
        }
        let json = |value| literal::of(self.definitions, value).map(|json| json.map(|json| json.to_string()));
        let unfit = || "the value that tells it apart does not fit its type".to_owned();
        let expected = match &test.expectation {
            Expectation::Fixed(value) => match json(value)? {
                Some(json) => Expected::Is(json),
                None => return Ok(Err(unfit())),
            },
            Expectation::Pattern(value) => match json(value)? {
                Some(json) => Expected::Contains(json),
                None => return Ok(Err(unfit())),
            },
            Expectation::Parts(parts) => match self.marks(parts, element)? {
                Ok(marks) => Expected::All(marks),
                Err(reason) => return Ok(Err(reason)),
            },
            Expectation::Any(tests) => match self.marks(tests, element)? {
                Ok(marks) => Expected::Any(marks),
                Err(reason) => return Ok(Err(reason)),
            },
            Expectation::Exists(is_there) => Expected::Exists(*is_there),
            Expectation::Bound(binding) => match self.codes.list_of(binding) {
                Some(codes) => Expected::Code(codes),
                None => return Ok(Err("the codes that tell it apart are not all known".to_owned())),
            },
            Expectation::Types(types) => match self.of_types(test, types, &mut path) {
                Ok(expected) => expected,
                Err(reason) => return Ok(Err(reason)),
            },
            Expectation::Profiles(profiles) => {
                let mut candidates = Vec::new();
                for profile in profiles {
                    let Some(name) = self.referred(profile, element) else {
                        let reason =
                            format!("nothing is generated for the profile {profile} that tells it apart");
                        return Ok(Err(reason));
                    };
                    candidates.push((profile.to_string(), name));
                }
                Expected::Profile(candidates)
            }
        };
        Ok(Ok(SliceTest { path, expected }))
    }

    /// A test that tells types apart: the name of a choice in JSON, or the type of a resource.
    fn of_types(
        &self,
        test: &Test<'_>,
        types: &[Box<str>],
        path: &mut Vec<SliceStep>,
    ) -> Result<Expected, String> {
        if test.ends_in_choice()
            && let Some(SliceStep::Choice(stem)) = path.last().cloned()
        {
            path.pop();
            let of_type = |code: &str| SliceTest {
                path: vec![SliceStep::Child(format!("{stem}{}", names::capitalized(code)))],
                expected: Expected::Exists(true),
            };
            return Ok(Expected::Any(types.iter().map(|code| of_type(code)).collect()));
        }
        if test.ends_in_choice() {
            // Only one type of the choice is left, so its name suffices.
            return Ok(Expected::Exists(true));
        }
        if types.iter().any(|code| &**code == "Resource") {
            return Ok(Expected::Exists(true));
        }
        let is_resource = |code: &str| {
            let structure = self.by_path.get(code);
            structure.map_or_else(
                || self.is_resource_type(code),
                |structure| structure.kind == StructureKind::Resource,
            )
        };
        if types.iter().all(|code| is_resource(code)) {
            Ok(Expected::Resource(types.iter().map(ToString::to_string).collect()))
        } else {
            Err("JSON does not say the type that tells it apart".to_owned())
        }
    }

    /// Whether a type is a resource and not abstract.
    fn is_resource_type(&self, code: &str) -> bool {
        let definition = self.definitions.type_definition(code).ok().flatten();
        definition.is_some_and(|definition| {
            definition.kind == ers_fhir_profiles::definition::StructureKind::Resource
                && !definition.is_abstract
        })
    }
}

/// Adds the step for a hop.
fn step(hop: &Hop<'_>, path: &mut Vec<SliceStep>) -> Result<(), String> {
    match &hop.step {
        Step::Child(name) => {
            let element = hop.place.element();
            path.push(match (element.is_choice(), element.types.as_slice()) {
                (false, _) => SliceStep::Child(name.to_string()),
                (true, [only]) => SliceStep::Child(format!("{name}{}", names::capitalized(&only.code))),
                (true, _) => SliceStep::Choice(name.to_string()),
            });
        }
        Step::Extension(url) => path.push(SliceStep::Extension(url.to_string())),
        Step::OfType(code) => match path.pop() {
            Some(SliceStep::Choice(stem)) => {
                path.push(SliceStep::Child(format!("{stem}{}", names::capitalized(code))));
            }
            Some(SliceStep::Child(name)) if name.ends_with(&names::capitalized(code)) => {
                path.push(SliceStep::Child(name));
            }
            _ => return Err(format!("JSON does not say that it is a {code}")),
        },
        Step::Resolve => {
            return Err(
                "it depends on the resource that a reference leads to, which may be elsewhere".to_owned()
            );
        }
    }
    Ok(())
}
