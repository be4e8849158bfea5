//! Findings for programs: one JSON object for a run.
//!
//! `payloads` has one object for each payload or input that could not be read, in order; `summary`
//! counts. Members may be added in later versions; those that are there keep their meaning.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;

use super::exit::printable_json;
use super::{Checked, Render, Summary, place, shown};
use crate::mask::HIDDEN;
use crate::{Diagnostic, Edit, Related, Relation};

/// The format.
#[derive(Debug)]
pub struct Json {
    /// Whether values of the payload are hidden.
    pub masks: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Payload<'a> {
    name: &'a str,
    fhir_version: Option<&'static str>,
    /// What told the release; absent where the command line did.
    decided_by: Option<String>,
    failed: bool,
    findings: Vec<Finding<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Finding<'a> {
    rule: &'static str,
    severity: String,
    message: String,
    /// FHIRPath.
    location: Cow<'a, str>,
    line: usize,
    /// In characters, from 1.
    column: usize,
    /// Bytes of the payload: the first, and the one behind the last.
    span: [usize; 2],
    #[serde(skip_serializing_if = "Option::is_none")]
    profile: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    element: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    invariant: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    suggestion: Option<String>,
    /// What mends it, all of it together: bytes, and the text in their place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    edits: Vec<Change<'a>>,
    /// What follows from it, and what explains it; not counted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<Note<'a>>,
}

#[derive(Serialize)]
struct Change<'a> {
    span: [usize; 2],
    text: &'a str,
}

#[derive(Serialize)]
struct Note<'a> {
    /// `effect` or `reason`.
    relation: &'static str,
    #[serde(flatten)]
    finding: Finding<'a>,
}

#[derive(Serialize)]
struct Failure {
    error: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Figures {
    checked: usize,
    failed: usize,
    unreadable: usize,
    skipped: usize,
    errors: usize,
    warnings: usize,
    information: usize,
    /// How often something could not be checked, by kind.
    not_checked: BTreeMap<&'static str, usize>,
}

impl Json {
    fn finding<'a>(&self, diagnostic: &'a Diagnostic) -> Finding<'a> {
        Finding {
            rule: diagnostic.rule.code,
            severity: diagnostic.severity.to_string(),
            message: shown(&diagnostic.message, self.masks),
            location: place(&diagnostic.location, self.masks),
            line: diagnostic.position.line,
            column: diagnostic.position.column,
            span: [diagnostic.span.start, diagnostic.span.end],
            profile: diagnostic.profile.as_deref(),
            element: diagnostic.element.as_deref(),
            invariant: diagnostic.key.as_deref(),
            suggestion: diagnostic.suggestion.as_ref().map(|suggestion| shown(suggestion, self.masks)),
            edits: diagnostic.edits.iter().map(|edit| self.change(edit)).collect(),
            related: diagnostic.related.iter().map(|related| self.note(related)).collect(),
        }
    }

    fn change<'a>(&self, edit: &'a Edit) -> Change<'a> {
        let text = if self.masks && edit.is_of_payload { HIDDEN } else { &edit.text };
        Change { span: [edit.span.start, edit.span.end], text }
    }

    fn note<'a>(&self, related: &'a Related) -> Note<'a> {
        Note {
            relation: match related.relation {
                Relation::Effect => "effect",
                Relation::Reason => "reason",
            },
            finding: self.finding(&related.finding),
        }
    }
}

impl Render for Json {
    fn open(&self) -> String {
        "{\"payloads\":[\n".to_owned()
    }

    fn payload(&self, checked: &Checked) -> String {
        written(&Payload {
            name: &checked.name,
            fhir_version: checked.version.map(ers_fhir_values::FhirVersion::number),
            decided_by: checked.told_by.as_ref().map(|told| shown(&told.by, self.masks)),
            failed: checked.fails,
            findings: checked.report.diagnostics.iter().map(|diagnostic| self.finding(diagnostic)).collect(),
        })
    }

    fn separator(&self) -> &'static str {
        ",\n"
    }

    fn failure(&self, error: &str) -> String {
        written(&Failure { error: error.to_owned() })
    }

    fn close(&self, summary: &Summary) -> String {
        let Summary { checked, failing, unreadable, skipped, errors, warnings, information, gaps, .. } =
            summary;
        let figures = Figures {
            checked: *checked,
            failed: *failing,
            unreadable: *unreadable,
            skipped: *skipped,
            errors: *errors,
            warnings: *warnings,
            information: *information,
            not_checked: gaps.iter().map(|(gap, count)| (gap.word(), count)).collect(),
        };
        format!("\n],\"summary\":{}}}\n", written(&figures))
    }
}

/// Writing plain structs cannot fail; if it did, the piece would be missing and the output invalid.
fn written(value: &impl Serialize) -> String {
    printable_json(serde_json::to_string(value).unwrap_or_default())
}
