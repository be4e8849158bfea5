//! What changed between two versions of a definition, on its page.

use schemars::JsonSchema;
use serde::Serialize;

use super::link::Link;

/// What changed of a definition.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Comparison {
    /// `StructureDefinition`, `ValueSet` or `CodeSystem`.
    pub what: String,
    /// Canonical URL.
    pub url: String,
    /// FHIR release.
    pub release: String,
    /// Its version before, where it was there and says one.
    pub old: Option<String>,
    /// Its version now, where it is there and says one.
    pub new: Option<String>,
    /// The changes, those first that a payload must follow.
    pub changes: Vec<Difference>,
}

impl Comparison {
    /// Whether a payload that was right may be wrong now.
    pub fn must_change(&self) -> bool {
        self.changes.iter().any(|change| change.weight == Weight::Must)
    }
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Difference {
    /// What it asks of a payload.
    pub weight: Weight,
    /// The element or code.
    pub place: String,
    /// What it is.
    pub says: String,
    /// More on it.
    pub link: Option<Link>,
}

/// What a change asks of a payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Weight {
    /// A payload that was right may be wrong now.
    Must,
    /// A payload may do what it could not.
    May,
    /// Good to know.
    Note,
}
