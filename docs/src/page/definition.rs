//! Definitions, on their pages.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use super::link::Link;

/// A profile, an extension or a type.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Structure {
    /// Canonical URL.
    pub url: String,
    /// Business version.
    pub version: Option<String>,
    /// `draft`, `active` …
    pub status: Option<String>,
    /// FHIR release.
    pub release: String,
    /// The type.
    pub type_name: Link,
    /// Whether it narrows a type, rather than being one.
    pub is_profile: bool,
    /// The definition that it is based on.
    pub base: Option<Link>,
    /// Where an extension may be used.
    pub context: Vec<String>,
    /// What it is for.
    pub description: Option<String>,
    /// The elements of its differential.
    pub differential: Vec<Arc<Element>>,
    /// All elements.
    pub snapshot: Vec<Arc<Element>>,
    /// What is wrong with the definition.
    pub faults: Vec<String>,
    /// Operations and definitions that use it.
    pub used_by: Vec<Link>,
    /// The file of its JSON Schema, relative to the folder of the site.
    pub schema: Option<String>,
    /// Why it has no JSON Schema.
    pub no_schema: Option<String>,
    /// The path of its Rust type.
    pub rust: Option<String>,
    /// Example payloads, checked when the page was made.
    pub examples: Vec<Specimen>,
}

/// An example payload of a definition.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Specimen {
    /// Where it is.
    pub link: Link,
    /// How many faults a check found in it.
    pub findings: usize,
}

/// A definition of another kind, or an example.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Resource {
    /// Its type.
    pub type_name: Link,
    /// Canonical URL.
    pub url: Option<String>,
    /// Business version.
    pub version: Option<String>,
    /// FHIR release.
    pub release: String,
    /// What it is for.
    pub description: Option<String>,
    /// Profiles that it declares.
    pub profiles: Vec<Link>,
    /// Whether it is an example, which is checked.
    pub is_example: bool,
    /// The findings of a check when the page was made; empty if there are none.
    pub findings: Vec<String>,
    /// Its source.
    pub source: String,
    /// Whether it is too long to be shown in full.
    pub is_cut: bool,
}

/// An element.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, JsonSchema)]
pub struct Element {
    /// The anchor of its row.
    pub anchor: String,
    /// Its id.
    pub id: String,
    /// Its name, with the name of its slice.
    pub name: String,
    /// How deeply it is nested.
    pub depth: usize,
    /// Its cardinality, such as `1..1`; empty if a differential does not state it.
    pub cardinality: String,
    /// The cardinality in the base, if a differential changes it.
    pub was: String,
    /// Whether it must be supported.
    pub must_support: bool,
    /// Whether it changes the meaning of its parent.
    pub is_modifier: bool,
    /// Whether it must not occur.
    pub is_forbidden: bool,
    /// Types.
    pub types: Vec<Link>,
    /// Its description and constraints.
    pub says: Vec<Telling>,
}

/// A statement about an element.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, JsonSchema)]
pub struct Telling {
    /// What the statement is about: `fixed value`, `binding` …
    pub label: String,
    /// The statement.
    pub text: Link,
    /// Whether the text is a value, to be shown as code.
    pub is_code: bool,
}

/// A value set.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ValueSet {
    /// Canonical URL.
    pub url: String,
    /// Business version.
    pub version: Option<String>,
    /// FHIR release.
    pub release: String,
    /// The code systems that its codes come from.
    pub systems: Vec<Link>,
    /// Its codes, as far as they are certain.
    pub codes: Vec<Concept>,
    /// Why there may be more codes.
    pub gap: Option<String>,
    /// Definitions that use it.
    pub used_by: Vec<Link>,
}

/// A code system.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct CodeSystem {
    /// Canonical URL.
    pub url: String,
    /// Business version.
    pub version: Option<String>,
    /// FHIR release.
    pub release: String,
    /// How much of the code system is listed.
    pub content: String,
    /// Whether case matters.
    pub case_sensitive: bool,
    /// Its codes.
    pub codes: Vec<Concept>,
    /// Value sets and definitions that use it.
    pub used_by: Vec<Link>,
}

/// A code.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Concept {
    /// The anchor of its row.
    pub anchor: String,
    /// The code.
    pub code: String,
    /// Its system, if the page lists codes of several systems.
    pub system: Option<String>,
    /// What it is called.
    pub display: Option<String>,
    /// What it means.
    pub definition: Option<String>,
}

/// A naming system.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct NamingSystem {
    /// `identifier`, `codesystem` or `root`.
    pub what: String,
    /// FHIR release.
    pub release: String,
    /// Its identifiers: kind and value.
    pub ids: Vec<(String, String)>,
    /// What it is for.
    pub description: Option<String>,
    /// Values of the system in examples of operations (they identify nobody), each with one of these operations.
    pub values: Vec<(String, Link)>,
}
