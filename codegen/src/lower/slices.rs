//! Slices: what tells them apart, in words of JSON.

use ers_fhir_profiles::definition::{DiscriminatorKind, ElementDefinition, Max, SlicingRules};
use ers_fhir_profiles::snapshot::Snapshot;

use super::profile::{Lowering, Place, literal, profile_of};
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
            let mut tests = Vec::new();
            for discriminator in &slicing.discriminators {
                let test = self.test(place.snapshot, number, discriminator.kind, &discriminator.path)?;
                tests.extend(test);
            }
            if tests.is_empty() {
                return Ok(None);
            }
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

    /// What a discriminator finds in a slice; `None` where the slice does not say.
    fn test(
        &self,
        snapshot: &Snapshot,
        slice: usize,
        kind: DiscriminatorKind,
        path: &str,
    ) -> Result<Option<SliceTest>, Error> {
        let steps: Vec<&str> = match path {
            "$this" => Vec::new(),
            path => path.split('.').collect(),
        };
        let Some((mut path, element)) = self.at(snapshot, slice, &steps)? else { return Ok(None) };
        let value = element.fixed.as_ref().or(element.pattern.as_ref()).and_then(literal);
        let expected = match (kind, element.types.as_slice()) {
            (DiscriminatorKind::Value | DiscriminatorKind::Pattern, _) if value.is_some() => value,
            // The name in JSON tells the type of a choice.
            (DiscriminatorKind::Type, [_]) if element.path.ends_with("[x]") => None,
            (DiscriminatorKind::Type, [only]) if self.is_resource(&only.code) => {
                path.push("resourceType".to_owned());
                Some(format!("{:?}", only.code))
            }
            _ => return Ok(None),
        };
        Ok(Some(SliceTest { path, expected }))
    }

    fn is_resource(&self, type_name: &str) -> bool {
        let structure = self.structures.get(names::pascal(type_name).as_str());
        structure.is_some_and(|structure| structure.kind == StructureKind::Resource)
    }

    /// The element at the end of a path, through the profiles of the types on the way, with the path in
    /// JSON.
    fn at(
        &self,
        snapshot: &Snapshot,
        index: usize,
        steps: &[&str],
    ) -> Result<Option<(Vec<String>, ElementDefinition)>, Error> {
        let Some((step, rest)) = steps.split_first() else {
            return Ok(Some((Vec::new(), snapshot.element(index).clone())));
        };
        let (child, name) = if let Some(child) = snapshot.child(index, step) {
            (Some(child), (*step).to_owned())
        } else {
            let choice = snapshot.child(index, &format!("{step}[x]"));
            let only = choice.and_then(|choice| match snapshot.element(choice).types.as_slice() {
                [only] => Some(names::pascal(&only.code)),
                _ => None,
            });
            (choice.filter(|_| only.is_some()), format!("{step}{}", only.unwrap_or_default()))
        };
        if let Some(child) = child {
            let found = self.at(snapshot, child, rest)?;
            return Ok(found.map(|(mut path, element)| {
                path.insert(0, name);
                (path, element)
            }));
        }
        let Some(url) = profile_of(snapshot.element(index)) else { return Ok(None) };
        let Some(inner) = self.definitions.snapshot(url)? else { return Ok(None) };
        self.at(&inner, 0, steps)
    }
}
