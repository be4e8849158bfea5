//! Fixes a payload as far as its findings carry edits.

use std::collections::BTreeMap;

use super::{applied, local};
use crate::change::Edit;
use crate::{Diagnostic, Report, Rule, Severity};

/// How often a payload is checked at most without getting better.
const MOST_CHECKS: usize = 120;
/// The lower bound of that, however large the payload.
const FEWEST_CHECKS: usize = 6;
/// How many bytes are checked in total, so that a large payload is checked less often.
const MOST_BYTES: usize = 1 << 20;
/// Most rounds in which something is fixed. Each leaves less to fix, so hardly any payload needs more than a few.
const MOST_ROUNDS: usize = 200;

/// A payload after its edits.
#[derive(Debug, Clone, PartialEq)]
pub struct Fixed {
    /// The payload as it is now.
    pub text: String,
    /// The findings that remain.
    pub report: Report,
    /// The findings that were fixed, each as it was just before.
    pub fixed: Vec<Diagnostic>,
}

/// Applies the edits of a report, and those of the findings after that, until no edit is left that improves the
/// payload. Edits that make it worse, or no better, are not applied.
///
/// `check` gives the report on a text, or `None` if the text can no longer be read. A rule `hides` others if checking
/// stops where it is broken: fixing that is an improvement, whatever comes to light.
pub fn fix(
    source: &str,
    report: &Report,
    check: impl Fn(&str) -> Option<Report>,
    hides: impl Fn(&Rule) -> bool,
) -> Fixed {
    let mut state = Fixed { text: source.to_owned(), report: report.clone(), fixed: Vec::new() };
    let most = (MOST_BYTES / source.len().max(1)).clamp(FEWEST_CHECKS, MOST_CHECKS);
    // A round starts from the last report and ignores earlier rounds: if a round changes nothing, fixing the result
    // again changes nothing either.
    for _ in 0..MOST_ROUNDS {
        let fixes = compatible(&state.report);
        let Some((text, report, chosen)) = better(&state, fixes, &check, &hides, most) else { break };
        let chosen: Vec<Diagnostic> = chosen.into_iter().cloned().collect();
        (state.text, state.report) = (text, report);
        state.fixed.extend(chosen);
    }
    state
}

/// An improved payload, its report, and the findings that were fixed.
type Better<'r> = (String, Report, Vec<&'r Diagnostic>);

/// Applies as many edits as improve the payload, with few checks.
fn better<'r>(
    state: &'r Fixed,
    fixes: Vec<&'r Diagnostic>,
    check: impl Fn(&str) -> Option<Report>,
    hides: impl Fn(&Rule) -> bool,
    most: usize,
) -> Option<Better<'r>> {
    let before = weights(&state.report, &hides);
    let with = |fixes: &[&'r Diagnostic]| {
        let text = applied(&state.text, fixes.iter().flat_map(|fix| &fix.edits).collect())?;
        let report = check(&text)?;
        Some((text, report))
    };
    let is_better = |report: &Report| weights(report, &hides) < before;
    if fixes.is_empty() {
        return None;
    }
    let whole = with(&fixes);
    let helping = match &whole {
        Some((_, report)) if is_better(report) => {
            let (text, report) = whole?;
            return Some((text, report, fixes));
        }
        // Some edits may spoil the result for the others: those around which it did not get better.
        Some((_, report)) => local::helping(&fixes, &state.report, report, &hides),
        None => Vec::new(),
    };
    let mut left = most;
    if !helping.is_empty() && helping.len() < fixes.len() {
        left -= 1;
        if let Some((text, report)) = with(&helping).filter(|(_, report)| is_better(report)) {
            return Some((text, report, helping));
        }
    }
    // Otherwise take the largest part that is an improvement by itself: a half, a quarter and so on.
    let mut size = fixes.len().div_ceil(2);
    while fixes.len() > 1 {
        for part in fixes.chunks(size) {
            left = left.checked_sub(1)?;
            if let Some((text, report)) = with(part).filter(|(_, report)| is_better(report)) {
                return Some((text, report, part.to_vec()));
            }
        }
        if size == 1 {
            break;
        }
        size = size.div_ceil(2);
    }
    None
}

/// The findings whose edits do not overlap those of earlier findings.
fn compatible(report: &Report) -> Vec<&Diagnostic> {
    let mut chosen: Vec<&Diagnostic> = Vec::new();
    // As the edits taken so far do not overlap, another can only overlap the nearest one on either side.
    let mut taken: BTreeMap<usize, &Edit> = BTreeMap::new();
    for diagnostic in report.diagnostics.iter().filter(|found| !found.edits.is_empty()) {
        let meets = |edit: &Edit| {
            let before = taken.range(..=edit.span.start).next_back();
            let behind = taken.range(edit.span.start..).next();
            before.into_iter().chain(behind).any(|(_, other)| other.meets(edit))
        };
        if !diagnostic.edits.iter().any(meets) {
            taken.extend(diagnostic.edits.iter().map(|edit| (edit.span.start, edit)));
            chosen.push(diagnostic);
        }
    }
    chosen
}

/// How much is wrong, gravest first: findings that hide others, errors, warnings, information.
fn weights(report: &Report, hides: impl Fn(&Rule) -> bool) -> [usize; 4] {
    let hiding = report.diagnostics.iter().filter(|finding| hides(finding.rule)).count();
    let count = |severity| report.count(severity) + report.unlisted[severity as usize];
    let errors = count(Severity::Fatal) + count(Severity::Error);
    [hiding, errors, count(Severity::Warning), count(Severity::Information)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Example, Issue, Message};

    static RULE: Rule = Rule {
        code: "no-x",
        severity: Severity::Error,
        issue: Issue::Value,
        summary: "",
        explanation: "",
        bad: Example::r4("x"),
        good: Example::r4(""),
        source: "",
    };

    /// Wrong is every letter of these; fixed it is another.
    fn check(text: &str) -> Report {
        let fix = |letter| match letter {
            'x' => Some("y"),
            'y' => Some("z"),
            'w' => Some("xx"),
            _ => None,
        };
        let found = text.char_indices().filter_map(|(at, letter)| {
            let edit = Edit::new(at..at + 1, fix(letter)?);
            Some(Diagnostic {
                severity: if letter == 'y' { Severity::Warning } else { Severity::Error },
                span: at..at + 1,
                edits: vec![edit],
                ..Diagnostic::new(&RULE, Message::default())
            })
        });
        Report::new(found.collect())
    }

    #[test]
    fn a_payload_is_fixed_until_nothing_gets_better() {
        let fixed = fix("a x b x", &check("a x b x"), |text| Some(check(text)), |_| false);
        assert_eq!((fixed.text.as_str(), fixed.fixed.len()), ("a z b z", 4));
        let again = fix(&fixed.text, &fixed.report, |text| Some(check(text)), |_| false);
        assert_eq!((again.text.as_str(), again.fixed.len()), ("a z b z", 0));
    }

    #[test]
    fn what_makes_it_worse_is_left_out_and_the_rest_applied() {
        let fixed = fix("w x", &check("w x"), |text| Some(check(text)), |_| false);
        assert_eq!(fixed.text, "w z");
        let hiding = fix("w", &check("w"), |text| Some(check(text)), |_| true);
        assert_eq!(hiding.text, "w", "more of what hides is worse too");
        let unreadable = fix("x", &check("x"), |_| None, |_| false);
        assert_eq!(unreadable.text, "x");
    }

    #[test]
    fn those_that_help_are_applied_together_whatever_the_others_spoil() {
        let source = "x w ".repeat(2000) + "w w w";
        let checks = std::cell::Cell::new(0);
        let counted = |text: &str| {
            checks.set(checks.get() + 1);
            Some(check(text))
        };
        let fixed = fix(&source, &check(&source), counted, |_| false);
        assert_eq!(fixed.text, "z w ".repeat(2000) + "w w w");
        assert!(checks.get() < 400, "{} checks", checks.get());
    }

    #[test]
    fn findings_that_are_not_listed_are_findings() {
        let listed = |text: &str| {
            let mut report = check(text);
            report.unlisted[2] = report.diagnostics.len().saturating_sub(3);
            report.diagnostics.truncate(3);
            report
        };
        let source = "x ".repeat(20);
        let fixed = fix(&source, &listed(&source), |text| Some(listed(text)), |_| false);
        assert_eq!(fixed.text, "z ".repeat(20));
    }

    #[test]
    fn of_edits_that_meet_the_first_is_applied() {
        let mut report = check("xx");
        report.diagnostics[1].edits[0].span = 0..2;
        assert_eq!(compatible(&report).len(), 1);
    }
}
