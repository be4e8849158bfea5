//! The settings of a repository, which the command line overrides.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use ers_fhir_ers::rule as rules;
use ers_fhir_lint::settings::{FailOn, InForce};
use ers_fhir_lint::{Tell, Validators};
use ers_fhir_validator::{Instant, Severity};
use ers_fhir_values::{FhirVersion, Temporal, UnknownVersion, suggest};

use crate::args::{self, Validate};
use crate::output::Output;

/// The settings in force; `None` if there are none.
pub(crate) fn find(args: &Validate) -> Result<Option<InForce>, String> {
    let found = match &args.config {
        _ if args.isolated => Ok(None),
        Some(path) => InForce::read(path).map(Some),
        None => InForce::find(Path::new(".")),
    };
    let found = found.map_err(|error| error.to_string())?;
    if let Some(settings) = &found {
        for name in strangers(settings) {
            if let Some(near) = suggest::nearest(name, codes()) {
                return Err(no_rule(settings, name, &format!(": did you mean '{near}'?")));
            }
        }
        if let Some(name) = settings.levelled().find(|name| is_fatal(name)) {
            let why = "reports that a payload cannot be read, and its level cannot be changed: leave it out";
            return Err(format!("{}: '{name}' {why}", place_of(settings, name)));
        }
    }
    Ok(found)
}

/// Refuses names that are neither codes of rules nor keys of invariants.
pub(crate) fn known_invariants(settings: &InForce, validators: &Validators) -> Result<(), String> {
    // Nearly all keys are numbered, like ext-1; for the others, all definitions are searched.
    let is_odd = |name: &&str| !name.contains(|letter: char| letter.is_ascii_digit());
    let unknown = strangers(settings).filter(is_odd).find(|name| !validators.have_invariant(name));
    let help = ", and no invariant of the loaded packages has that key; ers-fhir explain lists the rules";
    unknown.map_or(Ok(()), |name| Err(no_rule(settings, name, help)))
}

/// Names in levels and suppressions that are not codes of rules.
fn strangers(settings: &InForce) -> impl Iterator<Item = &str> {
    settings.named().filter(|name| codes().all(|code| code != *name))
}

fn codes() -> impl Iterator<Item = &'static str> {
    rules::all().chain(ers_fhir_lint::rule::all()).map(|rule| rule.code)
}

/// Whether a rule is about payloads that cannot be read.
fn is_fatal(name: &str) -> bool {
    rules::all().any(|rule| rule.code == name && rule.severity == Severity::Fatal)
}

fn no_rule(settings: &InForce, name: &str, help: &str) -> String {
    format!("{}: there is no rule '{name}'{help}", place_of(settings, name))
}

/// The place where settings name a rule.
fn place_of(settings: &InForce, name: &str) -> String {
    let place = ["rules", "rule"].into_iter().find_map(|key| settings.place(key, |said| said == name));
    place.unwrap_or_else(|| settings.path.display().to_string())
}

/// The options of the command line, completed by the settings.
pub(crate) fn under(args: &Validate, settings: Option<&InForce>) -> Result<Validate, String> {
    let mut args = args.clone();
    args.packages.is_isolated = args.isolated;
    let Some(in_force) = settings else { return Ok(args) };
    let settings = &in_force.settings;
    let resolved = |paths: &[PathBuf]| paths.iter().map(|path| in_force.resolve(path)).collect::<Vec<_>>();
    if args.paths.is_empty() && args.call.endpoint.is_none() && args.call.url.is_none() {
        args.paths = resolved(&settings.paths);
    }
    // An operation on the command line determines the release.
    if args.fhir_version.is_none() && args.call.endpoint.is_none() && args.call.url.is_none() {
        args.fhir_version = release(settings.fhir_version.as_deref(), in_force)?;
        args.is_release_of_settings = true;
    }
    args.packages.packages.splice(0..0, in_force.packages());
    args.profiles.splice(0..0, settings.profiles.iter().cloned());
    args.allowed_extensions.extend(settings.allow_extensions.iter().cloned());
    args.fail_on = args.fail_on.or(settings.fail_on.map(|level| match level {
        FailOn::Error => args::FailOn::Error,
        FailOn::Warning => args::FailOn::Warning,
        FailOn::Information => args::FailOn::Information,
    }));
    args.require_complete |= settings.require_complete.unwrap_or_default();
    args.show_values |= settings.show_values.unwrap_or_default();
    args.call.strict |= settings.strict.unwrap_or_default();
    args.timeout = args.timeout.or(settings.timeout);
    if args.baseline.is_none() && args.write_baseline.is_none() {
        args.baseline = settings.baseline.as_ref().map(|path| in_force.resolve(path));
    }
    Ok(args)
}

/// The release that settings name.
pub(crate) fn release(text: Option<&str>, in_force: &InForce) -> Result<Option<FhirVersion>, String> {
    let read = text.map(str::parse).transpose();
    read.map_err(|error: UnknownVersion| {
        let place = in_force.place("fhir-version", |said| Some(said) == text);
        format!("{}: fhir-version: {error}", place.unwrap_or_else(|| in_force.path.display().to_string()))
    })
}

/// The receiver of messages about packages and profiles, which knows which of them the settings
/// name.
pub(crate) struct Teller<'a> {
    pub(crate) output: &'a Output,
    pub(crate) in_force: Option<&'a InForce>,
}

impl Tell for Teller<'_> {
    fn complain(&self, message: &str) {
        self.output.complain(message);
    }

    fn warn(&self, message: &str) {
        self.output.warn(message);
    }

    fn namer(&self, option: &str, named: &str) -> String {
        let key = if option == "--profile" { "profiles" } else { "packages" };
        let place = self.in_force.and_then(|in_force| {
            let is_path =
                |said: &str| key == "packages" && in_force.resolve(Path::new(said)) == Path::new(named);
            in_force.place(key, |said| said == named || is_path(said))
        });
        place.map_or_else(|| option.to_owned(), |place| format!("{place}: {key}"))
    }
}

/// The settings in force, and where they come from.
pub(crate) fn shown(args: &Validate, settings: Option<&InForce>) -> String {
    let Some(in_force) = settings else {
        return "# No settings: there is no ers-fhir.toml in this folder or above. The command line and the \
             defaults apply.\n"
            .to_owned();
    };
    let mut shown = format!("# Settings of {}\n{}", in_force.path.display(), in_force.written());
    let said = [
        ("--fhir-version", args.fhir_version.map(|version| version.to_string())),
        ("--fail-on", args.fail_on.map(|level| level.severity().to_string())),
        ("--baseline", args.baseline.as_ref().map(|path| path.display().to_string())),
        ("--timeout", args.timeout.map(|seconds| seconds.to_string())),
        ("--endpoint", args.call.endpoint.map(|endpoint| endpoint.id.to_owned())),
    ];
    for (option, value) in said.iter().filter_map(|(option, value)| Some((option, value.as_ref()?))) {
        let _infallible = writeln!(shown, "# {option} on the command line takes precedence: {value}");
    }
    shown
}

/// The current date, as YYYY-MM-DD.
pub(crate) fn today(args: &Validate) -> String {
    let said = args.call.now.as_ref().map(Instant::day);
    said.or_else(|| Temporal::now_utc().map(|now| now.date().to_string())).unwrap_or_default()
}

/// Whether a run checks everything that the settings concern.
pub(crate) fn is_whole(said: &Validate, in_force: &InForce) -> bool {
    let holds = |path: &PathBuf| path.canonicalize().is_ok_and(|path| in_force.folder().starts_with(path));
    said.changed.is_none()
        && (said.paths.is_empty() && !in_force.settings.paths.is_empty() || said.paths.iter().any(holds))
}
