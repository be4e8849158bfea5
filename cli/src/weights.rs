//! Levels and suppressions of findings by the settings, and faults in these.

use std::path::Path;

use ers_fhir_lint::inputs::Source;
use ers_fhir_lint::settings::InForce;
use ers_fhir_report::render::Checked;
use ers_fhir_report::{Report, Suppressed};

use crate::args::Validate;
use crate::settings;

/// The settings in force.
pub(crate) struct Weights<'a> {
    pub(crate) in_force: &'a InForce,
    today: String,
    /// Whether everything that the settings concern is checked.
    is_whole: bool,
}

impl<'a> Weights<'a> {
    pub(crate) fn new(in_force: &'a InForce, said: &Validate) -> Self {
        let (today, is_whole) = (settings::today(said), settings::is_whole(said, in_force));
        Self { in_force, today, is_whole }
    }

    /// Leaves out files in folders that are not to be checked, and returns how many there were.
    pub(crate) fn pass_by(&self, sources: &mut Vec<Source>) -> usize {
        let before = sources.len();
        sources.retain(|source| match source {
            Source::Found(path) | Source::Unopened(path, _) => self.in_force.includes(path),
            _ => true,
        });
        before - sources.len()
    }

    /// Sets the levels of the findings in a payload.
    pub(crate) fn apply(&self, file: &Path, suppressed: &mut Vec<Suppressed>, report: &mut Report) {
        suppressed.extend(self.in_force.apply(file, &self.today, report));
    }

    /// The faults of the suppressions, once everything was checked.
    pub(crate) fn leftovers(&self) -> Option<Checked> {
        let found = self.in_force.leftovers(&self.today, self.is_whole);
        let name = self.in_force.resolve(&self.in_force.path).display().to_string();
        (!found.is_empty()).then(|| Checked { report: Report::new(found), ..Checked::blank(name) })
    }
}
