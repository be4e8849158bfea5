//! A payload mended as far as its findings carry edits.

use std::collections::BTreeMap;

use super::applied;
use crate::change::Edit;
use crate::{Diagnostic, Report, Rule, Severity};

/// Most checks of a payload that is mended.
const MOST_CHECKS: usize = 120;
/// Most bytes that are checked in all, so that a large payload is not checked as often.
const MOST_BYTES: usize = 8 << 20;

/// A payload after its edits.
#[derive(Debug, Clone, PartialEq)]
pub struct Mended {
    /// The payload as it is now.
    pub text: String,
    /// What is found in it.
    pub report: Report,
    /// The findings that were mended, each as it was when it was.
    pub mended: Vec<Diagnostic>,
}

/// Applies the edits of a report, and those of what is found then, until none is left that makes the payload
/// better. What makes it worse, or no better, is left as it is.
///
/// `check` is asked for the report on a text; `None` says that it cannot be read any more. A rule `hides` others
/// where what it is about was not checked any further: mending it is better, whatever that shows.
pub fn mend(
    source: &str,
    report: &Report,
    check: impl Fn(&str) -> Option<Report>,
    hides: impl Fn(&Rule) -> bool,
) -> Mended {
    let mut state = Mended { text: source.to_owned(), report: report.clone(), mended: Vec::new() };
    let mut left = (MOST_BYTES / source.len().max(1)).clamp(2, MOST_CHECKS);
    loop {
        let fixes = compatible(&state.report);
        let all = fixes.iter().flat_map(|fix| &fix.edits).collect();
        let better = |edits: Vec<&Edit>, left: &mut usize| {
            *left = left.checked_sub(1)?;
            let text = applied(&state.text, edits)?;
            let report = check(&text)?;
            (weights(&report, &hides) < weights(&state.report, &hides)).then_some((text, report))
        };
        let (chosen, found) = match better(all, &mut left) {
            Some(found) if !fixes.is_empty() => (fixes.iter().map(|fix| (*fix).clone()).collect(), found),
            // One of them may spoil it for the others.
            _ => {
                let one = fixes.iter().find_map(|fix| {
                    let found = better(fix.edits.iter().collect(), &mut left)?;
                    Some((vec![(*fix).clone()], found))
                });
                let Some(one) = one else { return state };
                one
            }
        };
        (state.text, state.report) = found;
        state.mended.extend::<Vec<Diagnostic>>(chosen);
    }
}

/// The findings whose edits do not meet those of findings before them.
fn compatible(report: &Report) -> Vec<&Diagnostic> {
    let mut chosen: Vec<&Diagnostic> = Vec::new();
    // Where edits are that do not meet, the nearest on either side is all that another may meet.
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

/// How much is wrong, what weighs most first: what hides more, errors, warnings, information.
fn weights(report: &Report, hides: impl Fn(&Rule) -> bool) -> [usize; 4] {
    let hiding = report.diagnostics.iter().filter(|finding| hides(finding.rule)).count();
    let errors = report.count(Severity::Fatal) + report.count(Severity::Error);
    [hiding, errors, report.count(Severity::Warning), report.count(Severity::Information)]
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

    /// Wrong is every letter of these; mended it is another.
    fn check(text: &str) -> Report {
        let mend = |letter| match letter {
            'x' => Some("y"),
            'y' => Some("z"),
            'w' => Some("xx"),
            _ => None,
        };
        let found = text.char_indices().filter_map(|(at, letter)| {
            let edit = Edit::new(at..at + 1, mend(letter)?);
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
    fn a_payload_is_mended_until_nothing_gets_better() {
        let mended = mend("a x b x", &check("a x b x"), |text| Some(check(text)), |_| false);
        assert_eq!((mended.text.as_str(), mended.mended.len()), ("a z b z", 4));
        let again = mend(&mended.text, &mended.report, |text| Some(check(text)), |_| false);
        assert_eq!((again.text.as_str(), again.mended.len()), ("a z b z", 0));
    }

    #[test]
    fn what_makes_it_worse_is_left_out_and_the_rest_applied() {
        let mended = mend("w x", &check("w x"), |text| Some(check(text)), |_| false);
        assert_eq!(mended.text, "w z");
        let hiding = mend("w", &check("w"), |text| Some(check(text)), |_| true);
        assert_eq!(hiding.text, "w", "more of what hides is worse too");
        let unreadable = mend("x", &check("x"), |_| None, |_| false);
        assert_eq!(unreadable.text, "x");
    }

    #[test]
    fn of_edits_that_meet_the_first_is_applied() {
        let mut report = check("xx");
        report.diagnostics[1].edits[0].span = 0..2;
        assert_eq!(compatible(&report).len(), 1);
    }
}
