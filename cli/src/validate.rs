//! `ers-fhir validate`: finds the payloads, checks them in parallel and writes what was found, in
//! the order in which they were named.

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

use ers_fhir_lint::Baseline;
use ers_fhir_lint::settings::InForce;
use ers_fhir_profiles::FhirVersion;
use ers_fhir_report::render::{Checked, Summary};
use ers_fhir_validator::tree::Unreadable;
use ers_fhir_validator::{guarded, rule};
use rayon::prelude::*;

use crate::args::Validate;
use crate::check::{Checker, Setting, broken_down, is_something_else, refused};
use crate::context::is_bodiless;
use crate::definitions::{Packages, Validators};
use crate::ending::Ending;
use crate::formats::{self, Formats, Style, Wanted};
use crate::inputs::{self, InputError, Source};
use crate::mend::{self, Looks};
use crate::output::Output;
use crate::paths::Paths;
use crate::profiles::Asked;
use crate::progress::Progress;
use crate::weights::Weights;
use crate::{settings, traffic};

/// Payloads that are checked before anything of them is written: keeps all processors busy, and
/// bounds what is held.
const BATCH: usize = 64;

/// Why a run cannot go on.
enum Stop {
    /// The output cannot be written.
    Output(io::Error),
    /// What is wrong with what was asked for.
    Asked(String),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl From<String> for Stop {
    fn from(message: String) -> Self {
        Self::Asked(message)
    }
}

pub(crate) fn run(said: &Validate, output: &mut Output) -> io::Result<Ending> {
    match ending(said, output) {
        Ok(ending) => Ok(ending),
        Err(Stop::Output(error)) => Err(error),
        Err(Stop::Asked(message)) => {
            output.complain(&message);
            Ok(Ending::Trouble)
        }
    }
}

fn ending(said: &Validate, output: &mut Output) -> Result<Ending, Stop> {
    if said.settings_schema {
        output.write(&format!("{:#}\n", InForce::schema()))?;
        return Ok(Ending::Clean);
    }
    let in_force = settings::find(said)?;
    if said.show_settings {
        output.write(&settings::shown(said, in_force.as_ref()))?;
        return Ok(Ending::Clean);
    }
    let args = settings::under(said, in_force.as_ref())?;
    let weights = in_force.as_ref().map(|in_force| Weights::new(in_force, said));
    check(&args, weights.as_ref(), output)
}

/// Checks what the command line and the settings name.
fn check(args: &Validate, weights: Option<&Weights<'_>>, output: &mut Output) -> Result<Ending, Stop> {
    let call = args.call.context()?;
    let has_no_body = args.paths.is_empty() && is_bodiless(call.as_ref());
    if args.paths.is_empty() && !has_no_body && io::stdin().is_terminal() {
        let message = "name files or folders to check, or - for standard input; see ers-fhir validate --help";
        return Err(message.to_owned().into());
    }
    let (packages, packages_usable) = Packages::open(&args.packages, output);
    let validators = Validators::new(packages);
    let stdin = [PathBuf::from("-")];
    let (mut sources, mut failures) = if has_no_body {
        (vec![Source::NoBody], Vec::new())
    } else {
        inputs::find(if args.paths.is_empty() { &stdin } else { &args.paths })
    };
    let passed_by = weights.map_or(0, |weights| weights.pass_by(&mut sources));
    if args.allow_empty {
        failures.retain(|failure| !matches!(failure, InputError::EmptyFolder(_)));
    }
    let targets = args.formats.iter().filter_map(Wanted::target);
    let targets = targets.chain(args.write_baseline.iter().map(|path| ("--write-baseline", path.as_path())));
    let files: Vec<PathBuf> = sources.iter().filter_map(Source::named).map(Into::into).collect();
    formats::apart(targets, &files)?;
    let style = Style { show_values: args.show_values, quiet: args.quiet, fail_on: args.fails_on() };
    let formats = if args.diff { Ok(Formats::none()) } else { Formats::open(&args.formats, style, output) };
    let mut formats = formats.map_err(|message| format!("--format: {message}"))?;
    let baseline = args.baseline.as_deref().map(Baseline::read).transpose();
    let baseline = baseline.map_err(|error| format!("--baseline: {error}"))?;
    let learned = args.write_baseline.as_deref().map(|path| (path, Baseline::at(path)));
    if args.fix && sources.contains(&Source::Stdin) {
        output.make_way();
    }
    let told = args.fhir_version.or(call.as_ref().map(|context| context.endpoint.release));
    let asked = Asked::find(&args.profiles, &validators, told, output);
    let in_force = weights.map(|weights| weights.in_force);
    let paths = Paths::read(args, in_force, &sources, &validators, output)?;
    let all_found = asked.all_found && !paths.lacks_profiles;
    let run = Run {
        args,
        weights,
        paths,
        checker: Checker { validators: &validators, telling: asked.telling() },
        baseline: baseline.as_ref(),
        learned: learned.as_ref().map(|(_, baseline)| baseline),
        setting: Setting {
            stu3: args.options(call.clone(), asked.of(FhirVersion::Stu3)),
            r4: args.options(call.clone(), asked.of(FhirVersion::R4)),
            call,
            told,
        },
    };
    let summary = run.check_all(&sources, &failures, &mut formats, output)?;
    formats.finish(&summary, output)?;
    output.flush()?;
    // The process ends here: to give the definitions back piece by piece would only take time.
    std::mem::forget(validators);
    if let Some((path, learned)) = &learned {
        learned.write(path).map_err(|error| format!("--write-baseline: {error}"))?;
    }
    if !args.quiet {
        let gone = baseline.as_ref().map_or(0, Baseline::gone);
        if gone > 0 {
            let known =
                if gone == 1 { "finding of the baseline does" } else { "findings of the baseline do" };
            output.warn(&format!("{gone} {known} not occur any more: --write-baseline writes it anew"));
        }
        if let Some(weights) = weights {
            weights.tell(passed_by, output);
        }
    }
    let is_empty = summary.checked + summary.unreadable == 0 && !args.allow_empty;
    if is_empty {
        output.complain(
            "nothing was checked, as no file looks like FHIR: name a file to have it checked whatever it looks \
             like, or let that pass with --allow-empty",
        );
    }
    Ok(if summary.unreadable > 0 || !packages_usable || !all_found || is_empty {
        Ending::Trouble
    } else if summary.failing > 0 && learned.is_none() {
        Ending::Findings
    } else {
        Ending::Clean
    })
}

/// Whether values of payloads are hidden.
fn masks(args: &Validate) -> bool {
    !args.show_values && !Output::is_terminal()
}

struct Run<'a> {
    args: &'a Validate,
    /// How the settings weigh findings.
    weights: Option<&'a Weights<'a>>,
    /// What they say of payloads by their paths.
    paths: Paths,
    checker: Checker<'a>,
    /// What is known.
    baseline: Option<&'a Baseline>,
    /// What will be.
    learned: Option<&'a Baseline>,
    setting: Setting,
}

/// What came of mending a payload.
#[derive(Default)]
struct Mended {
    /// What was mended, a line each.
    lines: Vec<String>,
    /// Why it could not be written back.
    unwritten: Option<String>,
    /// What would change.
    diff: String,
    /// The payload as it is written to standard output.
    payload: Option<Vec<u8>>,
}

/// One input as it will be written.
enum Piece {
    Checked {
        texts: Vec<String>,
        figures: Summary,
        mended: Mended,
    },
    Skipped {
        name: String,
        why: &'static str,
    },
    Failed(InputError),
    /// What is said of a capture as a whole.
    Note(String),
}

impl Run<'_> {
    fn check_all(
        &self,
        sources: &[Source],
        failures: &[InputError],
        formats: &mut Formats,
        output: &mut Output,
    ) -> io::Result<Summary> {
        let mut summary = Summary::default();
        formats.begin(output)?;
        for failure in failures {
            summary.unreadable += 1;
            report_failure(failure, formats, output)?;
        }
        let mut progress = Progress::new(sources.len(), self.args.quiet);
        for batch in sources.chunks(BATCH) {
            let pieces: Vec<Vec<Piece>> = match batch {
                // Waking up a pool of threads takes as long as checking a payload.
                [only] => vec![self.pieces(only, formats)],
                several => several.par_iter().map(|source| self.pieces(source, formats)).collect(),
            };
            progress.clear();
            for piece in pieces.into_iter().flatten() {
                match piece {
                    Piece::Checked { texts, figures, mended } => {
                        summary.add(&figures);
                        formats.write(&texts, output)?;
                        output.write(&mended.diff)?;
                        if let Some(payload) = mended.payload {
                            io::stdout().write_all(&payload)?;
                        }
                        if let Some(error) = mended.unwritten {
                            summary.unreadable += 1;
                            output.complain(&error);
                        } else if !self.args.quiet {
                            let what = if self.args.diff { "to mend" } else { "mended" };
                            for line in &mended.lines {
                                output.note(what, line);
                            }
                        }
                    }
                    Piece::Skipped { name, why } => {
                        summary.skipped += 1;
                        if !self.args.quiet {
                            output.warn(&format!("{name} is {why}: skipped"));
                        }
                    }
                    Piece::Note(text) => formats.note(&text, output)?,
                    Piece::Failed(error) => {
                        summary.unreadable += 1;
                        report_failure(&error, formats, output)?;
                    }
                }
            }
            progress.advance(batch.len());
        }
        progress.clear();
        if let Some(checked) = self.weights.and_then(Weights::leftovers)
            && let Piece::Checked { texts, figures, .. } = self.finished(checked, Mended::default(), formats)
        {
            summary.add(&Summary { checked: 0, ..figures });
            formats.write(&texts, output)?;
        }
        Ok(summary)
    }

    fn pieces(&self, source: &Source, formats: &Formats) -> Vec<Piece> {
        if matches!(source, Source::NoFile(_)) {
            return vec![Piece::Skipped { name: source.name(), why: "a pipe, a socket or a device" }];
        }
        let bytes = match source.read() {
            Ok(bytes) => bytes,
            Err(error) => return vec![Piece::Failed(error)],
        };
        // Where the command line says what a file is, it is that.
        let is_told = self.setting(source).call.is_some() || self.takes_all(source);
        if let Some(bytes) = bytes.as_ref().ok().filter(|_| !is_told)
            && let Some(pieces) = self.captured(source, bytes, formats)
        {
            return pieces;
        }
        vec![self.piece(source, bytes, formats)]
    }

    /// The calls of a capture of traffic; `None` where the bytes are none.
    fn captured(&self, source: &Source, bytes: &[u8], formats: &Formats) -> Option<Vec<Piece>> {
        let name = source.name();
        let traffic = match traffic::of(bytes)? {
            Ok(_) if self.args.fix || self.args.diff => {
                let why = "captured traffic is not mended: leave --fix and --diff out".to_owned();
                return Some(vec![Piece::Failed(InputError::Capture { name, why })]);
            }
            Ok(traffic) => traffic,
            Err(why) => return Some(vec![Piece::Failed(InputError::Capture { name, why })]),
        };
        let checked = traffic::checked(&name, &traffic, |label, context, body| {
            let options = self.args.options(Some(context.clone()), &[]);
            let setting = Setting {
                told: Some(context.endpoint.release),
                call: Some(context.clone()),
                stu3: options.clone(),
                r4: options,
            };
            guarded(|| self.checker.check(label.clone(), body, &setting))
                .unwrap_or_else(|report| broken_down(label, report))
        });
        let summary = traffic::summary(&name, &traffic, &checked);
        let finished = |checked| self.finished(checked, Mended::default(), formats);
        let mut pieces: Vec<Piece> = checked.into_iter().map(finished).collect();
        pieces.push(Piece::Note(summary));
        Some(pieces)
    }

    fn piece(&self, source: &Source, bytes: Result<Vec<u8>, Unreadable>, formats: &Formats) -> Piece {
        let is_mended = self.args.fix || self.args.diff;
        let original = bytes.as_ref().ok().filter(|_| is_mended).cloned();
        let checked = guarded(|| match bytes {
            Ok(bytes) => self.checker.check(source.name(), bytes, self.setting(source)),
            Err(too_large) => refused(source.name(), Vec::new(), &too_large),
        });
        let mut checked = checked.unwrap_or_else(|report| broken_down(source.name(), report));
        if matches!(source, Source::Found(_)) && !self.takes_all(source) && is_something_else(&checked) {
            return Piece::Skipped { name: checked.name, why: "not FHIR" };
        }
        let mended = match original {
            Some(bytes) => self.mended(source, &mut checked, bytes),
            None => Mended::default(),
        };
        self.finished(checked, mended, formats)
    }

    /// Mends a payload as the command line asks.
    fn mended(&self, source: &Source, checked: &mut Checked, original: Vec<u8>) -> Mended {
        let again = |bytes| self.checker.check(source.name(), bytes, self.setting(source));
        let Some(mended) = guarded(|| mend::mended(checked, &original, again)).ok().flatten() else {
            let payload = self.args.fix && *source == Source::Stdin;
            return Mended { payload: payload.then_some(original), ..Mended::default() };
        };
        let lines = mend::told(&checked.name, &mended.mended, masks(self.args));
        if self.args.diff {
            let diff = mend::diff(&checked.name, checked.syntax, &checked.text, &mended.text, self.looks());
            return Mended { lines, diff, ..Mended::default() };
        }
        let unwritten = mend::write(source, &mended.text).err();
        if unwritten.is_none() {
            (checked.text, checked.report) = (mended.text, mended.report);
        }
        let payload = (*source == Source::Stdin).then(|| checked.text.clone().into_bytes());
        Mended { lines, unwritten, payload, ..Mended::default() }
    }

    /// A payload that was checked, as it will be written.
    fn finished(&self, mut checked: Checked, mended: Mended, formats: &Formats) -> Piece {
        if let Some(weights) = self.weights {
            weights.apply(&mut checked);
        }
        if let Some(learned) = self.learned {
            learned.learn(&checked.name, &checked.report);
        }
        let known = self.baseline.map_or(0, |baseline| baseline.apply(&checked.name, &mut checked.report));
        let fail_on = self.args.fails_on();
        let is_incomplete = self.args.require_complete && !checked.report.gaps.is_empty();
        checked.fails = checked.report.has(fail_on) || is_incomplete;
        if self.args.quiet {
            checked.report.diagnostics.retain(|diagnostic| {
                diagnostic.severity >= fail_on || (is_incomplete && rule::gap(diagnostic.rule).is_some())
            });
        }
        let texts = guarded(|| formats.pieces(&checked)).unwrap_or_else(|report| {
            let within = checked.within.take();
            checked = Checked { fails: true, within, ..broken_down(checked.name.clone(), report) };
            formats.pieces(&checked)
        });
        Piece::Checked { texts, figures: Summary { known, ..Summary::of(&checked) }, mended }
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

    /// Whether a file is taken for a payload, as the command line or the settings say what it is.
    fn takes_all(&self, source: &Source) -> bool {
        self.setting(source).told.is_some() || !self.args.profiles.is_empty()
    }

    /// What is known of a payload before it is read.
    fn setting(&self, source: &Source) -> &Setting {
        source.path().and_then(|path| self.paths.setting(path)).unwrap_or(&self.setting)
    }
}

fn report_failure(error: &InputError, formats: &mut Formats, output: &mut Output) -> io::Result<()> {
    output.complain(&error.to_string());
    formats.failure(&error.to_string(), output)
}
