//! The open files, and the projects that they are in.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ers_fhir_lint::settings::{FILE_NAME, SettingsError};
use ers_fhir_profiles::FhirVersion;
use ers_fhir_report::Diagnostic;
use lsp_types::{DiagnosticSeverity, Uri};

use crate::check;
use crate::project::{Project, Setting, settings_file};
use crate::text::{Encoding, Text};
use crate::uri;

/// An open file.
#[derive(Debug)]
pub(crate) struct File {
    /// What the editor calls it.
    pub(crate) uri: Uri,
    /// Where it is, if it is anywhere.
    pub(crate) path: Option<PathBuf>,
    /// What is in it.
    pub(crate) text: Text,
    /// Its version as the editor counts them.
    pub(crate) version: i32,
    /// What was found in it last, where the text is still the one that was checked.
    pub(crate) findings: Vec<Diagnostic>,
    /// The release that it was checked as last.
    pub(crate) release: Option<FhirVersion>,
    /// Whether it changed since it was checked.
    pub(crate) is_stale: bool,
    /// How long the last check took.
    pub(crate) cost: Duration,
}

/// What is wrong with settings.
#[derive(Debug)]
pub(crate) struct Problem {
    /// Their file.
    pub(crate) path: PathBuf,
    /// Line and column, from 1, where they are known.
    pub(crate) place: Option<(usize, usize)>,
    /// What is wrong.
    pub(crate) message: String,
    /// An error must be put right; else something cannot be said of payloads.
    pub(crate) severity: DiagnosticSeverity,
}

/// All that the server knows.
#[derive(Debug, Default)]
pub(crate) struct State {
    /// How places are counted.
    pub(crate) encoding: Encoding,
    /// Whether the editor can put the caret inside what it writes.
    pub(crate) has_snippets: bool,
    files: BTreeMap<String, File>,
    /// Projects by the settings that they have.
    projects: BTreeMap<Option<PathBuf>, Arc<Project>>,
    /// What is wrong with settings, until it is told.
    problems: Vec<Problem>,
}

impl State {
    /// The editor opened a file.
    pub(crate) fn open(&mut self, uri: Uri, version: i32, content: String) {
        let path = uri::path(&uri);
        let key = uri.as_str().to_owned();
        let text = Text::new(content, self.encoding);
        let (findings, cost) = (Vec::new(), Duration::ZERO);
        self.files
            .insert(key, File { uri, path, text, version, findings, release: None, is_stale: true, cost });
    }

    /// The editor closed a file.
    pub(crate) fn close(&mut self, uri: &Uri) {
        self.files.remove(uri.as_str());
    }

    /// An open file.
    pub(crate) fn file(&self, uri: &Uri) -> Option<&File> {
        self.files.get(uri.as_str())
    }

    /// An open file, to be changed.
    pub(crate) fn file_mut(&mut self, uri: &Uri) -> Option<&mut File> {
        self.files.get_mut(uri.as_str())
    }

    /// A file that changed since it was checked, the quickest first.
    pub(crate) fn stale(&self) -> Option<&File> {
        self.files.values().filter(|file| file.is_stale).min_by_key(|file| file.cost)
    }

    /// Settings, packages or a baseline changed: all is read and checked anew.
    pub(crate) fn forget_projects(&mut self) {
        self.projects.clear();
        for file in self.files.values_mut() {
            file.is_stale = true;
        }
    }

    /// The project of a path.
    pub(crate) fn project(&mut self, path: Option<&Path>) -> Arc<Project> {
        let folder = path.and_then(Path::parent);
        let settings = folder.and_then(settings_file);
        if let Some(project) = self.projects.get(&settings) {
            return Arc::clone(project);
        }
        let project = match folder.filter(|_| settings.is_some()).map(Project::of) {
            None => Project::plain(),
            Some(Ok(project)) => project,
            Some(Err(error)) => {
                let place = match &error {
                    SettingsError::Malformed { line, column, .. } => Some((*line, *column)),
                    _ => None,
                };
                if let Some(path) = &settings {
                    let (path, message) = (path.clone(), error.to_string());
                    self.problems.push(Problem { path, place, message, severity: DiagnosticSeverity::ERROR });
                }
                Project::plain()
            }
        };
        if let Some(path) = &settings {
            let errors = project.problems.iter().map(|message| (message, DiagnosticSeverity::ERROR));
            let warnings = project.missing.iter().map(|message| (message, DiagnosticSeverity::WARNING));
            self.problems.extend(errors.chain(warnings).map(|(message, severity)| Problem {
                path: path.clone(),
                place: None,
                message: message.clone(),
                severity,
            }));
        }
        let project = Arc::new(project);
        self.projects.insert(settings, Arc::clone(&project));
        project
    }

    /// What is wrong with settings, each time once.
    pub(crate) fn take_problems(&mut self) -> Vec<Problem> {
        std::mem::take(&mut self.problems)
    }

    /// Checks a file that is open.
    pub(crate) fn check(&mut self, uri: &Uri) {
        let Some(path) = self.file(uri).map(|file| file.path.clone()) else { return };
        let project = self.project(path.as_deref());
        let Some(file) = self.file_mut(uri) else { return };
        let began = Instant::now();
        let checked = if is_settings(path.as_deref()) {
            check::Checked::default()
        } else {
            check::check(&project, path.as_deref(), file.text.content())
        };
        file.findings = checked.findings;
        file.release = checked.version.or(file.release);
        file.is_stale = false;
        file.cost = began.elapsed();
    }

    /// What is known of an open file by its path, and the definitions for its release.
    pub(crate) fn known(&mut self, uri: &Uri) -> Option<(Arc<Project>, Setting, FhirVersion)> {
        let file = self.file(uri)?;
        let (path, release) = (file.path.clone(), file.release);
        let project = self.project(path.as_deref());
        let setting = path.map(|path| project.setting(&path)).unwrap_or_default();
        let release = setting.told.or(release).unwrap_or(FhirVersion::R4);
        Some((project, setting, release))
    }
}

/// Whether a file holds settings.
pub(crate) fn is_settings(path: Option<&Path>) -> bool {
    path.and_then(Path::file_name).is_some_and(|name| name == FILE_NAME)
}
