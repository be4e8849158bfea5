//! The settings of a repository, `ers-fhir.toml`: what to check, as what, and the levels of
//! findings.

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

/// The name of the file.
pub const FILE_NAME: &str = "ers-fhir.toml";

/// Settings that were read, ready to be applied to payloads.
#[derive(Debug)]
pub struct InForce {
    /// The file that they come from.
    pub path: PathBuf,
    /// Their text.
    pub text: String,
    /// Messages of the advisor file that have no counterpart here.
    pub not_advised: Vec<String>,
    /// The settings themselves.
    pub settings: Settings,
    folder: PathBuf,
    included: Places,
    excluded: Places,
    paths: Parts,
    suppressions: Suppressions,
}

impl InForce {
    /// The settings in a folder or in the nearest one above it; `None` if there are none.
    ///
    /// # Errors
    ///
    /// If there are some that cannot be read.
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
    /// If the file cannot be read, is not TOML, or has unknown keys or invalid values.
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

    /// The packages that the settings name: paths relative to the current folder, and names such as
    /// hl7.fhir.uv.ips#2.0.0 unchanged.
    pub fn packages(&self) -> Vec<PathBuf> {
        let said = self.settings.packages.iter();
        said.map(|said| Some(self.resolve(said)).filter(|path| path.exists()).unwrap_or(said.clone()))
            .collect()
    }

    /// The place where a key has a text or a key as its value, as `PATH:LINE:COLUMN`.
    pub fn place(&self, key: &str, said: impl Fn(&str) -> bool) -> Option<String> {
        let (line, column) = error::position(&self.text, spot::said(&self.text, key, &said)?);
        Some(format!("{}:{line}:{column}", self.path.display()))
    }

    /// A path in the settings, relative to the folder of the run.
    pub fn resolve(&self, path: &Path) -> PathBuf {
        let path: PathBuf =
            self.folder.join(path).components().filter(|part| *part != Component::CurDir).collect();
        let here = Path::new(".").canonicalize().ok();
        match here.and_then(|here| path.strip_prefix(here).map(Path::to_owned).ok()) {
            Some(below) if below.as_os_str().is_empty() => PathBuf::from("."),
            below => below.unwrap_or(path),
        }
    }

    /// The folder to which paths in the settings are relative.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether a file that was found in a folder is to be checked.
    pub fn includes(&self, file: &Path) -> bool {
        let name = self.name(file);
        (self.settings.include.is_empty() || self.included.hold(&name)) && !self.excluded.hold(&name)
    }

    /// The settings for the payloads of a path: all that match; if two disagree, the later one
    /// applies.
    pub fn of(&self, file: &Path) -> PathSettings {
        self.of_name(&self.name(file))
    }

    fn of_name(&self, name: &Path) -> PathSettings {
        self.paths.fitting(name).fold(PathSettings::default(), PathSettings::then)
    }

    /// Sets the levels of the findings on a payload, and takes out those that are suppressed, with the
    /// reason.
    ///
    /// The finding that a payload could not be read is never left out; exclude such a payload instead.
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

    /// The faults of suppressions and path settings, once payloads were checked; `all` is whether these were all
    /// payloads.
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
        // The types can always be written as TOML: no table precedes a value.
        toml::to_string(&self.settings).unwrap_or_default()
    }

    /// The JSON Schema of the file, for editors.
    pub fn schema() -> serde_json::Value {
        file::schema()
    }

    /// The level that is set for a finding: an invariant takes precedence over a rule, and a path
    /// over the rest.
    fn level(&self, own: &PathSettings, finding: &Diagnostic) -> Option<Level> {
        let of = |levels: &file::Levels| {
            let by_key = finding.key.as_deref().and_then(|key| levels.get(key));
            by_key.or_else(|| levels.get(finding.rule.code)).copied()
        };
        of(&own.rules).or_else(|| of(&self.settings.rules))
    }

    /// The name of a file for globs: relative to the folder of the settings, with slashes.
    fn name(&self, file: &Path) -> PathBuf {
        let path = crate::path::real(file);
        path.strip_prefix(&self.folder).map_or(path.clone(), Path::to_owned)
    }
}

#[cfg(test)]
mod tests;
