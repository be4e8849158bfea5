//! A checked payload, as the formats need it.

use std::collections::BTreeMap;

use ers_fhir_tree::Syntax;
use ers_fhir_values::FhirVersion;

use crate::{Diagnostic, Message, Report, Suppressed};

/// A payload and what was found in it.
#[derive(Debug)]
pub struct Checked {
    /// Path or `<stdin>`; a descriptive name where the file holds several payloads.
    pub name: String,
    /// The file, where it holds several payloads; places in the payload are then not places in the file.
    pub within: Option<String>,
    /// The path of the file from the root of the repository, where it differs from the name.
    pub path: Option<String>,
    /// What precedes it in that file, where it is one line of the file; its places are then those of the file.
    pub before: Option<Before>,
    /// How often findings like its own occurred earlier in that file, as counted by [`Earlier`](super::Earlier).
    pub earlier: BTreeMap<String, usize>,
    /// Id of the operation that it belongs to, where that is known: `A011`.
    pub operation: Option<&'static str>,
    /// The payload as far as it is text.
    pub text: String,
    /// How it is written.
    pub syntax: Syntax,
    /// The release it was checked as; `None` where it could not be read.
    pub version: Option<FhirVersion>,
    /// What determined the release, unless the caller set it.
    pub told_by: Option<Told>,
    /// What was found.
    pub report: Report,
    /// Whether a finding is at or above the level that fails the run.
    pub fails: bool,
    /// Findings that do not count, and why.
    pub suppressed: Vec<Suppressed>,
}

/// What precedes a payload in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Before {
    /// How many lines.
    pub lines: usize,
    /// How many bytes.
    pub bytes: usize,
}

impl Checked {
    /// A payload about which nothing is known and in which nothing was found.
    pub fn blank(name: String) -> Self {
        Self {
            name,
            within: None,
            path: None,
            before: None,
            earlier: BTreeMap::new(),
            operation: None,
            text: String::new(),
            syntax: Syntax::Json,
            version: None,
            told_by: None,
            report: Report::default(),
            fails: false,
            suppressed: Vec::new(),
        }
    }

    /// The payload as part of a file; its findings get the line numbers of the file.
    #[must_use]
    pub fn part_of(mut self, file: String, before: Option<Before>) -> Self {
        let lines = before.map_or(0, |before| before.lines);
        if lines > 0 {
            self.report.diagnostics.iter_mut().for_each(|finding| finding.move_down(lines));
        }
        Self { within: Some(file), before, ..self }
    }

    /// The name that goes with places of findings: the file where they are places in it, else the payload.
    pub(super) fn place_name(&self) -> &str {
        self.within.as_deref().filter(|_| self.before.is_some()).unwrap_or(&self.name)
    }

    /// The file that it is or that contains it, by its path in the repository.
    pub(super) fn file(&self) -> &str {
        let file = self.path.as_ref().or(self.within.as_ref()).unwrap_or(&self.name);
        file.strip_prefix("./").unwrap_or(file)
    }

    /// Its name, with the path of the file in the repository.
    #[cfg(feature = "pipelines")]
    pub(super) fn name_in_repository(&self) -> String {
        let within = self.within.as_deref().unwrap_or(&self.name);
        self.name
            .strip_prefix(within)
            .map_or_else(|| self.name.clone(), |rest| format!("{}{rest}", self.file()))
    }

    /// Whether a finding has a place in the file.
    pub(super) fn has_place(&self, diagnostic: &Diagnostic) -> bool {
        (self.within.is_none() || self.before.is_some()) && diagnostic.part.is_none()
    }

    /// Where a finding is: `request.json:12:5`, or the part of a call.
    pub(super) fn at(&self, diagnostic: &Diagnostic) -> String {
        match diagnostic.part {
            Some(_) => self.name.clone(),
            None => at(self.place_name(), diagnostic),
        }
    }

    /// The same, with the path of the file in the repository.
    #[cfg(feature = "pipelines")]
    pub(super) fn at_in_repository(&self, diagnostic: &Diagnostic) -> String {
        match (diagnostic.part, self.before) {
            (Some(_), _) => self.name_in_repository(),
            (None, Some(_)) => at(self.file(), diagnostic),
            (None, None) => at(&self.name_in_repository(), diagnostic),
        }
    }
}

fn at(name: &str, diagnostic: &Diagnostic) -> String {
    format!("{name}:{}:{}", diagnostic.position.line, diagnostic.position.column)
}

/// What determined the release of a payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// In words.
    pub by: Message,
    /// Whether nothing did, so the release was assumed.
    pub is_guess: bool,
    /// Whether the release was assumed because another one fits less well; this is reported even if nothing is wrong.
    pub is_by_trial: bool,
}
