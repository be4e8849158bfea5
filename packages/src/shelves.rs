//! Folders of packages, as FHIR tools share them.

use std::env;
use std::path::{Path, PathBuf};

use crate::lock::{Hash, Lock, LockError, Locked};
use crate::range::compare;
use crate::store::{Sha, Store};
use crate::wanted::Wanted;

/// The file extension of an archive.
const ARCHIVE: &str = ".tgz";
/// The variable with folders of packages, separated as in `PATH`, that are searched before the usual ones.
const VARIABLE: &str = "ERS_FHIR_PACKAGES";

/// Places that hold packages by name and version: folders in which each package has its own folder
/// (`hl7.fhir.uv.ips#2.0.0/package`) or archive (`hl7.fhir.uv.ips-2.0.0.tgz`), and the cache of this toolkit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shelves {
    all: Vec<Shelf>,
    lock: Lock,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Shelf {
    Folder(PathBuf),
    Store(Store),
}

/// A package that is available locally.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its name.
    pub name: Box<str>,
    /// Its version, as the folder has it.
    pub version: Box<str>,
    /// Its folder or archive.
    pub path: PathBuf,
    /// The hash and the origin of its archive, if it is in a cache.
    pub source: Option<(Sha, String)>,
}

impl Shelves {
    /// These folders, in order of precedence. They need not exist.
    pub fn new(folders: impl IntoIterator<Item = impl Into<PathBuf>>) -> Self {
        let all = folders.into_iter().map(|folder| Shelf::Folder(folder.into())).collect();
        Self { all, lock: Lock::default() }
    }

    /// The folders of `ERS_FHIR_PACKAGES`, the [cache](Store::usual) of this toolkit, and the folder that the tools of a
    /// user share, `~/.fhir/packages`.
    pub fn usual() -> Self {
        // Without the variable nothing is split: in a browser that would not be possible.
        let said = env::var_os(VARIABLE);
        let mut folders: Vec<PathBuf> = said.iter().flat_map(env::split_paths).collect();
        folders.retain(|path| !path.as_os_str().is_empty());
        let mut all: Vec<Shelf> = folders.into_iter().map(Shelf::Folder).collect();
        all.extend(Store::usual().map(Shelf::Store));
        all.extend(shared().map(Shelf::Folder));
        Self { all, lock: Lock::default() }
    }

    /// The [usual](Self::usual) ones, with the lock file of a folder or of the nearest one above that has one.
    pub fn of(folder: &Path) -> Result<Self, LockError> {
        let lock = Lock::find(folder).map(|path| Lock::read(&path)).transpose()?;
        Ok(Self::usual().locked(lock.unwrap_or_default()))
    }

    /// With folders that are searched before these.
    #[must_use]
    pub fn after(mut self, folders: impl IntoIterator<Item = impl Into<PathBuf>>) -> Self {
        self.all.splice(0..0, folders.into_iter().map(|folder| Shelf::Folder(folder.into())));
        self
    }

    /// With a cache that is searched before these.
    #[must_use]
    pub fn with_store(mut self, store: Store) -> Self {
        self.all.insert(0, Shelf::Store(store));
        self
    }

    /// With a lock file, which says which versions are meant.
    #[must_use]
    pub fn locked(mut self, lock: Lock) -> Self {
        self.lock = lock;
        self
    }

    /// The content of the lock file.
    pub fn lock(&self) -> &Lock {
        &self.lock
    }

    /// The folders, in the order in which they are searched.
    pub fn folders(&self) -> Vec<&Path> {
        self.all
            .iter()
            .map(|shelf| match shelf {
                Shelf::Folder(folder) => folder.as_path(),
                Shelf::Store(store) => store.root(),
            })
            .collect()
    }

    /// The package that is meant: the locked one, or else the preferred version in the first folder that has
    /// any acceptable one.
    pub fn find(&self, wanted: &Wanted) -> Option<Found> {
        let wanted = self.lock.overridden(wanted.clone());
        match self.lock.find_package(&wanted) {
            Some(locked) => self.find_locked(locked),
            None => self.find_any(&wanted),
        }
    }

    fn find_locked(&self, locked: &Locked) -> Option<Found> {
        let exact = Wanted::new(&locked.name, &locked.version).ok()?;
        let Hash::Archive(sha) = locked.hash else { return self.find_any(&exact) };
        let stored = self.all.iter().find_map(|shelf| match shelf {
            Shelf::Store(store) => store.archive(&sha),
            Shelf::Folder(_) => None,
        });
        match stored {
            Some(path) => Some(Found {
                name: locked.name.as_str().into(),
                version: locked.version.as_str().into(),
                path,
                source: Some((sha, locked.registry.clone())),
            }),
            None => self.find_any(&exact),
        }
    }

    /// The package that is meant, whatever is locked.
    pub(crate) fn find_any(&self, wanted: &Wanted) -> Option<Found> {
        self.all.iter().find_map(|shelf| {
            let all = on(shelf, Some(&wanted.name));
            let version = wanted.range.choose(all.iter().map(|found| &*found.version))?;
            all.iter().find(|found| *found.version == *version).cloned()
        })
    }

    /// Every available version of a package, the lowest first.
    pub fn versions(&self, name: &str) -> Vec<Found> {
        let mut all: Vec<Found> = self.all.iter().flat_map(|shelf| on(shelf, Some(name))).collect();
        all.sort_by(|a, b| compare(&a.version, &b.version));
        all.dedup_by(|a, b| a.version == b.version);
        all
    }

    /// Every available package, by name and version; of two with the same name and version, that of the first
    /// folder.
    pub fn list(&self) -> Vec<Found> {
        let mut all: Vec<Found> = self.all.iter().flat_map(|shelf| on(shelf, None)).collect();
        all.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| compare(&a.version, &b.version)));
        all.dedup_by(|a, b| (&a.name, &a.version) == (&b.name, &b.version));
        all
    }
}

/// The folder that the tools of a user share.
pub(crate) fn shared() -> Option<PathBuf> {
    env::home_dir().map(|home| home.join(".fhir").join("packages"))
}

/// The packages of a shelf, only those of one name if it is given. A shelf that does not exist or cannot be
/// read has none.
fn on(shelf: &Shelf, name: Option<&str>) -> Vec<Found> {
    let folder = match shelf {
        Shelf::Folder(folder) => folder,
        Shelf::Store(store) => {
            return store
                .list(name)
                .into_iter()
                .map(|stored| Found {
                    name: stored.name.into(),
                    version: stored.version.into(),
                    path: stored.archive,
                    source: Some((stored.sha, stored.registry)),
                })
                .collect();
        }
    };
    let Ok(entries) = folder.read_dir() else { return Vec::new() };
    let mut all: Vec<Found> = entries
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let file = entry.file_name().into_string().ok()?;
            let (of, version) = titled(&file, name)?;
            let path = entry.path();
            // A package that is still being written, or was left unfinished, has no manifest yet.
            let is_whole = if file.ends_with(ARCHIVE) { path.is_file() } else { is_package(&path) };
            is_whole.then(|| Found { name: of.into(), version: version.into(), path, source: None })
        })
        .collect();
    all.sort_by(|a, b| a.path.cmp(&b.path));
    all
}

/// Positions of the hyphens that may separate the name and version of an archive.
fn start_of_version(file: &str) -> Option<usize> {
    let is_start = |at: &usize| file[at + 1..].starts_with(|c: char| c.is_ascii_digit());
    file.find('#').or_else(|| file.match_indices('-').map(|(at, _)| at).find(is_start))
}

/// The name and version in the file name of a folder or archive, if it is a package of that name.
fn titled<'f>(file: &'f str, name: Option<&str>) -> Option<(&'f str, &'f str)> {
    let (of, version) = match file.strip_suffix(ARCHIVE) {
        None => file.split_once('#')?,
        // The name may have hyphens, and so may the version.
        Some(file) => {
            let at = match name {
                Some(name) => name.len(),
                None => start_of_version(file)?,
            };
            (file.get(..at)?, file.get(at..)?.strip_prefix(['-', '#'])?)
        }
    };
    name.is_none_or(|name| name.eq_ignore_ascii_case(of)).then_some((of, version))
}

/// Whether a folder holds an unpacked package.
pub(crate) fn is_package(folder: &Path) -> bool {
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
        let find = |text: &str| shelves.find(&text.parse().unwrap()).map(|found| found.path);
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
