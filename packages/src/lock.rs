//! `fhir.lock`: which packages a project uses, from where, and with which content.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::store::{Sha, replace};
use crate::wanted::Wanted;

/// The name of the file.
pub const LOCK_FILE: &str = "fhir.lock";
/// The version of the file format.
const FORM: u32 = 1;
/// The largest file that is read.
const MAX_BYTES: u64 = 8 << 20;
/// What the file begins with.
const HEAD: &str = "\
# Which FHIR packages are used, from where, and with which content. `ers-fhir package` writes it: commit it.
# By hand: [overrides] puts versions in the place of those that packages ask for, [canonicals] says which package
# answers a canonical that several define.

";

/// The content of `fhir.lock`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lock {
    /// Versions that replace those that packages ask for, by name in lower case.
    pub overrides: BTreeMap<String, String>,
    /// The name of the package that answers a canonical defined by several.
    pub canonicals: BTreeMap<String, String>,
    /// The packages, by name and version.
    pub packages: Vec<Locked>,
}

/// A package that is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Locked {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Where it is from: the address of a registry or of a folder.
    pub registry: String,
    /// What it must hold.
    pub hash: Hash,
    /// Its dependencies, by name and version as used; those that were not available are left out.
    pub dependencies: Vec<String>,
}

/// What a package must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hash {
    /// The SHA-256 of its archive.
    Archive(Sha),
    /// The SHA-256 of its definitions, if it came from a folder and there is no archive.
    Content(Sha),
}

/// Why a lock file cannot be used.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum LockError {
    /// It cannot be read or written.
    #[error("cannot {what} {}: {source}", .path.display())]
    Io {
        /// `read` or `write`.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: Arc<io::Error>,
    },
    /// Its content is not valid.
    #[error("{}: {reason}; fix it, or remove it and run `ers-fhir package restore`", .path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    overrides: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    canonicals: BTreeMap<String, String>,
    #[serde(default, rename = "package", skip_serializing_if = "Vec::is_empty")]
    packages: Vec<Row>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    version: String,
    registry: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
    #[serde(default, rename = "content-sha256", skip_serializing_if = "Option::is_none")]
    content: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    dependencies: Vec<String>,
}

impl Lock {
    /// The file that applies to a folder: the one in it, or in the nearest folder above that has one.
    pub fn find(folder: &Path) -> Option<PathBuf> {
        let folder = folder.canonicalize().ok()?;
        folder.ancestors().map(|folder| folder.join(LOCK_FILE)).find(|file| file.is_file())
    }

    /// Reads a lock file.
    pub fn read(path: &Path) -> Result<Self, LockError> {
        let io = |source| LockError::Io { what: "read", path: path.to_owned(), source: Arc::new(source) };
        let content = |reason: String| LockError::Content { path: path.to_owned(), reason };
        if path.metadata().map_err(io)?.len() > MAX_BYTES {
            return Err(content("it is too large for a lock file".to_owned()));
        }
        let text = fs::read_to_string(path).map_err(io)?;
        Self::parse(&text).map_err(content)
    }

    fn parse(text: &str) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|error| error.to_string().trim_end().to_owned())?;
        if file.version != FORM {
            return Err(format!(
                "it has version {}, and this ers-fhir reads {FORM}: use the ers-fhir that wrote it",
                file.version
            ));
        }
        let known = |name: &str, version: &str| Wanted::new(name, version).map_err(|error| error.to_string());
        for (name, version) in &file.overrides {
            known(name, version)?;
        }
        let packages = file.packages.into_iter().map(|row| {
            known(&row.name, &row.version)?;
            let sha =
                |text: &str| text.parse::<Sha>().map_err(|error| format!("package {}: {error}", row.name));
            let hash = match (&row.sha256, &row.content) {
                (Some(text), None) => Hash::Archive(sha(text)?),
                (None, Some(text)) => Hash::Content(sha(text)?),
                _ => return Err(format!("package {} must have one of sha256 and content-sha256", row.name)),
            };
            let Row { name, version, registry, dependencies, .. } = row;
            Ok(Locked { name, version, registry, hash, dependencies })
        });
        Ok(Self {
            overrides: file
                .overrides
                .into_iter()
                .map(|(name, version)| (name.to_ascii_lowercase(), version))
                .collect(),
            canonicals: file.canonicals,
            packages: packages.collect::<Result<_, String>>()?,
        })
    }

    /// The text of the file.
    pub fn text(&self) -> String {
        let mut packages: Vec<&Locked> = self.packages.iter().collect();
        packages.sort_by(|a, b| (&a.name, &a.version).cmp(&(&b.name, &b.version)));
        let row = |package: &Locked| {
            let (sha256, content) = match package.hash {
                Hash::Archive(sha) => (Some(sha.to_string()), None),
                Hash::Content(sha) => (None, Some(sha.to_string())),
            };
            Row {
                name: package.name.clone(),
                version: package.version.clone(),
                registry: package.registry.clone(),
                sha256,
                content,
                dependencies: package.dependencies.clone(),
            }
        };
        let file = File {
            version: FORM,
            overrides: self.overrides.clone(),
            canonicals: self.canonicals.clone(),
            packages: packages.into_iter().map(row).collect(),
        };
        format!("{HEAD}{}", toml::to_string(&file).unwrap_or_default())
    }

    /// Writes the file, as a whole or not at all; whether that changed it.
    pub fn write(&self, path: &Path) -> Result<bool, LockError> {
        let text = self.text();
        if fs::read_to_string(path).is_ok_and(|there| there == text) {
            return Ok(false);
        }
        let io = |source| LockError::Io { what: "write", path: path.to_owned(), source: Arc::new(source) };
        replace(path, text.as_bytes()).map_err(io)?;
        Ok(true)
    }

    /// The wanted package, with its version replaced where there is an override.
    pub fn overridden(&self, wanted: Wanted) -> Wanted {
        match self.overrides.get(&wanted.name.to_ascii_lowercase()) {
            Some(version) => Wanted::new(&wanted.name, version).unwrap_or(wanted),
            None => wanted,
        }
    }

    /// Keeps only these packages and their dependencies.
    #[must_use]
    pub fn kept(mut self, roots: &[Wanted]) -> Self {
        let title = |locked: &Locked| format!("{}#{}", locked.name, locked.version);
        let mut kept: Vec<String> = Vec::new();
        let roots = roots.iter().map(|root| self.overridden(root.clone()));
        let mut todo: Vec<String> = roots.filter_map(|root| self.find_package(&root).map(title)).collect();
        while let Some(one) = todo.pop() {
            if !kept.contains(&one) {
                let found = self.packages.iter().find(|locked| title(locked) == one);
                todo.extend(found.into_iter().flat_map(|locked| locked.dependencies.iter().cloned()));
                kept.push(one);
            }
        }
        self.packages.retain(|locked| kept.contains(&title(locked)));
        let names: Vec<&String> = self.packages.iter().map(|locked| &locked.name).collect();
        self.canonicals.retain(|_, name| names.contains(&&*name));
        self
    }

    /// The package that is used for a wanted one.
    pub fn find_package(&self, wanted: &Wanted) -> Option<&Locked> {
        let named = || self.packages.iter().filter(|locked| locked.name.eq_ignore_ascii_case(&wanted.name));
        let version = wanted.range.choose(named().map(|locked| locked.version.as_str()))?;
        named().find(|locked| locked.version == version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let lock = Lock {
            overrides: [("hl7.terminology.r4".to_owned(), "7.0.1".to_owned())].into(),
            canonicals: [("http://example.org/x".to_owned(), "a.b".to_owned())].into(),
            packages: vec![Locked {
                name: "a.b".to_owned(),
                version: "1.0.0".to_owned(),
                registry: "https://packages.fhir.org".to_owned(),
                hash: Hash::Archive(Sha::of(b"x")),
                dependencies: vec!["a.c#1.0.0".to_owned()],
            }],
        };
        assert_eq!(Lock::parse(&lock.text()), Ok(lock.clone()));
        assert_eq!(Lock::parse(&Lock::default().text()), Ok(Lock::default()));
        let wanted = |text: &str| text.parse::<Wanted>().unwrap();
        assert_eq!(lock.overridden(wanted("hl7.terminology.r4#6.5.0")), wanted("hl7.terminology.r4#7.0.1"));
        assert!(
            lock.find_package(&wanted("a.b#1.0.x")).is_some()
                && lock.find_package(&wanted("a.b#2.0.0")).is_none()
        );
    }

    #[test]
    fn what_is_no_lock_file() {
        for (text, said) in [
            ("", "version"),
            ("version = 2", "this ers-fhir reads 1"),
            ("version = 1\nx = 2", "unknown field"),
            ("version = 1\n[overrides]\n\"../x\" = \"1\"", "not the name of a FHIR package"),
            (
                "version = 1\n[[package]]\nname=\"a.b\"\nversion=\"../..\"\nregistry=\"\"\nsha256=\"\"",
                "not the name",
            ),
            (
                "version = 1\n[[package]]\nname=\"a.b\"\nversion=\"1\"\nregistry=\"\"\nsha256=\"zz\"",
                "not a SHA-256",
            ),
        ] {
            let error = Lock::parse(text).unwrap_err();
            assert!(error.contains(said), "{text}: {error}");
        }
    }
}
