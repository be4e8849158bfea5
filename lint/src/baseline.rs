//! Findings that are known: a dirty repository passes on the first day, and fails on the next fault.
//!
//! A finding is known by its file, its rule and its element, however lines move and whatever the values are. Of a file with
//! a payload a line it is known by the payload too: by its type and id, or else by all that it says.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use ers_fhir_report::{Diagnostic, Report, mask};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::Replacement;

/// The form that is written now.
const FORMAT_VERSION: u32 = 2;

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
    /// What tells a payload from others in the file.
    payload: Option<String>,
    /// FHIRPath of the element; where that has names of others than the specification's, a digest of it.
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    payload: Option<String>,
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
    /// Another version of the tool made it.
    #[error("{} has the form {found}, and this version reads {FORMAT_VERSION}: {}", path.display(), fixed(*found))]
    Other {
        /// The file.
        path: PathBuf,
        /// The form it has.
        found: u32,
    },
}

/// What to do about a baseline of another form.
fn fixed(found: u32) -> &'static str {
    if found > FORMAT_VERSION { "use a later one" } else { "write it anew with --write-baseline" }
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
        let malformed = |reason| BaselineError::Malformed { path: path.to_owned(), reason };
        let broken = |what: &str, error: &serde_json::Error| {
            malformed(format!("{what} (line {}, column {})", error.line(), error.column()))
        };
        let value: Value = serde_json::from_slice(&bytes).map_err(|error| broken("it is no JSON", &error))?;
        let Some(found) = value.get("formatVersion").and_then(Value::as_u64) else {
            return Err(malformed("it says no formatVersion".to_owned()));
        };
        if found != u64::from(FORMAT_VERSION) {
            let found = u32::try_from(found).unwrap_or(u32::MAX);
            return Err(BaselineError::Other { path: path.to_owned(), found });
        }
        let file: File = serde_json::from_slice(&bytes)
            .map_err(|error| broken("it has not the members that a baseline has", &error))?;
        let mut baseline = Self::at(path);
        for Entry { file, rule, payload, location, invariant, count } in file.findings {
            *baseline.known.entry(Key { file, rule, payload, location, invariant }).or_default() += count;
        }
        Ok(baseline)
    }

    /// Takes what is known out of the report on a file; how much that was. A file may be given payload by payload, in order:
    /// then [`payload`] says which.
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

    /// How many known findings of the files that were checked do not occur any more.
    pub fn gone(&self) -> usize {
        let met = self.met.lock().unwrap_or_else(PoisonError::into_inner);
        let known = self.known.iter().filter(|(key, _)| met.files.contains(&key.file));
        known
            .map(|(key, count)| count.saturating_sub(met.findings.get(key).copied().unwrap_or_default()))
            .sum()
    }

    /// Writes all that was found; how much that was. What was at the path is replaced in one step.
    ///
    /// # Errors
    ///
    /// Where the file cannot be written; what was there before stays.
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
        // A name that is hidden still differs from others.
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

/// What tells a payload from others in its file: a digest of its type and id, or else of all that it says, however that is
/// laid out.
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
