//! Folders of packages, as FHIR tools share them.

use std::env;
use std::path::{Path, PathBuf};

use crate::range::compare;
use crate::wanted::Wanted;

/// Variable with folders of packages, separated as in `PATH`, that are searched before the usual ones.
const VARIABLE: &str = "ERS_FHIR_PACKAGES";

/// Folders that hold packages, each in a folder of its own: `hl7.fhir.uv.ips#2.0.0/package/package.json`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shelves {
    folders: Vec<PathBuf>,
}

/// A package that is at hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its name.
    pub name: Box<str>,
    /// Its version, as the folder has it.
    pub version: Box<str>,
    /// The folder.
    pub folder: PathBuf,
}

impl Shelves {
    /// These folders, the first before the others. They need not exist.
    pub fn new(folders: impl IntoIterator<Item = impl Into<PathBuf>>) -> Self {
        Self { folders: folders.into_iter().map(Into::into).collect() }
    }

    /// The folders of `ERS_FHIR_PACKAGES`, and the one that the tools of a user share, `~/.fhir/packages`.
    pub fn usual() -> Self {
        // What is not said is not taken apart: in a browser that would not be possible.
        let said = env::var_os(VARIABLE);
        let mut folders: Vec<PathBuf> = said.iter().flat_map(env::split_paths).collect();
        folders.retain(|path| !path.as_os_str().is_empty());
        folders.extend(env::home_dir().map(|home| home.join(".fhir").join("packages")));
        Self { folders }
    }

    /// Folders to be searched before these.
    #[must_use]
    pub fn after(mut self, folders: impl IntoIterator<Item = impl Into<PathBuf>>) -> Self {
        self.folders.splice(0..0, folders.into_iter().map(Into::into));
        self
    }

    /// The folders, in the order in which they are searched.
    pub fn folders(&self) -> &[PathBuf] {
        &self.folders
    }

    /// The package that is meant: of the first folder that has one of the versions, the version that is preferred.
    pub fn find(&self, wanted: &Wanted) -> Option<Found> {
        self.folders.iter().find_map(|folder| {
            let all = on(folder, Some(&wanted.name));
            let version = wanted.range.choose(all.iter().map(|found| &*found.version))?;
            all.iter().find(|found| *found.version == *version).cloned()
        })
    }

    /// Every version of a package that is at hand, the lowest first.
    pub fn versions(&self, name: &str) -> Vec<Found> {
        let mut all: Vec<Found> = self.folders.iter().flat_map(|folder| on(folder, Some(name))).collect();
        all.sort_by(|a, b| compare(&a.version, &b.version));
        all.dedup_by(|a, b| a.version == b.version);
        all
    }

    /// Every package that is at hand, by name and version; of two with one name and version, that of the first folder.
    pub fn list(&self) -> Vec<Found> {
        let mut all: Vec<Found> = self.folders.iter().flat_map(|folder| on(folder, None)).collect();
        all.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| compare(&a.version, &b.version)));
        all.dedup_by(|a, b| (&a.name, &a.version) == (&b.name, &b.version));
        all
    }
}

/// The packages of a folder, of one name where it is given. A folder that is not there, or cannot be read, has none.
fn on(folder: &Path, name: Option<&str>) -> Vec<Found> {
    let Ok(entries) = folder.read_dir() else { return Vec::new() };
    let mut all: Vec<Found> = entries
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let file = entry.file_name().into_string().ok()?;
            let (of, version) = file.split_once('#')?;
            let is_meant = name.is_none_or(|name| name.eq_ignore_ascii_case(of));
            // What is being put there, or was left behind, has no manifest yet.
            (is_meant && is_package(&entry.path())).then(|| Found {
                name: of.into(),
                version: version.into(),
                folder: entry.path(),
            })
        })
        .collect();
    all.sort_by(|a, b| a.folder.cmp(&b.folder));
    all
}

/// Whether a folder holds an unpacked package.
fn is_package(folder: &Path) -> bool {
    folder.join("package").join("package.json").is_file()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn put(shelf: &Path, package: &str) {
        let folder = shelf.join(package).join("package");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("package.json"), "{}").unwrap();
    }

    #[test]
    fn the_first_folder_that_has_it() {
        let temp = tempfile::tempdir().unwrap();
        let [own, shared] = ["own", "shared"].map(|name| temp.path().join(name));
        for package in ["a.b#1.0.0", "a.b#1.0.1", "a.c#2.0.0"] {
            put(&shared, package);
        }
        put(&own, "a.b#1.0.0");
        fs::create_dir_all(shared.join("a.b#1.0.9")).unwrap();
        fs::write(shared.join("a.b#1.0.8"), "a file").unwrap();
        let shelves = Shelves::new([&shared]).after([&own, &temp.path().join("absent")]);
        let find = |text: &str| shelves.find(&text.parse().unwrap()).map(|found| found.folder);
        assert_eq!(find("a.b#1.0.0"), Some(own.join("a.b#1.0.0")));
        assert_eq!(find("a.b#1.0.1"), Some(shared.join("a.b#1.0.1")));
        assert_eq!(find("a.c"), Some(shared.join("a.c#2.0.0")));
        assert_eq!(find("a.b#1.0.9"), None, "a folder without a manifest is not there yet");
        assert_eq!(find("a.b#1.0.8"), None);
        let listed: Vec<String> =
            shelves.list().iter().map(|found| format!("{}#{}", found.name, found.version)).collect();
        assert_eq!(listed, ["a.b#1.0.0", "a.b#1.0.1", "a.c#2.0.0"]);
        assert_eq!(shelves.versions("a.b").len(), 2);
    }
}
