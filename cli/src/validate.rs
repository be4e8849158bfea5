//! `ers-fhir validate`: finds the payloads, checks them in parallel and writes what was found, in
//! the order in which they were named.

use std::io::{self, IsTerminal};
use std::path::PathBuf;

use ers_fhir_ers::Context;
use ers_fhir_profiles::FhirVersion;
use ers_fhir_report::render::{self, Checked, Render, Summary, Told};
use ers_fhir_validator::detect::{Clue, Detected, detect};
use ers_fhir_validator::tree::{Document, Syntax, Unreadable};
use ers_fhir_validator::{Options, rule};
use rayon::prelude::*;

use crate::args::{Format, Validate};
use crate::definitions::{Packages, Validators};
use crate::ending::Ending;
use crate::inputs::{self, InputError, Source};
use crate::output::Output;
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
    let (sources, failures) = if has_no_body {
        (vec![Source::NoBody], Vec::new())
    } else {
        inputs::find(if args.paths.is_empty() { &stdin } else { &args.paths })
    };
    let renderer = renderer(args, output);
    let run = Run {
        args,
        validators: &validators,
        renderer: &*renderer,
        call: args.call.context(),
        options: options(args),
    };
    let summary = run.check_all(&sources, &failures, output)?;
    output.flush()?;
    // The process ends here: to give the definitions back piece by piece would only take time.
    std::mem::forget(validators);
    Ok(if summary.unreadable > 0 || !packages_usable {
        Ending::Trouble
    } else if summary.failing > 0 {
        Ending::Findings
    } else {
        Ending::Clean
    })
}

fn options(args: &Validate) -> Options {
    Options {
        profiles: args.profiles.clone(),
        service: Some(args.call.ers().into()),
        now: args.call.now.clone(),
    }
}

fn renderer(args: &Validate, output: &Output) -> Box<dyn Render> {
    let masks = !args.show_values && !Output::is_terminal();
    match args.format {
        Format::Text => Box::new(render::Text { colors: output.colors(), masks, quiet: args.quiet }),
        Format::Json => Box::new(render::Json { masks }),
        Format::OperationOutcome => Box::new(render::OperationOutcome { masks }),
    }
}

struct Run<'a> {
    args: &'a Validate,
    validators: &'a Validators,
    renderer: &'a dyn Render,
    call: Option<Context>,
    options: Options,
}

/// One input as it will be written.
enum Piece {
    Checked { text: String, figures: Summary },
    Skipped(String),
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
                    Piece::Checked { text, figures } => {
                        summary.add(&figures);
                        writer.write(&text)?;
                    }
                    Piece::Skipped(name) => {
                        summary.skipped += 1;
                        if !self.args.quiet {
                            writer.output.warn(&format!("{name} is not FHIR: skipped"));
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
        let bytes = match source.read() {
            Ok(bytes) => bytes,
            Err(error) => return Piece::Failed(error),
        };
        let mut checked = match bytes {
            Ok(bytes) => self.check(source.name(), bytes),
            Err(too_large) => refused(source.name(), Vec::new(), &too_large),
        };
        if matches!(source, Source::Found(_)) && is_something_else(&checked) {
            return Piece::Skipped(checked.name);
        }
        let fail_on = self.args.fail_on.severity();
        checked.fails = checked.report.has(fail_on);
        if self.args.quiet {
            checked.report.diagnostics.retain(|diagnostic| diagnostic.severity >= fail_on);
        }
        Piece::Checked { text: self.renderer.payload(&checked), figures: Summary::of(&checked) }
    }

    fn check(&self, name: String, bytes: Vec<u8>) -> Checked {
        if let Some(context) = self.call.as_ref().filter(|context| context.is_without_fhir()) {
            let version = context.endpoint.release;
            let report = self.validators.of(version).check(&bytes, &self.options);
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
        let (report, syntax, detected) = match Document::parse(&bytes) {
            Ok(document) => {
                let detected = self.release(&document);
                let validator = self.validators.of(detected.version);
                (validator.check_document(&document, &self.options), document.syntax(), detected)
            }
            Err(unreadable) => return refused(name, bytes, &unreadable),
        };
        let is_told = self.args.fhir_version.is_some() || self.call.is_some();
        let told_by = Some(told(&detected.clue)).filter(|_| !is_told);
        Checked {
            name,
            text: readable(bytes),
            syntax,
            version: Some(detected.version),
            told_by,
            report,
            fails: false,
        }
    }

    /// The release that the command line says, or the payload.
    fn release(&self, document: &Document<'_>) -> Detected {
        let of_call = || self.call.as_ref().map(|context| context.endpoint.release);
        if let Some(version) = self.args.fhir_version.or_else(of_call) {
            return Detected { version, clue: Clue::Nothing };
        }
        let definitions = |version: FhirVersion| self.validators.of(version).definitions();
        detect(document, &self.args.profiles, definitions)
    }
}

/// Whether a file in a folder is well-formed JSON or XML of another kind, such as `package.json`.
fn is_something_else(checked: &Checked) -> bool {
    let found = &checked.report.diagnostics;
    let at_top =
        |code: &str| found.iter().any(|finding| finding.rule.code == code && finding.position.line <= 2);
    at_top(rule::syntax::NOT_A_RESOURCE.code)
        || (checked.syntax == Syntax::Xml && at_top(rule::syntax::WRONG_NAMESPACE.code))
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

/// The bytes as text, up to where they stop being so.
fn readable(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| {
        let end = error.utf8_error().valid_up_to();
        String::from_utf8_lossy(&error.as_bytes()[..end]).into_owned()
    })
}

fn told(clue: &Clue) -> Told {
    Told { by: clue.to_string(), is_guess: clue.is_guess() }
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
