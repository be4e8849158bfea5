//! Findings that are known: a dirty repository passes on the first day, and fails on the next fault.
//!
//! A finding is known by its file, its rule and its element, however lines move and whatever the values are; items of a
//! list are not told apart, but counted. So inserting an item wakes nothing, and one more of the same kind is new.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use ers_fhir_report::{Diagnostic, Report, mask};
use serde::{Deserialize, Serialize};

use crate::Replacement;

/// The form that is written now.
const FORMAT_VERSION: u32 = 1;

/// What is known, and what of it was met.
#[derive(Debug)]
pub struct Baseline {
    /// Names of files are relative to this folder.
    folder: PathBuf,
    known: BTreeMap<Key, usize>,
    met: Mutex<Met>,
}

/// What was found.
#[derive(Debug, Default)]
struct Met {
    files: BTreeSet<String>,
    findings: BTreeMap<Key, usize>,
}

/// What tells a finding from others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    file: String,
    rule: String,
    /// FHIRPath of the element without indices and values.
    location: String,
    invariant: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct File {
    format_version: u32,
    findings: Vec<Entry>,
}

/// A key, and how often it is known.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    file: String,
    rule: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    location: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    invariant: Option<String>,
    count: usize,
}

/// Why there is no baseline.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// It cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It is no baseline.
    #[error("{} is not a baseline: {reason}; --write-baseline makes one", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A later version of the tool made it.
    #[error("{} has the form {found}, and this version reads {FORMAT_VERSION}: use a later one", path.display())]
    Later {
        /// The file.
        path: PathBuf,
        /// The form it has.
        found: u32,
    },
}

impl Baseline {
    /// One that knows nothing, for a file that will be at a path.
    pub fn at(path: &Path) -> Self {
        let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        Self { folder, known: BTreeMap::new(), met: Mutex::default() }
    }

    /// Reads one.
    ///
    /// # Errors
    ///
    /// Where the file cannot be read, or is no baseline.
    pub fn read(path: &Path) -> Result<Self, BaselineError> {
        let bytes = std::fs::read(path)
            .map_err(|source| BaselineError::Unreadable { path: path.to_owned(), source })?;
        let file: File = serde_json::from_slice(&bytes)
            .map_err(|error| BaselineError::Malformed { path: path.to_owned(), reason: error.to_string() })?;
        if file.format_version != FORMAT_VERSION {
            return Err(BaselineError::Later { path: path.to_owned(), found: file.format_version });
        }
        let mut baseline = Self::at(path);
        for Entry { file, rule, location, invariant, count } in file.findings {
            *baseline.known.entry(Key { file, rule, location, invariant }).or_default() += count;
        }
        Ok(baseline)
    }

    /// Takes what is known out of the report on a file; how much that was. A file may be given part by part, in order.
    pub fn apply(&self, file: &str, report: &mut Report) -> usize {
        let file = self.name(file);
        let mut met = self.met.lock().unwrap_or_else(PoisonError::into_inner);
        let mut known_here = 0;
        report.retain(|diagnostic| {
            let key = key(&file, diagnostic);
            let known = self.known.get(&key).copied().unwrap_or_default();
            let count = met.findings.entry(key).or_default();
            *count += 1;
            known_here += usize::from(*count <= known);
            *count > known
        });
        met.files.insert(file);
        known_here
    }

    /// Remembers the findings of a file, for [`write`](Self::write).
    pub fn learn(&self, file: &str, report: &Report) {
        let file = self.name(file);
        let mut met = self.met.lock().unwrap_or_else(PoisonError::into_inner);
        for diagnostic in report.all() {
            *met.findings.entry(key(&file, diagnostic)).or_default() += 1;
        }
        met.files.insert(file);
    }

    /// How many known findings of the files that were checked do not occur any more.
    pub fn gone(&self) -> usize {
        let met = self.met.lock().unwrap_or_else(PoisonError::into_inner);
        let known = self.known.iter().filter(|(key, _)| met.files.contains(&key.file));
        known
            .map(|(key, count)| count.saturating_sub(met.findings.get(key).copied().unwrap_or_default()))
            .sum()
    }

    /// Writes all that was found. What was at the path is replaced in one step.
    ///
    /// # Errors
    ///
    /// Where the file cannot be written; what was there before stays.
    pub fn write(&self, path: &Path) -> Result<(), BaselineError> {
        let unwritable = |source| BaselineError::Unwritable { path: path.to_owned(), source };
        let met = self.met.lock().unwrap_or_else(PoisonError::into_inner);
        let findings = met.findings.iter();
        let findings = findings.map(|(key, count)| {
            let Key { file, rule, location, invariant } = key.clone();
            Entry { file, rule, location, invariant, count: *count }
        });
        let findings = findings.collect();
        let file = File { format_version: FORMAT_VERSION, findings };
        let mut made = Replacement::at(path).map_err(unwritable)?;
        serde_json::to_writer_pretty(&mut made, &file).map_err(|error| unwritable(error.into()))?;
        made.write_all(b"\n").map_err(unwritable)?;
        made.keep().map_err(unwritable)
    }

    /// The name of a file, the same wherever the tool is started.
    fn name(&self, file: &str) -> String {
        if file.starts_with('<') {
            return file.to_owned();
        }
        let path = crate::path::real(Path::new(file));
        let path = path.strip_prefix(&self.folder).unwrap_or(&path);
        path.to_string_lossy().replace('\\', "/")
    }
}

fn key(file: &str, diagnostic: &Diagnostic) -> Key {
    Key {
        file: file.to_owned(),
        rule: diagnostic.rule.code.to_owned(),
        location: without_indices(&mask::location(&diagnostic.location)),
        invariant: diagnostic.key.clone(),
    }
}

/// `Patient.name[0].given[1]` as `Patient.name.given`.
pub(crate) fn without_indices(location: &str) -> String {
    let mut plain = String::with_capacity(location.len());
    let mut rest = location;
    while let Some((before, after)) = rest.split_once('[') {
        plain.push_str(before);
        rest = match after.split_once(']') {
            Some((index, behind)) if index.bytes().all(|byte| byte.is_ascii_digit()) => behind,
            _ => {
                plain.push('[');
                after
            }
        };
    }
    plain + rest
}

#[cfg(test)]
mod tests {
    use super::without_indices;

    #[test]
    fn indices_do_not_count() {
        for (location, plain) in [
            ("Patient.name[0].given[12]", "Patient.name.given"),
            ("Patient", "Patient"),
            ("Patient.`a[b]`[1]", "Patient.`a[b]`"),
            ("a[", "a["),
        ] {
            assert_eq!(without_indices(location), plain);
        }
    }
}
