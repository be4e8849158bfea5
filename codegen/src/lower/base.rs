//! Lowers FHIR types to structures: resources, datatypes, and the elements nested in them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use ers_fhir_profiles::Definitions;
use ers_fhir_profiles::definition::{
    BindingStrength, ElementDefinition, Max, StructureDefinition, StructureKind as Kind,
};
use ers_fhir_profiles::snapshot::Snapshot;

use super::boxing::{box_cycles, endless};
use super::codes::Codes;
use crate::error::Error;
use crate::ir::profile::Times;
use crate::ir::{Choice, ChoiceVariant, Facts, Field, Model, Primitive, Structure, StructureKind, Type};
use crate::names;
use crate::settings::Settings;

/// All types reachable from the wanted ones, as structures; and the types that could not be made, each with the
/// reason.
pub(crate) fn lower(
    definitions: &Arc<Definitions>,
    wanted: &BTreeSet<String>,
    settings: &Settings,
    excluded: &BTreeSet<String>,
) -> Result<(Model, BTreeMap<String, Error>), Error> {
    let mut failed: BTreeMap<String, Error> = BTreeMap::new();
    // Each round leaves out the types that failed in the one before, until no more types fail.
    loop {
        let out: BTreeSet<String> = excluded.iter().chain(failed.keys()).cloned().collect();
        let mut lowering = Lowering::new(definitions, settings, &out);
        let found = lowering.all(wanted);
        if found.is_empty() {
            return Ok((lowering.into_model(), failed));
        }
        for (name, error) in found {
            // Without these there are no extensions of primitives, so no types can be generated.
            if matches!(name.as_str(), "Element" | "Extension") {
                return Err(error);
            }
            failed.insert(name, error);
        }
    }
}

/// Renames enums of codes whose names were later taken by types, except those that a setting named.
fn part_codes_from_types(model: &mut Model, settings: &Settings) {
    let types = model.structures.iter().map(|structure| &structure.name);
    let types: BTreeSet<String> =
        types.chain(model.choices.iter().map(|choice| &choice.name)).cloned().collect();
    for list in &mut model.codes {
        if !types.contains(&list.name) || settings.named(&list.value_set).is_some() {
            continue;
        }
        let renamed = names::free(format!("{}Code", list.name), |name| types.contains(name));
        let fields = model.structures.iter_mut().flat_map(|structure| &mut structure.fields);
        for field in fields {
            if field.ty == Type::Code(list.name.clone()) {
                field.ty = Type::Code(renamed.clone());
            }
        }
        list.name = renamed;
    }
}

struct Lowering<'a> {
    definitions: &'a Arc<Definitions>,
    codes: Codes,
    structures: Vec<Structure>,
    choices: Vec<Choice>,
    /// Choices that many elements share, by their types.
    shared: BTreeMap<Vec<String>, String>,
    /// Rust names that are taken.
    names: BTreeSet<String>,
    /// Rust names of types and of elements that have elements, by FHIR path.
    by_path: BTreeMap<String, String>,
    reached: BTreeSet<String>,
    open: VecDeque<String>,
    settings: &'a Settings,
    /// Types that are left out.
    excluded: &'a BTreeSet<String>,
}

/// A choice of at least this many types is the open choice of the release, and is shared by all elements
/// with exactly its types.
const OPEN_CHOICE: usize = 20;

/// The context of an element while it is lowered.
struct Place<'a> {
    snapshot: &'a Snapshot,
    owner: &'a str,
    definition: &'a StructureDefinition,
}

impl<'a> Lowering<'a> {
    fn new(
        definitions: &'a Arc<Definitions>,
        settings: &'a Settings,
        excluded: &'a BTreeSet<String>,
    ) -> Self {
        Self {
            definitions,
            codes: Codes::new(Arc::clone(definitions), settings.clone()),
            structures: Vec::new(),
            choices: Vec::new(),
            shared: BTreeMap::new(),
            names: BTreeSet::new(),
            by_path: BTreeMap::new(),
            reached: BTreeSet::new(),
            open: VecDeque::new(),
            settings,
            excluded,
        }
    }

    /// Lowers the wanted types and the types they are made of; returns those that fail.
    fn all(&mut self, wanted: &BTreeSet<String>) -> BTreeMap<String, Error> {
        let mut failed = BTreeMap::new();
        // The parts that extend a primitive, in every release.
        let always = ["Element", "Extension"];
        for name in always.into_iter().chain(wanted.iter().map(String::as_str)) {
            if !self.excluded.contains(name) {
                self.reach(name);
            }
        }
        while let Some(name) = self.open.pop_front() {
            if let Err(error) = self.structure(&name) {
                failed.insert(name, error);
            }
        }
        if let Some((structure, field)) = endless(&self.structures, &self.choices) {
            let url = self.definitions.type_definition(&structure.owner).ok().flatten();
            let url = url.map(|found| found.url.clone()).unwrap_or_default();
            let reason = "requires itself without end: make one element of the cycle optional".to_owned();
            failed
                .entry(structure.owner.clone())
                .or_insert_with(|| fault(self.definitions, &url, &field.path, reason));
        }
        failed
    }

    fn into_model(mut self) -> Model {
        box_cycles(&mut self.structures);
        let mut model = Model {
            version: self.definitions.fhir_version(),
            structures: self.structures,
            choices: self.choices,
            codes: self.codes.into_lists(),
        };
        part_codes_from_types(&mut model, self.settings);
        model
    }

    /// The Rust name of a type, or of an element that has elements.
    fn name(&mut self, path: &str) -> String {
        if let Some(known) = self.by_path.get(path) {
            return known.clone();
        }
        let wanted = self.settings.type_name(path);
        let name = if self.settings.is_type_named(path) {
            wanted
        } else {
            let typed = format!("{wanted}Type");
            self.settings.book.choose(path, [wanted, typed], |name| self.names.contains(name))
        };
        self.names.insert(name.clone());
        self.by_path.insert(path.to_owned(), name.clone());
        name
    }

    /// Notes that a type is needed.
    fn reach(&mut self, type_name: &str) {
        if self.reached.insert(type_name.to_owned()) {
            self.name(type_name);
            self.open.push_back(type_name.to_owned());
        }
    }

    fn structure(&mut self, type_name: &str) -> Result<(), Error> {
        let unknown = || {
            let known = self.definitions.known(ers_fhir_profiles::package::Kind::Structure);
            let types = known.iter().filter(|known| !known.is_constraint).filter_map(|known| known.type_name);
            let nearest = ers_fhir_values::suggest::nearest(type_name, types).map(str::to_owned);
            Error::NoType { name: type_name.to_owned(), nearest }
        };
        let definition = self.definitions.type_definition(type_name)?.ok_or_else(unknown)?;
        let kind = match definition.kind {
            Kind::Resource => StructureKind::Resource,
            Kind::Complex => StructureKind::Datatype,
            kind => return Err(self.no_type(&definition, kind)),
        };
        let snapshot = self.definitions.sound_snapshot(&definition.url)?.ok_or_else(unknown)?;
        let place = Place { snapshot: &snapshot, owner: type_name, definition: &definition };
        self.element(&place, 0, kind)
    }

    /// The error for a definition that is not turned into a type.
    fn no_type(&self, definition: &StructureDefinition, kind: Kind) -> Error {
        let reason = match kind {
            Kind::Logical => {
                "is a logical model, for which FHIR defines no JSON: model it as a resource or datatype"
            }
            _ => "is a primitive, which every type holds as a plain value",
        };
        fault(self.definitions, &definition.url, &definition.type_name, reason.to_owned())
    }

    /// Adds the structure of an element that has children, and those of the elements nested in it.
    fn element(&mut self, place: &Place<'_>, index: usize, kind: StructureKind) -> Result<(), Error> {
        let element = place.snapshot.element(index);
        let name = self.name(&element.path);
        let at = self.structures.len();
        self.structures.push(Structure {
            name: name.clone(),
            path: element.path.clone(),
            owner: place.owner.to_owned(),
            kind,
            short: element.short.clone(),
            attributes: self.settings.type_attributes(&element.path),
            fields: Vec::new(),
        });
        let mut fields: Vec<Field> = Vec::new();
        for child in place.snapshot.children(index) {
            let element = place.snapshot.element(child);
            if element.max == Some(Max::Count(0)) || self.settings.skips(&element.path) {
                continue;
            }
            let mut field = self.field(place, child)?;
            field.name = match self.settings.field_name(&element.path) {
                Some(given) => given.to_owned(),
                None => names::free(field.name, |name| fields.iter().any(|field| field.name == name)),
            };
            fields.push(field);
        }
        self.structures[at].fields = fields;
        Ok(())
    }

    fn field(&mut self, place: &Place<'_>, index: usize) -> Result<Field, Error> {
        let element = place.snapshot.element(index);
        let is_nested = place.snapshot.children(index).next().is_some();
        let ty = if let Some(reference) = &element.content_reference {
            let path = reference.rsplit('#').next().unwrap_or(reference);
            self.check_reference(place, element, path)?;
            Type::Structure { name: self.name(path), is_boxed: false }
        } else if is_nested {
            self.element(place, index, StructureKind::Nested)?;
            Type::Structure { name: self.name(&element.path), is_boxed: false }
        } else if element.is_choice() {
            self.choice(place, element)?
        } else {
            self.single(place, element)?
        };
        let json = element.name().trim_end_matches("[x]").to_owned();
        let is_many = element.max.is_none_or(|max| max > Max::Count(1));
        let name = names::snake(&json);
        Ok(Field {
            name: if name == "extras" { "extras_value".to_owned() } else { name },
            json,
            path: element.path.clone(),
            is_required: element.min.unwrap_or(0) > 0 && !is_many,
            is_many,
            times: times(element),
            ty,
            facts: facts(element),
            is_single: self.settings.is_single(&element.path),
            attributes: self.settings.field_attributes(&element.path),
        })
    }

    /// Refuses a content reference that leads nowhere, or to an element that is left out.
    fn check_reference(
        &self,
        place: &Place<'_>,
        element: &ElementDefinition,
        path: &str,
    ) -> Result<(), Error> {
        if self.settings.skips(path) {
            let reason = format!("has the content of {path}, which is skipped: skip this element too");
            return Err(self.fault(place, element, reason));
        }
        let mut elements = place.snapshot.elements().iter();
        if elements.any(|element| element.path == path) {
            return Ok(());
        }
        let reason = format!("has the content of {path}, which is not an element: correct contentReference");
        Err(self.fault(place, element, reason))
    }

    /// The type of an element that has exactly one.
    fn single(&mut self, place: &Place<'_>, element: &ElementDefinition) -> Result<Type, Error> {
        let codes = type_codes(element);
        let [code] = codes.as_slice() else {
            return Err(self.fault(
                place,
                element,
                format!("has {} types where only one is possible", codes.len()),
            ));
        };
        if code == "code" {
            let names = &self.names;
            if let Some(name) = self.codes.of(element.binding.as_ref(), |name| names.contains(name)) {
                return Ok(Type::Code(name));
            }
        }
        self.named(place, element, code)
    }

    /// A type by its FHIR name.
    fn named(&mut self, place: &Place<'_>, element: &ElementDefinition, code: &str) -> Result<Type, Error> {
        if let Some(primitive) = Primitive::named(code) {
            return Ok(Type::Primitive(primitive));
        }
        let definition = self.definitions.type_definition(code)?.ok_or_else(|| {
            self.fault(place, element, format!("has type '{code}', which no package defines"))
        })?;
        match definition.kind {
            Kind::Resource => Ok(Type::Resource),
            _ if self.excluded.contains(code) => {
                Err(self.fault(place, element, format!("has type '{code}', which is excluded")))
            }
            Kind::Complex => {
                self.reach(code);
                Ok(Type::Structure { name: self.name(code), is_boxed: false })
            }
            kind => Err(self.no_type(&definition, kind)),
        }
    }

    fn choice(&mut self, place: &Place<'_>, element: &ElementDefinition) -> Result<Type, Error> {
        let codes = type_codes(element);
        if codes.is_empty() {
            return Err(self.fault(place, element, "is a choice without types: list them".to_owned()));
        }
        if let Some(name) = self.shared.get(&codes) {
            return Ok(Type::Choice(name.clone()));
        }
        let mut variants: Vec<ChoiceVariant> = Vec::new();
        for code in &codes {
            let ty = self.named(place, element, code)?;
            let is_taken = |name: &str| variants.iter().any(|known| known.name == name);
            let name = names::free(names::type_variant(code), is_taken);
            variants.push(ChoiceVariant { fhir: code.clone(), name, suffix: names::capitalized(code), ty });
        }
        let own = self.settings.type_name(&element.path);
        let is_open = codes.len() >= OPEN_CHOICE;
        let name = if self.settings.is_type_named(&element.path) {
            own
        } else {
            let wanted = if is_open && self.shared.is_empty() { "AnyValue".to_owned() } else { own };
            let typed = format!("{wanted}Choice");
            let book = &self.settings.book;
            book.choose(&element.path, [wanted, typed], |name| self.names.contains(name))
        };
        self.names.insert(name.clone());
        if is_open {
            self.shared.insert(codes, name.clone());
        }
        self.choices.push(Choice {
            name: name.clone(),
            path: element.path.clone(),
            owner: place.owner.to_owned(),
            variants,
            attributes: self.settings.type_attributes(&element.path),
        });
        Ok(Type::Choice(name))
    }

    fn fault(&self, place: &Place<'_>, element: &ElementDefinition, reason: String) -> Error {
        fault(self.definitions, &place.definition.url, &element.id, reason)
    }
}

pub(super) fn fault(definitions: &Definitions, url: &str, element: &str, reason: String) -> Error {
    let known = definitions.known(ers_fhir_profiles::package::Kind::Structure);
    let package = known.iter().find(|known| known.url == url);
    Error::Element {
        package: package.map_or_else(String::new, |known| known.package.to_owned()),
        canonical: url.to_owned(),
        element: element.to_owned(),
        reason,
    }
}

/// The FHIR types of an element, each once. Values of FHIRPath's own types are strings, except for
/// those whose FHIR type is given.
fn type_codes(element: &ElementDefinition) -> Vec<String> {
    let mut codes: Vec<String> = Vec::new();
    for given in &element.types {
        let code = match given.code.as_str() {
            // The id of a resource, wherever it was defined, and the id of an element.
            "System.String" if element.path.matches('.').count() == 1 && is_resource_id(element) => "id",
            "System.String" => given.fhir_type.as_deref().unwrap_or("string"),
            code => code,
        };
        if !codes.iter().any(|known| known == code) {
            codes.push(code.to_owned());
        }
    }
    codes
}

fn is_resource_id(element: &ElementDefinition) -> bool {
    element.base.as_ref().is_some_and(|base| base.path == "Resource.id")
}

/// How often an element occurs.
pub(super) fn times(element: &ElementDefinition) -> Times {
    let max = match element.max {
        Some(Max::Count(count)) => Some(count),
        Some(Max::Unbounded) | None => None,
    };
    Times { min: element.min.unwrap_or(0), max }
}

pub(super) fn facts(element: &ElementDefinition) -> Facts {
    let max = match element.max {
        Some(Max::Count(count)) => count.to_string(),
        _ => "*".to_owned(),
    };
    let mut targets: Vec<String> = Vec::new();
    for target in element.types.iter().flat_map(|given| &given.target_profiles) {
        let target = target.rsplit('/').next().unwrap_or(target).to_owned();
        if !targets.contains(&target) {
            targets.push(target);
        }
    }
    let binding = element.binding.as_ref().and_then(|binding| {
        let strength = match binding.strength {
            BindingStrength::Example => "example",
            BindingStrength::Preferred => "preferred",
            BindingStrength::Extensible => "extensible",
            BindingStrength::Required => "required",
        };
        Some((strength.to_owned(), binding.value_set.clone()?))
    });
    Facts {
        cardinality: format!("{}..{max}", element.min.unwrap_or(0)),
        types: type_codes(element),
        targets,
        binding,
        short: element.short.clone(),
    }
}
