//! Types of FHIR to structures: resources, datatypes, and what is nested in them.

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
use crate::ir::{Choice, ChoiceVariant, Facts, Field, Model, Primitive, Structure, StructureKind, Type};
use crate::names;
use crate::settings::Settings;

/// Names that generated types must leave alone: Rust's prelude, and what generated files import.
const RESERVED: [&str; 13] = [
    "Box", "Clone", "Default", "Err", "None", "Ok", "Option", "Other", "Resource", "Result", "Some",
    "String", "Vec",
];

/// Every type that is reached from the wanted ones, as structures.
pub(crate) fn lower(
    definitions: &Arc<Definitions>,
    wanted: impl IntoIterator<Item = String>,
    settings: &Settings,
) -> Result<Model, Error> {
    let mut lowering = Lowering {
        definitions,
        codes: Codes::new(Arc::clone(definitions), settings.clone()),
        structures: Vec::new(),
        choices: Vec::new(),
        shared: BTreeMap::new(),
        names: Primitive::rust_names().chain(RESERVED).map(str::to_owned).collect(),
        reached: BTreeSet::new(),
        open: VecDeque::new(),
        settings,
    };
    // What extends a primitive, in every release.
    for name in ["Element".to_owned(), "Extension".to_owned()].into_iter().chain(wanted) {
        lowering.reach(&name);
    }
    while let Some(name) = lowering.open.pop_front() {
        lowering.structure(&name)?;
    }
    if let Some((structure, field)) = endless(&lowering.structures, &lowering.choices) {
        let url = definitions.type_definition(&structure.owner)?.map(|found| found.url.clone());
        let reason = "requires itself without end: make an element on the way optional".to_owned();
        return Err(fault(definitions, &url.unwrap_or_default(), &field.path, reason));
    }
    box_cycles(&mut lowering.structures);
    let mut model = Model {
        version: definitions.fhir_version(),
        structures: lowering.structures,
        choices: lowering.choices,
        codes: lowering.codes.into_lists(),
    };
    part_codes_from_types(&mut model, settings);
    Ok(model)
}

/// Renames enums of codes whose names types took after them; not those that a setting named.
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
    /// Choices by their types, for those that many elements share.
    shared: BTreeMap<Vec<String>, String>,
    /// Rust names that are taken.
    names: BTreeSet<String>,
    reached: BTreeSet<String>,
    open: VecDeque<String>,
    settings: &'a Settings,
}

/// A choice of at least this many types is the open one of the release, and shared by all elements
/// that have exactly its types.
const OPEN_CHOICE: usize = 20;

/// Where an element belongs while it is lowered.
struct Place<'a> {
    snapshot: &'a Snapshot,
    owner: &'a str,
    definition: &'a StructureDefinition,
}

impl Lowering<'_> {
    /// Notes that a type is needed.
    fn reach(&mut self, type_name: &str) {
        if self.reached.insert(type_name.to_owned()) {
            self.names.insert(self.settings.type_name(type_name));
            self.open.push_back(type_name.to_owned());
        }
    }

    fn structure(&mut self, type_name: &str) -> Result<(), Error> {
        let unknown =
            || Error::Unknown { canonical: type_name.to_owned(), wanted_by: "the list of types".to_owned() };
        let definition = self.definitions.type_definition(type_name)?.ok_or_else(unknown)?;
        let snapshot = self.definitions.sound_snapshot(&definition.url)?.ok_or_else(unknown)?;
        let kind = match definition.kind {
            Kind::Resource => StructureKind::Resource,
            _ => StructureKind::Datatype,
        };
        let place = Place { snapshot: &snapshot, owner: type_name, definition: &definition };
        self.element(&place, 0, kind)
    }

    /// The structure of an element that has elements, and of those nested in it.
    fn element(&mut self, place: &Place<'_>, index: usize, kind: StructureKind) -> Result<(), Error> {
        let element = place.snapshot.element(index);
        let name = self.settings.type_name(&element.path);
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
            Type::Structure { name: self.settings.type_name(path), is_boxed: false }
        } else if is_nested {
            self.names.insert(self.settings.type_name(&element.path));
            self.element(place, index, StructureKind::Nested)?;
            Type::Structure { name: self.settings.type_name(&element.path), is_boxed: false }
        } else if element.is_choice() {
            self.choice(place, element)?
        } else {
            self.single(place, element)?
        };
        let json = element.name().trim_end_matches("[x]").to_owned();
        let is_many = element.max.is_none_or(|max| max > Max::Count(1));
        let name = names::snake(&json);
        Ok(Field {
            name: if name == "extras" { "extras_".to_owned() } else { name },
            json,
            path: element.path.clone(),
            is_required: element.min.unwrap_or(0) > 0 && !is_many,
            is_many,
            ty,
            facts: facts(element),
            is_single: self.settings.is_single(&element.path),
            attributes: self.settings.field_attributes(&element.path),
        })
    }

    /// Refuses a content reference that leads nowhere, or to what is left out.
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
        let reason = format!("has the content of {path}, which is no element: correct contentReference");
        Err(self.fault(place, element, reason))
    }

    /// The type of an element that has exactly one.
    fn single(&mut self, place: &Place<'_>, element: &ElementDefinition) -> Result<Type, Error> {
        let codes = type_codes(element);
        let [code] = codes.as_slice() else {
            return Err(self.fault(
                place,
                element,
                format!("has {} types where one is possible", codes.len()),
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
        if definition.kind == Kind::Resource {
            Ok(Type::Resource)
        } else {
            self.reach(code);
            Ok(Type::Structure { name: self.settings.type_name(code), is_boxed: false })
        }
    }

    fn choice(&mut self, place: &Place<'_>, element: &ElementDefinition) -> Result<Type, Error> {
        let codes = type_codes(element);
        if let Some(name) = self.shared.get(&codes) {
            return Ok(Type::Choice(name.clone()));
        }
        let mut variants = Vec::new();
        for code in &codes {
            let ty = self.named(place, element, code)?;
            variants.push(ChoiceVariant { fhir: code.clone(), name: names::capitalized(code), ty });
        }
        let own = self.settings.type_name(&element.path);
        let is_open = codes.len() >= OPEN_CHOICE;
        let wanted = if is_open && self.shared.is_empty() { "AnyValue".to_owned() } else { own };
        let name = names::free(wanted, |name| self.names.contains(name));
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

fn fault(definitions: &Definitions, url: &str, element: &str, reason: String) -> Error {
    let known = definitions.known(ers_fhir_profiles::package::Kind::Structure);
    let package = known.iter().find(|known| known.url == url);
    Error::Element {
        package: package.map_or_else(String::new, |known| known.package.to_owned()),
        canonical: url.to_owned(),
        element: element.to_owned(),
        reason,
    }
}

/// The FHIR types of an element, each once. Values of FHIRPath's own types are strings, but for
/// those that say which FHIR type they are.
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
