//! Elements of profiles: each field of the base is kept, narrowed, implied, sliced or dropped.

use std::collections::BTreeSet;

use ers_fhir_profiles::definition::{ElementDefinition, Max, TypedValue};
use ers_fhir_profiles::snapshot::Snapshot;
use ers_fhir_values::canonical;

use super::base::{facts, fault, times};
use super::profile::{Lowering, Place};
use crate::error::Error;
use crate::ir::profile::{Cardinality, Form, Handling, Kept, ProfileField, ProfileStruct, Times};
use crate::ir::{Field, Structure, StructureKind, Type};
use crate::literal;
use crate::names;

impl<'a> Lowering<'a> {
    /// Adds the struct of an element whose children are in the snapshot; tells whether it says more than the
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
        let struct_name = format!("{owner}{}", names::pascal(name));
        let (json, ty) = self.left(place.snapshot.element(index), base);
        let is_required = place.snapshot.element(index).min.unwrap_or(0) > 0;
        // Of the one type that is left of a choice, a slice may say more.
        let index = only_slice(place.snapshot, index, base, &ty);
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
            called: None,
            fixed: self.literal(element, element.fixed.as_ref())?,
            pattern: pattern.or_else(|| claim(place, element)),
            around: Vec::new(),
            is_rest: false,
            untold: Vec::new(),
            facts: facts(element),
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
            let reason = format!("has a fixed value or pattern that is no {}: correct it", value.type_name);
            fault(self.definitions, "", &element.id, reason)
        };
        json.map(|json| Some(json.to_string())).ok_or_else(unfit)
    }

    /// Name in JSON and type of what the profile leaves of a field: of a choice or of any resource, maybe
    /// one type.
    fn left(&self, element: &ElementDefinition, base: &Field) -> (String, Type) {
        let whole = || (base.json.clone(), base.ty.clone());
        let [only] = element.types.as_slice() else { return whole() };
        match &base.ty {
            Type::Choice(_) => {
                let choice = self.model.choice_of(&base.ty);
                let variants = choice.map_or(&[][..], |choice| &choice.variants);
                let variant = variants.iter().find(|variant| variant.fhir == only.code);
                variant.map_or_else(whole, |variant| {
                    (format!("{}{}", base.json, variant.suffix), variant.ty.clone())
                })
            }
            Type::Resource => {
                let structure = self.by_path.get(only.code.as_str());
                match structure.filter(|structure| structure.kind == StructureKind::Resource) {
                    Some(structure) => {
                        let name = structure.name.clone();
                        (base.json.clone(), Type::Structure { name, is_boxed: false })
                    }
                    None => whole(),
                }
            }
            _ => whole(),
        }
    }

    /// What a field holds, given what the base holds.
    fn form(&mut self, place: Place<'_>, index: usize, ty: &Type, name: &str) -> Result<Form, Error> {
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
            // The base has it, or could have it: nothing is narrower.
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
            // It says nothing that the base does not: forget it, and what is nested in it.
            self.structs.truncate(structs);
            self.names = names;
        }
        let Some(url) = profile_of(element).map(str::to_owned) else { return Ok(Form::Base) };
        let Some(found) = self.referred(&url, &element.id) else { return Ok(Form::Base) };
        // A profile of another type than the field holds is no use.
        Ok(if self.base_of(&found) == Some(base) { Form::Struct(found) } else { Form::Base })
    }
}

fn child(snapshot: &Snapshot, index: usize, field: &Field) -> Option<usize> {
    let name = field.path.rsplit('.').next().unwrap_or(&field.path);
    snapshot.child(index, name).or_else(|| snapshot.child(index, &field.json))
}

/// Where what is said of the one type that is left of a choice stands: the slice for that type, if there is one.
fn only_slice(snapshot: &Snapshot, index: usize, base: &Field, left: &Type) -> usize {
    if !matches!(base.ty, Type::Choice(_)) || *left == base.ty {
        return index;
    }
    let mut slices = snapshot.slices(index);
    match (slices.next(), slices.next()) {
        (Some(only), None) => only,
        _ => index,
    }
}

/// The profile that a resource must claim in `meta.profile`, where an invariant of `meta` says so: the claim is
/// one among others, which no pattern of a repeating element can say.
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
            // What one element of another profile says is no profile of its own.
            [url] if !url.contains('#') => Some(url),
            _ => None,
        },
        _ => None,
    }
}

fn cardinality(element: &ElementDefinition, base: &Field) -> Cardinality {
    let is_required = element.min.unwrap_or(0) > 0 || base.is_required;
    let is_many = base.is_many && element.max.is_none_or(|max| max > Max::Count(1));
    match (is_many, is_required) {
        (true, true) => Cardinality::Some,
        (true, false) => Cardinality::Any,
        (false, true) => Cardinality::One,
        (false, false) => Cardinality::Optional,
    }
}

/// How often an element occurs, which is never more than the base allows.
fn kept_times(element: &ElementDefinition, base: &Field) -> Times {
    let own = times(element);
    Times { min: own.min.max(base.times.min), max: own.max.or(base.times.max) }
}

fn is_narrower(base: &Field, handling: &Handling) -> bool {
    !matches!(handling, Handling::Kept(field) if field.is_as_in(base))
}

/// Gives fields of slices names that no other field has: with the name of what is sliced behind.
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
