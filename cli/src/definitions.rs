//! The definitions of a run: those embedded, and the packages of the command line above them.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use ers_fhir_profiles::package::{Head, Kind, Package};
use ers_fhir_profiles::{Definitions, FhirVersion};
use ers_fhir_validator::Validator;

use crate::output::Output;

/// The packages of the command line.
pub(crate) struct Packages(Vec<Package>);

impl Packages {
    /// Opens the packages, and says which of them cannot be used; the second part is whether all can.
    pub(crate) fn open(paths: &[PathBuf], output: &Output) -> (Self, bool) {
        let mut packages = Vec::with_capacity(paths.len());
        let mut all_usable = true;
        for path in paths {
            match Package::open(path) {
                Ok(package) => {
                    all_usable &= report(&package, path, output);
                    packages.push(package);
                }
                Err(error) => {
                    output.complain(&format!("--ig: {error}"));
                    all_usable = false;
                }
            }
        }
        (Self(packages), all_usable)
    }

    /// Adds the one StructureDefinition of a file above the packages; its canonical.
    pub(crate) fn take_structure(&mut self, path: &Path) -> Result<String, String> {
        let package = Package::open(path).map_err(|error| error.to_string())?;
        let structures: Vec<&Head> =
            package.heads().filter(|head| head.kind == Kind::Structure).take(2).collect();
        let canonical = match structures.as_slice() {
            [head] => match &head.version {
                Some(version) => format!("{}|{version}", head.url),
                None => head.url.to_string(),
            },
            [] => {
                return Err(format!("{}: there is no StructureDefinition with a url in it", path.display()));
            }
            [_, ..] => {
                return Err(format!(
                    "{}: there are several StructureDefinitions in it: add it with --ig, and name one by its URL",
                    path.display()
                ));
            }
        };
        self.0.push(package);
        Ok(canonical)
    }

    /// The packages that may serve a release.
    pub(crate) fn of(&self, version: FhirVersion) -> impl Iterator<Item = &Package> {
        self.0.iter().filter(move |package| is_for(package, version))
    }

    /// The release that the packages are for, where they agree on one: as they say, else as their
    /// definitions do.
    pub(crate) fn only_release(&self) -> Option<FhirVersion> {
        let serves = |version| {
            self.of(version).filter(|package| has_any_for(package, version)).count() == self.0.len()
        };
        match (serves(FhirVersion::Stu3), serves(FhirVersion::R4)) {
            (true, false) => Some(FhirVersion::Stu3),
            (false, true) => Some(FhirVersion::R4),
            _ => None,
        }
    }

    /// The embedded definitions of a release, and above them those of the packages.
    pub(crate) fn definitions(&self, version: FhirVersion) -> Definitions {
        let mut definitions = ers_fhir_ers::definitions(version);
        for package in &self.0 {
            definitions.add(package.clone());
        }
        definitions
    }
}

/// Validators with the embedded definitions and the packages of the command line.
pub(crate) struct Validators {
    packages: Packages,
    stu3: OnceLock<Validator>,
    r4: OnceLock<Validator>,
}

impl Validators {
    /// Validators over these packages.
    pub(crate) fn new(packages: Packages) -> Self {
        Self { packages, stu3: OnceLock::new(), r4: OnceLock::new() }
    }

    /// The validator for a release.
    pub(crate) fn of(&self, version: FhirVersion) -> &Validator {
        let validator = match version {
            FhirVersion::Stu3 => &self.stu3,
            FhirVersion::R4 => &self.r4,
        };
        validator.get_or_init(|| Validator::new(self.packages.definitions(version)))
    }
}

/// Whether a package may serve a release: it says so, or names no release that is known here.
fn is_for(package: &Package, version: FhirVersion) -> bool {
    let releases: Vec<FhirVersion> =
        package.manifest().fhir_versions.iter().filter_map(|release| release.parse().ok()).collect();
    releases.is_empty() || releases.contains(&version)
}

/// Whether a definition of a package may be for a release: it says so, or none says anything that is known.
fn has_any_for(package: &Package, version: FhirVersion) -> bool {
    let mut releases =
        package.heads().filter_map(|head| head.fhir_version.as_deref()?.parse().ok()).peekable();
    releases.peek().is_none() || releases.any(|release: FhirVersion| release == version)
}

/// Says which files of a package are faulty; whether any definition can.
fn report(package: &Package, path: &Path, output: &Output) -> bool {
    const SHOWN: usize = 3;
    let problems = package.problems();
    for problem in problems.iter().take(SHOWN) {
        output.warn(&format!("--ig {}: {problem}", path.display()));
    }
    if problems.len() > SHOWN {
        output.warn(&format!("--ig {}: {} more files are faulty", path.display(), problems.len() - SHOWN));
    }
    if !package.is_empty() {
        return true;
    }
    if problems.is_empty() && package.others() > 0 {
        output.warn(&format!("--ig {}: holds no definition that validation uses", path.display()));
        return true;
    }
    output.complain(&if problems.is_empty() {
        format!(
            "--ig {}: holds no definition: give the package that has the StructureDefinitions, ValueSets or \
             CodeSystems, or leave it out",
            path.display()
        )
    } else {
        format!("--ig {}: no file of it can be used", path.display())
    });
    false
}
