//! `ers-fhir validate`: finds the payloads, has them checked, and sets the exit status.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use ers_fhir_ers::Context;
use ers_fhir_lint::inputs::{self, Form, Found, Source};
use ers_fhir_lint::settings::InForce;
use ers_fhir_lint::{Asked, Baseline, Checker, Repository, Setting, Validators, changed};
use ers_fhir_profiles::FhirVersion;
use ers_fhir_report::render::{Checked, Json, Style, Summary};

use crate::args::Validate;
use crate::context::is_bodiless;
use crate::ending::Ending;
use crate::formats::{self, Formats, place, real};
use crate::output::Output;
use crate::paths::Paths;
use crate::run::Run;
use crate::settings::Teller;
use crate::weights::Weights;
use crate::{settings, watch};

/// Why a run cannot continue.
pub(crate) enum Stop {
    /// The output cannot be written.
    Output(io::Error),
    /// The request is faulty.
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
    let schema = match () {
        () if said.settings_schema => Some(InForce::schema()),
        () if said.json_schema => Some(Json::schema()),
        () => None,
    };
    if let Some(schema) = schema {
        output.write(&format!("{schema:#}\n"))?;
        output.flush()?;
        return Ok(Ending::Clean);
    }
    if said.show_settings {
        let in_force = settings::find(said)?;
        output.write(&settings::shown(said, in_force.as_ref()))?;
        output.flush()?;
        return Ok(Ending::Clean);
    }
    if said.watch { watch::run(said, output) } else { once(said, true, output) }
}

/// Checks the payloads that the command line and the settings name.
pub(crate) fn once(said: &Validate, is_last: bool, output: &mut Output) -> Result<Ending, Stop> {
    let in_force = settings::find(said)?;
    let args = settings::under(said, in_force.as_ref())?;
    let weights = in_force.as_ref().map(|in_force| Weights::new(in_force, said));
    let not_advised = in_force.as_ref().map_or(&[][..], |in_force| &in_force.not_advised);
    if !not_advised.is_empty() && !said.quiet {
        output.warn(&format!("of the advisor file has no counterpart here: {}", not_advised.join(", ")));
    }
    let (packages, packages_usable) =
        args.packages.open_for_check(output, &Teller { output, in_force: in_force.as_ref() });
    let missing = packages.missing();
    let validators = Validators::new(packages);
    if let Some(in_force) = &in_force {
        settings::known_invariants(in_force, &validators)?;
    }
    let checked = check(&args, weights.as_ref(), &validators, missing, output);
    if is_last {
        // The process ends here, so freeing the definitions piece by piece would only take time.
        std::mem::forget(validators);
    }
    checked.map(|ending| if packages_usable { ending } else { Ending::Trouble })
}

fn check(
    args: &Validate,
    weights: Option<&Weights<'_>>,
    validators: &Validators,
    missing: Vec<Checked>,
    output: &mut Output,
) -> Result<Ending, Stop> {
    let call = args.call.context()?;
    let Found { sources, errors: failures, ignored, .. } = sources(args, weights, call.as_ref())?;
    let files: Vec<PathBuf> = sources.iter().filter_map(Source::named).map(Into::into).collect();
    formats::apart(args.targets(), &files)?;
    let style = Style {
        masks: !args.show_values,
        colors: false,
        quiet: args.quiet,
        statistics: args.statistics,
        fail_on: args.fails_on(),
    };
    // A run that writes a baseline need not report known findings.
    let is_silent = args.diff || (args.write_baseline.is_some() && args.formats.is_empty());
    let formats = if is_silent { Ok(Formats::none()) } else { Formats::open(&args.formats, style, output) };
    let mut formats = formats.map_err(|message| format!("--format: {message}"))?;
    let baseline = args.baseline.as_deref().map(Baseline::read).transpose();
    let baseline = baseline.map_err(|error| format!("--baseline: {error}"))?;
    let learned = args.write_baseline.as_deref().map(|path| (path, Baseline::at(path)));
    if args.fix && sources.iter().any(|source| matches!(source, Source::Stdin(_))) {
        output.make_way();
    }
    let told = release(args.fhir_version, call.as_ref())?;
    let in_force = weights.map(|weights| weights.in_force);
    let asked = Asked::find(&args.profiles, validators, told, &Teller { output, in_force });
    let paths = Paths::read(args, in_force, &sources, validators, output)?;
    let all_found = asked.all_found && !paths.lacks_profiles;
    let run = Run {
        args,
        weights,
        paths,
        checker: Checker { validators, telling: asked.telling() },
        baseline: baseline.as_ref(),
        learned: learned.as_ref().map(|(_, baseline)| baseline),
        setting: Setting {
            stu3: args.options(call.clone(), asked.of(FhirVersion::Stu3)),
            r4: args.options(call.clone(), asked.of(FhirVersion::R4)),
            call,
            told,
        },
        repository: Repository::around(in_force.map(InForce::folder)),
        hides: AtomicBool::new(false),
    };
    let unfixed = sources.iter().filter(|source| source.form() != Form::Whole).count();
    if (args.fix || args.diff) && unfixed > 0 && !args.quiet {
        let files = if unfixed == 1 { "1 file" } else { &format!("{unfixed} files") };
        output.warn(&format!("{files} with several payloads: checked, but not fixed"));
    }
    let summary = run.check_all(&sources, &failures, missing, &mut formats, output)?;
    if run.has_hidden() && !args.quiet {
        output.warn("values are hidden, so the diff cannot be applied: use --show-values");
    }
    let summary = Summary { ignored, ..summary };
    formats.finish(&summary, output)?;
    output.flush()?;
    let is_empty = summary.checked + summary.unreadable == 0 && !args.may_be_empty();
    let is_undone = summary.unreadable + summary.unwritten > 0 || !all_found || is_empty;
    if let Some((path, learned)) = &learned {
        let path_name = path.display();
        if is_undone {
            output.warn(&format!("{path_name} is not written, since not everything could be checked"));
        } else {
            let known = learned.write(path).map_err(|error| format!("--write-baseline: {error}"))?;
            if !args.quiet {
                let findings = if known == 1 { "finding" } else { "findings" };
                output.note(
                    "known",
                    &format!(
                        "{known} {findings} written to {path_name}: accept them with --baseline {path_name}, \
                         or baseline = \"…\" in ers-fhir.toml"
                    ),
                );
            }
        }
    }
    let gone = baseline.as_ref().map_or(0, Baseline::gone);
    if gone > 0 && !args.quiet && !output.is_left() {
        let known = if gone == 1 { "finding of the baseline does" } else { "findings of the baseline do" };
        output.warn(&format!("{gone} {known} not occur any more: --write-baseline updates it"));
    }
    if is_empty {
        let is_named = args.paths.iter().any(|path| path.is_file());
        output.complain(if is_named {
            "nothing was checked, as the named files have no payload and no call of e-RS: check their content, \
             or accept that with --allow-empty"
        } else {
            "nothing was checked, as no file looks like FHIR: name a file to check it in any case, or accept \
             that with --allow-empty"
        });
    }
    Ok(if is_undone {
        Ending::Trouble
    } else if args.exit_zero || learned.is_some() {
        Ending::Clean
    } else if summary.failures > args.max_findings || summary.incomplete > 0 {
        Ending::Findings
    } else {
        Ending::Clean
    })
}

/// The release of the payloads, as far as it is given by a version or by the operation.
fn release(said: Option<FhirVersion>, call: Option<&Context>) -> Result<Option<FhirVersion>, String> {
    let Some(endpoint) = call.map(|call| call.endpoint) else { return Ok(said) };
    match said {
        Some(said) if said != endpoint.release => Err(format!(
            "--fhir-version says {said}, but {} is an operation of {}: leave out --fhir-version, since the \
             operation determines the release, or name another operation",
            endpoint.id, endpoint.release,
        )),
        _ => Ok(Some(endpoint.release)),
    }
}

/// The sources to check.
fn sources(args: &Validate, weights: Option<&Weights<'_>>, call: Option<&Context>) -> Result<Found, Stop> {
    if args.paths.is_empty() && args.changed.is_none() {
        if is_bodiless(call) {
            return Ok(Found { sources: vec![Source::NoBody], ..Found::default() });
        }
        if io::stdin().is_terminal() {
            let message =
                "name files or folders to check, or - for standard input; see ers-fhir validate --help";
            return Err(message.to_owned().into());
        }
    }
    let mut found = inputs::find(&args.named_paths(), args.stdin_name.as_deref());
    if args.stdin_name.is_some() && !found.sources.iter().any(|source| matches!(source, Source::Stdin(_))) {
        let message = "--stdin-name is for standard input, which is not read: add - to the paths";
        return Err(message.to_owned().into());
    }
    found.ignored += weights.map_or(0, |weights| weights.pass_by(&mut found.sources));
    // Earlier output of the tool is not a payload.
    let written = args.targets().map(|(_, path)| path).chain(args.baseline.as_deref());
    let written: Vec<PathBuf> = written.filter_map(real).collect();
    let is_called_so = |path: &Path| written.iter().any(|written| written.file_name() == path.file_name());
    found.sources.retain(|source| match source {
        Source::Found(path) => {
            !(is_called_so(path) && real(path).is_some_and(|path| written.contains(&path)))
        }
        _ => true,
    });
    if args.changed.is_some() && found.sources.iter().any(|source| matches!(source, Source::Stdin(_))) {
        let message = "--changed cannot be used with standard input: leave one of them out";
        return Err(message.to_owned().into());
    }
    if let Some(reference) = &args.changed {
        let changed = changed(Path::new("."), reference).map_err(|error| format!("--changed: {error}"))?;
        // A link counts as changed if it or its target has changed. Nothing is known about missing files.
        let is_changed = |path: &Path| {
            path.symlink_metadata().is_err()
                || [place(path), path.canonicalize().ok()].iter().flatten().any(|path| changed.contains(path))
        };
        found.sources.retain(|source| source.path().is_some_and(is_changed));
    }
    if args.may_be_empty() {
        found.errors.retain(|failure| !failure.is_empty());
    }
    Ok(found)
}
