//! Definitions and settings, as `validate` takes them.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use ers_fhir_ers::example::{Caller, callers, good};
use ers_fhir_ers::service::endpoints;
use ers_fhir_lint::settings::{FailOn, InForce};
use ers_fhir_lint::{Asked, Packages, Tell, Validators};
use ers_fhir_packages::Shelves;
use ers_fhir_profiles::FhirVersion;
use ers_fhir_report::Severity;

use super::ask::{Ask, Place};
use super::plan::Engine;

/// Where settings are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Config {
    /// In this folder or the nearest one above that has an `ers-fhir.toml`, if there is one.
    #[default]
    Nearest,
    /// In this file.
    File(PathBuf),
    /// No settings.
    None,
}

/// What to load, and the options for all requests.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// Packages with more definitions, by path or by name and version.
    pub packages: Vec<PathBuf>,
    /// Folders of unpacked packages.
    pub folders: Vec<PathBuf>,
    /// Where settings are.
    pub config: Config,
    /// Release of all payloads, unless a request names another.
    pub fhir_version: Option<FhirVersion>,
    /// Profiles that each payload must conform to.
    pub profiles: Vec<String>,
    /// Domains whose extensions may be unknown.
    pub allowed_extensions: Vec<String>,
    /// Whether known deviations of the live service are errors.
    pub strict: bool,
    /// Whether values of payloads are shown in answers.
    pub show_values: bool,
    /// Whether what could not be checked fails a payload.
    pub require_complete: bool,
    /// Lowest severity of a finding that fails a payload; an error by default.
    pub fail_on: Option<Severity>,
    /// How long a check may take; after that only quick checks are done.
    pub timeout: Option<Duration>,
}

/// Why definitions or settings cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct LoadError(String);

/// Keeps errors, and passes warnings on.
struct Listener<'a> {
    outer: &'a dyn Tell,
    wrong: RefCell<Vec<String>>,
}

impl Tell for Listener<'_> {
    fn complain(&self, message: &str) {
        self.wrong.borrow_mut().push(message.to_owned());
    }

    fn warn(&self, message: &str) {
        self.outer.warn(message);
    }
}

impl Engine {
    /// Loads these sources, and those that the settings name.
    ///
    /// # Errors
    ///
    /// If settings cannot be read, or a package or profile cannot be used.
    pub fn load(sources: &Sources, tell: &dyn Tell) -> Result<Self, LoadError> {
        let in_force = match &sources.config {
            Config::None => Ok(None),
            Config::File(path) => InForce::read(path).map(Some),
            Config::Nearest => InForce::find(Path::new(".")),
        };
        let in_force = in_force.map_err(|error| LoadError(error.to_string()))?;
        let sources = match &in_force {
            Some(in_force) => sources.under(in_force)?,
            None => sources.clone(),
        };
        let listener = Listener { outer: tell, wrong: RefCell::default() };
        let shelves = match sources.config {
            Config::None => Shelves::usual(),
            Config::File(_) | Config::Nearest => {
                Shelves::of(Path::new(".")).map_err(|error| LoadError(error.to_string()))?
            }
        };
        let shelves = shelves.after(&sources.folders);
        let (packages, _) = Packages::open(&sources.packages, &shelves, &listener);
        packages.loaded_lines().for_each(|line| tell.note(&line));
        packages.missing_lines().for_each(|line| tell.warn(&line));
        let validators = Validators::new(packages);
        Asked::find(&sources.profiles, &validators, sources.fhir_version, &listener);
        let wrong = listener.wrong.into_inner();
        if !wrong.is_empty() {
            return Err(LoadError(wrong.join("\n")));
        }
        Ok(Self { sources, validators, in_force })
    }

    /// Checks an example of every operation of e-RS, so that the definitions that these need are compiled.
    pub fn warm_up(&self) {
        for endpoint in endpoints() {
            let caller = callers(endpoint).first().copied().unwrap_or(Caller::AnyUser);
            let sample = good(endpoint, caller, 0);
            let ask = Ask { call: Some(sample.context()), ..Ask::default() };
            let _ = self.payloads(sample.payload().to_vec(), &ask, None, false);
        }
    }

    /// When a check that begins now must end; `None` if it may take as long as it needs.
    pub fn deadline(&self) -> Option<Instant> {
        self.sources.timeout.map(|timeout| Instant::now() + timeout)
    }

    /// Reads the parameters of an address.
    ///
    /// # Errors
    ///
    /// If there is no such parameter at that address, or its value is invalid.
    pub fn ask(query: &str, place: Place) -> Result<Ask, super::answer::Refusal> {
        Ask::read(query, place)
    }
}

impl Sources {
    /// These, supplemented by the settings.
    fn under(&self, in_force: &InForce) -> Result<Self, LoadError> {
        let settings = &in_force.settings;
        let at = |error: String| LoadError(format!("{}: {error}", in_force.path.display()));
        for part in &settings.path {
            part.call().map_err(at)?;
        }
        let version = settings.fhir_version.as_deref().map(str::parse).transpose();
        let version = version.map_err(|error: ers_fhir_values::UnknownVersion| at(error.to_string()))?;
        let fail_on = settings.fail_on.map(|level| match level {
            FailOn::Error => Severity::Error,
            FailOn::Warning => Severity::Warning,
            FailOn::Information => Severity::Information,
        });
        Ok(Self {
            packages: [in_force.packages(), self.packages.clone()].concat(),
            folders: self.folders.clone(),
            config: self.config.clone(),
            fhir_version: self.fhir_version.or(version),
            profiles: [settings.profiles.as_slice(), &self.profiles].concat(),
            allowed_extensions: [self.allowed_extensions.as_slice(), &settings.allow_extensions].concat(),
            strict: self.strict || settings.strict.unwrap_or_default(),
            show_values: self.show_values || settings.show_values.unwrap_or_default(),
            require_complete: self.require_complete || settings.require_complete.unwrap_or_default(),
            fail_on: self.fail_on.or(fail_on),
            timeout: self.timeout.or(settings.timeout.map(Duration::from_secs)),
        })
    }
}
