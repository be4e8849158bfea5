//! The figures of a run.

use std::collections::BTreeMap;

use super::checked::Checked;
use crate::{Gaps, Severity};

/// The figures of a run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    /// Payloads checked.
    pub checked: usize,
    /// Payloads with a finding that fails the run.
    pub failing: usize,
    /// Payloads whose release had to be assumed.
    pub guessed: usize,
    /// How many of these were tried as both releases.
    pub tried: usize,
    /// Inputs that could not be read.
    pub unreadable: usize,
    /// Payloads that could not be written back.
    pub unwritten: usize,
    /// Files that are not checked, and why.
    pub skipped: Vec<(String, &'static str)>,
    /// Paths that ignore files and settings leave out.
    pub ignored: usize,
    /// Findings that fail the run.
    pub failures: usize,
    /// Payloads that fail the run because something in them could not be checked.
    pub incomplete: usize,
    /// Findings that settings accept.
    pub suppressed: usize,
    /// Findings that are errors.
    pub errors: usize,
    /// Findings that are warnings.
    pub warnings: usize,
    /// Findings that are information.
    pub information: usize,
    /// Findings of the baseline, which are left out.
    pub known: usize,
    /// How often each rule is broken, by rule code.
    pub rules: BTreeMap<&'static str, Often>,
    /// What could not be checked.
    pub gaps: Gaps,
}

/// How often a rule is broken, and where first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Often {
    /// How often.
    pub count: usize,
    /// The first place: `request.json:12:5`.
    pub first: String,
}

impl Summary {
    /// The figures of one payload.
    pub fn of(checked: &Checked) -> Self {
        let count = |severity| checked.report.count(severity);
        Self {
            checked: 1,
            failing: usize::from(checked.fails),
            guessed: usize::from(checked.told_by.as_ref().is_some_and(|told| told.is_guess)),
            tried: usize::from(checked.told_by.as_ref().is_some_and(|told| told.is_by_trial)),
            suppressed: checked.suppressed.len(),
            errors: count(Severity::Error) + count(Severity::Fatal),
            warnings: count(Severity::Warning),
            information: count(Severity::Information),
            rules: rules(checked),
            gaps: checked.report.gaps.clone(),
            ..Self::default()
        }
    }

    /// Adds the figures of a payload to those of a run.
    pub fn add(&mut self, other: &Self) {
        self.checked += other.checked;
        self.unwritten += other.unwritten;
        self.failing += other.failing;
        self.guessed += other.guessed;
        self.tried += other.tried;
        self.failures += other.failures;
        self.incomplete += other.incomplete;
        self.suppressed += other.suppressed;
        self.errors += other.errors;
        self.warnings += other.warnings;
        self.information += other.information;
        self.known += other.known;
        for (code, often) in &other.rules {
            let sum =
                self.rules.entry(code).or_insert_with(|| Often { count: 0, first: often.first.clone() });
            sum.count += often.count;
        }
        self.gaps.add(&other.gaps);
    }
}

/// How often each rule is broken in a payload.
fn rules(checked: &Checked) -> BTreeMap<&'static str, Often> {
    let mut rules: BTreeMap<&'static str, Often> = BTreeMap::new();
    for found in &checked.report.diagnostics {
        let first = || Often { count: 0, first: checked.at(found) };
        rules.entry(found.rule.code).or_insert_with(first).count += 1;
    }
    rules
}
