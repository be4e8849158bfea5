//! `ers-fhir validate`: finds the payloads, checks them in parallel and writes what was found, in
//! the order in which they were named.

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use ers_fhir_ers::Context;
use ers_fhir_profiles::FhirVersion;
use ers_fhir_report::render::{self, Checked, Render, Summary, Told};
use ers_fhir_validator::detect::{Clue, detect};
use ers_fhir_validator::tree::{Document, Syntax, Unreadable};
use ers_fhir_validator::{Options, Report, guarded, rule};
use rayon::prelude::*;

use crate::args::{Format, Validate};
use crate::definitions::{Packages, Validators};
use crate::ending::Ending;
use crate::inputs::{self, InputError, Source};
use crate::looks;
use crate::mend::{self, Looks};
use crate::output::Output;
use crate::profiles::Asked;
use crate::progress::Progress;

/// Payloads that are checked before anything of them is written: keeps all processors busy, and
/// bounds what is held.
const BATCH: usize = 64;

pub(crate) fn run(args: &Validate, output: &mut Output) -> io::Result<Ending> {
    let has_no_body = args.paths.is_empty() && args.call.is_bodiless();
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
    if args.fix && sources.contains(&Source::Stdin) {
        output.make_way();
    }
    let renderer = renderer(args, output);
    let call = args.call.context();
    let told = args.fhir_version.or(call.as_ref().map(|context| context.endpoint.release));
    let asked = Asked::find(&args.profiles, &validators, told, output);
    let run = Run {
        args,
        validators: &validators,
        renderer: &*renderer,
        call,
        told,
        telling: asked.telling(),
        stu3: options(args, asked.of(FhirVersion::Stu3)),
        r4: options(args, asked.of(FhirVersion::R4)),
    };
    let summary = run.check_all(&sources, &failures, output)?;
    output.flush()?;
    // The process ends here: to give the definitions back piece by piece would only take time.
    std::mem::forget(validators);
    let is_empty = summary.checked + summary.unreadable == 0 && !args.allow_empty;
    if is_empty {
        output.complain(
            "nothing was checked, as no file looks like FHIR: name a file to have it checked whatever it looks \
             like, or let that pass with --allow-empty",
        );
    }
    Ok(if summary.unreadable > 0 || !packages_usable || !asked.all_found || is_empty {
        Ending::Trouble
    } else if summary.failing > 0 {
        Ending::Findings
    } else {
        Ending::Clean
    })
}

fn options(args: &Validate, profiles: &[String]) -> Options {
    Options {
        profiles: profiles.to_vec(),
        allowed_extensions: args.allowed_extensions.clone(),
        service: Some(args.call.ers().into()),
        now: args.call.now.clone(),
        deadline: args.timeout.map(|seconds| Instant::now() + Duration::from_secs(seconds)),
    }
}

fn renderer(args: &Validate, output: &Output) -> Box<dyn Render> {
    let masks = masks(args);
    if args.diff {
        return Box::new(mend::Nothing);
    }
    match args.format {
        Format::Text => Box::new(render::Text { colors: output.colors(), masks, quiet: args.quiet }),
        Format::Json => Box::new(render::Json { masks }),
        Format::OperationOutcome => Box::new(render::OperationOutcome { masks }),
    }
}

/// Whether values of payloads are hidden.
fn masks(args: &Validate) -> bool {
    !args.show_values && !Output::is_terminal()
}

struct Run<'a> {
    args: &'a Validate,
    validators: &'a Validators,
    renderer: &'a dyn Render,
    call: Option<Context>,
    /// The release that the command line says.
    told: Option<FhirVersion>,
    /// Profiles of the command line that may tell it.
    telling: Vec<String>,
    stu3: Options,
    r4: Options,
}

/// One input as it will be written.
enum Piece {
    Checked {
        text: String,
        figures: Summary,
        /// What was mended, a line each.
        mended: Vec<String>,
        /// Why it could not be written back.
        unwritten: Option<String>,
        /// The payload as it is written to standard output.
        payload: Option<Vec<u8>>,
    },
    Skipped {
        name: String,
        why: &'static str,
    },
    Failed(InputError),
}

impl Run<'_> {
    fn check_all(
        &self,
        sources: &[Source],
        failures: &[InputError],
        output: &mut Output,
    ) -> io::Result<Summary> {
        let mut summary = Summary::default();
        let mut writer = Writer { renderer: self.renderer, output, is_first: true };
        writer.output.write(&self.renderer.open())?;
        for failure in failures {
            summary.unreadable += 1;
            writer.failure(failure)?;
        }
        let mut progress = Progress::new(sources.len(), self.args.quiet);
        for batch in sources.chunks(BATCH) {
            let pieces: Vec<Piece> = match batch {
                // Waking up a pool of threads takes as long as checking a payload.
                [only] => vec![self.piece(only)],
                several => several.par_iter().map(|source| self.piece(source)).collect(),
            };
            progress.clear();
            for piece in pieces {
                match piece {
                    Piece::Checked { text, figures, mended, unwritten, payload } => {
                        summary.add(&figures);
                        writer.write(&text)?;
                        if let Some(payload) = payload {
                            io::stdout().write_all(&payload)?;
                        }
                        if let Some(error) = unwritten {
                            summary.unreadable += 1;
                            writer.output.complain(&error);
                        } else if !self.args.quiet {
                            let what = if self.args.diff { "to mend" } else { "mended" };
                            for line in &mended {
                                writer.output.note(what, line);
                            }
                        }
                    }
                    Piece::Skipped { name, why } => {
                        summary.skipped += 1;
                        if !self.args.quiet {
                            writer.output.warn(&format!("{name} is {why}: skipped"));
                        }
                    }
                    Piece::Failed(error) => {
                        summary.unreadable += 1;
                        writer.failure(&error)?;
                    }
                }
            }
            progress.advance(batch.len());
        }
        progress.clear();
        writer.output.write(&self.renderer.close(&summary))?;
        Ok(summary)
    }

    fn piece(&self, source: &Source) -> Piece {
        if matches!(source, Source::NoFile(_)) {
            return Piece::Skipped { name: source.name(), why: "a pipe, a socket or a device" };
        }
        let bytes = match source.read() {
            Ok(bytes) => bytes,
            Err(error) => return Piece::Failed(error),
        };
        let is_mended = self.args.fix || self.args.diff;
        let original = bytes.as_ref().ok().filter(|_| is_mended).cloned();
        let checked = guarded(|| match bytes {
            Ok(bytes) => self.check(source.name(), bytes),
            Err(too_large) => refused(source.name(), Vec::new(), &too_large),
        });
        let mut checked = checked.unwrap_or_else(|report| broken_down(source.name(), report));
        if matches!(source, Source::Found(_)) && !self.takes_all() && is_something_else(&checked) {
            return Piece::Skipped { name: checked.name, why: "not FHIR" };
        }
        let mended = original.as_ref().and_then(|bytes| {
            let again = |bytes| self.check(source.name(), bytes);
            guarded(|| mend::mended(&checked, bytes, again)).ok().flatten()
        });
        let mut lines = Vec::new();
        let (mut unwritten, mut diff) = (None, String::new());
        if let Some(mended) = mended {
            lines = mend::told(&checked.name, &mended.mended, masks(self.args));
            if self.args.diff {
                diff = mend::diff(&checked.name, checked.syntax, &checked.text, &mended.text, self.looks());
            } else {
                unwritten = mend::write(source, &mended.text).err();
                if unwritten.is_none() {
                    (checked.text, checked.report) = (mended.text, mended.report);
                }
            }
        }
        let payload = (self.args.fix && *source == Source::Stdin)
            .then(|| if lines.is_empty() { original } else { Some(checked.text.clone().into_bytes()) })
            .flatten();
        let fail_on = self.args.fail_on.severity();
        let is_incomplete = self.args.require_complete && !checked.report.gaps.is_empty();
        checked.fails = checked.report.has(fail_on) || is_incomplete;
        if self.args.quiet {
            checked.report.diagnostics.retain(|diagnostic| {
                diagnostic.severity >= fail_on || (is_incomplete && rule::gap(diagnostic.rule).is_some())
            });
        }
        let text = guarded(|| self.renderer.payload(&checked)).unwrap_or_else(|report| {
            checked = Checked { fails: true, ..broken_down(source.name(), report) };
            self.renderer.payload(&checked)
        });
        let text = if self.args.diff { diff } else { text };
        Piece::Checked { text, figures: Summary::of(&checked), mended: lines, unwritten, payload }
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
        self.told.is_some() || !self.args.profiles.is_empty()
    }

    fn check(&self, name: String, bytes: Vec<u8>) -> Checked {
        if let Some(context) = self.call.as_ref().filter(|context| context.is_without_fhir()) {
            let version = context.endpoint.release;
            let report = self.validators.of(version).check(&bytes, self.options(version));
            let version = Some(version);
            let syntax = Syntax::of(&bytes);
            return Checked {
                name,
                text: String::new(),
                syntax,
                version,
                told_by: None,
                report,
                fails: false,
            };
        }
        let (version, told_by, report, syntax) = match Document::parse(&bytes) {
            Ok(document) => {
                let (version, told_by, report) = self.check_document(&document);
                (version, told_by, report, document.syntax())
            }
            Err(unreadable) => return self.check_mended(name, bytes, unreadable),
        };
        Checked { name, text: readable(bytes), syntax, version: Some(version), told_by, report, fails: false }
    }

    /// Checks a payload that could not be read as it is, where most of it can be.
    fn check_mended(&self, name: String, bytes: Vec<u8>, unreadable: Unreadable) -> Checked {
        let Some(text) = unreadable.mended(&bytes) else { return refused(name, bytes, &unreadable) };
        let Ok(mut document) = Document::parse(text.as_bytes()) else {
            return refused(name, bytes, &unreadable);
        };
        document.note(unreadable);
        let (version, told_by, report) = self.check_document(&document);
        let (syntax, version) = (document.syntax(), Some(version));
        Checked { name, text, syntax, version, told_by, report, fails: false }
    }

    /// Checks a payload as the release that the command line says, or else the payload.
    fn check_document(&self, document: &Document<'_>) -> (FhirVersion, Option<Told>, Report) {
        let check = |version: FhirVersion| {
            self.validators.of(version).check_document(document, self.options(version))
        };
        if let Some(version) = self.told {
            return (version, None, check(version));
        }
        let definitions = |version: FhirVersion| self.validators.of(version).definitions();
        let (detected, report) = detect(document, &self.telling, definitions).check(check);
        (detected.version, Some(told(&detected.clue)), report)
    }

    fn options(&self, version: FhirVersion) -> &Options {
        match version {
            FhirVersion::Stu3 => &self.stu3,
            FhirVersion::R4 => &self.r4,
        }
    }
}

/// Whether a file in a folder is well-formed JSON or XML of another kind, such as `package.json`, and not
/// FHIR that went wrong at the top.
fn is_something_else(checked: &Checked) -> bool {
    let found = &checked.report.diagnostics;
    let at_top =
        |code: &str| found.iter().any(|finding| finding.rule.code == code && finding.position.line <= 2);
    let is_none = at_top(rule::syntax::NOT_A_RESOURCE.code)
        || (checked.syntax == Syntax::Xml && at_top(rule::syntax::WRONG_NAMESPACE.code));
    is_none && !looks::like_fhir(&checked.text)
}

/// A payload that could not be read, which is a finding like others.
fn refused(name: String, bytes: Vec<u8>, unreadable: &Unreadable) -> Checked {
    Checked {
        name,
        syntax: Syntax::of(&bytes),
        report: ers_fhir_validator::unreadable(&bytes, unreadable),
        text: readable(bytes),
        version: None,
        told_by: None,
        fails: false,
    }
}

/// A payload whose check broke down: nothing of it is shown.
fn broken_down(name: String, report: Report) -> Checked {
    let syntax = Syntax::Json;
    Checked { name, text: String::new(), syntax, report, version: None, told_by: None, fails: false }
}

/// The bytes as text, up to where they stop being so.
fn readable(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| {
        let end = error.utf8_error().valid_up_to();
        String::from_utf8_lossy(&error.as_bytes()[..end]).into_owned()
    })
}

fn told(clue: &Clue) -> Told {
    Told { by: clue.message(), is_guess: clue.is_guess(), is_by_trial: clue.is_by_trial() }
}

/// Writes pieces with what stands between them.
struct Writer<'a> {
    renderer: &'a dyn Render,
    output: &'a mut Output,
    is_first: bool,
}

impl Writer<'_> {
    fn write(&mut self, piece: &str) -> io::Result<()> {
        if piece.is_empty() {
            return Ok(());
        }
        if !std::mem::take(&mut self.is_first) {
            self.output.write(self.renderer.separator())?;
        }
        self.output.write(piece)
    }

    fn failure(&mut self, error: &InputError) -> io::Result<()> {
        self.output.complain(&error.to_string());
        let piece = self.renderer.failure(&error.to_string());
        self.write(&piece)
    }
}
