//! How settings weigh findings, which they accept, and what is wrong with that.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use ers_fhir_lint::settings::InForce;
use ers_fhir_report::render::Checked;
use ers_fhir_validator::Report;
use ers_fhir_validator::tree::Syntax;

use crate::args::Validate;
use crate::inputs::Source;
use crate::output::Output;
use crate::settings;

/// The settings in force, and how often they accepted a finding.
pub(crate) struct Weights<'a> {
    pub(crate) in_force: &'a InForce,
    today: String,
    /// Whether all is checked that the settings are about.
    is_whole: bool,
    suppressed: AtomicUsize,
}

impl<'a> Weights<'a> {
    pub(crate) fn new(in_force: &'a InForce, said: &Validate) -> Self {
        let (today, is_whole) = (settings::today(said), settings::is_whole(said, in_force));
        Self { in_force, today, is_whole, suppressed: AtomicUsize::new(0) }
    }

    /// Leaves out the files of folders that are not to be checked; how many those were.
    pub(crate) fn pass_by(&self, sources: &mut Vec<Source>) -> usize {
        let before = sources.len();
        sources.retain(|source| !matches!(source, Source::Found(path) if !self.in_force.includes(path)));
        before - sources.len()
    }

    /// Weighs what was found in a payload.
    pub(crate) fn apply(&self, checked: &mut Checked) {
        let file = checked.within.as_deref().unwrap_or(&checked.name);
        let suppressed = self.in_force.apply(Path::new(file), &self.today, &mut checked.report);
        self.suppressed.fetch_add(suppressed, Ordering::Relaxed);
    }

    /// What is wrong with the suppressions, once all was checked.
    pub(crate) fn leftovers(&self) -> Option<Checked> {
        let found = self.in_force.leftovers(&self.today, self.is_whole);
        (!found.is_empty()).then(|| Checked {
            name: self.in_force.path.display().to_string(),
            within: None,
            text: String::new(),
            syntax: Syntax::Json,
            version: None,
            told_by: None,
            report: Report::new(found),
            fails: false,
        })
    }

    /// Says what was left out.
    pub(crate) fn tell(&self, passed_by: usize, output: &Output) {
        let by = self.in_force.path.display();
        let suppressed = self.suppressed.load(Ordering::Relaxed);
        if suppressed > 0 {
            let findings = if suppressed == 1 { "finding" } else { "findings" };
            output.note("suppressed", &format!("{suppressed} {findings}, by {by}"));
        }
        if passed_by > 0 {
            let files = if passed_by == 1 { "file" } else { "files" };
            output.note("passed by", &format!("{passed_by} {files}, by {by}"));
        }
    }
}
