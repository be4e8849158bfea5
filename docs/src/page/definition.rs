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
    /// What it starts from.
    pub base: Option<Link>,
    /// Where an extension may stand.
    pub context: Vec<String>,
    /// What it is for.
    pub description: Option<String>,
    /// What it says itself.
    pub differential: Vec<Arc<Element>>,
    /// All elements.
    pub snapshot: Vec<Arc<Element>>,
    /// What is wrong with the definition.
    pub faults: Vec<String>,
    /// Operations and definitions that use it.
    pub used_by: Vec<Link>,
    /// The file of its JSON Schema, below the folder of the site.
    pub schema: Option<String>,
    /// Why it has none.
    pub no_schema: Option<String>,
    /// The path of its Rust type.
    pub rust: Option<String>,
    /// Payloads of it, checked as the page was made.
    pub examples: Vec<Specimen>,
}

/// A payload that a definition is shown by.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Specimen {
    /// Where it is.
    pub link: Link,
    /// How many things a check found to be wrong with it.
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
    /// What a check said, when the page was made; empty where nothing is wrong.
    pub findings: Vec<String>,
    /// The whole of it.
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
    /// Its name, with that of its slice.
    pub name: String,
    /// How deep it stands.
    pub depth: usize,
    /// `1..1`; of a differential that does not say, empty.
    pub cardinality: String,
    /// What that is in the base, where a differential says another.
    pub was: String,
    /// Whether it must be supported.
    pub must_support: bool,
    /// Whether it changes what its parent means.
    pub is_modifier: bool,
    /// Whether nothing may stand there.
    pub is_forbidden: bool,
    /// Types.
    pub types: Vec<Link>,
    /// What it is, and what is demanded of it.
    pub says: Vec<Telling>,
}

/// Something said of an element.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, JsonSchema)]
pub struct Telling {
    /// What it is about: `fixed value`, `binding` …
    pub label: String,
    /// What is said.
    pub text: Link,
    /// Whether the text is a value, to be written as it stands.
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
    /// Where its codes are from.
    pub systems: Vec<Link>,
    /// Its codes, as far as they are certain.
    pub codes: Vec<Concept>,
    /// Why there may be more.
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
    /// How much of it is here.
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
    /// Its system, where several may be meant.
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
    /// Values of the system in the examples of operations, which stand for nobody, each with such an operation.
    pub values: Vec<(String, Link)>,
}
