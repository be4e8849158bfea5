//! What changed between two versions of a definition, on its page.

use schemars::JsonSchema;
use serde::Serialize;

use super::link::Link;

/// The changes of a definition.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Comparison {
    /// `StructureDefinition`, `ValueSet` or `CodeSystem`.
    pub what: String,
    /// Canonical URL.
    pub url: String,
    /// FHIR release.
    pub release: String,
    /// Its version in the old edition, if it exists there and has one.
    pub old: Option<String>,
    /// Its version in the new edition, if it exists there and has one.
    pub new: Option<String>,
    /// The changes; those that a payload must follow come first.
    pub changes: Vec<Difference>,
}

impl Comparison {
    /// Whether a payload that was valid may now be invalid.
    pub fn must_change(&self) -> bool {
        self.changes.iter().any(|change| change.weight == Weight::Must)
    }
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Difference {
    /// What it means for a payload.
    pub weight: Weight,
    /// The element or code.
    pub place: String,
    /// What it is.
    pub says: String,
    /// More on it.
    pub link: Option<Link>,
}

/// What a change means for a payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Weight {
    /// A payload that was valid may now be invalid.
    Must,
    /// Something is newly allowed in a payload.
    May,
    /// Good to know.
    Note,
}
