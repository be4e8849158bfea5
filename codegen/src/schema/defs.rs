//! The shared definitions of a schema: each is made once, however many references there are.

use std::sync::Arc;

use ers_fhir_profiles::definition::StructureKind;
use serde_json::{Value, json};

use super::builder::{Builder, Parts};
use super::keywords::Keywords;
use super::place::Place;
use super::primitive;
use super::subject::{ABSTRACT_RESOURCES, Subject};
use super::value::limits;
use crate::error::Error;

impl Builder<'_> {
    /// Every definition that was referred to.
    ///
    /// A profile that cannot be expressed is replaced by its type, unless it was requested itself.
    pub(super) fn finish(mut self, roots: &[Subject]) -> Result<Parts, Error> {
        loop {
            while let Some(subject) = self.next_subject() {
                let schema = match self.make(&subject) {
                    Err(error) if !roots.contains(&subject) => self.without(&subject, error)?,
                    made => made?,
                };
                self.define(&subject, schema);
            }
            // More types may have been named by now, and their definitions may name further ones.
            if self.is_wanted(&Subject::AnyResource) {
                let schema = self.any_resource();
                self.define(&Subject::AnyResource, schema);
            }
            if self.is_complete() {
                return Ok(self.into_parts());
            }
        }
    }

    /// The replacement for a profile that cannot be expressed.
    fn without(&mut self, subject: &Subject, error: Error) -> Result<Value, Error> {
        let Subject::Profile(url) = subject else { return Err(error) };
        let Some(definition) = self.definitions.structure(url)? else { return Err(error) };
        self.do_without(url, error.to_string());
        Ok(Value::Object(self.refer(Subject::Type(definition.type_name.clone()))))
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
            Subject::Recognised(value_set, shape) => Ok(self.recognised(value_set, *shape)),
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

    /// A profile of a primitive type, whose constraints are on its `value`.
    fn profiled_primitive(&mut self, root: &Place) -> Keywords {
        let mut schema = self.refer(Subject::Type(root.definition.type_name.clone()));
        let value = root.children().find(|child| child.element().name() == "value");
        for place in value.iter().chain([root]) {
            limits(place, &root.definition.type_name, &mut schema);
        }
        schema
    }

    /// An element whose content other elements share.
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

    /// A resource of any type; for types that definitions name, with all constraints of the type.
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
}
