//! The checks of a run: payloads in parallel, and what is found in the order of the payloads.

use std::io::{self, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use ers_fhir_lint::inputs::{self, InputError, Item, Part, Source};
use ers_fhir_lint::{
    Baseline, Checker, Repository, Setting, broken_down, capture, is_something_else, judgement as traffic,
    payload, refused,
};
use ers_fhir_report::render::{Before, Checked, Earlier, Summary};
use ers_fhir_validator::tree::Unreadable;
use ers_fhir_validator::{guarded, rule};

use crate::args::Validate;
use crate::context::of_call;
use crate::feed::{Batch, Turn, feed};
use crate::formats::{Formats, Renderers};
use crate::mend::{self, Looks};
use crate::output::Output;
use crate::paths::Paths;
use crate::progress::Progress;
use crate::weights::Weights;

/// What payloads are checked with, and how findings weigh.
pub(crate) struct Run<'a> {
    pub(crate) args: &'a Validate,
    /// How the settings weigh findings.
    pub(crate) weights: Option<&'a Weights<'a>>,
    /// What they say of payloads by their paths.
    pub(crate) paths: Paths,
    pub(crate) checker: Checker<'a>,
    /// What is known.
    pub(crate) baseline: Option<&'a Baseline>,
    /// What will be.
    pub(crate) learned: Option<&'a Baseline>,
    pub(crate) setting: Setting,
    /// Where reports name files from.
    pub(crate) repository: Repository,
    /// Whether a difference was shown without its values.
    pub(crate) hides: AtomicBool,
}

/// What came of fixing a payload.
#[derive(Default, PartialEq, Eq)]
struct Mended {
    /// What was fixed, a line each.
    lines: Vec<String>,
    /// Why it could not be written back.
    unwritten: Option<String>,
    /// What would change.
    diff: String,
    /// The payload as it is written to standard output.
    payload: Option<Vec<u8>>,
    /// Why nothing was fixed, though something could be.
    left: Option<String>,
}

/// What came of one payload.
enum Outcome {
    Checked {
        checked: Box<Checked>,
        mended: Mended,
        /// How many of its findings are known.
        known: usize,
    },
    Skipped {
        name: String,
        why: &'static str,
    },
    Failed(InputError),
    /// What is said of a capture as a whole.
    Note(String),
}

/// The same as it will be written.
enum Piece {
    Checked { texts: Vec<String>, figures: Box<Summary>, mended: Mended },
    Skipped { name: String, why: &'static str },
    Failed(InputError),
    Note(String),
}

impl Run<'_> {
    /// Checks all that there is, and writes what is found.
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
                // One payload after the other is given back, memory and all.
                return joined(outcomes.map(piece), &renderers);
            }
            let mut outcomes: Vec<_> = outcomes.collect();
            turn.take(|| self.count(&mut outcomes, earlier.as_ref()));
            joined(outcomes.into_iter().map(piece), &renderers)
        };
        feed(sources, self.args.jobs, work, |Batch { items, sources }| {
            let before = summary.checked;
            progress.clear();
            items.into_iter().try_for_each(|piece| self.write(piece, &mut summary, formats, output))?;
            progress.advance(summary.checked - before, sources);
            Ok(())
        })?;
        progress.clear();
        if let Some(checked) = self.weights.and_then(Weights::leftovers) {
            self.write_aside(checked, &mut summary, formats, output)?;
        }
        Ok(summary)
    }

    /// Counts what is known, and what is like earlier findings of its file, in the order of the payloads.
    fn count(&self, outcomes: &mut [Outcome], earlier: Option<&Mutex<Earlier>>) {
        let mut earlier = earlier.map(|earlier| earlier.lock().unwrap_or_else(PoisonError::into_inner));
        for outcome in outcomes {
            self.compare(outcome);
            if let (Some(earlier), Outcome::Checked { checked, .. }) = (&mut earlier, outcome) {
                earlier.count(checked);
            }
        }
    }

    /// Writes what was found in something that is no payload.
    fn write_aside(
        &self,
        checked: Checked,
        summary: &mut Summary,
        formats: &mut Formats,
        output: &mut Output,
    ) -> io::Result<()> {
        let mut outcome = self.checked(checked, Mended::default(), None);
        self.compare(&mut outcome);
        if let Piece::Checked { texts, figures, .. } = self.piece(outcome, &formats.renderers()) {
            summary.add(&Summary { checked: 0, failing: 0, ..*figures });
            formats.write(&texts, output)?;
        }
        Ok(())
    }

    /// Writes what came of a payload, and counts it.
    fn write(
        &self,
        piece: Piece,
        summary: &mut Summary,
        formats: &mut Formats,
        output: &mut Output,
    ) -> io::Result<()> {
        match piece {
            Piece::Checked { texts, figures, mended } => {
                summary.add(&figures);
                formats.write(&texts, output)?;
                output.write(&mended.diff)?;
                if !mended.diff.is_empty() && masks(self.args) {
                    self.hides.store(true, Ordering::Relaxed);
                }
                if let Some(payload) = mended.payload {
                    io::stdout().write_all(&payload)?;
                }
                if let Some(why) = mended.left {
                    output.warn(&why);
                }
                if let Some(error) = mended.unwritten {
                    summary.unwritten += 1;
                    output.complain(&error);
                } else if !self.args.quiet {
                    let what = if self.args.diff { "to fix" } else { "fixed" };
                    for line in &mended.lines {
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

    fn outcomes(&self, item: Item<'_>) -> Vec<Outcome> {
        match item {
            Item::Whole(source) => self.of_source(source),
            Item::Part(part) => self.of_part(part),
            Item::Lines(block) => block.parts().flat_map(|part| self.of_part(part)).collect(),
            Item::Skipped(name, why) => vec![Outcome::Skipped { name, why }],
            Item::Failed(error) => vec![Outcome::Failed(error)],
        }
    }

    fn of_source(&self, source: &Source) -> Vec<Outcome> {
        let bytes = match inputs::bytes(source) {
            Ok(bytes) => bytes,
            Err(error) => return vec![Outcome::Failed(error)],
        };
        let setting = self.setting(source.path());
        let is_found = matches!(source, Source::Found(_));
        if let Some(outcomes) = self.captured(&source.name(), setting, &bytes, is_found) {
            return outcomes;
        }
        let is_mended = self.args.fix || self.args.diff;
        let original = bytes.as_ref().ok().filter(|_| is_mended).cloned();
        let mut checked = self.check(source.name(), setting, bytes);
        if is_found && !self.is_expected(setting) && is_something_else(&checked) {
            return vec![Outcome::Skipped { name: checked.name, why: "not FHIR" }];
        }
        if let Some(failed) = self.without_call(&checked.name, setting) {
            return vec![failed];
        }
        let mended = match original {
            Some(bytes) => self.mended(source, &mut checked, bytes),
            None => Mended::default(),
        };
        vec![self.checked(checked, mended, source.path())]
    }

    fn of_part(&self, part: Part) -> Vec<Outcome> {
        let Part { name, within, path, before, bytes, is_found } = part;
        let setting = self.setting(Some(&path));
        // A line of a file of payloads is no capture.
        if before.is_none()
            && let Some(outcomes) = self.captured(&name, setting, &bytes, is_found)
        {
            return outcomes;
        }
        let checked = self.check(name, setting, bytes);
        if is_found && !self.is_expected(setting) && is_something_else(&checked) {
            return vec![Outcome::Skipped { name: checked.name, why: "not FHIR" }];
        }
        if let Some(failed) = self.without_call(&checked.name, setting) {
            return vec![failed];
        }
        let before = before.map(|(lines, bytes)| Before { lines, bytes });
        vec![self.checked(checked.part_of(within, before), Mended::default(), Some(&path))]
    }

    fn check(&self, name: String, setting: &Setting, bytes: Result<Vec<u8>, Unreadable>) -> Checked {
        let checked = guarded(|| match bytes {
            Ok(bytes) => self.checker.check(name.clone(), bytes, setting),
            Err(too_large) => refused(name.clone(), Vec::new(), &too_large),
        });
        checked.unwrap_or_else(|report| broken_down(name, report))
    }

    /// The calls of a capture of traffic; `None` where the bytes are none.
    fn captured(
        &self,
        name: &str,
        setting: &Setting,
        bytes: &Result<Vec<u8>, Unreadable>,
        is_found: bool,
    ) -> Option<Vec<Outcome>> {
        let bytes = bytes.as_ref().ok()?;
        if setting.call.is_some() || self.takes_all(setting) {
            // Where the command line says what payloads are, a capture is none of them.
            return capture::read(bytes).map(|_| vec![self.misplaced(name, is_found)]);
        }
        let traffic = match traffic::of(bytes, self.args.call.access)? {
            Ok(traffic) => traffic,
            Err(why) => return Some(vec![failed(name, why)]),
        };
        let checked = traffic::checked(name, &traffic, |label, context, body| {
            let options = self.args.options(Some(context.clone()), &[]);
            let setting = Setting {
                told: Some(context.endpoint.release),
                call: Some(context.clone()),
                stu3: options.clone(),
                r4: options,
            };
            self.check(label, &setting, Ok(body))
        });
        let summary = traffic::summary(name, &traffic, &checked);
        let file = Path::new(name);
        let mut left = (self.args.fix || self.args.diff)
            .then(|| format!("{name} is captured traffic, which is checked, and not fixed"));
        let outcome =
            |checked| self.checked(checked, Mended { left: left.take(), ..Mended::default() }, Some(file));
        let mut outcomes: Vec<Outcome> = checked.into_iter().map(outcome).collect();
        outcomes.push(Outcome::Note(summary));
        Some(outcomes)
    }

    /// A capture among payloads.
    fn misplaced(&self, name: &str, is_found: bool) -> Outcome {
        let why = "captured traffic, and no payload";
        if is_found {
            return Outcome::Skipped { name: name.to_owned(), why };
        }
        let said = self.said_of_payloads();
        failed(
            name,
            format!("this is {why}: leave {said} out, and each of its calls is checked as what it is"),
        )
    }

    /// What says what all payloads are.
    fn said_of_payloads(&self) -> &'static str {
        let said = [
            ("--endpoint", self.args.call.endpoint.is_some()),
            ("--url", self.args.call.url.is_some()),
            ("--fhir-version", self.args.fhir_version.is_some()),
            ("--profile", !self.args.profiles.is_empty()),
        ];
        let found = said.iter().find(|(_, is_said)| *is_said);
        found.map_or("what the settings say of this path", |(option, _)| option)
    }

    /// Why a payload cannot be checked where something is said of a call, and only captured traffic has calls.
    fn without_call(&self, name: &str, setting: &Setting) -> Option<Outcome> {
        let is_said = self.args.call.access.is_some() && setting.call.is_none();
        is_said.then(|| failed(name, of_call("--access")))
    }

    /// Fixes a payload as the command line asks.
    fn mended(&self, source: &Source, checked: &mut Checked, original: Vec<u8>) -> Mended {
        let is_stdin = matches!(source, Source::Stdin(_));
        let again = |bytes| self.checker.check(source.name(), bytes, self.setting(source.path()));
        let Some(mended) = guarded(|| mend::mended(checked, &original, again)).ok().flatten() else {
            let payload = self.args.fix && is_stdin;
            return Mended { payload: payload.then_some(original), ..Mended::default() };
        };
        if matches!(source, Source::Found(path) if path.is_symlink()) {
            let left =
                format!("{} is a link, and what it leads to is not fixed unless it is named", checked.name);
            return Mended { left: Some(left), ..Mended::default() };
        }
        let lines = mend::told(&checked.name, &mended.mended, masks(self.args));
        if self.args.diff {
            let diff = mend::diff(&checked.name, checked.syntax, &checked.text, &mended.text, self.looks());
            return Mended { lines, diff, ..Mended::default() };
        }
        let unwritten = mend::write(source, &mended.text).err();
        if unwritten.is_none() {
            (checked.text, checked.report) = (mended.text, mended.report);
        }
        let payload = is_stdin.then(|| checked.text.clone().into_bytes());
        Mended { lines, unwritten, payload, ..Mended::default() }
    }

    /// A payload that was checked, its findings weighed as the settings of its path say.
    fn checked(&self, mut checked: Checked, mended: Mended, path: Option<&Path>) -> Outcome {
        if let Some(weights) = self.weights {
            weights.apply(
                path.unwrap_or(checked.name.as_ref()),
                &mut checked.suppressed,
                &mut checked.report,
            );
        }
        checked.path = self.repository.path(checked.within.as_ref().unwrap_or(&checked.name));
        Outcome::Checked { checked: Box::new(checked), mended, known: 0 }
    }

    /// Compares what was found with what is known.
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

    /// What came of a payload, as it will be written.
    fn piece(&self, outcome: Outcome, renderers: &Renderers) -> Piece {
        match outcome {
            Outcome::Checked { checked, mended, known } => self.finished(*checked, mended, known, renderers),
            Outcome::Skipped { name, why } => Piece::Skipped { name, why },
            Outcome::Failed(error) => Piece::Failed(error),
            Outcome::Note(text) => Piece::Note(text),
        }
    }

    fn finished(&self, mut checked: Checked, mended: Mended, known: usize, renderers: &Renderers) -> Piece {
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
        Piece::Checked { texts, figures: Box::new(figures), mended }
    }

    /// How the lines of a difference are shown.
    fn looks(&self) -> Looks {
        if masks(self.args) {
            Looks::Masked
        } else if Output::is_terminal() {
            Looks::Printable
        } else {
            Looks::Exact
        }
    }

    /// Whether the command line or the settings say what payloads are, so that captured traffic is none of them.
    fn takes_all(&self, setting: &Setting) -> bool {
        setting.told.is_some() || !self.args.profiles.is_empty()
    }

    /// Whether the settings say of its path that there is a payload of an operation.
    fn is_expected(&self, setting: &Setting) -> bool {
        setting.call.is_some() && self.setting.call.is_none()
    }

    /// What is known of the payload at a path before it is read.
    fn setting(&self, path: Option<&Path>) -> &Setting {
        path.and_then(|path| self.paths.setting(path)).unwrap_or(&self.setting)
    }
}

/// Pieces as few: whoever writes them gives their memory back, which is in the way of the thread that took it.
fn joined(pieces: impl Iterator<Item = Piece>, renderers: &Renderers) -> Vec<Piece> {
    let mut joined: Vec<Piece> = Vec::new();
    for piece in pieces {
        match (joined.last_mut(), piece) {
            (
                Some(Piece::Checked { texts, figures, mended: before }),
                Piece::Checked { texts: more, figures: these, mended },
            ) if *before == Mended::default() && mended == Mended::default() => {
                renderers.append(texts, &more);
                figures.add(&these);
            }
            (_, piece) => joined.push(piece),
        }
    }
    joined
}

/// A file that cannot be used as what it is.
fn failed(name: &str, why: String) -> Outcome {
    Outcome::Failed(InputError::Capture { name: name.to_owned(), why })
}

/// Whether values of payloads are hidden.
fn masks(args: &Validate) -> bool {
    !args.show_values && !Output::is_terminal()
}

fn report_failure(error: &InputError, formats: &mut Formats, output: &mut Output) -> io::Result<()> {
    output.complain(&error.to_string());
    formats.failure(&error.to_string(), output)
}
