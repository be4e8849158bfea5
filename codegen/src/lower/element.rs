//! Lowers elements of profiles: each field of the base is kept, narrowed, implied, sliced or dropped.

use std::collections::BTreeSet;

use ers_fhir_profiles::definition::{ElementDefinition, Max, TypedValue};
use ers_fhir_profiles::snapshot::Snapshot;
use ers_fhir_values::canonical;

use super::base::{facts, fault, times};
use super::profile::{Lowering, Place};
use crate::error::Error;
use crate::ir::profile::{Cardinality, Form, Handling, Kept, ProfileField, ProfileStruct, Times};
use crate::ir::{Facts, Field, Structure, StructureKind, Type};
use crate::literal;
use crate::names;

impl<'a> Lowering<'a> {
    /// Adds the struct of an element whose children are in the snapshot; returns whether it says more than the
    /// base.
    pub(super) fn element(
        &mut self,
        place: Place<'_>,
        index: usize,
        base: &'a Structure,
        name: &str,
    ) -> Result<bool, Error> {
        let element = place.snapshot.element(index);
        let at = self.structs.len();
        self.structs.push(ProfileStruct {
            name: name.to_owned(),
            base: base.name.clone(),
            owner: place.owner.to_owned(),
            url: None,
            path: element.id.clone(),
            short: element.short.clone(),
            attributes: Vec::new(),
            key: format!("{}#{}", place.url, element.id),
            aliases: Vec::new(),
            fields: Vec::new(),
        });
        let mut fields = Vec::new();
        let mut used: BTreeSet<String> = ["extras".to_owned(), "order".to_owned()].into();
        for field in &base.fields {
            let child = child(place.snapshot, index, field);
            let handling = match child {
                Some(child) => self.field(place, child, field, name)?,
                None => Handling::Kept(Box::new(Kept::from_base(field))),
            };
            let handling = distinct(handling, &field.name, &mut used);
            fields.push(ProfileField { base: field.clone(), handling });
        }
        let differs = fields.iter().any(|field| is_narrower(&field.base, &field.handling));
        self.structs[at].fields = fields;
        Ok(differs)
    }

    fn field(
        &mut self,
        place: Place<'_>,
        index: usize,
        base: &'a Field,
        owner: &str,
    ) -> Result<Handling, Error> {
        let element = place.snapshot.element(index);
        if element.max == Some(Max::Count(0)) {
            return Ok(Handling::Forbidden);
        }
        let choice = self.model.choice_of(&base.ty);
        if choice.is_some_and(|choice| self.left(place.snapshot, index, choice).types.is_empty()) {
            return Ok(Handling::Forbidden);
        }
        let cardinality = cardinality(element, base);
        let fixed = self.literal(element, element.fixed.as_ref())?;
        if let (Some(json), Cardinality::One) = (&fixed, cardinality) {
            let name = match (&base.ty, &element.fixed) {
                (Type::Choice(_), Some(fixed)) => {
                    format!("{}{}", base.json, names::capitalized(&fixed.type_name))
                }
                _ => base.json.clone(),
            };
            return Ok(Handling::Fixed { name, json: json.clone() });
        }
        let mut untold = Vec::new();
        if base.is_many
            && let Some(sliced) = self.sliced(place, index, base, owner, &mut untold)?
        {
            return Ok(sliced);
        }
        let kept = self.kept(place, index, base, &base.name, owner)?;
        Ok(Handling::Kept(Box::new(Kept { untold, ..kept })))
    }

    pub(super) fn kept(
        &mut self,
        place: Place<'_>,
        index: usize,
        base: &'a Field,
        name: &str,
        owner: &str,
    ) -> Result<Kept, Error> {
        let mut types = None;
        let (json, ty, is_required, index) = match self.model.choice_of(&base.ty) {
            Some(choice) => {
                let left = self.left(place.snapshot, index, choice);
                let [only] = left.types.as_slice() else {
                    return self.choice(place, index, base, &left, name, owner);
                };
                // A slice may say more about the one type that is left.
                let index = left.slice_of(&only.fhir).unwrap_or(index);
                types = Some(vec![only.fhir.clone()]);
                (format!("{}{}", base.json, only.suffix), only.ty.clone(), left.is_required, index)
            }
            None => (base.json.clone(), self.resource(place.snapshot.element(index), base), false, index),
        };
        let struct_name = format!("{owner}{}", names::pascal(name));
        let element = place.snapshot.element(index);
        let cardinality = match cardinality(element, base) {
            Cardinality::Optional if is_required => Cardinality::One,
            other => other,
        };
        let pattern = self.literal(element, element.pattern.as_ref())?;
        Ok(Kept {
            name: name.to_owned(),
            json,
            cardinality,
            times: kept_times(element, base),
            form: self.form(place, index, &ty, &struct_name)?,
            ty,
            is_boxed: false,
            narrowed: Vec::new(),
            types: None,
            called: None,
            fixed: self.literal(element, element.fixed.as_ref())?,
            pattern: pattern.or_else(|| claim(place, element)),
            singles: Vec::new(),
            around: Vec::new(),
            is_rest: false,
            untold: Vec::new(),
            facts: types.map_or_else(|| facts(element), |types| Facts { types, ..facts(element) }),
            path: element.id.clone(),
        })
    }

    /// A fixed or pattern value as JSON.
    pub(super) fn literal(
        &self,
        element: &ElementDefinition,
        value: Option<&TypedValue>,
    ) -> Result<Option<String>, Error> {
        let Some(value) = value else { return Ok(None) };
        let json = literal::of(self.definitions, value)?;
        let unfit = || {
            let reason =
                format!("has a fixed value or pattern that is not a valid {}: correct it", value.type_name);
            fault(self.definitions, "", &element.id, reason)
        };
        json.map(|json| Some(json.to_string())).ok_or_else(unfit)
    }

    /// The type for an element of any resource, which the profile may narrow to one type.
    fn resource(&self, element: &ElementDefinition, base: &Field) -> Type {
        let ([only], Type::Resource) = (element.types.as_slice(), &base.ty) else { return base.ty.clone() };
        let structure = self.by_path.get(only.code.as_str());
        match structure.filter(|structure| structure.kind == StructureKind::Resource) {
            Some(structure) => Type::Structure { name: structure.name.clone(), is_boxed: false },
            None => base.ty.clone(),
        }
    }

    /// The content of a field, given that of the base.
    pub(super) fn form(
        &mut self,
        place: Place<'_>,
        index: usize,
        ty: &Type,
        name: &str,
    ) -> Result<Form, Error> {
        let element = place.snapshot.element(index);
        match ty {
            Type::Primitive(primitive) if primitive.fhir == "code" => Ok(self.code(element)),
            Type::Code(_) => Ok(self.code(element)),
            Type::Structure { name: base, .. } => self.structure(place, index, base, name),
            Type::Primitive(_) | Type::Choice(_) | Type::Resource => Ok(Form::Base),
        }
    }

    fn code(&mut self, element: &ElementDefinition) -> Form {
        let names = &self.names;
        let Some(binding) = &element.binding else { return Form::Base };
        let url = binding.value_set.as_deref().map(canonical::url);
        if self.model.codes.iter().any(|list| Some(list.value_set.as_str()) == url) {
            // The base has it, or could have it, so it is not narrower.
            return Form::Base;
        }
        match self.codes.of(Some(binding), |name| names.contains(name)) {
            Some(name) => {
                self.names.insert(name.clone());
                Form::Code(name)
            }
            None => Form::Base,
        }
    }

    fn structure(&mut self, place: Place<'_>, index: usize, base: &str, name: &str) -> Result<Form, Error> {
        let element = place.snapshot.element(index);
        let Some(&structure) = self.structures.get(base) else { return Ok(Form::Base) };
        if place.snapshot.children(index).next().is_some() {
            let name = self.element_name(&format!("{}#{}", place.url, element.id), name.to_owned());
            let (structs, names) = (self.structs.len(), self.names.clone());
            self.names.insert(name.clone());
            if self.element(place, index, structure, &name)? {
                return Ok(Form::Struct(name));
            }
            // It says no more than the base: drop it and the structs nested in it.
            self.structs.truncate(structs);
            self.names = names;
        }
        let Some(url) = profile_of(element).map(str::to_owned) else { return Ok(Form::Base) };
        Ok(self.of_profile(&url, &element.id, base))
    }

    /// The struct of a profile that an element of this base refers to.
    pub(super) fn of_profile(&mut self, url: &str, element: &str, base: &str) -> Form {
        match self.referred(url, element) {
            // A profile of a type other than that of the field is of no use.
            Some(found) if self.base_of(&found) == Some(base) => Form::Struct(found),
            _ => Form::Base,
        }
    }
}

fn child(snapshot: &Snapshot, index: usize, field: &Field) -> Option<usize> {
    let name = field.path.rsplit('.').next().unwrap_or(&field.path);
    snapshot.child(index, name).or_else(|| snapshot.child(index, &field.json))
}

/// The profile that a resource must claim in `meta.profile`, where an invariant of `meta` says so: the claim may be
/// one among others, which no pattern of a repeating element can express.
fn claim(place: Place<'_>, element: &ElementDefinition) -> Option<String> {
    let (meta, "profile") = element.id.rsplit_once('.')? else { return None };
    let (_, "meta") = meta.rsplit_once('.')? else { return None };
    let meta = place.snapshot.element(place.snapshot.find(meta)?);
    let claimed = meta.constraints.iter().rev().find_map(|constraint| {
        let expression = constraint.expression.as_deref()?;
        expression.strip_prefix("profile.where($this = '")?.strip_suffix("').exists()")
    })?;
    (!claimed.contains('\'')).then(|| serde_json::Value::from(claimed).to_string())
}

/// The one profile that the one type of an element has.
pub(super) fn profile_of(element: &ElementDefinition) -> Option<&str> {
    match element.types.as_slice() {
        [only] => match only.profiles.as_slice() {
            // A reference to one element of another profile is not a profile of its own.
            [url] if !url.contains('#') => Some(url),
            _ => None,
        },
        _ => None,
    }
}

pub(super) fn cardinality(element: &ElementDefinition, base: &Field) -> Cardinality {
    let is_required = element.min.unwrap_or(0) > 0 || base.is_required;
    let is_many = base.is_many && element.max.is_none_or(|max| max > Max::Count(1));
    match (is_many, is_required) {
        (true, true) => Cardinality::Some,
        (true, false) => Cardinality::Any,
        (false, true) => Cardinality::One,
        (false, false) => Cardinality::Optional,
    }
}

/// How often an element occurs, but never more often than the base allows.
pub(super) fn kept_times(element: &ElementDefinition, base: &Field) -> Times {
    let own = times(element);
    Times { min: own.min.max(base.times.min), max: own.max.or(base.times.max) }
}

fn is_narrower(base: &Field, handling: &Handling) -> bool {
    !matches!(handling, Handling::Kept(field) if field.is_as_in(base))
}

/// Gives fields of slices unique names, by appending the name of the sliced element.
fn distinct(mut handling: Handling, base: &str, used: &mut BTreeSet<String>) -> Handling {
    let mut claim = |name: &mut String| {
        if used.contains(name) {
            *name = format!("{name}_{base}");
        }
        *name = names::free(std::mem::take(name), |name| used.contains(name));
        used.insert(name.clone());
    };
    match &mut handling {
        Handling::Forbidden | Handling::Fixed { .. } => {}
        Handling::Kept(kept) => claim(&mut kept.name),
        Handling::Sliced(sliced) => {
            for slice in &mut sliced.slices {
                slice.field.iter_mut().for_each(|field| claim(&mut field.name));
            }
            sliced.rest.iter_mut().for_each(|rest| claim(&mut rest.name));
        }
    }
    handling
}
