//! The shared definitions of a schema: each made once, whoever refers to it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use ers_fhir_profiles::Definitions;
use ers_fhir_profiles::definition::{StructureDefinition, StructureKind};
use ers_fhir_profiles::package::Kind;
use ers_fhir_profiles::terminology::Terminology;
use serde_json::{Value, json};

use super::codes::CodeShape;
use super::keywords::{Keywords, reference};
use super::place::Place;
use super::value::limits;
use super::{Settings, primitive};
use crate::error::Error;

/// Types that only stand for others.
pub(super) const ABSTRACT_RESOURCES: [&str; 2] = ["Resource", "DomainResource"];

/// What a shared definition is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Subject {
    /// A type, by its name.
    Type(String),
    /// An element of a type, by its path.
    Part(String),
    /// A profile, by its canonical URL.
    Profile(String),
    /// The codes of a value set, as a type of some shape holds them.
    Codes(String, CodeShape),
    /// A resource of any type.
    AnyResource,
}

/// A schema that is being made.
pub(super) struct Builder<'d> {
    pub(super) definitions: &'d Arc<Definitions>,
    pub(super) terminology: Terminology,
    pub(super) settings: Settings,
    keys: BTreeMap<Subject, String>,
    taken: BTreeSet<String>,
    pending: VecDeque<Subject>,
    done: BTreeMap<String, Value>,
    /// Types of resources that definitions name where a resource may stand.
    resources: BTreeSet<String>,
}

impl<'d> Builder<'d> {
    pub(super) fn new(definitions: &'d Arc<Definitions>, settings: Settings) -> Self {
        Self {
            definitions,
            terminology: Terminology::new(Arc::clone(definitions)),
            settings,
            keys: BTreeMap::new(),
            taken: BTreeSet::new(),
            pending: VecDeque::new(),
            done: BTreeMap::new(),
            resources: BTreeSet::new(),
        }
    }

    /// A reference to the definition of a subject, which is made if it was not wanted before.
    pub(super) fn refer(&mut self, subject: Subject) -> Keywords {
        if let Some(key) = self.keys.get(&subject) {
            return reference(key);
        }
        let wanted = subject.name();
        let key = crate::names::free(wanted, |name| self.taken.contains(name));
        self.taken.insert(key.clone());
        self.keys.insert(subject.clone(), key.clone());
        self.pending.push_back(subject);
        reference(&key)
    }

    /// Notes that resources of a type are expected somewhere.
    pub(super) fn expect_resource(&mut self, type_name: &str) {
        self.resources.insert(type_name.to_owned());
    }

    /// Every definition that was referred to.
    pub(super) fn finish(mut self) -> Result<BTreeMap<String, Value>, Error> {
        loop {
            while let Some(subject) = self.pending.pop_front() {
                let schema = self.make(&subject)?;
                if let Some(key) = self.keys.get(&subject) {
                    self.done.insert(key.clone(), schema);
                }
            }
            // Types may have been named since, and their definitions may name more.
            if let Some(key) = self.keys.get(&Subject::AnyResource).cloned() {
                let schema = self.any_resource();
                self.done.insert(key, schema);
            }
            if self.pending.is_empty() {
                return Ok(self.done);
            }
        }
    }

    fn make(&mut self, subject: &Subject) -> Result<Value, Error> {
        match subject {
            Subject::Type(code) => match primitive::schema(code, self.definitions.fhir_version()) {
                Some(schema) => Ok(schema),
                None => self.structure(&format!("http://hl7.org/fhir/StructureDefinition/{code}")),
            },
            Subject::Profile(url) => self.structure(url),
            Subject::Part(path) => self.part(path),
            Subject::Codes(value_set, shape) => Ok(self.codes(value_set, *shape)),
            Subject::AnyResource => Ok(self.any_resource()),
        }
    }

    /// The object that a type or profile describes.
    fn structure(&mut self, canonical: &str) -> Result<Value, Error> {
        let place = Place::root(self.definitions, canonical, "the schema")?;
        let definition = Arc::clone(&place.definition);
        if definition.kind == StructureKind::Primitive {
            return Ok(Value::Object(self.profiled_primitive(&place)));
        }
        let is_resource = definition.kind == StructureKind::Resource;
        let resource_type = is_resource.then_some(definition.type_name.as_str());
        Ok(Value::Object(self.object(&place, resource_type)?))
    }

    /// A profile of a primitive type, whose demands stand at its `value`.
    fn profiled_primitive(&mut self, root: &Place) -> Keywords {
        let mut schema = self.refer(Subject::Type(root.definition.type_name.clone()));
        let value = root.children().find(|child| child.element().name() == "value");
        for place in value.iter().chain([root]) {
            limits(place, &root.definition.type_name, &mut schema);
        }
        schema
    }

    /// An element that other elements share the content of.
    fn part(&mut self, path: &str) -> Result<Value, Error> {
        let type_name = path.split('.').next().unwrap_or(path);
        let canonical = format!("http://hl7.org/fhir/StructureDefinition/{type_name}");
        let root = Place::root(self.definitions, &canonical, path)?;
        let Some(place) = root.find(path) else {
            let reason = format!("its content is that of '{path}', which {type_name} does not have");
            return Err(self.unusable(&root, reason));
        };
        Ok(Value::Object(self.object(&place, None)?))
    }

    /// A resource of any type; of the types that definitions name, with all that the type demands.
    fn any_resource(&mut self) -> Value {
        let all = self.all_resources();
        if self.settings.every_resource {
            self.resources.extend(all.iter().cloned());
        }
        let name =
            if all.is_empty() { json!({ "pattern": "^[A-Z][A-Za-z]*$" }) } else { json!({ "enum": all }) };
        let cases: Vec<Value> = self.resources.clone().into_iter().map(|name| self.case(name)).collect();
        let mut schema = json!({
            "type": "object",
            "required": ["resourceType"],
            "properties": { "resourceType": name },
        });
        if !cases.is_empty() {
            schema["allOf"] = Value::Array(cases);
        }
        schema
    }

    fn case(&mut self, type_name: String) -> Value {
        json!({
            "if": { "properties": { "resourceType": { "const": type_name } } },
            "then": self.refer(Subject::Type(type_name)),
        })
    }

    /// Every type of resource of the release, by the list that it publishes.
    fn all_resources(&self) -> Vec<String> {
        const MANY: usize = 1000;
        let set = self.terminology.expansion("http://hl7.org/fhir/ValueSet/resource-types");
        let Ok(set) = set else { return Vec::new() };
        let codes = set.enumerate(&self.terminology, MANY).codes.into_iter().map(|coding| coding.code);
        let mut names: Vec<String> =
            codes.filter(|code| !ABSTRACT_RESOURCES.contains(&code.as_str())).collect();
        names.sort_unstable();
        names
    }

    /// The definition of a type; `None` where no package has it.
    pub(super) fn type_definition(&self, code: &str) -> Result<Option<Arc<StructureDefinition>>, Error> {
        Ok(self.definitions.type_definition(code)?)
    }

    /// Why an element cannot be expressed.
    pub(super) fn unusable(&self, place: &Place, reason: String) -> Error {
        let url = &place.definition.url;
        let known = self.definitions.known(Kind::Structure);
        let package = known.iter().find(|known| known.url == url).map_or("", |known| known.package);
        Error::Element {
            package: package.to_owned(),
            canonical: url.clone(),
            element: place.element().id.clone(),
            reason,
        }
    }
}

impl Subject {
    /// The key that it would like to have.
    fn name(&self) -> String {
        let last =
            |url: &str| url.split('|').next().and_then(|url| url.rsplit('/').next()).map(str::to_owned);
        let name = match self {
            Self::Type(name) => primitive::fhir_name(name).to_owned(),
            Self::Part(path) => path.clone(),
            Self::Profile(url) => last(url).unwrap_or_default(),
            Self::Codes(url, shape) => format!("{}{}", last(url).unwrap_or_default(), shape.suffix()),
            Self::AnyResource => "AnyResource".to_owned(),
        };
        // A key is part of a JSON pointer in a URI.
        name.replace(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_')), "-")
    }
}
