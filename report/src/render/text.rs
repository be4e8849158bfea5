//! Findings for people: each with the line it is on, the offending bytes underlined.

use std::borrow::Cow;
use std::fmt::Write;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::exit::printable_line;
use super::frame::Frame;
use super::notes::notes;
use super::{Checked, Render, Summary, place, printable, shown};
use crate::{Diagnostic, Severity, mask};

/// Largest payload of which a masked copy is made; of a larger one no line is shown.
const MAX_MASKED: usize = 16 << 20;

/// The format.
#[derive(Debug)]
pub struct Text {
    /// Whether to colour.
    pub colors: bool,
    /// Whether values of the payload are hidden.
    pub masks: bool,
    /// Whether to leave out the summary and notes.
    pub quiet: bool,
}

impl Text {
    /// The payload as its lines may be shown.
    pub(super) fn source<'c>(&self, checked: &'c Checked) -> Cow<'c, str> {
        if !self.masks || checked.report.diagnostics.is_empty() {
            Cow::Borrowed(&checked.text)
        } else if checked.text.len() <= MAX_MASKED {
            // What could not be read is understood up to where the reader gave up.
            let understood = if checked.version.is_some() { usize::MAX } else { checked.report.understood() };
            Cow::Owned(mask::masked(&checked.text, checked.syntax, understood))
        } else {
            Cow::Borrowed("")
        }
    }

    fn diagnostic(
        &self,
        renderer: &Renderer,
        checked: &Checked,
        source: &str,
        diagnostic: &Diagnostic,
    ) -> String {
        let is_shown = source.len() == checked.text.len() && diagnostic.part.is_none();
        let frame = Frame::around(source, diagnostic.span.clone());
        let (line, span) = printable_line(frame.text, frame.span);
        let name = printable(&checked.name);
        let position = diagnostic.position;
        let title = level(diagnostic.severity)
            .primary_title(printable(&shown(&diagnostic.message, self.masks)).into_owned())
            .id(diagnostic.rule.code);
        let mut group = Group::with_title(title);
        if is_shown {
            let snippet = Snippet::source(line)
                .line_start(position.line)
                .path(frame.is_whole.then_some(&*name))
                .annotation(AnnotationKind::Primary.span(span));
            group = group.element(snippet);
        }
        if let Some(part) = diagnostic.part {
            group = group.element(Level::NOTE.with_name("in").message(name.clone().into_owned()));
            group = group.element(Level::NOTE.with_name("at").message(part.to_string()));
        } else if !(frame.is_whole && is_shown) {
            // The renderer would count columns from where the line was cut.
            let place = format!("{name}:{}:{}", position.line, position.column);
            group = group.element(Level::NOTE.with_name("in").message(place));
        }
        if !diagnostic.location.is_empty() {
            let at = place(&diagnostic.location, self.masks);
            group = group.element(Level::NOTE.with_name("at").message(printable(&at).into_owned()));
        }
        if let Some(demand) = demand(diagnostic) {
            group =
                group.element(Level::NOTE.with_name("demanded by").message(printable(&demand).into_owned()));
        }
        if let Some(suggestion) = &diagnostic.suggestion {
            group =
                group.element(Level::HELP.message(printable(&shown(suggestion, self.masks)).into_owned()));
        }
        for note in notes(diagnostic, self.masks) {
            group =
                group.element(Level::NOTE.with_name(note.word).message(printable(&note.text).into_owned()));
        }
        renderer.render(&[group])
    }
}

impl Render for Text {
    fn payload(&self, checked: &Checked) -> String {
        let renderer = if self.colors { Renderer::styled() } else { Renderer::plain() };
        let source = self.source(checked);
        let mut text = String::new();
        for diagnostic in &checked.report.diagnostics {
            text.push_str(&self.diagnostic(&renderer, checked, &source, diagnostic));
            text.push_str("\n\n");
        }
        // Findings of the wrong release would make no sense, so the release is said where they are.
        if let (Some(version), Some(told)) = (checked.version, &checked.told_by)
            && !self.quiet
            && (told.is_by_trial || !checked.report.diagnostics.is_empty())
        {
            let note =
                format!("{}: checked as FHIR {version} ({})", checked.name, shown(&told.by, self.masks));
            let _ = writeln!(text, "{}", printable(&note));
            if told.is_guess {
                text.push_str("  --fhir-version 3.0 or 4.0 says it for certain\n");
            }
            text.push('\n');
        }
        text
    }

    fn note(&self, text: &str) -> String {
        if self.quiet { String::new() } else { text.to_owned() }
    }

    fn failure(&self, _error: &str) -> String {
        String::new()
    }

    fn close(&self, summary: &Summary) -> String {
        if self.quiet {
            return String::new();
        }
        let mut text = format!(
            "{} checked, {} failed: {}, {}, {} information",
            count(summary.checked, "payload"),
            summary.failing,
            count(summary.errors, "error"),
            count(summary.warnings, "warning"),
            summary.information,
        );
        if summary.guessed > 0 {
            let _ = write!(
                text,
                "; the release of {} was assumed, as nothing tells it",
                if summary.guessed == summary.checked {
                    "each".to_owned()
                } else {
                    summary.guessed.to_string()
                }
            );
        }
        if summary.skipped > 0 {
            let _ = write!(
                text,
                "; {} skipped that {} not FHIR",
                count(summary.skipped, "file"),
                is_are(summary.skipped)
            );
        }
        if summary.unreadable > 0 {
            let _ = write!(text, "; {} could not be read", summary.unreadable);
        }
        if summary.known > 0 {
            let _ = write!(text, "; {} of the baseline passed over", count(summary.known, "finding"));
        }
        text.push('\n');
        if !summary.gaps.is_empty() {
            let _ = writeln!(text, "not checked: {}", summary.gaps);
        }
        text
    }
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Fatal => Level::ERROR.with_name("fatal"),
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Information => Level::INFO.with_name("information"),
    }
}

/// The profile and the element that demand what was not found.
fn demand(diagnostic: &Diagnostic) -> Option<String> {
    let mut demand = diagnostic.profile.clone()?;
    if let Some(element) = &diagnostic.element {
        let _ = write!(demand, " ({element}");
        if let Some(key) = &diagnostic.key {
            let _ = write!(demand, ", {key}");
        }
        demand.push(')');
    }
    Some(demand)
}

pub(super) fn count(number: usize, thing: &str) -> String {
    if number == 1 { format!("1 {thing}") } else { format!("{number} {thing}s") }
}

fn is_are(number: usize) -> &'static str {
    if number == 1 { "is" } else { "are" }
}
