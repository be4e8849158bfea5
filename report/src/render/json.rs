//! Findings for programs: one JSON object for a run.
//!
//! `payloads` has one object for each payload or unreadable input, in order; `summary` has counts.
//! Later versions may add members; existing ones keep their meaning.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;

use super::checked::Checked;
use super::exit::printable_json;
use super::format::Render;
use super::region::Lines;
use super::shown::{place, shown};
use super::summary::Summary;
use crate::mask::HIDDEN;
use crate::{Diagnostic, Edit, Gaps, Related, Relation, Suppressed};

/// The current version of the format; it changes when a member is removed or changes its meaning.
const FORMAT_VERSION: u32 = 1;

/// The format.
#[derive(Debug)]
pub struct Json {
    /// Whether values of the payload are hidden.
    pub masks: bool,
}

/// The members before the payloads.
#[derive(Serialize)]
#[cfg_attr(feature = "pipelines", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
struct Head {
    /// Version of this format: members may be added to it, and existing ones keep their meaning.
    format_version: u32,
    tool: Tool,
    /// Whether values of payloads are hidden, as ***.
    masked: bool,
}

/// The program that wrote the output.
#[derive(Serialize)]
#[cfg_attr(feature = "pipelines", derive(schemars::JsonSchema))]
struct Tool {
    name: &'static str,
    version: &'static str,
}

impl Tool {
    /// All crates share one version.
    const THIS: Self = Self { name: "ers-fhir", version: env!("CARGO_PKG_VERSION") };
}

/// A payload that was checked.
#[derive(Serialize)]
#[cfg_attr(feature = "pipelines", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
struct Payload<'a> {
    /// Path, or a name for a part of a file.
    name: &'a str,
    /// Id of the operation that it belongs to, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<&'static str>,
    /// Release that it was checked as; null where it could not be read.
    fhir_version: Option<&'static str>,
    /// What determined the release; absent where the command line did.
    decided_by: Option<String>,
    /// Whether a finding fails the run.
    failed: bool,
    findings: Vec<Finding<'a>>,
    /// Findings that the settings accept.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suppressed: Vec<Accepted<'a>>,
    /// How often something could not be checked, by kind; findings of severity information give the details.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    not_checked: BTreeMap<&'static str, usize>,
}

/// One finding, as the members of an object.
#[derive(Serialize)]
#[cfg_attr(feature = "pipelines", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub(super) struct Finding<'a> {
    rule: &'static str,
    severity: String,
    message: String,
    /// FHIRPath.
    location: Cow<'a, str>,
    /// The part of the call that it is about; absent where it is about the payload.
    #[serde(skip_serializing_if = "Option::is_none")]
    part: Option<String>,
    line: usize,
    /// In characters, from 1.
    column: usize,
    /// Line of the position after the last character.
    end_line: usize,
    /// Column of that position.
    end_column: usize,
    /// Bytes of the payload: the first, and the one after the last.
    span: [usize; 2],
    #[serde(skip_serializing_if = "Option::is_none")]
    profile: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    element: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    invariant: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    suggestion: Option<String>,
    /// Edits that together fix it: bytes, and the text that replaces them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    edits: Vec<Change<'a>>,
    /// Findings that follow from it or explain it; not counted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<Note<'a>>,
}

#[derive(Serialize)]
#[cfg_attr(feature = "pipelines", derive(schemars::JsonSchema))]
struct Change<'a> {
    span: [usize; 2],
    text: &'a str,
}

#[derive(Serialize)]
#[cfg_attr(feature = "pipelines", derive(schemars::JsonSchema))]
struct Note<'a> {
    /// `effect` or `reason`.
    relation: &'static str,
    #[serde(flatten)]
    finding: Finding<'a>,
}

/// A suppressed finding, which does not count.
#[derive(Serialize)]
#[cfg_attr(feature = "pipelines", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
struct Accepted<'a> {
    /// Why it does not count.
    reason: Option<&'a str>,
    #[serde(flatten)]
    finding: Finding<'a>,
}

/// A file that is not checked.
#[derive(Serialize)]
#[cfg_attr(feature = "pipelines", derive(schemars::JsonSchema))]
struct Skipped<'a> {
    name: &'a str,
    why: &'a str,
}

/// An input that could not be checked.
#[derive(Serialize)]
#[cfg_attr(feature = "pipelines", derive(schemars::JsonSchema))]
pub(super) struct Failure {
    pub(super) error: String,
}

/// A run in figures.
#[derive(Serialize)]
#[cfg_attr(feature = "pipelines", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub(super) struct Figures<'a> {
    checked: usize,
    failed: usize,
    unreadable: usize,
    /// How many files are not checked, and which.
    skipped: usize,
    skipped_files: Vec<Skipped<'a>>,
    /// Paths that ignore files and settings leave out; a folder counts once.
    ignored: usize,
    errors: usize,
    warnings: usize,
    information: usize,
    /// Findings of the baseline, which are left out.
    known: usize,
    /// Findings that the settings accept.
    suppressed: usize,
    /// How often each rule is broken.
    rules: BTreeMap<&'static str, usize>,
    /// How often something could not be checked, by kind.
    not_checked: BTreeMap<&'static str, usize>,
}

impl<'a> Finding<'a> {
    pub(super) fn new(diagnostic: &'a Diagnostic, lines: &Lines<'_>, masks: bool) -> Self {
        let end = lines.end(diagnostic);
        Self {
            rule: diagnostic.rule.code,
            severity: diagnostic.severity.to_string(),
            message: shown(&diagnostic.message, masks),
            location: place(&diagnostic.location, masks),
            part: diagnostic.part.map(|part| part.to_string()),
            line: diagnostic.position.line,
            column: diagnostic.position.column,
            end_line: end.line,
            end_column: end.column,
            span: [diagnostic.span.start, diagnostic.span.end],
            profile: diagnostic.profile.as_deref(),
            element: diagnostic.element.as_deref(),
            invariant: diagnostic.key.as_deref(),
            suggestion: diagnostic.suggestion.as_ref().map(|suggestion| shown(suggestion, masks)),
            edits: diagnostic.edits.iter().map(|edit| Change::new(edit, masks)).collect(),
            related: diagnostic.related.iter().map(|related| Note::new(related, lines, masks)).collect(),
        }
    }
}

impl<'a> Change<'a> {
    fn new(edit: &'a Edit, masks: bool) -> Self {
        let text = if masks { edit.masked().unwrap_or(HIDDEN) } else { &edit.text };
        Self { span: [edit.span.start, edit.span.end], text }
    }
}

impl<'a> Note<'a> {
    fn new(related: &'a Related, lines: &Lines<'_>, masks: bool) -> Self {
        Self {
            relation: match related.relation {
                Relation::Effect => "effect",
                Relation::Reason => "reason",
            },
            finding: Finding::new(&related.finding, lines, masks),
        }
    }
}

impl<'a> Figures<'a> {
    pub(super) fn of(summary: &'a Summary) -> Self {
        Self {
            checked: summary.checked,
            failed: summary.failing,
            unreadable: summary.unreadable,
            skipped: summary.skipped.len(),
            skipped_files: summary.skipped.iter().map(|(name, why)| Skipped { name, why }).collect(),
            ignored: summary.ignored,
            errors: summary.errors,
            warnings: summary.warnings,
            information: summary.information,
            known: summary.known,
            suppressed: summary.suppressed,
            rules: summary.rules.iter().map(|(code, often)| (*code, often.count)).collect(),
            not_checked: by_kind(&summary.gaps),
        }
    }
}

fn by_kind(gaps: &Gaps) -> BTreeMap<&'static str, usize> {
    gaps.iter().map(|(gap, count)| (gap.word(), count)).collect()
}

impl Render for Json {
    fn open(&self) -> String {
        let head = Head { format_version: FORMAT_VERSION, tool: Tool::THIS, masked: self.masks };
        let head = written(&head);
        format!("{},\"payloads\":[\n", head.strip_suffix('}').unwrap_or(&head))
    }

    fn payload(&self, checked: &Checked) -> String {
        let lines = Lines::of(checked);
        let findings = checked.report.diagnostics.iter();
        written(&Payload {
            name: &checked.name,
            operation: checked.operation,
            fhir_version: checked.version.map(ers_fhir_values::FhirVersion::number),
            decided_by: checked.told_by.as_ref().map(|told| shown(&told.by, self.masks)),
            failed: checked.fails,
            findings: findings.map(|diagnostic| Finding::new(diagnostic, &lines, self.masks)).collect(),
            suppressed: checked
                .suppressed
                .iter()
                .map(|Suppressed { finding, reason }| Accepted {
                    reason: reason.as_deref(),
                    finding: Finding::new(finding, &lines, self.masks),
                })
                .collect(),
            not_checked: by_kind(&checked.report.gaps),
        })
    }

    fn separator(&self) -> &'static str {
        ",\n"
    }

    fn failure(&self, error: &str) -> String {
        written(&Failure { error: error.to_owned() })
    }

    fn close(&self, summary: &Summary) -> String {
        format!("\n],\"summary\":{}}}\n", written(&Figures::of(summary)))
    }
}

/// Writing plain structs cannot fail; if it did, the piece would be missing and the output invalid.
pub(super) fn written(value: &impl Serialize) -> String {
    printable_json(serde_json::to_string(value).unwrap_or_default())
}

#[cfg(feature = "pipelines")]
mod schema {
    use super::{Failure, Figures, Head, Json, Payload};

    /// The whole document, which is written piece by piece.
    #[derive(schemars::JsonSchema)]
    #[schemars(title = "Findings of ers-fhir", rename_all = "camelCase")]
    #[expect(dead_code, reason = "only its schema is made")]
    struct Run<'a> {
        #[schemars(flatten)]
        head: Head,
        /// Payloads, and inputs that could not be checked, in order.
        payloads: Vec<Entry<'a>>,
        summary: Figures<'a>,
    }

    #[derive(schemars::JsonSchema)]
    #[schemars(untagged)]
    #[expect(dead_code, reason = "only its schema is made")]
    enum Entry<'a> {
        Payload(Payload<'a>),
        Failure(Failure),
    }

    impl Json {
        /// The JSON Schema of the output.
        pub fn schema() -> serde_json::Value {
            let settings = schemars::generate::SchemaSettings::default().for_serialize();
            settings.into_generator().into_root_schema_for::<Run<'static>>().to_value()
        }
    }
}
