//! A payload that was checked, as formats need it.

use ers_fhir_tree::Syntax;
use ers_fhir_values::FhirVersion;

use crate::{Message, Report};

/// A payload and what was found in it.
#[derive(Debug)]
pub struct Checked {
    /// Path, or `<stdin>`.
    pub name: String,
    /// The payload as far as it is text.
    pub text: String,
    /// How it is written.
    pub syntax: Syntax,
    /// The release it was checked as; `None` where it could not be read.
    pub version: Option<FhirVersion>,
    /// What told the release, unless the caller said it.
    pub told_by: Option<Told>,
    /// What was found.
    pub report: Report,
    /// Whether something is at or above the level that fails the run.
    pub fails: bool,
}

/// What told the release of a payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// In words.
    pub by: Message,
    /// Whether nothing did, so that it was assumed.
    pub is_guess: bool,
    /// Whether it was assumed as another release fits less well, which is said even where nothing is wrong.
    pub is_by_trial: bool,
}
