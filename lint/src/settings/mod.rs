//! The settings of a repository, `ers-fhir.toml`: what is checked, as what, and how findings weigh.

mod advisor;
mod call;
mod error;
mod file;
mod part;
mod place;
mod shape;
mod spot;
mod suppression;

use std::path::{Component, Path, PathBuf};

use ers_fhir_report::{Diagnostic, Report, Severity, Suppressed};

pub use error::SettingsError;
pub use file::{FailOn, Level, PathSettings, Settings, Suppression};

use part::Parts;
use place::Places;
use suppression::Suppressions;

/// What the file is called.
pub const FILE_NAME: &str = "ers-fhir.toml";

/// Settings that were read, ready to be asked about payloads.
#[derive(Debug)]
pub struct InForce {
    /// Where they are from.
    pub path: PathBuf,
    /// Their text.
    pub text: String,
    /// What of the advisor file has no counterpart here.
    pub not_advised: Vec<String>,
    /// What they say.
    pub settings: Settings,
    folder: PathBuf,
    included: Places,
    excluded: Places,
    paths: Parts,
    suppressions: Suppressions,
}

impl InForce {
    /// The settings in a folder or in the nearest one above it; `None` where there are none.
    ///
    /// # Errors
    ///
    /// Where there are some and they cannot be read.
    pub fn find(folder: &Path) -> Result<Option<Self>, SettingsError> {
        let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        let found = folder
            .ancestors()
            .map(|folder| folder.join(FILE_NAME))
            .find(|path| path.symlink_metadata().is_ok());
        found.map(|path| Self::read(&path)).transpose()
    }

    /// The settings of a file.
    ///
    /// # Errors
    ///
    /// Where the file cannot be read, is no TOML, has keys that settings do not have, or values that they
    /// cannot have.
    pub fn read(path: &Path) -> Result<Self, SettingsError> {
        let unreadable = |source| SettingsError::Unreadable { path: path.to_owned(), source };
        let text = std::fs::read_to_string(path).map_err(unreadable)?;
        let settings = file::parse(path, &text)?;
        let folder = path.canonicalize().map_err(unreadable)?;
        let folder = folder.parent().unwrap_or(Path::new("/")).to_owned();
        let places = |globs: &[String]| {
            Places::of(globs).map_err(|reason| SettingsError::Glob { path: path.to_owned(), reason })
        };
        let advice = settings.advisor.as_ref().map(|advisor| advisor::read(&folder.join(advisor)));
        let advisor::Advice { suppressions: advised, others } = advice.transpose()?.unwrap_or_default();
        Ok(Self {
            included: places(&settings.include)?,
            excluded: places(&settings.exclude)?,
            paths: Parts::of(path, &text, &settings.path)?,
            suppressions: Suppressions::of(path, &text, &settings.suppress)?.advised(advised),
            not_advised: others,
            path: path.to_owned(),
            text,
            settings,
            folder,
        })
    }

    /// The packages that the settings name: paths from here on, and names such as hl7.fhir.uv.ips#2.0.0 as they are.
    pub fn packages(&self) -> Vec<PathBuf> {
        let said = self.settings.packages.iter();
        said.map(|said| Some(self.resolve(said)).filter(|path| path.exists()).unwrap_or(said.clone()))
            .collect()
    }

    /// Where a key has a text or a key as its value, as `PATH:LINE:COLUMN`.
    pub fn place(&self, key: &str, said: impl Fn(&str) -> bool) -> Option<String> {
        let (line, column) = error::position(&self.text, spot::said(&self.text, key, &said)?);
        Some(format!("{}:{line}:{column}", self.path.display()))
    }

    /// A path in the settings, from where the run is.
    pub fn resolve(&self, path: &Path) -> PathBuf {
        let path: PathBuf =
            self.folder.join(path).components().filter(|part| *part != Component::CurDir).collect();
        let here = Path::new(".").canonicalize().ok();
        match here.and_then(|here| path.strip_prefix(here).map(Path::to_owned).ok()) {
            Some(below) if below.as_os_str().is_empty() => PathBuf::from("."),
            below => below.unwrap_or(path),
        }
    }

    /// The folder that paths in the settings start from.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether a file that was found in a folder is to be checked.
    pub fn includes(&self, file: &Path) -> bool {
        let name = self.name(file);
        (self.settings.include.is_empty() || self.included.hold(&name)) && !self.excluded.hold(&name)
    }

    /// What is said of the payloads of a path: all that fits, and where two disagree, the later one.
    pub fn of(&self, file: &Path) -> PathSettings {
        self.of_name(&self.name(file))
    }

    fn of_name(&self, name: &Path) -> PathSettings {
        self.paths.fitting(name).fold(PathSettings::default(), PathSettings::then)
    }

    /// Weighs the findings on a payload anew and takes out those that are suppressed, and why.
    ///
    /// That a payload could not be read is never left out: whoever does not want it checked excludes it.
    pub fn apply(&self, file: &Path, today: &str, report: &mut Report) -> Vec<Suppressed> {
        let name = self.name(file);
        let own = self.of_name(&name);
        self.paths.meet(&name);
        self.suppressions.meet(&name);
        let mut suppressed = Vec::new();
        report.retain(|finding| {
            if finding.severity == Severity::Fatal {
                return true;
            }
            if let Some(level) = self.level(&own, finding) {
                let Some(severity) = level.severity() else { return false };
                finding.severity = severity;
            }
            let by = self.suppressions.take(&name, today, finding);
            let accepted = by.map(|by| Suppressed { finding: finding.clone(), reason: by.reason.clone() });
            suppressed.extend(accepted);
            by.is_none()
        });
        suppressed
    }

    /// What is wrong with the suppressions and the parts of paths, once payloads were checked; whether those were all that
    /// there are.
    pub fn leftovers(&self, today: &str, is_whole: bool) -> Vec<Diagnostic> {
        let mut all = self.suppressions.leftovers(today, is_whole);
        if is_whole {
            all.extend(self.paths.leftovers());
        }
        all.sort_by_key(|found| found.span.start);
        all
    }

    /// The rules and invariants that levels and suppressions name.
    pub fn named(&self) -> impl Iterator<Item = &str> {
        self.levelled().chain(self.settings.suppress.iter().map(|entry| &*entry.rule))
    }

    /// The rules and invariants that have levels.
    pub fn levelled(&self) -> impl Iterator<Item = &str> {
        let of_paths = self.settings.path.iter().flat_map(|part| part.rules.keys());
        self.settings.rules.keys().chain(of_paths).map(String::as_str)
    }

    /// What the settings say, as TOML.
    pub fn written(&self) -> String {
        // All that the types hold can be written: no table is in front of a value.
        toml::to_string(&self.settings).unwrap_or_default()
    }

    /// The JSON Schema of the file, for editors.
    pub fn schema() -> serde_json::Value {
        file::schema()
    }

    /// The level that is set for a finding: by invariant before rule, by path before all.
    fn level(&self, own: &PathSettings, finding: &Diagnostic) -> Option<Level> {
        let of = |levels: &file::Levels| {
            let by_key = finding.key.as_deref().and_then(|key| levels.get(key));
            by_key.or_else(|| levels.get(finding.rule.code)).copied()
        };
        of(&own.rules).or_else(|| of(&self.settings.rules))
    }

    /// The name of a file as globs see it: from the folder of the settings, with slashes.
    fn name(&self, file: &Path) -> PathBuf {
        let path = crate::path::real(file);
        path.strip_prefix(&self.folder).map_or(path.clone(), Path::to_owned)
    }
}

#[cfg(test)]
mod tests;
