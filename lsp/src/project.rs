//! The project of a folder: its settings, and the definitions that they name.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use ers_fhir_ers::service::Body;
use ers_fhir_ers::{Context, Ers};
use ers_fhir_lint::settings::{InForce, SettingsError};
use ers_fhir_lint::{Baseline, missing_line, settings};
use ers_fhir_packages::{Needs, Shelves, Wanted, expanded, needs, open};
use ers_fhir_profiles::definition::ValueSet;
use ers_fhir_profiles::package::{Kind, Package};
use ers_fhir_profiles::terminology::Terminology;
use ers_fhir_profiles::terminology::compact::CompactFile;
use ers_fhir_profiles::{Definitions, FhirVersion};
use ers_fhir_validator::{Options, Validator};
use ers_fhir_values::Temporal;

/// The settings of a folder, and what is derived from them.
#[derive(Debug)]
pub(crate) struct Project {
    /// The settings, if there are any.
    pub(crate) in_force: Option<InForce>,
    /// Faults in them, such as names of things that cannot be used.
    pub(crate) problems: Vec<String>,
    /// Missing dependencies of their packages.
    pub(crate) missing: Vec<String>,
    baseline: Option<Baseline>,
    packages: Vec<Package>,
    /// Large code systems.
    codes: Vec<Arc<CompactFile>>,
    /// The package that a canonical is taken from, if several define it.
    answers: BTreeMap<String, String>,
    stu3: Release,
    r4: Release,
}

/// Data derived from the definitions of a release, on first use.
#[derive(Debug, Default)]
struct Release {
    validator: OnceLock<Validator>,
    hints: OnceLock<Hints>,
}

/// The definitions, for hints while a payload is written.
#[derive(Debug)]
pub(crate) struct Hints {
    /// All of them.
    pub(crate) definitions: Arc<Definitions>,
    /// Their codes.
    pub(crate) terminology: Terminology,
}

/// What is known about a payload by its path.
#[derive(Debug, Clone, Default)]
pub(crate) struct Setting {
    /// The call that it belongs to.
    pub(crate) call: Option<Context>,
    /// Its release.
    pub(crate) told: Option<FhirVersion>,
    /// Profiles that it must conform to.
    pub(crate) profiles: Vec<String>,
}

impl Setting {
    /// The profiles that its payload must conform to, those of the call first.
    pub(crate) fn all_profiles(&self) -> Vec<String> {
        let of_call = self.call.as_ref().map(Context::body);
        let of_call = match of_call {
            Some(Body::Resource(profiles)) => profiles,
            _ => &[],
        };
        of_call.iter().map(|profile| (*profile).to_owned()).chain(self.profiles.iter().cloned()).collect()
    }
}

impl Project {
    /// The project of a folder, by the settings in it or above it.
    ///
    /// # Errors
    ///
    /// If there are settings that cannot be read.
    pub(crate) fn of(folder: &Path) -> Result<Self, SettingsError> {
        Ok(Self::new(InForce::find(folder)?))
    }

    /// A project without settings.
    pub(crate) fn plain() -> Self {
        Self::new(None)
    }

    fn new(in_force: Option<InForce>) -> Self {
        let mut project = Self {
            in_force: None,
            problems: Vec::new(),
            missing: Vec::new(),
            baseline: None,
            packages: Vec::new(),
            codes: Vec::new(),
            answers: BTreeMap::new(),
            stu3: Release::default(),
            r4: Release::default(),
        };
        let Some(in_force) = in_force else { return project };
        let folder = in_force.path.parent().unwrap_or(Path::new("."));
        let shelves = Shelves::of(folder).unwrap_or_else(|error| {
            project.problems.push(error.to_string());
            Shelves::usual()
        });
        for path in &expanded(&in_force.settings.packages) {
            if path.extension().is_some_and(|extension| extension == "codes") {
                match CompactFile::open(&in_force.resolve(path)) {
                    Ok(file) => project.codes.push(Arc::new(file)),
                    Err(error) => project.problems.push(format!("packages: {error}")),
                }
                continue;
            }
            match package(path, &in_force, &shelves) {
                Ok(package) => project.packages.push(package),
                Err(error) => project.problems.push(format!("packages: {error}")),
            }
        }
        project.answers.clone_from(&shelves.lock().canonicals);
        // Their dependencies are below them.
        let Needs { packages: mut needed, unmet } = needs(&project.packages, &shelves);
        needed.append(&mut project.packages);
        project.packages = needed;
        project.missing.extend(unmet.iter().map(missing_line));
        if let Some(path) = &in_force.settings.baseline {
            match Baseline::read(&in_force.resolve(path)) {
                Ok(baseline) => project.baseline = Some(baseline),
                Err(error) => project.problems.push(format!("baseline: {error}")),
            }
        }
        for part in &in_force.settings.path {
            if let Err(error) = part.call() {
                project.problems.push(error);
            }
        }
        project.in_force = Some(in_force);
        project
    }

    fn release(&self, version: FhirVersion) -> &Release {
        match version {
            FhirVersion::Stu3 => &self.stu3,
            FhirVersion::R4 => &self.r4,
        }
    }

    /// The validator of a release.
    pub(crate) fn validator(&self, version: FhirVersion) -> &Validator {
        self.release(version).validator.get_or_init(|| Validator::new(self.definitions(version)))
    }

    /// The data about the definitions of a release.
    pub(crate) fn hints(&self, version: FhirVersion) -> &Hints {
        self.release(version).hints.get_or_init(|| {
            let definitions = Arc::new(self.definitions(version));
            Hints { terminology: Terminology::new(Arc::clone(&definitions)), definitions }
        })
    }

    fn definitions(&self, version: FhirVersion) -> Definitions {
        let mut definitions = ers_fhir_ers::definitions(version);
        for file in &self.codes {
            definitions.add_compact(Arc::clone(file));
        }
        for package in &self.packages {
            definitions.add(package.clone());
        }
        definitions.prefer(self.answers.clone());
        definitions
    }

    /// Whether a file is to be checked.
    pub(crate) fn includes(&self, file: &Path) -> bool {
        self.in_force.as_ref().is_none_or(|in_force| in_force.includes(file))
    }

    /// What is known about the payload at a path.
    pub(crate) fn setting(&self, file: &Path) -> Setting {
        let Some(in_force) = &self.in_force else { return Setting::default() };
        let part = in_force.of(file);
        let call = part.call().ok().flatten();
        let release = |text: &Option<String>| text.as_deref().and_then(|text| text.parse().ok());
        let told = release(&in_force.settings.fhir_version)
            .or(call.as_ref().map(|call| call.endpoint.release))
            .or(release(&part.fhir_version));
        let profiles = [in_force.settings.profiles.as_slice(), &part.profiles].concat();
        Setting { call, told, profiles }
    }

    /// The options for checking a payload as one of a release.
    pub(crate) fn options(&self, setting: &Setting, version: FhirVersion) -> Options {
        let settings = self.in_force.as_ref().map(|in_force| &in_force.settings);
        let is_strict = settings.and_then(|settings| settings.strict).unwrap_or_default();
        let ers = setting.call.clone().map_or_else(Ers::new, Ers::called).strict(is_strict);
        Options {
            profiles: setting.profiles.iter().filter_map(|named| self.profile(named, version)).collect(),
            allowed_extensions: settings
                .map(|settings| settings.allow_extensions.clone())
                .unwrap_or_default(),
            service: Some(ers.into()),
            ..Options::default()
        }
    }

    /// The canonical of a profile, given its canonical, the end of that, or its name.
    fn profile(&self, named: &str, version: FhirVersion) -> Option<String> {
        let definitions = self.validator(version).definitions();
        if named.contains(':') {
            return definitions.contains(Kind::Structure, named).then(|| named.to_owned());
        }
        let known = definitions.known(Kind::Structure);
        let is_meant = |url: &str, name: Option<&str>| {
            name == Some(named) || url.strip_suffix(named).is_some_and(|before| before.ends_with('/'))
        };
        known.iter().find(|known| is_meant(known.url, known.name)).map(|known| known.url.to_owned())
    }

    /// Sets the levels of findings by the settings, and leaves out accepted and known ones.
    pub(crate) fn weigh(&self, file: &Path, report: &mut ers_fhir_report::Report) {
        if let Some(in_force) = &self.in_force {
            let today = Temporal::now_utc().map(|now| now.date().to_string()).unwrap_or_default();
            in_force.apply(file, &today, report);
        }
        if let Some(baseline) = &self.baseline {
            baseline.apply(&file.to_string_lossy(), None, report);
        }
    }
}

impl Hints {
    /// The value set of a canonical.
    pub(crate) fn value_set(&self, canonical: &str) -> Option<Arc<ValueSet>> {
        self.definitions.value_set(canonical).ok().flatten()
    }
}

/// A package of the settings: by its path, or by name and version.
fn package(said: &Path, in_force: &InForce, shelves: &Shelves) -> Result<Package, String> {
    let path = in_force.resolve(said);
    let wanted = said.to_str().filter(|_| !path.exists()).and_then(|name| name.parse::<Wanted>().ok());
    let found = wanted.and_then(|wanted| shelves.find(&wanted)).map(|found| found.path);
    open(&found.unwrap_or(path)).map_err(|error| error.to_string())
}

/// The settings file of a folder, whether or not it can be read.
pub(crate) fn settings_file(folder: &Path) -> Option<PathBuf> {
    folder
        .ancestors()
        .map(|folder| folder.join(settings::FILE_NAME))
        .find(|path| path.symlink_metadata().is_ok())
}
