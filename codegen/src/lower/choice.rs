//! Choices: which of their types a profile allows, and what it says about each.

use ers_fhir_profiles::definition::{ElementDefinition, Max, SlicingRules};
use ers_fhir_profiles::slicing::{Expectation, Told, tell};
use ers_fhir_profiles::snapshot::Snapshot;

use super::base::facts;
use super::element::{cardinality, kept_times};
use super::profile::{Lowering, Place};
use crate::error::Error;
use crate::ir::profile::{Alias, Cardinality, Form, Kept, Narrowed, Times};
use crate::ir::{Choice, ChoiceVariant, Facts, Field, Type};
use crate::names;

/// The part of a choice that a profile allows.
pub(super) struct Left<'a> {
    /// The types, in the order of the profile.
    pub(super) types: Vec<&'a ChoiceVariant>,
    /// Slices that are told apart by type: their position in the snapshot, and their types.
    slices: Vec<(usize, Vec<Box<str>>)>,
    /// Whether a value of one of the types is mandatory.
    pub(super) is_required: bool,
}

impl Left<'_> {
    /// The position of the slice for a type, if there is one.
    pub(super) fn slice_of(&self, fhir: &str) -> Option<usize> {
        let mut slices = self.slices.iter().filter(|(_, types)| types.iter().any(|code| **code == *fhir));
        match (slices.next(), slices.next()) {
            (Some((only, _)), None) => Some(*only),
            _ => None,
        }
    }
}

impl<'a> Lowering<'a> {
    /// The part of the choice at this position that a profile allows.
    pub(super) fn left(&self, snapshot: &Snapshot, index: usize, choice: &'a Choice) -> Left<'a> {
        let element = snapshot.element(index);
        let mut types: Vec<&ChoiceVariant> = Vec::new();
        for given in &element.types {
            let found = choice.variants.iter().find(|variant| variant.fhir == given.code);
            types.extend(found.filter(|found| types.iter().all(|known| known.fhir != found.fhir)));
        }
        if types.is_empty() {
            types.extend(&choice.variants);
        }
        // A value of another type cannot be the fixed value.
        if let Some(value) = element.fixed.as_ref().or(element.pattern.as_ref()) {
            types.retain(|variant| variant.fhir == value.type_name);
        }
        let numbers: Vec<usize> = snapshot.slices(index).collect();
        let told =
            numbers.iter().filter_map(|number| Some((*number, self.types_of(snapshot, index, *number)?)));
        let slices: Vec<(usize, Vec<Box<str>>)> = told.collect();
        let is_closed = element.slicing.as_ref().is_some_and(|slicing| slicing.rules == SlicingRules::Closed);
        let is_in =
            |codes: &[Box<str>], variant: &ChoiceVariant| codes.iter().any(|code| **code == *variant.fhir);
        if is_closed && !slices.is_empty() && slices.len() == numbers.len() {
            types.retain(|variant| slices.iter().any(|(_, codes)| is_in(codes, variant)));
        }
        let mut is_required = element.min.unwrap_or(0) > 0;
        for (number, codes) in &slices {
            let slice = snapshot.element(*number);
            if slice.max == Some(Max::Count(0)) {
                types.retain(|variant| !is_in(codes, variant));
            } else if slice.min.unwrap_or(0) > 0 {
                is_required = true;
                types.retain(|variant| is_in(codes, variant));
            }
        }
        Left { types, slices, is_required }
    }

    /// The types that put a value into a slice, where only the type does.
    fn types_of(&self, snapshot: &Snapshot, sliced: usize, slice: usize) -> Option<Vec<Box<str>>> {
        let Told::By(tests) = tell(self.definitions, snapshot, sliced, slice) else { return None };
        match tests.as_slice() {
            [only] if only.hops.is_empty() => match &only.expectation {
                Expectation::Types(types) => Some(types.clone()),
                _ => None,
            },
            _ => None,
        }
    }

    /// A choice of which a profile allows more than one type.
    pub(super) fn choice(
        &mut self,
        place: Place<'_>,
        index: usize,
        base: &'a Field,
        left: &Left<'a>,
        field: &str,
        owner: &str,
    ) -> Result<Kept, Error> {
        let element = place.snapshot.element(index);
        let name = format!("{owner}{}", names::pascal(field));
        let mut narrowed = Vec::new();
        for variant in &left.types {
            let at = left.slice_of(&variant.fhir).unwrap_or(index);
            let kept = self.of_type(place, at, base, variant, &name)?;
            if kept.form != Form::Base || kept.fixed.is_some() || kept.pattern.is_some() {
                narrowed.push(Narrowed { fhir: variant.fhir.clone(), kept });
            }
        }
        let types = narrowed.iter().any(|of| of.kept.form != Form::Base).then(|| {
            let key = format!("{}#{}", place.url, element.id);
            let name = self.element_name(&key, name);
            self.names.insert(name.clone());
            Alias { key, name }
        });
        let cardinality = match cardinality(element, base) {
            Cardinality::Optional if left.is_required => Cardinality::One,
            other => other,
        };
        let codes = left.types.iter().map(|variant| variant.fhir.clone()).collect();
        Ok(Kept {
            name: field.to_owned(),
            cardinality,
            times: kept_times(element, base),
            narrowed,
            types,
            facts: Facts { types: codes, ..facts(element) },
            path: element.id.clone(),
            ..Kept::from_base(base)
        })
    }

    /// What a profile says about one type of a choice.
    fn of_type(
        &mut self,
        place: Place<'_>,
        index: usize,
        base: &Field,
        variant: &ChoiceVariant,
        choice: &str,
    ) -> Result<Kept, Error> {
        let element = place.snapshot.element(index);
        let name = format!("{choice}{}", variant.name);
        let form = match &variant.ty {
            Type::Structure { name: structure, .. } if element.types.len() > 1 => {
                self.named_profile(element, &variant.fhir, structure)
            }
            ty => self.form(place, index, ty, &name)?,
        };
        let own = |value| if element.types.len() > 1 { Ok(None) } else { self.literal(element, value) };
        Ok(Kept {
            json: format!("{}{}", base.json, variant.suffix),
            cardinality: Cardinality::Optional,
            times: Times { min: 0, max: Some(1) },
            ty: variant.ty.clone(),
            form,
            fixed: own(element.fixed.as_ref())?,
            pattern: own(element.pattern.as_ref())?,
            facts: facts(element),
            path: element.id.clone(),
            ..Kept::from_base(base)
        })
    }

    /// The struct of the one profile that an element has for one of its types.
    fn named_profile(&mut self, element: &ElementDefinition, fhir: &str, base: &str) -> Form {
        let given = element.types.iter().find(|given| given.code == fhir);
        match given.map(|given| given.profiles.as_slice()) {
            Some([url]) if !url.contains('#') => self.of_profile(url, &element.id, base),
            _ => Form::Base,
        }
    }
}
