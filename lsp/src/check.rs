//! The check of an open file, and its diagnostics.

use std::path::Path;

use ers_fhir_profiles::FhirVersion;
use ers_fhir_report::{Diagnostic, Relation, Report, Severity};
use ers_fhir_validator::detect::detect;
use ers_fhir_validator::guarded;
use ers_fhir_validator::tree::{Document, Syntax};
use lsp_types::{
    CodeDescription, DiagnosticRelatedInformation, DiagnosticSeverity, Location, NumberOrString, Uri,
};

use crate::project::{Project, Setting};
use crate::text::Text;

/// The result of checking a text.
#[derive(Debug, Default)]
pub(crate) struct Checked {
    /// The findings.
    pub(crate) findings: Vec<Diagnostic>,
    /// The release that it was checked as.
    pub(crate) version: Option<FhirVersion>,
}

/// Checks a text according to its path, if it is a payload at all.
pub(crate) fn check(project: &Project, path: Option<&Path>, content: &str) -> Checked {
    let setting = path.map(|path| project.setting(path)).unwrap_or_default();
    let is_left_out = path.is_some_and(|path| !project.includes(path));
    if is_left_out || !(setting.call.is_some() || looks_like_fhir(content)) {
        return Checked::default();
    }
    let mut checked = guarded(|| checked(project, &setting, content))
        .unwrap_or_else(|report| Checked { findings: report.diagnostics, version: None });
    if let Some(path) = path {
        let mut report = Report::new(std::mem::take(&mut checked.findings));
        project.weigh(path, &mut report);
        checked.findings = report.diagnostics;
    }
    checked
}

fn checked(project: &Project, setting: &Setting, content: &str) -> Checked {
    let bytes = content.as_bytes();
    let document = match Document::parse(bytes) {
        Ok(document) => document,
        Err(unreadable) => {
            let report = ers_fhir_validator::unreadable(bytes, &unreadable);
            return Checked { findings: report.diagnostics, version: setting.told };
        }
    };
    let check = |version: FhirVersion| {
        project.validator(version).check_document(&document, &project.options(setting, version))
    };
    let (version, report) = if let Some(version) = setting.told {
        (version, check(version))
    } else {
        let definitions = |version: FhirVersion| project.validator(version).definitions();
        let (detected, report) = detect(&document, &setting.profiles, definitions).check(check);
        (detected.version, report)
    };
    Checked { findings: report.diagnostics, version: Some(version) }
}

/// Whether a text is FHIR or becoming FHIR: editors send any JSON or XML.
fn looks_like_fhir(content: &str) -> bool {
    let mark = match Syntax::of(content.as_bytes()) {
        Syntax::Json => "\"resourceType\"",
        Syntax::Xml => "http://hl7.org/fhir",
    };
    content.contains(mark) || ers_fhir_lint::like_fhir(content)
}

/// A finding as a diagnostic.
pub(crate) fn shown(finding: &Diagnostic, uri: &Uri, text: &Text) -> lsp_types::Diagnostic {
    let mut message = finding.message.revealed().to_owned();
    if let Some(help) = &finding.suggestion {
        message.push_str("\nhelp: ");
        message.push_str(help.revealed());
    }
    let related: Vec<_> = finding
        .related
        .iter()
        .map(|related| {
            let word = match related.relation {
                Relation::Effect => "it follows that ",
                Relation::Reason => "because ",
            };
            DiagnosticRelatedInformation {
                location: Location { uri: uri.clone(), range: range(&related.finding, text) },
                message: format!("{word}{}", related.finding.message.revealed()),
            }
        })
        .collect();
    lsp_types::Diagnostic {
        range: range(finding, text),
        severity: Some(match finding.severity {
            Severity::Fatal | Severity::Error => DiagnosticSeverity::ERROR,
            Severity::Warning => DiagnosticSeverity::WARNING,
            Severity::Information => DiagnosticSeverity::INFORMATION,
        }),
        code: Some(NumberOrString::String(finding.rule.code.to_owned())),
        code_description: link(finding.rule.source).map(|href| CodeDescription { href }),
        source: Some("ers-fhir".to_owned()),
        message,
        related_information: (!related.is_empty()).then_some(related),
        ..lsp_types::Diagnostic::default()
    }
}

fn link(source: &str) -> Option<Uri> {
    let source = source.split_whitespace().next()?;
    source.starts_with("http").then(|| source.parse().ok()).flatten()
}

/// The range that an editor underlines: for several lines, the first.
pub(crate) fn range(finding: &Diagnostic, text: &Text) -> lsp_types::Range {
    let content = text.content();
    let start = finding.span.start.min(content.len());
    let end = finding.span.end.clamp(start, content.len());
    let line = content.get(start..end).and_then(|spanned| spanned.find('\n'));
    text.range(&(start..line.map_or(end, |length| start + length)))
}
