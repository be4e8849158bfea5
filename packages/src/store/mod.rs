//! The cache of this toolkit: archives by their hash, so that a name can neither be taken twice nor changed unseen.
//!
//! | in the folder | what |
//! | --- | --- |
//! | `packages/<sha256>/` | `package.tgz` as it was fetched, and what finds its definitions (`index`, `text`) |
//! | `names/<name>#<version>` | the hash, and the registry it is from |
//! | `claims/`, `unfinished/` | what a run is about to put there; empty when none runs |
//!
//! A package is there as a whole or not at all: it is made in `unfinished` and renamed.

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

/// A package of the cache.
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
        "cannot write to {}: {source}; make room or give the right to write there, or name another folder by {VARIABLE}",
        .folder.display()
    )]
    Io {
        /// The folder.
        folder: PathBuf,
        /// What the operating system says.
        source: Arc<io::Error>,
    },
    /// It was not handed over.
    #[error("{registry} {fault}")]
    Fetch {
        /// The registry.
        registry: String,
        /// Why.
        fault: Fault,
    },
    /// It is not what it was when it was locked.
    #[error(
        "the archive from {registry} has SHA-256 {found}, and fhir.lock says {locked}: it was changed. Where that is \
         meant, take the package out of fhir.lock and restore again"
    )]
    Changed {
        /// The registry.
        registry: String,
        /// The hash of what came.
        found: Sha,
        /// The hash that was expected.
        locked: Sha,
    },
    /// It is no FHIR package that can be read.
    #[error("{0}")]
    Unusable(String),
}

impl Store {
    /// The cache in a folder, which need not exist.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The cache of the user: that of `ERS_FHIR_CACHE`, else `ers-fhir` where the system has caches; `None` where it
    /// is not known where that is.
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

    /// The archive of that hash, where it is here.
    pub fn archive(&self, sha: &Sha) -> Option<PathBuf> {
        Some(self.folder(sha).join(ARCHIVE)).filter(|archive| archive.is_file())
    }

    /// The packages that are here, of one name where it is given, by name and version.
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

    /// The package of that name and version, where it is here.
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

    /// Claims the right to put a package here; others who want to wait.
    pub(crate) fn claim(&self, name: &str, version: &str) -> Result<Claim, StoreError> {
        let folder = self.root.join("claims");
        let claim = || {
            fs::create_dir_all(&folder)?;
            Claim::take(&folder.join(format!("{name}#{version}")))
        };
        claim().map_err(|error| self.io(error))
    }

    /// Puts a package here, whose right is claimed: `fill` writes its archive, which is refused where it is not what it
    /// should be.
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
        // It is gone where all went well.
        let _ = fs::remove_dir_all(&unfinished);
        let sha = done?;
        let line = format!("{sha} {registry}\n");
        let names = self.root.join("names");
        fs::create_dir_all(&names)
            .and_then(|()| replace(&self.name_file(name, version), line.as_bytes()))
            .map_err(|error| self.io(error))?;
        let missing = || self.io(io::Error::new(io::ErrorKind::NotFound, "it was taken away meanwhile"));
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
        // What is renamed must be there even if the machine stops now.
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
        // Only what is not whole is in the way.
        let _ = fs::remove_dir_all(&target);
        match fs::rename(unfinished, &target) {
            Ok(()) => Ok(sha),
            // The same archive under another name, by another run.
            Err(_) if self.archive(&sha).is_some() => Ok(sha),
            Err(error) => Err(self.io(error)),
        }
    }

    /// Takes away what killed runs left.
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

/// What a package that is put into a cache should be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Incoming<'a> {
    pub(crate) name: &'a str,
    /// The version that it goes by, which a build of the day does not say of itself.
    pub(crate) version: &'a str,
    pub(crate) registry: &'a str,
    /// The hash that it must have.
    pub(crate) locked: Option<Sha>,
    /// The hash that the registry lists.
    pub(crate) sha512: Option<&'a str>,
}

/// Reads an archive as a whole, so that what cannot be used is refused before it is kept.
fn usable(path: &Path, incoming: &Incoming<'_>) -> Result<Package, StoreError> {
    let unusable =
        |why: String| StoreError::Unusable(format!("{} from {}: {why}", incoming.name, incoming.registry));
    let file = File::open(path).map_err(|error| unusable(error.to_string()))?;
    let mut start = [0; 2];
    let is_gzip = io::Read::read_exact(&mut &file, &mut start).is_ok() && start == [0x1f, 0x8b];
    if !is_gzip {
        return Err(unusable("what came is no .tgz archive: is it a registry of packages?".to_owned()));
    }
    let package = Package::open(path).map_err(|error| unusable(error.to_string()))?;
    let Wanted { name, range } =
        Wanted::new(package.name(), package.manifest().version.as_deref().unwrap_or_default())
            .map_err(|_| unusable("its package.json does not say which package it is".to_owned()))?;
    let is_build = incoming.version.starts_with("current");
    if !name.eq_ignore_ascii_case(incoming.name) || !(is_build || range.to_string() == incoming.version) {
        return Err(unusable(format!("what came says that it is {name}#{range}, not #{}", incoming.version)));
    }
    Ok(package)
}

/// Writes what finds the definitions of a package, beside it.
fn write_index(package: &Package, folder: &Path) -> io::Result<()> {
    let Some(index) = package.to_index() else { return Ok(()) };
    fs::write(folder.join("text"), package.text())?;
    fs::write(folder.join("index"), index)
}

/// Opens a package of a store by its index, where it has one that can be used.
pub(crate) fn open_indexed(archive: &Path) -> Option<Package> {
    let folder = archive.parent().filter(|_| archive.file_name() == Some(OsStr::new(ARCHIVE)))?;
    let index = fs::read(folder.join("index")).ok()?;
    Package::from_index(&index, &folder.join("text"))
}

/// Writes a small file so that it is there as a whole or as it was.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.{}", std::process::id()));
    let written = fs::write(&beside, bytes).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written
}
