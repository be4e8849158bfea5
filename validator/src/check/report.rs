//! From findings to a report.

use ers_fhir_report::{Diagnostic, Message, Report, Rule, Severity, def, text};
use ers_fhir_tree::{LineIndex, Position};

use super::{Checker, Finding};
use crate::rule;
use crate::rule::syntax::{BUDGET_SPENT, FINDINGS_CUT};
use crate::service::Found;

impl Checker<'_, '_> {
    /// Writes the findings out, in document order, each once.
    pub(super) fn into_report(self) -> Report {
        let found = self.findings.take();
        let left_out = self.budget.left_out();
        let dropped = found.dropped;
        let mut gaps = found.gaps();
        let mut findings = found.into_kept();
        if let Some(service) = self.own_service() {
            findings.retain(|finding| !service.ignores(finding.rule));
            for finding in &mut findings {
                let excuse = service.excuses(&Found::new(finding, self.document));
                if let Some(excuse) = excuse {
                    // What was not checked stays unchecked for any reason.
                    if let Some(gap) = rule::gap(finding.rule) {
                        gaps.count(gap, 1);
                    }
                    excused(finding, excuse);
                }
            }
        }
        if findings.is_empty() && left_out == 0 {
            return Report { gaps, ..Report::default() };
        }
        for finding in &mut findings {
            self.name_guide(finding);
        }
        findings.sort_by_key(|finding| (finding.span.start, finding.node));
        let lines = LineIndex::new(self.document.source());
        let mut diagnostics: Vec<Diagnostic> = Vec::with_capacity(findings.len());
        for finding in findings {
            let node = self.document.node(finding.node);
            let diagnostic = Diagnostic {
                rule: finding.rule,
                severity: finding.severity,
                message: finding.message,
                location: self.location(node),
                position: lines.position(finding.span.start),
                span: finding.span,
                profile: finding.demanded_by.map(|source| source.definition.to_owned()),
                element: finding.demanded_by.map(|source| source.element.to_owned()),
                key: finding.key.map(str::to_owned),
                suggestion: finding.suggestion,
            };
            let same = |other: &Diagnostic| {
                other.rule == diagnostic.rule
                    && other.location == diagnostic.location
                    && other.message == diagnostic.message
            };
            if !diagnostics
                .iter()
                .rev()
                .take_while(|other| other.span.start == diagnostic.span.start)
                .any(same)
            {
                diagnostics.push(diagnostic);
            }
        }
        if dropped > 0 {
            diagnostics.push(cut(dropped));
        }
        if left_out > 0 {
            diagnostics.push(unfinished(left_out));
        }
        for diagnostic in &diagnostics {
            if let Some(gap) = rule::gap(diagnostic.rule) {
                gaps.count(gap, 1);
            }
        }
        Report { diagnostics, gaps }
    }
}

/// Reports a finding as a departure of the service that is known and has a reason.
fn excused(finding: &mut Finding<'_>, rule: &'static Rule) {
    finding.rule = rule;
    finding.severity = Severity::Information;
    finding.message = std::mem::take(&mut finding.message).then(text!(" ({})", def(&rule.summary)));
    finding.suggestion = None;
}

/// Says that the list of findings is not complete.
fn cut(dropped: usize) -> Diagnostic {
    of_all(&FINDINGS_CUT, text!("{} more findings are not listed", dropped))
}

/// Says that the check is not complete.
fn unfinished(left_out: usize) -> Diagnostic {
    let what = if left_out == 1 { "one check was" } else { "checks were" };
    let count = (left_out > 1).then_some(left_out);
    let blank = if left_out > 1 { " " } else { "" };
    of_all(&BUDGET_SPENT, text!("{}{}{} left out, as the payload takes too much work", count, blank, what))
}

/// A finding about the payload as a whole.
fn of_all(rule: &'static Rule, message: Message) -> Diagnostic {
    Diagnostic {
        rule,
        severity: rule.severity,
        message,
        location: String::new(),
        position: Position { line: 1, column: 1 },
        span: 0..0,
        profile: None,
        element: None,
        key: None,
        suggestion: None,
    }
}
