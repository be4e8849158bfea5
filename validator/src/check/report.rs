//! From findings to a report.

use ers_fhir_report::{Diagnostic, Gaps, Related, Relation, Report, Rule, Severity, def, text};
use ers_fhir_tree::LineIndex;
use rustc_hash::FxHashSet;

use super::finding::Sought;
use super::{Checker, Finding, edit, taken};
use crate::relate;
use crate::rule;
use crate::rule::syntax::{BUDGET_SPENT, FINDINGS_CUT};
use crate::service::{Found, Service};

impl Checker<'_, '_> {
    /// Writes the findings out: each once, with those that follow from it, in document order.
    pub(super) fn into_report(self) -> Report {
        let found = self.findings.take();
        let left_out = self.budget.left_out();
        let dropped = found.dropped;
        let mut gaps = found.gaps();
        let mut findings = found.into_kept();
        // Looking for marks takes time, and is only useful if there are findings.
        let marked = || self.service().filter(|service| !findings.is_empty() && service.marks(self.document));
        let service = self.own_service().or_else(marked);
        if let Some(service) = service {
            findings.retain(|finding| {
                !service.ignores(finding.rule) && !service.covers(&Found::new(finding, self.document))
            });
        }
        if findings.is_empty() && left_out == 0 {
            return Report { gaps, ..Report::default() };
        }
        for finding in &mut findings {
            self.name_guide(finding);
        }
        findings.sort_by_key(|finding| (finding.span.start, finding.node));
        drop_repeats(&mut findings);
        taken::keep_apart(&mut findings, self.document);
        let excuses = service.map_or_else(Vec::new, |service| self.excuses(&findings, service));
        for (at, finding) in findings.iter_mut().enumerate() {
            if excuses.get(at).is_none_or(Option::is_none) {
                self.find_sought(finding);
            }
        }
        let causes = if self.options.lists_effects || findings.len() < 2 {
            Vec::new()
        } else {
            relate::causes(&findings, &excuses, self.document, service)
        };
        for (finding, excuse) in findings.iter_mut().zip(excuses) {
            let Some(excuse) = excuse else { continue };
            // A gap remains a gap, whatever the reason.
            if let Some(gap) = rule::gap(finding.rule) {
                gaps.count(gap, 1);
            }
            excused(finding, excuse);
        }
        relate::advise(&mut findings, &causes);
        let lines = LineIndex::new(self.document.source());
        let diagnostics = findings.into_iter().map(|finding| self.diagnostic(finding, &lines)).collect();
        let mut diagnostics = if causes.is_empty() { diagnostics } else { nested(diagnostics, &causes) };
        if dropped != [0; 4] {
            diagnostics.push(cut(dropped.iter().sum()));
        }
        if left_out > 0 {
            diagnostics.push(unfinished(left_out));
        }
        let mut report = Report { diagnostics, unlisted: dropped, gaps: Gaps::default() };
        for diagnostic in report.all() {
            if let Some(gap) = rule::gap(diagnostic.rule) {
                gaps.count(gap, 1);
            }
        }
        report.gaps = gaps;
        report
    }

    /// For each finding, the known departure of the service that it is an instance of, if any.
    fn excuses(&self, findings: &[Finding<'_>], service: &dyn Service) -> Vec<Option<&'static Rule>> {
        findings.iter().map(|finding| service.excuses(&Found::new(finding, self.document))).collect()
    }

    /// Suggests the canonical that may have been meant, if there is one.
    #[cold]
    fn find_sought(&self, finding: &mut Finding<'_>) {
        let Some(Sought { canonical, written, says: [before, behind] }) = finding.sought.take() else {
            return;
        };
        if !self.budget.allows_suggestion() {
            return;
        }
        let Some(near) = self.validator.schemas().nearest(&canonical) else { return };
        finding.suggestion = Some(text!("{}{}{}", before, def(near), behind));
        if let Some(written) = written.filter(|_| edit::is_same_but_for_form(&canonical, near)) {
            finding.edits.extend(edit::defined(self.document.node(written), near));
            // The canonical is a typo of a known one, so the definition was not checked; this must not pass.
            finding.severity = finding.severity.max(Severity::Error);
        }
    }

    fn diagnostic(&self, finding: Finding<'_>, lines: &LineIndex<'_>) -> Diagnostic {
        let reason =
            |finding| Related { relation: Relation::Reason, finding: self.diagnostic(finding, lines) };
        Diagnostic {
            rule: finding.rule,
            severity: finding.severity,
            message: finding.message,
            location: match finding.part {
                None => self.location(self.document.node(finding.node)),
                Some(_) => String::new(),
            },
            part: finding.part,
            position: lines.position(finding.span.start),
            span: finding.span,
            profile: finding.demanded_by.map(|source| source.definition.to_owned()),
            element: finding.demanded_by.map(|source| source.element.to_owned()),
            key: finding.key.map(str::to_owned),
            suggestion: finding.suggestion,
            related: finding.reasons.into_iter().map(reason).collect(),
            edits: finding.edits,
        }
    }
}

/// Keeps the first of findings with the same message at the same place; they are sorted by place.
fn drop_repeats(findings: &mut Vec<Finding<'_>>) {
    let mut seen = FxHashSet::default();
    let is_first: Vec<bool> = findings
        .iter()
        .map(|finding| {
            let said = (finding.rule.code, finding.message.revealed());
            seen.insert((finding.span.start, finding.node, finding.part, said))
        })
        .collect();
    let mut is_first = is_first.into_iter();
    findings.retain(|_| is_first.next() == Some(true));
}

/// Puts each finding that follows from another below that one, unless it is more severe. Mere information comes
/// last.
#[cold]
fn nested(diagnostics: Vec<Diagnostic>, causes: &[Option<usize>]) -> Vec<Diagnostic> {
    let mut told: Vec<Option<Diagnostic>> = diagnostics.into_iter().map(Some).collect();
    for (at, cause) in causes.iter().enumerate() {
        let Some(cause) = *cause else { continue };
        let Ok([Some(cause), found]) = told.get_disjoint_mut([cause, at]) else { continue };
        let Some(effect) = found.take_if(|effect| effect.severity <= cause.severity) else { continue };
        // A duplicate at the same place may have a better fix.
        if cause.suggestion.is_none() && cause.span == effect.span {
            cause.suggestion.clone_from(&effect.suggestion);
        }
        cause.related.push(Related { relation: Relation::Effect, finding: effect });
    }
    let mut told: Vec<Diagnostic> = told.into_iter().flatten().collect();
    // Of the findings at one place, the one that more follow from comes first.
    told.sort_by_key(|diagnostic| {
        let is_information = diagnostic.severity == Severity::Information;
        (is_information, diagnostic.span.start, diagnostic.related.is_empty())
    });
    told
}

/// Reports a finding as a known departure of the service, with its reason.
fn excused(finding: &mut Finding<'_>, rule: &'static Rule) {
    finding.rule = rule;
    finding.severity = rule.severity;
    finding.message = std::mem::take(&mut finding.message).then(text!(" ({})", def(&rule.summary)));
    finding.suggestion = None;
    finding.edits = Vec::new();
    finding.sought = None;
}

/// Reports that the list of findings is not complete.
fn cut(dropped: usize) -> Diagnostic {
    Diagnostic::new(&FINDINGS_CUT, text!("{} more findings are not listed", dropped))
}

/// Reports that the check is not complete.
fn unfinished(left_out: usize) -> Diagnostic {
    let what = if left_out == 1 { "one check was" } else { "checks were" };
    let count = (left_out > 1).then_some(left_out);
    let blank = if left_out > 1 { " " } else { "" };
    Diagnostic::new(
        &BUDGET_SPENT,
        text!("{}{}{} left out, as the payload takes too much work", count, blank, what),
    )
}
