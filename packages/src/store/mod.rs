//! The cache of this toolkit: archives by their hash, so that no package can be replaced unnoticed.
//!
//! | in the folder | what |
//! | --- | --- |
//! | `packages/<sha256>/` | `package.tgz` as it was fetched, and the index of its definitions (`index`, `text`) |
//! | `names/<name>#<version>` | the hash, and the registry it is from |
//! | `claims/`, `unfinished/` | packages that a run is about to add; empty if no run is active |
//!
//! Packages are added atomically: each is made in `unfinished` and renamed.

mod claim;
mod digest;

use std::env;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ers_fhir_profiles::package::Package;

pub(crate) use claim::Claim;
use digest::Hashing;
pub(crate) use digest::goes_with;
pub use digest::{NoSha, Sha};

use crate::fault::Fault;
use crate::range::compare;
use crate::wanted::Wanted;

/// The variable with the folder of the cache.
const VARIABLE: &str = "ERS_FHIR_CACHE";
/// The archive in the folder of a package.
const ARCHIVE: &str = "package.tgz";

/// A cache of packages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Store {
    root: PathBuf,
}

/// A package in the cache.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The hash of its archive.
    pub sha: Sha,
    /// Where it is from.
    pub registry: String,
    /// Its archive.
    pub archive: PathBuf,
}

/// Why a package was not put into a cache.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The folder of the cache cannot be written.
    #[error(
        "cannot write to {}: {source}; free some space, allow writing there, or name another folder in {VARIABLE}",
        .folder.display()
    )]
    Io {
        /// The folder.
        folder: PathBuf,
        /// What the operating system says.
        source: Arc<io::Error>,
    },
    /// The registry did not deliver it.
    #[error("{registry} {fault}")]
    Fetch {
        /// The registry.
        registry: String,
        /// Why.
        fault: Fault,
    },
    /// It is not what it was when it was locked.
    #[error(
        "the archive from {registry} has SHA-256 {found}, but fhir.lock says {locked}: it was changed. If that is \
         intended, remove the package from fhir.lock and restore again"
    )]
    Changed {
        /// The registry.
        registry: String,
        /// The hash of the archive that was sent.
        found: Sha,
        /// The hash that was expected.
        locked: Sha,
    },
    /// It is not a FHIR package that can be read.
    #[error("{0}")]
    Unusable(String),
}

impl Store {
    /// The cache in a folder, which need not exist.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The cache of the user: the folder in `ERS_FHIR_CACHE`, or else `ers-fhir` in the system's cache
    /// folder; `None` if that is not known.
    pub fn usual() -> Option<Self> {
        let of = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let home = || env::home_dir().filter(|home| !home.as_os_str().is_empty());
        let usual = || {
            if let Some(folder) = of("XDG_CACHE_HOME").filter(|folder| folder.is_absolute()) {
                return Some(folder);
            }
            if cfg!(windows) {
                return of("LOCALAPPDATA");
            }
            let folder = if cfg!(target_os = "macos") { "Library/Caches" } else { ".cache" };
            home().map(|home| home.join(folder))
        };
        of(VARIABLE).or_else(|| usual().map(|folder| folder.join("ers-fhir"))).map(Self::new)
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The archive with that hash, if it is here.
    pub fn archive(&self, sha: &Sha) -> Option<PathBuf> {
        Some(self.folder(sha).join(ARCHIVE)).filter(|archive| archive.is_file())
    }

    /// The packages that are here, only those of one name if it is given, by name and version.
    pub fn list(&self, name: Option<&str>) -> Vec<Stored> {
        let Ok(entries) = self.root.join("names").read_dir() else { return Vec::new() };
        let mut all: Vec<Stored> = entries
            .filter_map(|entry| {
                let file = entry.ok()?.file_name().into_string().ok()?;
                let (of, version) = file.split_once('#')?;
                if name.is_some_and(|name| !name.eq_ignore_ascii_case(of)) {
                    return None;
                }
                self.named(of, version)
            })
            .collect();
        all.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| compare(&a.version, &b.version)));
        all
    }

    /// The package with that name and version, if it is here.
    pub fn named(&self, name: &str, version: &str) -> Option<Stored> {
        let text = fs::read_to_string(self.name_file(name, version)).ok()?;
        let (sha, registry) = text.trim_end().split_once(' ')?;
        let sha: Sha = sha.parse().ok()?;
        let archive = self.archive(&sha)?;
        Some(Stored {
            name: name.to_owned(),
            version: version.to_owned(),
            sha,
            registry: registry.to_owned(),
            archive,
        })
    }

    fn folder(&self, sha: &Sha) -> PathBuf {
        self.root.join("packages").join(sha.to_string())
    }

    fn name_file(&self, name: &str, version: &str) -> PathBuf {
        self.root.join("names").join(format!("{name}#{version}"))
    }

    /// Claims the right to put a package here; other runs wait.
    pub(crate) fn claim(&self, name: &str, version: &str) -> Result<Claim, StoreError> {
        let folder = self.root.join("claims");
        let claim = || {
            fs::create_dir_all(&folder)?;
            Claim::take(&folder.join(format!("{name}#{version}")))
        };
        claim().map_err(|error| self.io(error))
    }

    /// Puts a package here under a claim: `fill` writes its archive, which is refused if it is not as
    /// expected.
    pub(crate) fn put(
        &self,
        incoming: &Incoming<'_>,
        fill: impl FnOnce(&mut dyn Write) -> Result<(), Fault>,
    ) -> Result<Stored, StoreError> {
        let Incoming { name, version, registry, .. } = *incoming;
        self.sweep();
        let unfinished = self.root.join("unfinished").join(format!("{name}#{version}"));
        let _left_by_a_killed_run = fs::remove_dir_all(&unfinished);
        fs::create_dir_all(&unfinished).map_err(|error| self.io(error))?;
        let done = self.fill(incoming, &unfinished, fill);
        // If all went well, it is already gone.
        let _ = fs::remove_dir_all(&unfinished);
        let sha = done?;
        let line = format!("{sha} {registry}\n");
        let names = self.root.join("names");
        fs::create_dir_all(&names)
            .and_then(|()| replace(&self.name_file(name, version), line.as_bytes()))
            .map_err(|error| self.io(error))?;
        let missing = || self.io(io::Error::new(io::ErrorKind::NotFound, "it was removed in the meantime"));
        self.named(name, version).ok_or_else(missing)
    }

    fn fill(
        &self,
        incoming: &Incoming<'_>,
        unfinished: &Path,
        hand_over: impl FnOnce(&mut dyn Write) -> Result<(), Fault>,
    ) -> Result<Sha, StoreError> {
        let registry = || incoming.registry.to_owned();
        let path = unfinished.join(ARCHIVE);
        let file = File::create_new(&path).map_err(|error| self.io(error))?;
        let mut hashing = Hashing::new(BufWriter::new(file));
        hand_over(&mut hashing).map_err(|fault| match fault {
            Fault::Write(error) => StoreError::Io { folder: self.root.clone(), source: error },
            fault => StoreError::Fetch { registry: registry(), fault },
        })?;
        let (file, sha, sha512) = hashing.finish();
        let file = file.into_inner().map_err(|error| self.io(error.into_error()))?;
        // The data must be on disk before it is renamed, even if the machine stops now.
        file.sync_all().map_err(|error| self.io(error))?;
        drop(file);
        if let Some(locked) = incoming.locked.filter(|locked| *locked != sha) {
            return Err(StoreError::Changed { registry: registry(), found: sha, locked });
        }
        if incoming.sha512.is_some_and(|listed| !goes_with(listed, &sha512)) {
            return Err(StoreError::Fetch { registry: registry(), fault: Fault::Changed });
        }
        let package = usable(&path, incoming)?;
        write_index(&package, unfinished).map_err(|error| self.io(error))?;
        let target = self.folder(&sha);
        fs::create_dir_all(self.root.join("packages")).map_err(|error| self.io(error))?;
        if self.archive(&sha).is_some_and(|there| Sha::of_file(&there).is_ok_and(|there| there == sha)) {
            return Ok(sha);
        }
        // Only an incomplete package can be in the way.
        let _ = fs::remove_dir_all(&target);
        match fs::rename(unfinished, &target) {
            Ok(()) => Ok(sha),
            // The same archive under another name, by another run.
            Err(_) if self.archive(&sha).is_some() => Ok(sha),
            Err(error) => Err(self.io(error)),
        }
    }

    /// Removes what killed runs left behind.
    fn sweep(&self) {
        let Ok(entries) = self.root.join("unfinished").read_dir() else { return };
        for entry in entries.flatten() {
            let claim = self.root.join("claims").join(entry.file_name());
            if let Some(_claim) = Claim::attempt(&claim) {
                let _ = fs::remove_dir_all(entry.path());
            }
        }
    }

    fn io(&self, error: io::Error) -> StoreError {
        StoreError::Io { folder: self.root.clone(), source: Arc::new(error) }
    }
}

/// What is expected of a package that is put into a cache.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Incoming<'a> {
    pub(crate) name: &'a str,
    /// The version under which it is filed, which the manifest of a current build does not give.
    pub(crate) version: &'a str,
    pub(crate) registry: &'a str,
    /// The hash that it must have.
    pub(crate) locked: Option<Sha>,
    /// The hash that the registry lists.
    pub(crate) sha512: Option<&'a str>,
}

/// Reads the whole archive, so that one that cannot be used is refused before it is kept.
fn usable(path: &Path, incoming: &Incoming<'_>) -> Result<Package, StoreError> {
    let unusable =
        |why: String| StoreError::Unusable(format!("{} from {}: {why}", incoming.name, incoming.registry));
    let file = File::open(path).map_err(|error| unusable(error.to_string()))?;
    let mut start = [0; 2];
    let is_gzip = io::Read::read_exact(&mut &file, &mut start).is_ok() && start == [0x1f, 0x8b];
    if !is_gzip {
        return Err(unusable("the response is not a .tgz archive: is this a package registry?".to_owned()));
    }
    let package = Package::open(path).map_err(|error| unusable(error.to_string()))?;
    let Wanted { name, range } =
        Wanted::new(package.name(), package.manifest().version.as_deref().unwrap_or_default())
            .map_err(|_| unusable("its package.json does not name a package".to_owned()))?;
    let is_build = incoming.version.starts_with("current");
    if !name.eq_ignore_ascii_case(incoming.name) || !(is_build || range.to_string() == incoming.version) {
        return Err(unusable(format!(
            "the archive says that it is {name}#{range}, not #{}",
            incoming.version
        )));
    }
    Ok(package)
}

/// Writes the index of a package next to it.
fn write_index(package: &Package, folder: &Path) -> io::Result<()> {
    let Some(index) = package.to_index() else { return Ok(()) };
    fs::write(folder.join("text"), package.text())?;
    fs::write(folder.join("index"), index)
}

/// Opens a package of a store by its index, if it has a usable one.
pub(crate) fn open_indexed(archive: &Path) -> Option<Package> {
    let folder = archive.parent().filter(|_| archive.file_name() == Some(OsStr::new(ARCHIVE)))?;
    let index = fs::read(folder.join("index")).ok()?;
    Package::from_index(&index, &folder.join("text"))
}

/// Writes a small file atomically.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.{}", std::process::id()));
    let written = fs::write(&beside, bytes).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written
}
