//! Reports written out, one format a file.
//!
//! A format is three pieces of text: what opens the output, one piece for each payload, and what
//! closes it. The pieces of payloads are made in parallel and written in order.

mod concise;
mod exit;
#[cfg(feature = "pipelines")]
mod fingerprint;
mod frame;
mod github;
#[cfg(feature = "pipelines")]
mod gitlab;
mod html;
mod json;
mod jsonl;
#[cfg(feature = "pipelines")]
mod junit;
mod markdown;
mod notes;
mod operation_outcome;
mod region;
#[cfg(feature = "pipelines")]
mod sarif;
mod text;
#[cfg(feature = "pipelines")]
mod uri;

pub use concise::Concise;
pub use exit::printable;
pub use github::GitHub;
#[cfg(feature = "pipelines")]
pub use gitlab::GitLab;
pub use html::Html;
pub use json::Json;
pub use jsonl::JsonLines;
#[cfg(feature = "pipelines")]
pub use junit::JUnit;
pub use markdown::Markdown;
pub use operation_outcome::OperationOutcome;
#[cfg(feature = "pipelines")]
pub use sarif::Sarif;
pub use text::Text;

use std::borrow::Cow;
use std::collections::BTreeMap;

use ers_fhir_tree::Syntax;
use ers_fhir_values::FhirVersion;

use crate::{Gaps, Message, Report, Severity, mask};

/// A format.
pub trait Render: Sync {
    /// What comes first.
    fn open(&self) -> String {
        String::new()
    }

    /// What one payload adds; may be nothing.
    fn payload(&self, checked: &Checked) -> String;

    /// What stands between pieces.
    fn separator(&self) -> &'static str {
        ""
    }

    /// What one input that could not be checked adds; may be nothing.
    fn failure(&self, error: &str) -> String;

    /// What is said of several payloads together; nothing, unless people read it.
    fn note(&self, text: &str) -> String {
        let _ = text;
        String::new()
    }

    /// What comes last.
    fn close(&self, summary: &Summary) -> String;
}

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

/// A run in figures.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    /// Payloads checked.
    pub checked: usize,
    /// Payloads with a finding that fails the run.
    pub failing: usize,
    /// Payloads whose release had to be assumed from what they fit.
    pub guessed: usize,
    /// Those of them that were tried as both releases.
    pub tried: usize,
    /// Inputs that could not be read.
    pub unreadable: usize,
    /// Files of a folder that are not FHIR.
    pub skipped: usize,
    /// Findings that are errors.
    pub errors: usize,
    /// Findings that are warnings.
    pub warnings: usize,
    /// Findings that are information.
    pub information: usize,
    /// Findings that are known, and were passed over.
    pub known: usize,
    /// How often each rule is broken, by its code.
    pub rules: BTreeMap<&'static str, Often>,
    /// What could not be checked.
    pub gaps: Gaps,
}

/// How often something was found, and where first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Often {
    /// How often.
    pub count: usize,
    /// The first place: `request.json:12:5`.
    pub first: String,
}

impl Summary {
    /// The figures of one payload.
    pub fn of(checked: &Checked) -> Self {
        let count = |severity| checked.report.count(severity);
        Self {
            checked: 1,
            failing: usize::from(checked.fails),
            guessed: usize::from(checked.told_by.as_ref().is_some_and(|told| told.is_guess)),
            tried: usize::from(checked.told_by.as_ref().is_some_and(|told| told.is_by_trial)),
            errors: count(Severity::Error) + count(Severity::Fatal),
            warnings: count(Severity::Warning),
            information: count(Severity::Information),
            rules: rules(checked),
            gaps: checked.report.gaps.clone(),
            ..Self::default()
        }
    }

    /// Adds the figures of a payload to those of a run.
    pub fn add(&mut self, other: &Self) {
        self.checked += other.checked;
        self.failing += other.failing;
        self.guessed += other.guessed;
        self.tried += other.tried;
        self.errors += other.errors;
        self.warnings += other.warnings;
        self.information += other.information;
        self.known += other.known;
        for (code, often) in &other.rules {
            let sum =
                self.rules.entry(code).or_insert_with(|| Often { count: 0, first: often.first.clone() });
            sum.count += often.count;
        }
        self.gaps.add(&other.gaps);
    }
}

/// How often each rule is broken in a payload.
fn rules(checked: &Checked) -> BTreeMap<&'static str, Often> {
    let mut rules: BTreeMap<&'static str, Often> = BTreeMap::new();
    for found in &checked.report.diagnostics {
        let first = || format!("{}:{}:{}", checked.name, found.position.line, found.position.column);
        rules.entry(found.rule.code).or_insert_with(|| Often { count: 0, first: first() }).count += 1;
    }
    rules
}

/// A message as it may be shown.
fn shown(message: &Message, masks: bool) -> String {
    if masks { message.masked() } else { message.revealed().to_owned() }
}

/// A location as it may be shown.
fn place(location: &str, masks: bool) -> Cow<'_, str> {
    if masks { Cow::Owned(mask::location(location)) } else { Cow::Borrowed(location) }
}
