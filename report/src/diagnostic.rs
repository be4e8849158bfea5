//! Findings of a check, as data.

use std::ops::Range;

use ers_fhir_tree::Position;

use crate::call_part::CallPart;
use crate::change::Edit;
use crate::gap::Gaps;
use crate::message::Message;
use crate::rule::Rule;
use crate::severity::Severity;

/// One finding.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnostic {
    /// The rule that found it.
    pub rule: &'static Rule,
    /// How much it weighs here, which may differ from the rule's default.
    pub severity: Severity,
    /// What was found and what was expected.
    pub message: Message,
    /// FHIRPath of the element: `Patient.name[0].family`.
    pub location: String,
    /// The part of the call that it is about, where that lies outside the payload.
    pub part: Option<CallPart>,
    /// The offending bytes of the source.
    pub span: Range<usize>,
    /// Where the span begins.
    pub position: Position,
    /// Canonical of the profile or type that is violated.
    pub profile: Option<String>,
    /// Id of the element in that profile or type: `Patient.name:official.family`.
    pub element: Option<String>,
    /// Key of the invariant, where one is broken.
    pub key: Option<String>,
    /// How to fix it, where that is known.
    pub suggestion: Option<Message>,
    /// Findings that follow from it or explain it; these are not counted.
    pub related: Vec<Related>,
    /// The edits that fix it, where the fix is certain; they are applied together.
    pub edits: Vec<Edit>,
}

impl Diagnostic {
    /// A finding of the rule's own severity about a payload as a whole.
    pub fn new(rule: &'static Rule, message: Message) -> Self {
        Self {
            rule,
            severity: rule.severity,
            message,
            location: String::new(),
            part: None,
            span: 0..0,
            position: Position { line: 1, column: 1 },
            profile: None,
            element: None,
            key: None,
            suggestion: None,
            related: Vec::new(),
            edits: Vec::new(),
        }
    }
}

impl Diagnostic {
    /// Moves it and its related findings down by some lines.
    pub(crate) fn move_down(&mut self, lines: usize) {
        self.position.line += lines;
        self.related.iter_mut().for_each(|related| related.finding.move_down(lines));
    }
}

/// A suppressed finding, which does not count.
#[derive(Debug, Clone, PartialEq)]
pub struct Suppressed {
    /// What was found.
    pub finding: Diagnostic,
    /// Why it does not count, where a reason is given.
    pub reason: Option<String>,
}

/// A finding that belongs to another one.
#[derive(Debug, Clone, PartialEq)]
pub struct Related {
    /// How it relates to the other one.
    pub relation: Relation,
    /// The finding itself.
    pub finding: Diagnostic,
}

/// How a finding belongs to another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// It follows from the other one: once the cause is fixed, it is gone too.
    Effect,
    /// It explains the other one: why even the nearest candidate does not fit.
    Reason,
}

impl Relation {
    /// The word in front of such a note.
    pub fn word(self) -> &'static str {
        match self {
            Self::Effect => "follows",
            Self::Reason => "because",
        }
    }
}

/// Everything that was found in one payload, in document order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Report {
    /// The findings.
    pub diagnostics: Vec<Diagnostic>,
    /// How many findings of each severity exceed what a report may list.
    pub unlisted: [usize; 4],
    /// What could not be checked.
    pub gaps: Gaps,
}

impl Report {
    /// A report of these findings.
    pub fn new(diagnostics: Vec<Diagnostic>) -> Self {
        Self { diagnostics, ..Self::default() }
    }

    /// For a payload that could not be read: how many of its bytes could.
    pub(crate) fn understood(&self) -> usize {
        self.diagnostics.iter().map(|diagnostic| diagnostic.span.start).min().unwrap_or_default()
    }

    /// The findings, each followed by its effects.
    pub fn all(&self) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics.iter().flat_map(|diagnostic| {
            let effects = diagnostic.related.iter().filter(|related| related.relation == Relation::Effect);
            std::iter::once(diagnostic).chain(effects.map(|related| &related.finding))
        })
    }

    /// Asks for each finding, and for each of its effects, whether it stays; the closure may change its severity.
    ///
    /// The closure decides about each one separately. An effect of a finding that is dropped, or that has become less
    /// severe, turns into a finding of its own: nobody has accepted it.
    pub fn retain(&mut self, mut stays: impl FnMut(&mut Diagnostic) -> bool) {
        let mut kept = Vec::with_capacity(self.diagnostics.len());
        for mut cause in std::mem::take(&mut self.diagnostics) {
            let related = std::mem::take(&mut cause.related);
            let cause_stays = stays(&mut cause);
            let mut released = Vec::new();
            for mut related in related {
                match related.relation {
                    Relation::Reason => cause.related.push(related),
                    Relation::Effect if !stays(&mut related.finding) => {}
                    Relation::Effect if cause_stays && related.finding.severity <= cause.severity => {
                        cause.related.push(related);
                    }
                    Relation::Effect => released.push(related.finding),
                }
            }
            if cause_stays {
                kept.push(cause);
            }
            kept.append(&mut released);
        }
        self.diagnostics = kept;
    }

    /// How many findings have this severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|d| d.severity == severity).count()
    }

    /// Whether there is a finding of this severity or above.
    pub fn has(&self, at_least: Severity) -> bool {
        self.diagnostics.iter().any(|d| d.severity >= at_least)
    }

    /// Whether there are no errors.
    pub fn is_valid(&self) -> bool {
        !self.has(Severity::Error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::{Example, Issue};

    static RULE: Rule = Rule {
        code: "a-rule",
        severity: Severity::Error,
        issue: Issue::Invalid,
        summary: "",
        explanation: "",
        bad: Example::r4(""),
        good: Example::r4(""),
        source: "",
    };

    fn finding(key: &str, severity: Severity, effects: &[(&str, Severity)]) -> Diagnostic {
        let related = effects.iter().map(|(key, severity)| Related {
            relation: Relation::Effect,
            finding: finding(key, *severity, &[]),
        });
        let mut made = Diagnostic::new(&RULE, Message::text("x"));
        (made.key, made.severity, made.related) = (Some(key.to_owned()), severity, related.collect());
        made
    }

    /// The keys of the findings and their weights, with what follows from each in brackets.
    fn told(report: &Report) -> Vec<String> {
        let key = |it: &Diagnostic| format!("{} {}", it.key.as_deref().unwrap_or_default(), it.severity);
        let line = |it: &Diagnostic| {
            let effects: Vec<String> = it.related.iter().map(|related| key(&related.finding)).collect();
            format!("{} {effects:?}", key(it))
        };
        report.diagnostics.iter().map(line).collect()
    }

    /// An error from which an error and a warning follow.
    fn caused() -> Report {
        let effects = [("effect", Severity::Error), ("mild", Severity::Warning)];
        Report::new(vec![finding("cause", Severity::Error, &effects)])
    }

    #[test]
    fn what_follows_from_what_goes_is_a_finding() {
        let mut report = caused();
        report.retain(|it| it.key.as_deref() != Some("cause"));
        assert_eq!(told(&report), ["effect error []", "mild warning []"]);
    }

    #[test]
    fn what_weighs_more_than_its_cause_came_to_weigh_is_a_finding() {
        let mut report = caused();
        report.retain(|it| {
            if it.key.as_deref() == Some("cause") {
                it.severity = Severity::Information;
            }
            true
        });
        assert_eq!(told(&report), ["cause information []", "effect error []", "mild warning []"]);
    }

    #[test]
    fn an_effect_that_goes_leaves_its_cause_as_it_is() {
        let mut report = caused();
        report.retain(|_| true);
        assert_eq!(report, caused());
        report.retain(|it| it.key.as_deref() != Some("effect"));
        assert_eq!(told(&report), [r#"cause error ["mild warning"]"#]);
    }
}
