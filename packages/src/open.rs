//! Opening packages by what is known of them already.

use std::path::Path;

use ers_fhir_profiles::Error;
use ers_fhir_profiles::package::Package;

use crate::project::dependencies;
use crate::remember::remembered;
use crate::store::{Sha, open_indexed};

/// Opens a package like [`Package::open`]; one of the cache by its index, so that only what is asked for is read.
///
/// A folder that is a project depends on what the files of it [say](dependencies) as well.
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

/// The hash of what a package defines, whether it is in an archive or a folder.
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
