//! The definitions of a run: the embedded ones, and above them the named packages.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use ers_fhir_packages::{Needs, Shelves, Unmet, Wanted, expanded, needs, open};
use ers_fhir_profiles::package::{Head, Kind, Package};
use ers_fhir_profiles::terminology::compact::CompactFile;
use ers_fhir_profiles::{Definitions, FhirVersion};
use ers_fhir_report::render::Checked;
use ers_fhir_validator::Validator;

use crate::tell::Tell;
use crate::{loaded, missing};

/// The named packages, with their dependencies below them.
#[derive(Debug)]
pub struct Packages {
    all: Vec<Arc<Package>>,
    /// How many of them are dependencies, which come first.
    dependencies: usize,
    /// The package that a canonical is taken from, if several define it.
    answers: BTreeMap<String, String>,
    /// Large code systems.
    codes: Vec<Arc<CompactFile>>,
    /// Dependencies that are not available.
    unmet: Vec<Unmet>,
}

impl Packages {
    /// No package.
    pub fn none() -> Self {
        Self {
            all: Vec::new(),
            dependencies: 0,
            answers: BTreeMap::new(),
            codes: Vec::new(),
            unmet: Vec::new(),
        }
    }

    /// Opens the packages and their dependencies, and reports which cannot be used; the second part is whether all
    /// named ones can be. Dependencies that are not available are [kept](Self::missing).
    pub fn open(names: &[PathBuf], shelves: &Shelves, tell: &dyn Tell) -> (Self, bool) {
        let opened = Opened::all(names, shelves, tell);
        let Needs { packages: needed, unmet } = needs(&opened.packages, shelves);
        let dependencies = needed.len();
        let all = needed.into_iter().chain(opened.packages).map(Arc::new).collect();
        let answers = shelves.lock().canonicals.clone();
        (Self { all, dependencies, answers, codes: opened.codes, unmet }, opened.all_usable)
    }

    /// The names of the named packages, the topmost last.
    pub fn names(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.all[self.dependencies..].iter().map(|package| package.name())
    }

    /// The named packages that may serve a release.
    pub fn named(&self, version: FhirVersion) -> impl Iterator<Item = &Package> {
        for_release(&self.all[self.dependencies..], version)
    }

    /// The packages that the named ones depend on and that may serve a release.
    pub fn dependencies(&self, version: FhirVersion) -> impl Iterator<Item = &Package> {
        for_release(&self.all[..self.dependencies], version)
    }

    /// The findings about packages whose dependencies are not available, by these packages.
    pub fn missing(&self) -> Vec<Checked> {
        missing::checked(&self.unmet)
    }

    /// What was loaded and what was skipped, a line for each package and index of codes, the topmost last.
    pub fn loaded_lines(&self) -> impl Iterator<Item = String> {
        let packages = self.all.iter().map(|package| loaded::package(package));
        packages.chain(self.codes.iter().map(|file| loaded::codes(file)))
    }

    /// The dependencies that are not available, in words, a line for each.
    pub fn missing_lines(&self) -> impl Iterator<Item = String> {
        self.unmet.iter().map(missing::line)
    }

    /// Adds the only StructureDefinition of a file above the packages, and returns its canonical.
    pub fn take_structure(&mut self, path: &Path) -> Result<String, String> {
        let package = Package::open(path).map_err(|error| error.to_string())?;
        let structures: Vec<&Head> =
            package.heads().filter(|head| head.kind == Kind::Structure).take(2).collect();
        let canonical = match structures.as_slice() {
            [head] => match &head.version {
                Some(version) => format!("{}|{version}", head.url),
                None => head.url.to_string(),
            },
            [] => {
                return Err(format!("{}: it contains no StructureDefinition with a url", path.display()));
            }
            [_, ..] => {
                return Err(format!(
                    "{}: it contains several StructureDefinitions: add it with --ig, and name one by its URL",
                    path.display()
                ));
            }
        };
        self.all.push(Arc::new(package));
        Ok(canonical)
    }

    /// The packages that may serve a release.
    pub fn of(&self, version: FhirVersion) -> impl Iterator<Item = &Package> {
        for_release(&self.all, version)
    }

    /// The release that the named packages are for, if they agree on one: as they declare, or else as
    /// their definitions do.
    pub fn only_release(&self) -> Option<FhirVersion> {
        let named = &self.all[self.dependencies..];
        let serves =
            |version| named.iter().all(|package| is_for(package, version) && has_any_for(package, version));
        match (serves(FhirVersion::Stu3), serves(FhirVersion::R4)) {
            (true, false) => Some(FhirVersion::Stu3),
            (false, true) => Some(FhirVersion::R4),
            _ => None,
        }
    }

    /// The embedded definitions of a release, and above them those of the packages.
    pub fn definitions(&self, version: FhirVersion) -> Definitions {
        let mut definitions = ers_fhir_ers::definitions(version);
        for package in &self.all {
            definitions.add(Arc::clone(package));
        }
        definitions.prefer(self.answers.clone());
        for file in &self.codes {
            definitions.add_compact(Arc::clone(file));
        }
        definitions
    }
}

/// Validators with the embedded definitions and the named packages.
#[derive(Debug)]
pub struct Validators {
    packages: Packages,
    stu3: OnceLock<Validator>,
    r4: OnceLock<Validator>,
}

impl Validators {
    /// Validators over these packages.
    pub fn new(packages: Packages) -> Self {
        Self { packages, stu3: OnceLock::new(), r4: OnceLock::new() }
    }

    /// The validator for a release.
    pub fn of(&self, version: FhirVersion) -> &Validator {
        let validator = match version {
            FhirVersion::Stu3 => &self.stu3,
            FhirVersion::R4 => &self.r4,
        };
        validator.get_or_init(|| Validator::new(self.packages.definitions(version)))
    }

    /// Whether a definition of either release has an invariant with that key. All definitions are searched, which
    /// takes a while.
    pub fn have_invariant(&self, key: &str) -> bool {
        [FhirVersion::R4, FhirVersion::Stu3].into_iter().any(|version| {
            let definitions = self.of(version).definitions();
            definitions.known(Kind::Structure).into_iter().any(|known| {
                let structure = definitions.structure(known.url).ok().flatten();
                structure.is_some_and(|structure| {
                    let mut all = structure.differential.iter().flat_map(|element| &element.constraints);
                    all.any(|constraint| constraint.key == key)
                })
            })
        })
    }
}

/// The packages as named.
struct Opened {
    packages: Vec<Package>,
    codes: Vec<Arc<CompactFile>>,
    /// Whether all can be used.
    all_usable: bool,
}

impl Opened {
    /// Opens the named packages, and reports what cannot be used.
    fn all(names: &[PathBuf], shelves: &Shelves, tell: &dyn Tell) -> Self {
        let mut opened = Self { packages: Vec::new(), codes: Vec::new(), all_usable: true };
        for name in &expanded(names) {
            if let Err(error) = opened.take(name, shelves, tell) {
                tell.complain(&format!("{}: {error}", namer(name, tell)));
                opened.all_usable = false;
            }
        }
        opened
    }

    fn take(&mut self, name: &Path, shelves: &Shelves, tell: &dyn Tell) -> Result<(), String> {
        if name.extension().is_some_and(|extension| extension == "codes") {
            let file = CompactFile::open(name).map_err(|error| error.to_string())?;
            self.codes.push(Arc::new(file));
            return Ok(());
        }
        let path = located(name, shelves)?;
        let package = open(&path).map_err(|error| error.to_string())?;
        self.all_usable &= report(&package, name, tell);
        self.packages.push(package);
        Ok(())
    }
}

/// The location of a package that is named by a path, or by name and version.
pub fn located(said: &Path, shelves: &Shelves) -> Result<PathBuf, String> {
    if is_address(said) {
        return Err(format!("{} is an address, but nothing is fetched without --online", said.display()));
    }
    let name = said.to_str().filter(|_| !said.exists());
    let Some(wanted) = name.and_then(|name| name.parse::<Wanted>().ok()).filter(|_| !is_file(said)) else {
        return Ok(said.to_owned());
    };
    if let Some(found) = shelves.find(&wanted) {
        return Ok(found.path);
    }
    let others: Vec<String> =
        shelves.versions(&wanted.name).into_iter().map(|found| found.version.into_string()).collect();
    let folders: Vec<String> = shelves.folders().iter().map(|folder| folder.display().to_string()).collect();
    Err(if others.is_empty() {
        format!(
            "there is no package {wanted} in {}: get it with `ers-fhir package add {wanted}`, put it there, or \
             name its .tgz archive",
            if folders.is_empty() { "any folder, as none is known".to_owned() } else { folders.join(", ") }
        )
    } else {
        let others = others.join(", ");
        format!(
            "package {wanted} is not available, only {others}: get it with `ers-fhir package add {wanted}`"
        )
    })
}

/// Whether a package is named by its URL.
pub fn is_address(said: &Path) -> bool {
    said.to_str().is_some_and(|said| {
        let scheme = said.split_once("://").map_or("", |(scheme, _)| scheme);
        scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http")
    })
}

/// Whether a name is that of a file, which does not exist.
fn is_file(path: &Path) -> bool {
    let extension = path.extension().map(OsStr::to_ascii_lowercase);
    extension
        .is_some_and(|extension| ["json", "xml", "tgz", "gz", "zip"].iter().any(|known| extension == *known))
}

/// Whether a package may serve a release: it declares it, or declares no release that is known
/// here.
fn is_for(package: &Package, version: FhirVersion) -> bool {
    let releases: Vec<FhirVersion> =
        package.manifest().fhir_versions.iter().filter_map(|release| release.parse().ok()).collect();
    releases.is_empty() || releases.contains(&version)
}

fn for_release(packages: &[Arc<Package>], version: FhirVersion) -> impl Iterator<Item = &Package> {
    packages.iter().map(|package| &**package).filter(move |package| is_for(package, version))
}

/// Whether a definition of a package may be for a release: it declares it, or none declares a known one.
fn has_any_for(package: &Package, version: FhirVersion) -> bool {
    let mut releases =
        package.heads().filter_map(|head| head.fhir_version.as_deref()?.parse().ok()).peekable();
    releases.peek().is_none() || releases.any(|release: FhirVersion| release == version)
}

/// Reports which files of a package are faulty, and returns whether any definition can be used.
fn report(package: &Package, path: &Path, tell: &dyn Tell) -> bool {
    const SHOWN: usize = 3;
    let problems = package.problems();
    let said = format!("{} {}", namer(path, tell), path.display());
    for problem in problems.iter().take(SHOWN) {
        tell.warn(&format!("{said}: {problem}"));
    }
    if problems.len() > SHOWN {
        tell.warn(&format!("{said}: {} more files are faulty", problems.len() - SHOWN));
    }
    if !package.is_empty() {
        return true;
    }
    if problems.is_empty() && package.others() > 0 {
        tell.warn(&format!("{said}: it has no definition that validation uses"));
        return true;
    }
    tell.complain(&if problems.is_empty() {
        format!(
            "{said}: it has no definition: give the package that has the StructureDefinitions, ValueSets or \
             CodeSystems, or leave it out"
        )
    } else {
        format!("{said}: none of its files can be used")
    });
    false
}

/// Where a package was named.
fn namer(name: &Path, tell: &dyn Tell) -> String {
    tell.namer("--ig", &name.to_string_lossy())
}
