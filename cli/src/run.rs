//! The checks of a run: payloads are checked in parallel, and findings reported in the order of the
//! payloads.

mod outcome;

use std::io::{self, ErrorKind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use ers_fhir_lint::inputs::{InputError, Item, Source};
use ers_fhir_lint::{Baseline, Checker, Repository, Setting, broken_down, payload};
use ers_fhir_report::render::{Checked, Earlier, Summary};
use ers_fhir_validator::{guarded, rule};

use crate::args::Validate;
use crate::feed::{Batch, Turn, feed};
use crate::formats::{Formats, Renderers};
use crate::output::Output;
use crate::paths::Paths;
use crate::progress::Progress;
use crate::weights::Weights;
use outcome::{Fixed, Outcome};

/// Everything that a run needs for its checks.
pub(crate) struct Run<'a> {
    pub(crate) args: &'a Validate,
    /// The levels of findings in the settings.
    pub(crate) weights: Option<&'a Weights<'a>>,
    /// The settings for payloads by their paths.
    pub(crate) paths: Paths,
    pub(crate) checker: Checker<'a>,
    /// The known findings.
    pub(crate) baseline: Option<&'a Baseline>,
    /// The findings to be written as known.
    pub(crate) learned: Option<&'a Baseline>,
    pub(crate) setting: Setting,
    /// The folder to which file names in reports are relative.
    pub(crate) repository: Repository,
    /// Whether a difference was shown without its values.
    pub(crate) hides: AtomicBool,
}

/// The rendered output.
enum Piece {
    Checked { texts: Vec<String>, figures: Box<Summary>, fixed: Fixed },
    Skipped { name: String, why: &'static str },
    Failed(InputError),
    Note(String),
}

impl Run<'_> {
    /// Checks all sources, and writes the findings.
    pub(crate) fn check_all(
        &self,
        sources: &[Source],
        failures: &[InputError],
        missing: Vec<Checked>,
        formats: &mut Formats,
        output: &mut Output,
    ) -> io::Result<Summary> {
        let mut summary = Summary::default();
        formats.begin(output)?;
        for failure in failures {
            summary.unreadable += 1;
            report_failure(failure, formats, output)?;
        }
        missing.into_iter().try_for_each(|it| self.write_aside(it, &mut summary, formats, output))?;
        let mut progress = Progress::new(sources.len(), self.args.quiet);
        let earlier = formats.have_fingerprints().then(|| Mutex::new(Earlier::default()));
        let renderers = formats.renderers();
        let goes_by_order = earlier.is_some() || self.baseline.is_some() || self.learned.is_some();
        let work = |items: Vec<Item<'_>>, turn: Turn<'_>| {
            let outcomes = items.into_iter().flat_map(|item| self.outcomes(item));
            let piece = |outcome| self.piece(outcome, &renderers);
            if !goes_by_order {
                // Payloads are freed one after the other.
                return joined(outcomes.map(piece), &renderers);
            }
            let mut outcomes: Vec<_> = outcomes.collect();
            turn.take(|| self.count(&mut outcomes, earlier.as_ref()));
            joined(outcomes.into_iter().map(piece), &renderers)
        };
        let is_only_told = !self.args.fix && self.learned.is_none() && !formats.have_files();
        let fed = feed(sources, self.args.jobs, work, |Batch { items, sources }| {
            let before = summary.checked;
            progress.clear();
            items.into_iter().try_for_each(|piece| self.write(piece, &mut summary, formats, output))?;
            progress.advance(summary.checked - before, sources);
            // The output is closed, and the exit status is known.
            let is_enough = output.is_left() && is_only_told && self.is_decided(&summary);
            if is_enough { Err(ErrorKind::BrokenPipe.into()) } else { Ok(()) }
        });
        progress.clear();
        match fed {
            Err(error) if output.is_left() && error.kind() == ErrorKind::BrokenPipe => return Ok(summary),
            fed => fed?,
        }
        if let Some(checked) = self.weights.and_then(Weights::leftovers) {
            self.write_aside(checked, &mut summary, formats, output)?;
        }
        Ok(summary)
    }

    /// Whether the exit status can no longer improve.
    fn is_decided(&self, summary: &Summary) -> bool {
        let args = self.args;
        args.exit_zero || summary.failures > args.max_findings || summary.incomplete > 0
    }

    /// Counts known findings, and those like earlier ones in their file, in the order of the payloads.
    fn count(&self, outcomes: &mut [Outcome], earlier: Option<&Mutex<Earlier>>) {
        let mut earlier = earlier.map(|earlier| earlier.lock().unwrap_or_else(PoisonError::into_inner));
        for outcome in outcomes {
            self.compare(outcome);
            if let (Some(earlier), Outcome::Checked { checked, .. }) = (&mut earlier, outcome) {
                earlier.count(checked);
            }
        }
    }

    /// Writes the findings in something other than a payload.
    fn write_aside(
        &self,
        checked: Checked,
        summary: &mut Summary,
        formats: &mut Formats,
        output: &mut Output,
    ) -> io::Result<()> {
        let mut outcome = self.checked(checked, Fixed::default(), None);
        self.compare(&mut outcome);
        if let Piece::Checked { texts, figures, .. } = self.piece(outcome, &formats.renderers()) {
            summary.add(&Summary { checked: 0, failing: 0, ..*figures });
            formats.write(&texts, output)?;
        }
        Ok(())
    }

    /// Writes the result of a payload, and counts it.
    fn write(
        &self,
        piece: Piece,
        summary: &mut Summary,
        formats: &mut Formats,
        output: &mut Output,
    ) -> io::Result<()> {
        match piece {
            Piece::Checked { texts, figures, fixed } => {
                summary.add(&figures);
                formats.write(&texts, output)?;
                output.write(&fixed.diff)?;
                if !fixed.diff.is_empty() && masks(self.args) {
                    self.hides.store(true, Ordering::Relaxed);
                }
                if let Some(payload) = fixed.payload {
                    Output::hand_over(&payload)?;
                }
                if let Some(why) = fixed.left {
                    output.warn(&why);
                }
                if let Some(error) = fixed.unwritten {
                    summary.unwritten += 1;
                    output.complain(&error);
                } else if !self.args.quiet {
                    let what = if self.args.diff { "to fix" } else { "fixed" };
                    for line in &fixed.lines {
                        output.note(what, line);
                    }
                }
            }
            Piece::Skipped { name, why } => {
                if !self.args.quiet {
                    output.warn(&format!("{name} is {why}: skipped"));
                }
                summary.skipped.push((name, why));
            }
            Piece::Note(text) => formats.note(&text, output)?,
            Piece::Failed(error) => {
                summary.unreadable += 1;
                report_failure(&error, formats, output)?;
            }
        }
        Ok(())
    }

    /// Whether a difference was shown without its values.
    pub(crate) fn has_hidden(&self) -> bool {
        self.hides.load(Ordering::Relaxed)
    }

    /// Compares findings with the known ones.
    fn compare(&self, outcome: &mut Outcome) {
        let Outcome::Checked { checked, known, .. } = outcome else { return };
        let lines_of = checked.within.clone().filter(|_| checked.before.is_some());
        let file = lines_of.as_deref().unwrap_or(&checked.name);
        let is_needed = self.learned.is_some() || self.baseline.is_some();
        let has_findings = checked.report.all().next().is_some();
        let payload = (is_needed && lines_of.is_some() && has_findings).then(|| payload(&checked.text));
        if let Some(learned) = self.learned {
            learned.learn(file, payload.as_deref(), &checked.report);
        }
        if let Some(baseline) = self.baseline {
            *known = baseline.apply(file, payload.as_deref(), &mut checked.report);
        }
    }

    /// The result of a payload, as it will be written.
    fn piece(&self, outcome: Outcome, renderers: &Renderers) -> Piece {
        match outcome {
            Outcome::Checked { checked, fixed, known } => self.finished(*checked, fixed, known, renderers),
            Outcome::Skipped { name, why } => Piece::Skipped { name, why },
            Outcome::Failed(error) => Piece::Failed(error),
            Outcome::Note(text) => Piece::Note(text),
        }
    }

    fn finished(&self, mut checked: Checked, fixed: Fixed, known: usize, renderers: &Renderers) -> Piece {
        let fail_on = self.args.fails_on();
        let is_incomplete = self.args.require_complete && !checked.report.gaps.is_empty();
        checked.fails = checked.report.has(fail_on) || is_incomplete;
        if self.args.quiet {
            checked.report.diagnostics.retain(|diagnostic| {
                diagnostic.severity >= fail_on || (is_incomplete && rule::gap(diagnostic.rule).is_some())
            });
        }
        let texts = guarded(|| renderers.pieces(&checked)).unwrap_or_else(|report| {
            let (within, before) = (checked.within.take(), checked.before);
            let name = std::mem::take(&mut checked.name);
            checked = Checked { fails: true, within, before, ..broken_down(name, report) };
            renderers.pieces(&checked)
        });
        let failing = |found: &&ers_fhir_report::Diagnostic| found.severity >= fail_on;
        let failures = checked.report.diagnostics.iter().filter(failing).count();
        let incomplete = usize::from(is_incomplete);
        let figures = Summary { known, failures, incomplete, ..Summary::of(&checked) };
        Piece::Checked { texts, figures: Box::new(figures), fixed }
    }
}

/// Joins pieces into few: the writing thread frees them, which gets in the way of the thread that allocated
/// them.
fn joined(pieces: impl Iterator<Item = Piece>, renderers: &Renderers) -> Vec<Piece> {
    let mut joined: Vec<Piece> = Vec::new();
    for piece in pieces {
        match (joined.last_mut(), piece) {
            (
                Some(Piece::Checked { texts, figures, fixed: before }),
                Piece::Checked { texts: more, figures: these, fixed },
            ) if *before == Fixed::default() && fixed == Fixed::default() => {
                renderers.append(texts, &more);
                figures.add(&these);
            }
            (_, piece) => joined.push(piece),
        }
    }
    joined
}

/// Whether values of payloads are hidden.
fn masks(args: &Validate) -> bool {
    !args.show_values && !Output::is_terminal()
}

fn report_failure(error: &InputError, formats: &mut Formats, output: &mut Output) -> io::Result<()> {
    output.complain(&error.to_string());
    formats.failure(&error.to_string(), output)
}
