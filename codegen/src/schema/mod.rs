//! JSON Schema from definitions.
//!
//! [`JsonSchema`] turns a profile, or a type of FHIR, into one JSON Schema of draft 2020-12 that
//! is self-contained: closed objects, mandatory elements and cardinalities, slices with their number
//! and shape, fixed and pattern values, the codes of required bindings, the form of primitives and
//! their `_name` siblings, one type of each choice, and profiled extensions and nested resources.
//! Types and profiles are shared definitions under `$defs`, so recursion costs nothing.
//!
//! ```
//! use std::sync::Arc;
//!
//! use ers_fhir_codegen::schema::JsonSchema;
//! use ers_fhir_profiles::{Definitions, FhirVersion};
//!
//! let definitions = Arc::new(Definitions::embedded(FhirVersion::R4));
//! let schema = JsonSchema::new(definitions).generate("http://hl7.org/fhir/StructureDefinition/Patient")?;
//! assert_eq!(schema["$defs"]["Patient"]["properties"]["birthDate"]["$ref"], "#/$defs/date");
//! # Ok::<(), ers_fhir_codegen::Error>(())
//! ```
//!
//! # What a schema leaves to the validator
//!
//! - Invariants, except errors that consist of a single regular expression.
//! - Anything beyond a single value: references and their targets, ids within a Bundle, the order of
//!   slices, slices told apart by the target of a reference.
//! - Codes that cannot be listed offline, as far as no base of the definition has a list, displays, and bindings
//!   that are not required.
//! - Details that JSON readers do not keep: duplicate keys, `1.0` for an integer, the exponent of a decimal.
//! - The calendar: every year has a 29th of February; limits of dates.
//! - XHTML, and nested resources of types that no definition names, of which only the type is
//!   checked unless [`JsonSchema::every_resource`] is set.
//!
//! In one respect it is stricter: codes that only group others are not listed.

mod builder;
mod choice;
mod codes;
mod condition;
mod defs;
mod keywords;
mod literal;
mod object;
mod place;
mod primitive;
mod slicing;
mod subject;
mod value;

use std::fmt;
use std::sync::Arc;

use ers_fhir_profiles::Definitions;
use serde_json::{Map, Value, json};

use crate::config::Absent;
use crate::error::Error;
use builder::{Builder, Parts, Settings};
use place::Place;
use subject::Subject;

/// Makes JSON Schemas from definitions.
#[derive(Debug, Clone)]
pub struct JsonSchema {
    definitions: Arc<Definitions>,
    settings: Settings,
}

impl JsonSchema {
    /// From these definitions.
    pub fn new(definitions: Arc<Definitions>) -> Self {
        Self { definitions, settings: Settings::default() }
    }

    /// Accepts deviations from base FHIR that live services are known to send: empty arrays, and
    /// [single objects](Self::single_objects) where an array belongs. Without this, the schema is as strict
    /// as FHIR.
    #[must_use]
    pub fn lenient(mut self, lenient: bool) -> Self {
        self.settings.lenient = lenient;
        self
    }

    /// The paths of elements that may be a single object although FHIR requires an array, such as
    /// `Practitioner.identifier`, if the schema is [lenient](Self::lenient).
    #[must_use]
    pub fn single_objects(mut self, paths: &'static [&'static str]) -> Self {
        self.settings.single_objects = paths;
        self
    }

    /// Describes resources of every type wherever a resource of any type is possible, at the price of a
    /// schema of several megabytes. Without this, only types that the definitions name are described.
    #[must_use]
    pub fn every_resource(mut self, every: bool) -> Self {
        self.settings.every_resource = every;
        self
    }

    /// The schema of the profile or type with this canonical URL, which may carry a `|version`.
    ///
    /// # Errors
    ///
    /// If no package has the definition or a type it refers to, or if JSON Schema cannot express an element;
    /// the error names package, definition and element.
    pub fn generate(&self, canonical: &str) -> Result<Value, Error> {
        self.make(canonical).map(|made| made.schema)
    }

    /// The same, along with the profiles that the definition refers to but that are not applied, because no package
    /// has them or something is wrong with them: their elements and extensions may be anything that their type allows.
    /// And the value sets that elements are bound to but that no package has: their codes may be any that the bases of
    /// the definition allow.
    ///
    /// # Errors
    ///
    /// As for [`generate`](Self::generate).
    pub fn make(&self, canonical: &str) -> Result<Made, Error> {
        let root = Place::root(&self.definitions, canonical, "the caller")?;
        let definition = &root.definition;
        let mut builder = Builder::new(&self.definitions, self.settings);
        let subject = self.subject(&root, canonical)?;
        let mut schema = Map::new();
        schema.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
        schema.insert("$id".to_owned(), json!(definition.url));
        schema.insert("title".to_owned(), json!(definition.title.as_ref().unwrap_or(&definition.name)));
        let description = format!(
            "{} as FHIR {} defines it; made by ers-fhir from its definition",
            definition.type_name,
            self.definitions.fhir_version()
        );
        schema.insert("description".to_owned(), json!(description));
        schema.extend(builder.refer(subject.clone()));
        let Parts { definitions, absent, unbound } = builder.finish(&[subject])?;
        schema.insert("$defs".to_owned(), Value::Object(definitions.into_iter().collect()));
        Ok(Made { schema: Value::Object(schema), absent, unbound })
    }

    /// The schemas of several profiles or types, with common definitions shared.
    ///
    /// # Errors
    ///
    /// As for [`generate`](Self::generate).
    pub fn generate_shared(&self, canonicals: &[&str]) -> Result<Shared, Error> {
        let mut builder = Builder::new(&self.definitions, self.settings);
        let mut subjects = Vec::with_capacity(canonicals.len());
        for canonical in canonicals {
            let root = Place::root(&self.definitions, canonical, "the caller")?;
            subjects.push(self.subject(&root, canonical)?);
        }
        let roots = subjects.iter().map(|subject| Value::Object(builder.refer(subject.clone()))).collect();
        let Parts { definitions, absent, unbound } = builder.finish(&subjects)?;
        Ok(Shared { roots, definitions: definitions.into_iter().collect(), absent, unbound })
    }

    fn subject(&self, root: &Place, canonical: &str) -> Result<Subject, Error> {
        let definition = &root.definition;
        let own = self.definitions.type_definition(&definition.type_name)?;
        if own.is_some_and(|own| own == *definition) {
            return Ok(Subject::Type(definition.type_name.clone()));
        }
        let usual = self.definitions.structure(&definition.url)?;
        let is_usual = usual.is_some_and(|usual| usual == *definition);
        Ok(Subject::Profile(if is_usual { definition.url.clone() } else { canonical.to_owned() }))
    }
}

/// A schema, and what it leaves out.
#[derive(Debug, Clone)]
pub struct Made {
    /// The schema.
    pub schema: Value,
    /// Profiles that the definition refers to but that are not applied.
    pub absent: Vec<Absent>,
    /// Value sets that it requires but that are not applied.
    pub unbound: Vec<Unbound>,
}

/// A value set of a required binding that no package has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unbound {
    /// Canonical URL of the value set.
    pub value_set: String,
    /// Id of the first element that is bound to it.
    pub element: String,
}

impl fmt::Display for Unbound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { value_set, element } = self;
        write!(
            f,
            "the value set {value_set} is not applied: {element} is bound to it, and no package has it: add the \
             package that does"
        )
    }
}

/// Schemas with shared definitions.
#[derive(Debug, Clone)]
pub struct Shared {
    /// A schema that refers to the definition of each canonical, in the order of the request.
    pub roots: Vec<Value>,
    /// The definitions by their keys, below `$defs`.
    pub definitions: Map<String, Value>,
    /// Profiles that they refer to but that are not applied.
    pub absent: Vec<Absent>,
    /// Value sets that they require but that are not applied.
    pub unbound: Vec<Unbound>,
}
