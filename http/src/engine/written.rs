//! Results of checks, written in a format.

use ers_fhir_lint::broken_down;
use ers_fhir_report::render::{Checked, Format, Render, Style, Summary};
use ers_fhir_report::{Report, Severity};
use ers_fhir_validator::guarded;

use super::answer::{Answer, Verdict};
use super::payloads::NAMELESS;
use super::plan::{Engine, Plan};

/// A run that is written as it is checked.
pub(super) struct Run {
    renderer: Box<dyn Render>,
    text: String,
    is_first: bool,
    summary: Summary,
    fail_on: Severity,
    media_type: &'static str,
}

impl Engine {
    /// The answer to a request that crashed: one finding, and nothing from the payload.
    pub fn fault(report: Report) -> Answer {
        let name = NAMELESS.to_owned();
        let mut run = Run::of(
            Format::OperationOutcome,
            Style { masks: true, colors: false, quiet: false, statistics: false, fail_on: Severity::Error },
        );
        run.add(Checked { fails: true, ..broken_down(name, report) });
        run.answer()
    }
}

impl Run {
    pub(super) fn new(format: Format, plan: &Plan) -> Self {
        let style = Style {
            masks: plan.masks,
            colors: false,
            quiet: plan.quiet,
            statistics: false,
            fail_on: plan.fail_on,
        };
        Self::of(format, style)
    }

    fn of(format: Format, style: Style) -> Self {
        let renderer = format.renderer(style);
        Self {
            text: renderer.open(),
            renderer,
            is_first: true,
            summary: Summary::default(),
            fail_on: style.fail_on,
            media_type: format.media_type(),
        }
    }

    /// Writes a payload. If its findings cannot be written, that becomes the finding.
    pub(super) fn add(&mut self, mut checked: Checked) {
        let piece = guarded(|| self.renderer.payload(&checked)).unwrap_or_else(|report| {
            let (within, before) = (checked.within.take(), checked.before);
            let name = std::mem::take(&mut checked.name);
            checked = Checked { fails: true, within, before, ..broken_down(name, report) };
            self.renderer.payload(&checked)
        });
        self.put(&piece);
        let failing = checked.report.diagnostics.iter().filter(|found| found.severity >= self.fail_on);
        self.summary.add(&Summary { failures: failing.count(), ..Summary::of(&checked) });
    }

    /// Writes the findings about several payloads together.
    pub(super) fn note(&mut self, text: &str) {
        let piece = self.renderer.note(text);
        self.put(&piece);
    }

    /// Writes that something could not be read.
    pub(super) fn fail(&mut self, error: &str) {
        self.summary.unreadable += 1;
        let piece = self.renderer.failure(error);
        self.put(&piece);
    }

    fn put(&mut self, piece: &str) {
        if piece.is_empty() {
            return;
        }
        if !std::mem::take(&mut self.is_first) {
            self.text.push_str(self.renderer.separator());
        }
        self.text.push_str(piece);
    }

    /// The answer, once all was written.
    pub(super) fn answer(mut self) -> Answer {
        self.text.push_str(&self.renderer.close(&self.summary));
        let verdict = Verdict {
            payloads: self.summary.checked,
            failing: self.summary.failing,
            errors: self.summary.errors,
            warnings: self.summary.warnings,
            information: self.summary.information,
        };
        Answer { verdict: Some(verdict), ..Answer::ok(self.media_type, self.text) }
    }
}
