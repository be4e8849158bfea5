//! The result of a run: what was generated, and what was not.

use std::fmt;

use super::run::GeneratedFile;
use crate::emit::{Files, Paths};
use crate::error::Error;

/// A definition from which nothing was generated.
#[derive(Debug, Clone)]
pub struct Skipped {
    /// Canonical URL of the profile, or name of the type.
    pub name: String,
    /// Why.
    pub reason: Error,
}

impl fmt::Display for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is skipped: {}", self.name, self.reason)
    }
}

/// A profile that generated ones refer to but that could not be used. Elements that refer to it have the type of
/// their base.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absent {
    /// Canonical URL of the profile.
    pub profile: String,
    /// Why: no package has it, or what is wrong with it.
    pub reason: String,
}

impl fmt::Display for Absent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the profile {} is not applied: {}", self.profile, self.reason)
    }
}

/// The result of a run of the generator.
pub struct Outcome {
    pub(super) files: Files,
    pub(super) paths: Paths,
    pub(super) header: String,
    pub(super) docs: String,
    pub(super) is_empty: bool,
    pub(super) names: String,
    pub(super) skipped: Vec<Skipped>,
    pub(super) absent: Vec<Absent>,
}

impl Outcome {
    /// Requested definitions from which nothing was generated.
    pub fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }

    /// Profiles that were not requested themselves, and could not be applied where others refer to them.
    pub fn absent(&self) -> &[Absent] {
        &self.absent
    }

    /// Whether nothing of what was requested was generated.
    pub fn is_empty(&self) -> bool {
        self.is_empty
    }

    /// The names of all types, for [`Config::names`](super::Config::names) of the next run.
    pub fn names(&self) -> &str {
        &self.names
    }

    /// All code in one file, to be included by a build script's crate.
    pub fn file(self) -> Result<String, Error> {
        self.files.into_one(&self.paths, &self.header)
    }

    /// A module of many files.
    pub fn modules(self) -> Result<Vec<GeneratedFile>, Error> {
        let files = self.files.into_modules(&self.paths, &self.header, &self.docs)?;
        Ok(files.into_iter().map(|(name, content)| GeneratedFile { name, content }).collect())
    }

    /// The same outcome, or an error if something was skipped.
    pub(super) fn complete(mut self) -> Result<Self, Error> {
        if self.skipped.is_empty() { Ok(self) } else { Err(self.skipped.swap_remove(0).reason) }
    }
}

impl fmt::Debug for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Outcome");
        shown.field("skipped", &self.skipped).field("absent", &self.absent).finish_non_exhaustive()
    }
}
