//! Opens packages by their index, if they have one.

use std::path::Path;

use ers_fhir_profiles::Error;
use ers_fhir_profiles::package::Package;

use crate::project::dependencies;
use crate::remember::remembered;
use crate::store::{Sha, open_indexed};

/// Opens a package like [`Package::open`]. A package of the cache is opened by its index, so that only
/// definitions that are asked for are read.
///
/// A folder that is a project also depends on the packages that its files [name](dependencies).
pub fn open(path: &Path) -> Result<Package, Error> {
    if let Some(package) = open_indexed(path) {
        return Ok(package.opened_at(path));
    }
    let opened = remembered(path, || {
        let mut package = Package::open(path)?;
        if path.is_dir() && package.manifest().dependencies.is_empty() {
            package.depend_on(dependencies(path).unwrap_or_default());
        }
        Ok(package)
    });
    opened.map(|package| package.opened_at(path))
}

/// The hash of the definitions of a package, whether it is an archive or a folder.
pub(crate) fn content(package: &Package) -> Result<Sha, Error> {
    let mut all = Vec::new();
    for place in 0..package.len() {
        let json = package.json(place)?.unwrap_or_default();
        all.push((package.file(place).unwrap_or_default(), Sha::of(&json)));
    }
    all.sort_unstable();
    let lines: Vec<String> = all.iter().map(|(file, sha)| format!("{sha} {file}\n")).collect();
    Ok(Sha::of(lines.concat().as_bytes()))
}
