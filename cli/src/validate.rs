//! `ers-fhir validate`: finds the payloads, checks them in parallel and writes what was found, in
//! the order in which they were named.

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use ers_fhir_ers::Context;
use ers_fhir_lint::Baseline;
use ers_fhir_profiles::FhirVersion;
use ers_fhir_report::render::{Checked, Summary};
use ers_fhir_validator::tree::Unreadable;
use ers_fhir_validator::{Options, guarded, rule};
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
use crate::profiles::Asked;
use crate::progress::Progress;
use crate::traffic;

/// Payloads that are checked before anything of them is written: keeps all processors busy, and
/// bounds what is held.
const BATCH: usize = 64;

pub(crate) fn run(args: &Validate, output: &mut Output) -> io::Result<Ending> {
    let call = match args.call.context() {
        Ok(call) => call,
        Err(error) => {
            output.complain(&error);
            return Ok(Ending::Trouble);
        }
    };
    let has_no_body = args.paths.is_empty() && is_bodiless(call.as_ref());
    if args.paths.is_empty() && !has_no_body && io::stdin().is_terminal() {
        output.complain(
            "name files or folders to check, or - for standard input; see ers-fhir validate --help",
        );
        return Ok(Ending::Trouble);
    }
    let (packages, packages_usable) = Packages::open(&args.packages, output);
    let validators = Validators::new(packages);
    let stdin = [PathBuf::from("-")];
    let (sources, mut failures) = if has_no_body {
        (vec![Source::NoBody], Vec::new())
    } else {
        inputs::find(if args.paths.is_empty() { &stdin } else { &args.paths })
    };
    if args.allow_empty {
        failures.retain(|failure| !matches!(failure, InputError::EmptyFolder(_)));
    }
    let targets = args.formats.iter().filter_map(Wanted::target);
    let targets = targets.chain(args.write_baseline.iter().map(|path| ("--write-baseline", path.as_path())));
    let files: Vec<PathBuf> = sources.iter().filter_map(Source::named).map(Into::into).collect();
    if let Err(message) = formats::apart(targets, &files) {
        output.complain(&message);
        return Ok(Ending::Trouble);
    }
    let style = Style { show_values: args.show_values, quiet: args.quiet, fail_on: args.fail_on.severity() };
    let formats = if args.diff { Ok(Formats::none()) } else { Formats::open(&args.formats, style, output) };
    let mut formats = match formats {
        Ok(formats) => formats,
        Err(message) => {
            output.complain(&format!("--format: {message}"));
            return Ok(Ending::Trouble);
        }
    };
    let baseline = match args.baseline.as_deref().map(Baseline::read).transpose() {
        Ok(baseline) => baseline,
        Err(error) => {
            output.complain(&format!("--baseline: {error}"));
            return Ok(Ending::Trouble);
        }
    };
    let learned = args.write_baseline.as_deref().map(|path| (path, Baseline::at(path)));
    if args.fix && sources.contains(&Source::Stdin) {
        output.make_way();
    }
    let told = args.fhir_version.or(call.as_ref().map(|context| context.endpoint.release));
    let asked = Asked::find(&args.profiles, &validators, told, output);
    let run = Run {
        args,
        checker: Checker { validators: &validators, telling: asked.telling() },
        baseline: baseline.as_ref(),
        learned: learned.as_ref().map(|(_, baseline)| baseline),
        setting: Setting {
            stu3: options(args, call.clone(), asked.of(FhirVersion::Stu3)),
            r4: options(args, call.clone(), asked.of(FhirVersion::R4)),
            call,
            told,
        },
    };
    let summary = run.check_all(&sources, &failures, &mut formats, output)?;
    formats.finish(&summary, output)?;
    output.flush()?;
    // The process ends here: to give the definitions back piece by piece would only take time.
    std::mem::forget(validators);
    if let Some((path, learned)) = &learned
        && let Err(error) = learned.write(path)
    {
        output.complain(&format!("--write-baseline: {error}"));
        return Ok(Ending::Trouble);
    }
    if let Some(gone) = baseline.as_ref().map(Baseline::gone).filter(|gone| *gone > 0 && !args.quiet) {
        let known = if gone == 1 { "finding of the baseline does" } else { "findings of the baseline do" };
        output.warn(&format!("{gone} {known} not occur any more: --write-baseline writes it anew"));
    }
    let is_empty = summary.checked + summary.unreadable == 0 && !args.allow_empty;
    if is_empty {
        output.complain(
            "nothing was checked, as no file looks like FHIR: name a file to have it checked whatever it looks \
             like, or let that pass with --allow-empty",
        );
    }
    Ok(if summary.unreadable > 0 || !packages_usable || !asked.all_found || is_empty {
        Ending::Trouble
    } else if summary.failing > 0 && learned.is_none() {
        Ending::Findings
    } else {
        Ending::Clean
    })
}

fn options(args: &Validate, call: Option<Context>, profiles: &[String]) -> Options {
    Options {
        profiles: profiles.to_vec(),
        allowed_extensions: args.allowed_extensions.clone(),
        service: Some(args.call.ers(call).into()),
        now: args.call.now.clone(),
        // What reads an OperationOutcome knows only issues.
        lists_effects: args.show_related || args.formats.iter().any(Wanted::is_of_issues),
        deadline: args.timeout.map(|seconds| Instant::now() + Duration::from_secs(seconds)),
    }
}

/// Whether values of payloads are hidden.
fn masks(args: &Validate) -> bool {
    !args.show_values && !Output::is_terminal()
}

struct Run<'a> {
    args: &'a Validate,
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
        let is_told = self.setting.call.is_some() || self.takes_all();
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
            let options = options(self.args, Some(context.clone()), &[]);
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
            Ok(bytes) => self.checker.check(source.name(), bytes, &self.setting),
            Err(too_large) => refused(source.name(), Vec::new(), &too_large),
        });
        let mut checked = checked.unwrap_or_else(|report| broken_down(source.name(), report));
        if matches!(source, Source::Found(_)) && !self.takes_all() && is_something_else(&checked) {
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
        let again = |bytes| self.checker.check(source.name(), bytes, &self.setting);
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
        if let Some(learned) = self.learned {
            learned.learn(&checked.name, &checked.report);
        }
        let known = self.baseline.map_or(0, |baseline| baseline.apply(&checked.name, &mut checked.report));
        let fail_on = self.args.fail_on.severity();
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

    /// Whether every file is taken for a payload, as the command line says what they are.
    fn takes_all(&self) -> bool {
        self.setting.told.is_some() || !self.args.profiles.is_empty()
    }
}

fn report_failure(error: &InputError, formats: &mut Formats, output: &mut Output) -> io::Result<()> {
    output.complain(&error.to_string());
    formats.failure(&error.to_string(), output)
}
