//! Slices: what tells them apart, in words of JSON.

use ers_fhir_profiles::definition::{Max, SlicingRules};
use ers_fhir_profiles::slicing::{Expectation, Hop, Step, Test, Told, tell};

use super::profile::{Lowering, Place, literal};
use crate::error::Error;
use crate::ir::profile::{Handling, Slice, SliceTest};
use crate::ir::{Field, StructureKind};
use crate::names;

impl<'a> Lowering<'a> {
    /// The slices of an element; `None` where nothing tells them apart that can be generated.
    pub(super) fn sliced(
        &mut self,
        place: Place<'_>,
        index: usize,
        base: &'a Field,
        owner: &str,
    ) -> Result<Option<Handling>, Error> {
        let element = place.snapshot.element(index);
        let Some(slicing) = &element.slicing else { return Ok(None) };
        let mut slices = Vec::new();
        for number in place.snapshot.slices(index) {
            let slice = place.snapshot.element(number);
            if slice.max == Some(Max::Count(0)) {
                return Ok(None);
            }
            let Told::By(tests) = tell(self.definitions, place.snapshot, index, number) else {
                return Ok(None);
            };
            let Some(tests) = self.marks(&tests) else { return Ok(None) };
            let given = slice.slice_name.as_deref().unwrap_or(&base.name);
            let field = self.kept(place, number, base, &names::snake(given), owner)?;
            slices.push(Slice { field, tests });
        }
        if slices.is_empty() {
            return Ok(None);
        }
        let rest = (slicing.rules != SlicingRules::Closed).then(|| format!("other_{}", base.name));
        Ok(Some(Handling::Sliced { slices, rest }))
    }

    /// What tells a slice apart, in words of JSON; `None` where these cannot say it.
    fn marks(&self, tests: &[Test<'_>]) -> Option<Vec<SliceTest>> {
        let mut marks = Vec::new();
        for test in tests {
            let mut path = test.hops.iter().map(json_name).collect::<Option<Vec<String>>>()?;
            let expected = match &test.expectation {
                Expectation::Fixed(value) | Expectation::Pattern(value) => Some(literal(value)?),
                Expectation::Parts(parts) => {
                    for mark in self.marks(parts)? {
                        marks.push(SliceTest { path: [path.clone(), mark.path].concat(), ..mark });
                    }
                    continue;
                }
                Expectation::Types(types) => match types.as_slice() {
                    // The name in JSON tells the type of a choice.
                    [_] if test.place.element().is_choice() => None,
                    [only] if self.is_resource(only) => {
                        path.push("resourceType".to_owned());
                        Some(format!("{only:?}"))
                    }
                    _ => return None,
                },
                Expectation::Bound(_) | Expectation::Exists(_) | Expectation::Profiles(_) => return None,
            };
            marks.push(SliceTest { path, expected });
        }
        Some(marks)
    }

    fn is_resource(&self, type_name: &str) -> bool {
        let structure = self.structures.get(names::pascal(type_name).as_str());
        structure.is_some_and(|structure| structure.kind == StructureKind::Resource)
    }
}

/// The name in JSON of the element that a step leads to; `None` where that is not one name.
fn json_name(hop: &Hop<'_>) -> Option<String> {
    let Step::Child(name) = &hop.step else { return None };
    let element = hop.place.element();
    if !element.is_choice() {
        return Some(name.to_string());
    }
    match element.types.as_slice() {
        [only] => Some(format!("{name}{}", names::pascal(&only.code))),
        _ => None,
    }
}
