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
    /// Its URI in the editor.
    pub(crate) uri: Uri,
    /// Its path, if it has one.
    pub(crate) path: Option<PathBuf>,
    /// Its text.
    pub(crate) text: Text,
    /// Its version in the editor.
    pub(crate) version: i32,
    /// The findings of the last check, if the text has not changed since.
    pub(crate) findings: Vec<Diagnostic>,
    /// The release that it was checked as last.
    pub(crate) release: Option<FhirVersion>,
    /// Whether it changed since it was checked.
    pub(crate) is_stale: bool,
    /// How long the last check took.
    pub(crate) cost: Duration,
}

/// A fault in settings.
#[derive(Debug)]
pub(crate) struct Problem {
    /// Their file.
    pub(crate) path: PathBuf,
    /// Line and column, from 1, if they are known.
    pub(crate) place: Option<(usize, usize)>,
    /// The message.
    pub(crate) message: String,
    /// Whether it is an error, rather than a limitation of the checks.
    pub(crate) severity: DiagnosticSeverity,
}

/// The state of the server.
#[derive(Debug, Default)]
pub(crate) struct State {
    /// The position encoding.
    pub(crate) encoding: Encoding,
    /// Whether the editor supports snippets.
    pub(crate) has_snippets: bool,
    files: BTreeMap<String, File>,
    /// Projects by their settings files.
    projects: BTreeMap<Option<PathBuf>, Arc<Project>>,
    /// Faults in settings that are still to be reported.
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

    /// Settings, packages or a baseline changed: everything is read and checked again.
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

    /// Takes the unreported faults in settings.
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

    /// What is known about an open file by its path, and the definitions for its release.
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
