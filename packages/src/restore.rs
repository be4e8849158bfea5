//! Gets the packages that a project needs, and records which they are.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ers_fhir_profiles::Error;
use ers_fhir_profiles::package::Package;

use crate::fault::Fault;
use crate::lock::{Hash, Lock, Locked};
use crate::needs::is_fhir;
use crate::open::{content, open};
use crate::range::Range;
use crate::shelves::Shelves;
use crate::source::{Offer, Source, Unfound};
use crate::store::{Incoming, Sha, Store, StoreError};
use crate::wanted::Wanted;

/// The most packages that one project may need; the largest known sets have some 30.
const MAX_PACKAGES: usize = 1000;
/// The version in an override that leaves a package out.
pub(crate) const WITHOUT: &str = "none";

/// Gets packages and their dependencies.
pub struct Restore<'a> {
    /// Where packages are available locally.
    pub shelves: &'a Shelves,
    /// Where fetched packages are put.
    pub store: &'a Store,
    /// Where packages are fetched from; without it, nothing is fetched.
    pub source: Option<&'a dyn Source>,
    /// The previous lock; its overrides and choices apply.
    pub lock: &'a Lock,
    /// Whether only locked packages are accepted.
    pub is_locked: bool,
    /// Receives each step.
    pub tell: &'a dyn Fn(Step<'_>),
}

/// A step of a restore.
#[derive(Debug)]
pub enum Step<'a> {
    /// A package is fetched from a registry.
    Fetching(&'a Offer),
    /// A registry could not be reached, and a local package is used instead.
    Instead(&'a Wanted, &'a Unfound),
}

/// The result of a restore.
#[derive(Debug, Default)]
pub struct Restored {
    /// The new lock.
    pub lock: Lock,
    /// Where the packages of the lock are, in its order; those that are missing come last in it.
    pub places: Vec<PathBuf>,
    /// How many were fetched.
    pub fetched: usize,
    /// Packages that were not available.
    pub lost: Vec<Lost>,
}

/// A package that was not available.
#[derive(Debug)]
pub struct Lost {
    /// The package.
    pub wanted: Wanted,
    /// The package that depends on it, by name and version; `None` if it was asked for itself.
    pub needed_by: Option<String>,
    /// Why.
    pub why: Why,
}

/// Why a package was not available.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Why {
    /// No registry has it or can be reached.
    #[error(transparent)]
    Unfound(#[from] Unfound),
    /// It is not available locally, and nothing is fetched.
    #[error("{0} is not available locally, and nothing was fetched")]
    Offline(Wanted),
    /// It was fetched but could not be kept.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It is available, but cannot be read.
    #[error(transparent)]
    Unreadable(#[from] Error),
    /// It is available, but is not what was locked.
    #[error("{0} is not what fhir.lock says: it was changed. If that is intended, remove it from fhir.lock")]
    Changed(PathBuf),
}

/// Why nothing is restored.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RestoreError {
    /// A package that is needed is not locked.
    #[error(
        "fhir.lock does not have {0}: run `ers-fhir package restore` without --locked, and commit what it writes"
    )]
    NotLocked(Wanted),
    /// A locked package is not needed.
    #[error(
        "fhir.lock has {0}, which nothing needs: run `ers-fhir package restore` without --locked, and commit what it writes"
    )]
    NotNeeded(String),
    /// The dependencies do not end.
    #[error("more than {MAX_PACKAGES} packages are needed, {0} among them: some package depends on too many")]
    TooMany(Wanted),
}

/// A package that is available.
struct Got {
    locked: Locked,
    path: PathBuf,
    package: Package,
    is_fetched: bool,
}

impl Restore<'_> {
    /// Gets these packages and all that they depend on.
    pub fn run(&self, roots: &[Wanted]) -> Result<Restored, RestoreError> {
        let mut todo: Vec<(Wanted, Option<String>)> =
            roots.iter().rev().map(|root| (root.clone(), None)).collect();
        // What was asked for, and its dependencies.
        let mut met: Vec<(Wanted, Option<String>)> = Vec::new();
        let mut got: BTreeMap<String, (Got, Vec<Wanted>)> = BTreeMap::new();
        let mut lost = Vec::new();
        while let Some((wanted, needed_by)) = todo.pop() {
            let wanted = self.lock.overridden(wanted);
            let is_without = wanted.range.to_string() == WITHOUT;
            if is_fhir(&wanted.name.to_ascii_lowercase())
                || is_without
                || met.iter().any(|(it, _)| *it == wanted)
            {
                continue;
            }
            if met.len() >= MAX_PACKAGES {
                return Err(RestoreError::TooMany(wanted));
            }
            let locked = self.lock.find_package(&wanted);
            if self.is_locked && locked.is_none() {
                return Err(RestoreError::NotLocked(wanted));
            }
            match self.get(&wanted, locked) {
                Ok(one) => {
                    let title = format!("{}#{}", one.locked.name, one.locked.version);
                    met.push((wanted, Some(title.clone())));
                    if got.contains_key(&title) {
                        continue;
                    }
                    let dependencies = &one.package.manifest().dependencies;
                    let needs =
                        dependencies.iter().filter_map(|(name, version)| Wanted::new(name, version).ok());
                    let needs: Vec<Wanted> = needs.collect();
                    todo.extend(needs.iter().rev().map(|it| (it.clone(), Some(title.clone()))));
                    got.insert(title, (one, needs));
                }
                Err(why) => {
                    met.push((wanted.clone(), None));
                    lost.push(Lost { wanted, needed_by, why });
                }
            }
        }
        let used = |wanted: &Wanted| {
            let wanted = self.lock.overridden(wanted.clone());
            met.iter().find(|(it, _)| *it == wanted)?.1.clone()
        };
        let mut restored = Restored { lost, ..Restored::default() };
        let packages = got.values_mut().map(|(one, needs)| {
            one.locked.dependencies = needs.iter().filter_map(used).collect();
            restored.fetched += usize::from(one.is_fetched);
            restored.places.push(one.path.clone());
            one.locked.clone()
        });
        let packages: Vec<Locked> = packages.collect();
        if self.is_locked {
            let title = |locked: &Locked| format!("{}#{}", locked.name, locked.version);
            if let Some(more) = self.lock.packages.iter().map(title).find(|title| !got.contains_key(title)) {
                // Missing packages are locked all the same.
                if restored.lost.is_empty() {
                    return Err(RestoreError::NotNeeded(more));
                }
            }
        }
        let mut canonicals = answers(&got, &self.lock.canonicals);
        let mut packages = packages;
        // A locked package that is missing stays locked: a registry that is down, or changed its content,
        // unlocks nothing.
        let lost: Vec<Wanted> = restored.lost.iter().map(|lost| lost.wanted.clone()).collect();
        if !lost.is_empty() {
            let kept = self.lock.clone().kept(&lost);
            for locked in kept.packages {
                if !packages.iter().any(|it| it.name == locked.name && it.version == locked.version) {
                    packages.push(locked);
                }
            }
            for (canonical, name) in &self.lock.canonicals {
                canonicals.entry(canonical.clone()).or_insert_with(|| name.clone());
            }
        }
        restored.lock = Lock { overrides: self.lock.overrides.clone(), canonicals, packages };
        Ok(restored)
    }

    fn get(&self, wanted: &Wanted, locked: Option<&Locked>) -> Result<Got, Why> {
        if let Some(locked) = locked {
            return self.get_locked(locked);
        }
        let asks_first = matches!(wanted.range, Range::Within(_) | Range::Latest | Range::Current(_));
        let mut answer = None;
        if asks_first && let Some(source) = self.source {
            match source.find(wanted) {
                Ok(offer) => return self.fetch(source, &offer, None),
                Err(unfound) => answer = Some(unfound),
            }
        }
        if let Some(found) = self.shelves.find_any(wanted) {
            if let Some(unfound) = &answer {
                (self.tell)(Step::Instead(wanted, unfound));
            }
            let package = open(&found.path)?;
            let (hash, registry) = match found.source {
                Some((sha, registry)) => (Hash::Archive(sha), registry),
                None if found.path.is_dir() => (Hash::Content(content(&package)?), "folder".to_owned()),
                None => (Hash::Archive(hash_of(&found.path)?), "folder".to_owned()),
            };
            let locked = locked_as(found.name.into(), found.version.into(), registry, hash);
            return Ok(Got { locked, path: found.path, package, is_fetched: false });
        }
        match (answer, self.source) {
            (Some(unfound), _) => Err(unfound.into()),
            (None, Some(source)) if wanted.range != Range::Dev => {
                let offer = source.find(wanted)?;
                self.fetch(source, &offer, None)
            }
            _ => Err(Why::Offline(wanted.clone())),
        }
    }

    fn get_locked(&self, locked: &Locked) -> Result<Got, Why> {
        let exact = || Wanted::new(&locked.name, &locked.version).map_err(|_| unfound(locked));
        let exact = exact()?;
        let got = |path: PathBuf, package| Got { locked: locked.clone(), path, package, is_fetched: false };
        let mut changed = None;
        match locked.hash {
            Hash::Archive(sha) => {
                // A cache may be damaged: its packages are checked against their hashes.
                let vendored =
                    self.shelves.find_any(&exact).map(|found| found.path).filter(|path| path.is_file());
                for path in self.store.archive(&sha).into_iter().chain(vendored) {
                    if hash_of(&path)? == sha {
                        let package = open(&path)?;
                        return Ok(got(path, package));
                    }
                    changed = Some(path);
                }
            }
            Hash::Content(sha) => {
                if let Some(found) = self.shelves.find_any(&exact) {
                    let package = open(&found.path)?;
                    if content(&package)? == sha {
                        return Ok(got(found.path, package));
                    }
                    changed = Some(found.path);
                }
            }
        }
        let Some(source) = self.source else {
            return Err(changed.map_or(Why::Offline(exact), Why::Changed));
        };
        let offer = source.find(&exact)?;
        let fetched = self.fetch(source, &offer, Some(locked))?;
        match locked.hash {
            Hash::Content(sha) if content(&fetched.package)? != sha => Err(Why::Changed(fetched.path)),
            _ => Ok(fetched),
        }
    }

    fn fetch(&self, source: &dyn Source, offer: &Offer, locked: Option<&Locked>) -> Result<Got, Why> {
        let Offer { name, version, registry, sha512, .. } = offer;
        let sha = locked.and_then(|locked| match locked.hash {
            Hash::Archive(sha) => Some(sha),
            Hash::Content(_) => None,
        });
        let claim = self.store.claim(name, version)?;
        // Another run may have been quicker; the current build changes every day.
        let there = self.store.named(name, version).filter(|stored| sha.is_none_or(|sha| sha == stored.sha));
        let there = there.filter(|stored| {
            !version.starts_with("current")
                && Sha::of_file(&stored.archive).is_ok_and(|sha| sha == stored.sha)
        });
        let is_fetched = there.is_none();
        let stored = if let Some(stored) = there {
            stored
        } else {
            (self.tell)(Step::Fetching(offer));
            let incoming = Incoming { name, version, registry, locked: sha, sha512: sha512.as_deref() };
            self.store
                .put(&incoming, |into: &mut dyn Write| -> Result<(), Fault> { source.fetch(offer, into) })?
        };
        drop(claim);
        let package = open(&stored.archive)?;
        let locked = match locked {
            Some(locked) => locked.clone(),
            None => locked_as(stored.name, stored.version, stored.registry, Hash::Archive(stored.sha)),
        };
        Ok(Got { locked, path: stored.archive, package, is_fetched })
    }
}

fn locked_as(name: String, version: String, registry: String, hash: Hash) -> Locked {
    Locked { name, version, registry, hash, dependencies: Vec::new() }
}

fn unfound(locked: &Locked) -> Why {
    Why::Unreadable(Error::Archive {
        package: locked.name.clone(),
        reason: format!("{} is not a version", locked.version),
    })
}

fn hash_of(path: &Path) -> Result<Sha, Error> {
    let io = |source: io::Error| Error::Io { path: path.to_owned(), source: Arc::new(source) };
    File::open(path).map_err(io)?;
    Sha::of_file(path).map_err(io)
}

/// Which package answers a canonical that several packages define: the one that was chosen before; otherwise
/// the one that is above the others when they are loaded, which is the one that depends on them.
fn answers(
    got: &BTreeMap<String, (Got, Vec<Wanted>)>,
    chosen: &BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let mut by_canonical: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (one, _) in got.values() {
        for head in one.package.heads() {
            let names = by_canonical.entry(&head.url).or_default();
            if !names.contains(&one.locked.name.as_str()) {
                names.push(&one.locked.name);
            }
        }
    }
    let several = by_canonical.into_iter().filter(|(_, names)| names.len() > 1);
    several
        .map(|(canonical, names)| {
            let before = chosen.get(canonical).filter(|name| names.contains(&name.as_str()));
            let depends = |name: &&str| {
                let (one, _) = got.values().find(|(one, _)| one.locked.name == **name)?;
                let others = names.iter().filter(|other| *other != name);
                let is_above =
                    others.clone().all(|other| one.package.manifest().dependencies.contains_key(*other));
                is_above.then_some(())
            };
            let above = names.iter().find(|name| depends(name).is_some());
            let answer = before.cloned().unwrap_or_else(|| (*above.unwrap_or(&names[0])).to_owned());
            (canonical.to_owned(), answer)
        })
        .collect()
}
