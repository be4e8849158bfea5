//! Findings for people: each with the line it is on, the offending bytes underlined.

use std::fmt::Write;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::checked::Checked;
use super::exit::{printable, printable_lines};
use super::figures::{headline, table, unchecked};
use super::format::Render;
use super::frame::Frame;
use super::notes::notes;
use super::shown::{place, shown};
use super::source::source;
use super::summary::Summary;
use crate::{Diagnostic, Severity};

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
    fn diagnostic(
        &self,
        renderer: &Renderer,
        checked: &Checked,
        source: &str,
        diagnostic: &Diagnostic,
    ) -> String {
        let is_shown = source.len() == checked.text.len() && diagnostic.part.is_none();
        let frame = Frame::around(source, diagnostic.span.clone());
        let frame = if self.masks { frame.with_even_stars() } else { frame };
        let (lines, span) = printable_lines(&frame.text, frame.span);
        let name = printable(checked.place_name());
        let position = diagnostic.position;
        let title = level(diagnostic.severity)
            .primary_title(printable(&shown(&diagnostic.message, self.masks)).into_owned())
            .id(diagnostic.rule.code);
        let mut group = Group::with_title(title);
        // For a truncated line, the renderer would count columns from the cut.
        let origin = Origin::path(name);
        group = group.element(match diagnostic.part {
            Some(_) => origin,
            None => origin.line(position.line).char_column(position.column),
        });
        if is_shown {
            let snippet = Snippet::source(lines)
                .line_start(position.line)
                .annotation(AnnotationKind::Primary.span(span));
            group = group.element(snippet);
        }
        if let Some(part) = diagnostic.part {
            group = group.element(Level::NOTE.with_name("at").message(part.to_string()));
        } else if is_shown && frame.ends_elsewhere {
            let inner = source.get(diagnostic.span.clone()).unwrap_or_default();
            let last = position.line + inner.bytes().filter(|byte| *byte == b'\n').count();
            group = group.element(Level::NOTE.with_name("up to").message(format!("line {last}")));
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
        without_empty_origins(&renderer.render(&[group]))
    }
}

impl Render for Text {
    fn payload(&self, checked: &Checked) -> String {
        let renderer = if self.colors { Renderer::styled() } else { Renderer::plain() };
        let source = source(checked, self.masks);
        let mut text = String::new();
        for diagnostic in &checked.report.diagnostics {
            text.push_str(&self.diagnostic(&renderer, checked, &source, diagnostic));
            text.push_str("\n\n");
        }
        // Findings for the wrong release would make no sense, so the release is shown with them.
        if let (Some(version), Some(told)) = (checked.version, &checked.told_by)
            && !self.quiet
            && (told.is_by_trial || !checked.report.diagnostics.is_empty())
        {
            let note =
                format!("{}: checked as FHIR {version} ({})", checked.name, shown(&told.by, self.masks));
            let _ = writeln!(text, "{}", printable(&note));
            if told.is_guess {
                text.push_str("  use --fhir-version 3.0 or 4.0 to set the release\n");
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
        let table = if summary.checked > 1 { table(summary) } else { String::new() };
        let unchecked = unchecked(summary).map(|line| line + "\n").unwrap_or_default();
        format!("{}\n{table}{unchecked}", headline(summary))
    }
}

/// Removes the lines of the rendered text that would name a second place: the only place is named above the lines of
/// the payload.
fn without_empty_origins(rendered: &str) -> String {
    let is_empty = |line: &str| {
        let bare = line.split('\u{1b}').enumerate().map(|(at, piece)| match piece.split_once('m') {
            Some((_, text)) if at > 0 => text,
            _ => piece,
        });
        bare.flat_map(str::chars).filter(|letter| *letter != ' ').eq(":::".chars())
    };
    let kept: Vec<&str> = rendered.split('\n').filter(|line| !is_empty(line)).collect();
    kept.join("\n")
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Fatal => Level::ERROR.with_name("fatal"),
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Information => Level::INFO.with_name("information"),
    }
}

/// The profile and the element that the payload violates.
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

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use ers_fhir_tree::LineIndex;
    use ers_fhir_values::FhirVersion;

    use super::*;
    use crate::{Example, Issue, Message, Report, Rule};

    static RULE: Rule = Rule {
        code: "some-rule",
        severity: Severity::Error,
        issue: Issue::Value,
        summary: "",
        explanation: "",
        bad: Example::r4(""),
        good: Example::r4(""),
        source: "",
    };

    fn checked(name: &str, text: &str, span: Range<usize>) -> Checked {
        let found = Diagnostic {
            location: "Patient.name".to_owned(),
            position: LineIndex::new(text).position(span.start),
            span,
            ..Diagnostic::new(&RULE, Message::text("it is wrong"))
        };
        Checked {
            text: text.to_owned(),
            version: Some(FhirVersion::R4),
            report: Report::new(vec![found]),
            fails: true,
            ..Checked::blank(name.to_owned())
        }
    }

    const TEXT: Text = Text { colors: false, masks: false, quiet: false };

    #[test]
    fn a_finding_is_underlined_from_its_start_to_its_end() {
        let source = "{\n  \"name\": {\n    \"text\": 1,\n    \"use\": 2,\n    \"given\": 3\n  }\n}";
        let shown = TEXT.payload(&checked("a.json", source, 12..59));
        assert!(shown.contains("--> a.json:2:11"), "{shown}");
        let colored = Text { colors: true, ..TEXT }.payload(&checked("a.json", source, 12..59));
        assert!(!shown.contains(":::") && !colored.contains(":::"), "{shown}{colored}");
        assert!(shown.contains("2 |") && shown.contains("6 |") && shown.contains("_^"), "{shown}");
    }

    #[test]
    fn the_place_has_one_form_also_where_lines_are_cut_or_hidden() {
        let long = format!("{{ \"a\": \"{}\", \"b\": 1 }}", "x".repeat(5000));
        let at = long.len() - 3;
        let shown = TEXT.payload(&checked("a.json", &long, at..at + 1));
        assert!(shown.contains(&format!("--> a.json:1:{}", at + 1)) && shown.contains('…'), "{shown}");
        assert!(shown.lines().all(|line| line.chars().count() < 140), "{shown}");
        let odd = TEXT.payload(&checked("a\u{1b}[1m\n.json", "{}", 0..1));
        assert!(odd.contains("--> a\u{fffd}[1m\u{fffd}.json:1:1"), "{odd}");
    }

    #[test]
    fn a_run_over_several_payloads_ends_with_a_table() {
        let mut summary = Summary::default();
        for name in ["a.json", "b.json"] {
            summary.add(&Summary::of(&checked(name, "{}", 0..1)));
        }
        assert!(
            TEXT.close(&summary).contains("      2  some-rule  a.json:1:1\n"),
            "{}",
            TEXT.close(&summary)
        );
        let one = Summary::of(&checked("a.json", "{}", 0..1));
        assert!(!TEXT.close(&one).contains("some-rule"));
    }
}
