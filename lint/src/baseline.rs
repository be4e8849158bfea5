//! Known findings: a repository with many findings passes at once, and fails only on new ones.
//!
//! A finding is identified by its file, its rule and its element, regardless of line numbers and values. In a file
//! with one payload per line it is also identified by the payload: by its type and id, or else by its whole content.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use ers_fhir_report::{Diagnostic, Report, mask};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::Replacement;

/// The version of the format that is written.
const FORMAT_VERSION: u32 = 2;

/// The known findings, and which of them occurred.
#[derive(Debug)]
pub struct Baseline {
    /// Names of files are relative to this folder.
    folder: PathBuf,
    known: BTreeMap<Key, usize>,
    met: Mutex<Met>,
}

/// The findings of this run.
#[derive(Debug, Default)]
struct Met {
    files: BTreeSet<String>,
    findings: BTreeMap<Key, usize>,
}

/// The identity of a finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    file: String,
    rule: String,
    /// The identity of the payload in the file.
    payload: Option<String>,
    /// FHIRPath of the element, or a digest of it if it contains names that are not in the
    /// specification.
    location: String,
    invariant: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct File {
    format_version: u32,
    findings: Vec<Entry>,
}

/// A key, and how often it occurs in the baseline.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    file: String,
    rule: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    payload: Option<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    location: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    invariant: Option<String>,
    count: usize,
}

/// Why a baseline cannot be used.
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
    /// It is not a baseline.
    #[error("{} is not a baseline: {reason}; --write-baseline makes one", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// It was made by another version of the tool.
    #[error("{} has format version {found}, not {FORMAT_VERSION}: {}", path.display(), fixed(*found))]
    Other {
        /// The file.
        path: PathBuf,
        /// The version of its format.
        found: u32,
    },
}

/// What to do about a baseline in another format.
fn fixed(found: u32) -> &'static str {
    if found > FORMAT_VERSION {
        "use a later version of it"
    } else {
        "write the file again with \
         --write-baseline"
    }
}

impl Baseline {
    /// An empty baseline, for a file to be written at a path.
    pub fn at(path: &Path) -> Self {
        let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        Self { folder, known: BTreeMap::new(), met: Mutex::default() }
    }

    /// Reads one.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, or is not a baseline.
    pub fn read(path: &Path) -> Result<Self, BaselineError> {
        let bytes = std::fs::read(path)
            .map_err(|source| BaselineError::Unreadable { path: path.to_owned(), source })?;
        let malformed = |reason| BaselineError::Malformed { path: path.to_owned(), reason };
        let broken = |what: &str, error: &serde_json::Error| {
            malformed(format!("{what} (line {}, column {})", error.line(), error.column()))
        };
        let value: Value =
            serde_json::from_slice(&bytes).map_err(|error| broken("it is not JSON", &error))?;
        let Some(found) = value.get("formatVersion").and_then(Value::as_u64) else {
            return Err(malformed("it has no formatVersion".to_owned()));
        };
        if found != u64::from(FORMAT_VERSION) {
            let found = u32::try_from(found).unwrap_or(u32::MAX);
            return Err(BaselineError::Other { path: path.to_owned(), found });
        }
        let file: File = serde_json::from_slice(&bytes)
            .map_err(|error| broken("it does not have the members of a baseline", &error))?;
        let mut baseline = Self::at(path);
        for Entry { file, rule, payload, location, invariant, count } in file.findings {
            *baseline.known.entry(Key { file, rule, payload, location, invariant }).or_default() += count;
        }
        Ok(baseline)
    }

    /// Removes the known findings from the report on a file, and returns how many there were. A file may be given
    /// payload by payload, in order; then [`payload`] identifies each.
    pub fn apply(&self, file: &str, payload: Option<&str>, report: &mut Report) -> usize {
        let file = self.name(file);
        let mut met = self.met.lock().unwrap_or_else(PoisonError::into_inner);
        let mut known_here = 0;
        report.retain(|diagnostic| {
            let key = key(&file, payload, diagnostic);
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
    pub fn learn(&self, file: &str, payload: Option<&str>, report: &Report) {
        let file = self.name(file);
        let mut met = self.met.lock().unwrap_or_else(PoisonError::into_inner);
        for diagnostic in report.all() {
            *met.findings.entry(key(&file, payload, diagnostic)).or_default() += 1;
        }
        met.files.insert(file);
    }

    /// How many known findings of the checked files no longer occur.
    pub fn gone(&self) -> usize {
        let met = self.met.lock().unwrap_or_else(PoisonError::into_inner);
        let known = self.known.iter().filter(|(key, _)| met.files.contains(&key.file));
        known
            .map(|(key, count)| count.saturating_sub(met.findings.get(key).copied().unwrap_or_default()))
            .sum()
    }

    /// Writes all findings, and returns how many there were. An existing file is replaced in one
    /// step.
    ///
    /// # Errors
    ///
    /// If the file cannot be written; an existing file stays as it was.
    pub fn write(&self, path: &Path) -> Result<usize, BaselineError> {
        let unwritable = |source| BaselineError::Unwritable { path: path.to_owned(), source };
        let met = self.met.lock().unwrap_or_else(PoisonError::into_inner);
        let findings = met.findings.iter();
        let findings = findings.map(|(key, count)| {
            let Key { file, rule, payload, location, invariant } = key.clone();
            Entry { file, rule, payload, location, invariant, count: *count }
        });
        let findings = findings.collect();
        let file = File { format_version: FORMAT_VERSION, findings };
        let mut made = Replacement::at(path).map_err(unwritable)?;
        serde_json::to_writer_pretty(&mut made, &file).map_err(|error| unwritable(error.into()))?;
        made.write_all(b"\n").map_err(unwritable)?;
        made.keep().map_err(unwritable)?;
        Ok(met.findings.values().sum())
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

fn key(file: &str, payload: Option<&str>, diagnostic: &Diagnostic) -> Key {
    let mut location = mask::location(&diagnostic.location);
    if location != diagnostic.location {
        // Masked names still differ from each other.
        location = format!("{location} {}", digest(&diagnostic.location));
    }
    Key {
        file: file.to_owned(),
        rule: diagnostic.rule.code.to_owned(),
        payload: payload.map(str::to_owned),
        location,
        invariant: diagnostic.key.clone(),
    }
}

/// The identity of a payload in its file: a digest of its type and id, or else of its whole content, regardless of
/// layout.
pub fn payload(text: &str) -> String {
    let Ok(mut value) = serde_json::from_str::<Value>(text) else { return digest(text.trim()) };
    let said = |name: &str| value.get(name).and_then(Value::as_str);
    if let (Some(kind), Some(id)) = (said("resourceType"), said("id")) {
        return digest(&format!("{kind}/{id}"));
    }
    value.sort_all_objects();
    digest(&value.to_string())
}

/// Sixteen hexadecimal digits.
fn digest(text: &str) -> String {
    let hash = Sha256::digest(text.as_bytes());
    format!("{:016x}", hash[..8].iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::payload;

    #[test]
    fn a_payload_is_known_by_its_id_or_else_by_what_it_says() {
        let known = payload(r#"{"resourceType":"Patient","id":"a","active":true}"#);
        assert_eq!(known, payload(r#"{"id":"a","resourceType":"Patient"}"#));
        assert_ne!(known, payload(r#"{"id":"b","resourceType":"Patient"}"#));
        let unnamed = payload(r#"{"resourceType":"Patient","active":true}"#);
        assert_eq!(unnamed, payload(r#"{ "active": true, "resourceType": "Patient" }"#));
        assert_ne!(unnamed, payload(r#"{ "active": false, "resourceType": "Patient" }"#));
        assert_ne!(payload("{ broken"), payload("{ broken too"));
    }
}
