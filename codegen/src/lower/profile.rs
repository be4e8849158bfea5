//! Profiles to structs: each field of the base is kept, narrowed, implied, sliced or dropped.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ers_fhir_profiles::Definitions;
use ers_fhir_profiles::datum::Datum;
use ers_fhir_profiles::definition::{ElementDefinition, Max, TypedValue};
use ers_fhir_profiles::snapshot::Snapshot;
use ers_fhir_values::canonical;

use super::base::facts;
use super::codes::Codes;
use super::simplify::simplify;
use crate::error::Error;
use crate::ir::profile::{Cardinality, Form, Handling, Kept, ProfileField, ProfileStruct};
use crate::ir::{CodeList, Field, Model, Structure, StructureKind, Type};
use crate::names;
use crate::settings::Settings;

/// Structs for the profiles with these canonical URLs, and for those that they lead to.
pub(crate) fn lower(
    definitions: &Arc<Definitions>,
    model: &Model,
    profiles: &[String],
    prefix: &str,
    settings: &Settings,
) -> Result<(Vec<ProfileStruct>, Vec<CodeList>), Error> {
    let structures = model.structures.iter().map(|structure| (structure.name.as_str(), structure)).collect();
    let mut lowering = Lowering {
        definitions,
        model,
        structures,
        codes: Codes::new(Arc::clone(definitions), settings.clone()),
        known: BTreeMap::new(),
        names: taken(model),
        structs: Vec::new(),
        prefix,
        settings,
    };
    for url in profiles {
        lowering.profile(url, "the list of profiles")?;
    }
    Ok((simplify(lowering.structs, model), lowering.codes.into_lists()))
}

fn taken(model: &Model) -> BTreeSet<String> {
    let structures = model.structures.iter().map(|structure| &structure.name);
    let choices = model.choices.iter().map(|choice| &choice.name);
    let codes = model.codes.iter().map(|list| &list.name);
    structures.chain(choices).chain(codes).cloned().chain(["Resource".to_owned()]).collect()
}

pub(super) struct Lowering<'a> {
    pub(super) definitions: &'a Arc<Definitions>,
    model: &'a Model,
    pub(super) structures: BTreeMap<&'a str, &'a Structure>,
    codes: Codes,
    /// Profiles by canonical URL; `None` for those whose base is not generated, or that add nothing.
    known: BTreeMap<String, Option<String>>,
    names: BTreeSet<String>,
    structs: Vec<ProfileStruct>,
    prefix: &'a str,
    settings: &'a Settings,
}

/// Where an element belongs while it is lowered.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) snapshot: &'a Snapshot,
    owner: &'a str,
}

impl<'a> Lowering<'a> {
    /// The struct of a profile; `None` where the base does as well.
    fn profile(&mut self, canonical: &str, wanted_by: &str) -> Result<Option<String>, Error> {
        let url = canonical::url(canonical);
        if let Some(known) = self.known.get(url) {
            return Ok(known.clone());
        }
        let unknown = || Error::Unknown { canonical: canonical.to_owned(), wanted_by: wanted_by.to_owned() };
        let definition = self.definitions.structure(canonical)?.ok_or_else(unknown)?;
        let snapshot = self.definitions.sound_snapshot(canonical)?.ok_or_else(unknown)?;
        let Some(&base) = self.structures.get(self.settings.type_name(&definition.type_name).as_str()) else {
            self.known.insert(url.to_owned(), None);
            return Ok(None);
        };
        let name = match names::pascal(&definition.name) {
            name if name.is_empty() => "Unnamed".to_owned(),
            name => name,
        };
        let short = name
            .strip_prefix(&names::pascal(self.prefix))
            .filter(|rest| !rest.is_empty() && !self.names.contains(*rest));
        let name = match self.settings.named(url) {
            Some(given) => given.to_owned(),
            None => names::free(short.unwrap_or(&name).to_owned(), |name| self.names.contains(name)),
        };
        // Known before its elements are lowered, so that a profile may lead back to itself.
        self.names.insert(name.clone());
        self.known.insert(url.to_owned(), Some(name.clone()));
        let place = Place { snapshot: &snapshot, owner: &name };
        let at = self.structs.len();
        self.element(place, 0, base, &name)?;
        if let Some(lowered) = self.structs.get_mut(at) {
            lowered.url = Some(url.to_owned());
            lowered.attributes = self.settings.type_attributes(url);
        }
        Ok(Some(name))
    }

    /// Adds the struct of an element whose children are in the snapshot.
    fn element(
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
            fields: Vec::new(),
        });
        let mut fields = Vec::new();
        let mut used: BTreeSet<String> = ["extras".to_owned(), "order".to_owned()].into();
        for field in &base.fields {
            let child = Self::child(place.snapshot, index, field);
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

    fn child(snapshot: &Snapshot, index: usize, field: &Field) -> Option<usize> {
        let name = field.path.rsplit('.').next().unwrap_or(&field.path);
        snapshot.child(index, name).or_else(|| snapshot.child(index, &field.json))
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
        let fixed = element.fixed.as_ref().and_then(literal);
        if let (Some(json), Cardinality::One) = (&fixed, cardinality) {
            return Ok(Handling::Fixed(json.clone()));
        }
        if base.is_many
            && let Some(sliced) = self.sliced(place, index, base, owner)?
        {
            return Ok(sliced);
        }
        Ok(Handling::Kept(Box::new(self.kept(place, index, base, &base.name, owner)?)))
    }

    pub(super) fn kept(
        &mut self,
        place: Place<'_>,
        index: usize,
        base: &'a Field,
        name: &str,
        owner: &str,
    ) -> Result<Kept, Error> {
        let element = place.snapshot.element(index);
        let struct_name = format!("{owner}{}", names::pascal(name));
        let (json, ty) = self.left(element, base);
        Ok(Kept {
            name: name.to_owned(),
            json,
            cardinality: cardinality(element, base),
            form: self.form(place, index, &ty, &struct_name)?,
            ty,
            fixed: element.fixed.as_ref().and_then(literal),
            pattern: element.pattern.as_ref().and_then(literal).or_else(|| claim(place, element)),
            around: Vec::new(),
            facts: facts(element),
            path: element.id.clone(),
        })
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
                    (format!("{}{}", base.json, variant.name), variant.ty.clone())
                })
            }
            Type::Resource => {
                let name = self.settings.type_name(&only.code);
                let structure = self.structures.get(name.as_str());
                match structure.filter(|structure| structure.kind == StructureKind::Resource) {
                    Some(_) => (base.json.clone(), Type::Structure { name, is_boxed: false }),
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
            Some(name) => Form::Code(name),
            None => Form::Base,
        }
    }

    fn structure(&mut self, place: Place<'_>, index: usize, base: &str, name: &str) -> Result<Form, Error> {
        let element = place.snapshot.element(index);
        let Some(&structure) = self.structures.get(base) else { return Ok(Form::Base) };
        if place.snapshot.children(index).next().is_some() {
            let name = names::free(name.to_owned(), |name| self.names.contains(name));
            let (structs, names) = (self.structs.len(), self.names.clone());
            self.names.insert(name.clone());
            if self.element(place, index, structure, &name)? {
                return Ok(Form::Struct(name));
            }
            // It says nothing that the base does not: forget it, and what is nested in it.
            self.structs.truncate(structs);
            self.names = names;
        }
        match profile_of(element) {
            Some(url) => {
                let url = url.to_owned();
                let found = self.profile(&url, &element.id)?;
                let fits =
                    found.as_ref().and_then(|found| self.structs.iter().find(|known| known.name == *found));
                Ok(match (fits.is_some_and(|known| known.base == base), found) {
                    (true, Some(found)) => Form::Struct(found),
                    _ => Form::Base,
                })
            }
            None => Ok(Form::Base),
        }
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
    (!claimed.contains('\'')).then(|| format!("{claimed:?}"))
}

/// The one profile that the one type of an element has.
pub(super) fn profile_of(element: &ElementDefinition) -> Option<&str> {
    match element.types.as_slice() {
        [only] => match only.profiles.as_slice() {
            [url] => Some(url),
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
        Handling::Forbidden | Handling::Fixed(_) => {}
        Handling::Kept(kept) => claim(&mut kept.name),
        Handling::Sliced { slices, rest } => {
            for slice in slices {
                claim(&mut slice.field.name);
            }
            rest.iter_mut().for_each(claim);
        }
    }
    handling
}

/// A fixed or pattern value as JSON.
pub(super) fn literal(value: &TypedValue) -> Option<String> {
    json(&value.value, &value.type_name).map(|value| value.to_string())
}

fn json(datum: &Datum, type_name: &str) -> Option<serde_json::Value> {
    if let Some(text) = &datum.text {
        return match type_name {
            "boolean" | "integer" | "positiveInt" | "unsignedInt" | "decimal" => {
                serde_json::from_str(text).ok()
            }
            _ => Some(serde_json::Value::String(text.to_string())),
        };
    }
    // Complex values do not say their parts' types here: repeated parts, and those of the types that
    // repeat in `CodeableConcept` and the like, are arrays.
    let mut object = serde_json::Map::new();
    for (name, part) in &datum.fields {
        let is_flag = matches!((&**name, part.text.as_deref()), ("userSelected", Some("true" | "false")));
        let value = json(part, if is_flag { "boolean" } else { "" })?;
        if matches!(&**name, "coding" | "extension") || object.contains_key(&**name) {
            let array =
                object.entry(name.to_string()).or_insert_with(|| serde_json::Value::Array(Vec::new()));
            array.as_array_mut()?.push(value);
        } else {
            object.insert(name.to_string(), value);
        }
    }
    Some(serde_json::Value::Object(object))
}
