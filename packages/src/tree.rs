//! The dependencies of a package as a tree for display.

use std::fs;
use std::path::{Path, PathBuf};

use ers_fhir_profiles::package::Manifest;

use crate::needs::is_fhir;
use crate::open::open;
use crate::shelves::Shelves;
use crate::wanted::Wanted;

/// A package and its dependencies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Name of the package.
    pub name: String,
    /// The version or range that is asked for.
    pub version: String,
    /// Where it is.
    pub place: Place,
    /// Its dependencies, by name.
    pub dependencies: Vec<Node>,
}

/// Where a package is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// It is FHIR itself, which is part of this toolkit.
    Embedded,
    /// This version of it is in this folder or archive.
    Folder {
        /// The version.
        version: String,
        /// The folder.
        folder: PathBuf,
    },
    /// This version was already met, and is used.
    Before {
        /// The version.
        version: String,
    },
    /// Nowhere. Other versions that are available, the lowest first.
    Absent {
        /// The versions.
        others: Vec<String>,
    },
}

/// The dependencies of a package, given its manifest.
pub fn tree(manifest: &Manifest, folder: &Path, shelves: &Shelves) -> Node {
    let version = manifest.version.clone().unwrap_or_default();
    let mut met = vec![(manifest.name.to_ascii_lowercase(), version.clone())];
    let dependencies = below(manifest, shelves, &mut met);
    let place = Place::Folder { version: version.clone(), folder: folder.to_owned() };
    Node { name: manifest.name.clone(), version, place, dependencies }
}

/// The manifest of a package in a folder or an archive; `None` if it has none that can be read.
pub fn manifest(path: &Path) -> Option<Manifest> {
    if !path.is_dir() {
        return open(path).ok().map(|package| package.manifest().clone());
    }
    let bytes = fs::read(path.join("package").join("package.json")).ok()?;
    Manifest::from_json(&bytes).ok()
}

fn below(manifest: &Manifest, shelves: &Shelves, met: &mut Vec<(String, String)>) -> Vec<Node> {
    manifest.dependencies.iter().map(|(name, version)| node(name, version, shelves, met)).collect()
}

fn node(name: &str, version: &str, shelves: &Shelves, met: &mut Vec<(String, String)>) -> Node {
    let lower = name.to_ascii_lowercase();
    let mut dependencies = Vec::new();
    let found = Wanted::new(name, version).ok().and_then(|wanted| shelves.find(&wanted));
    let before = met.iter().find(|(name, version)| {
        *name == lower && found.as_ref().is_none_or(|found| *found.version == *version.as_str())
    });
    let place = if is_fhir(&lower) {
        Place::Embedded
    } else if let Some((_, version)) = before {
        Place::Before { version: version.clone() }
    } else if let Some(found) = found {
        met.push((lower, found.version.to_string()));
        dependencies = manifest(&found.path).map_or_else(Vec::new, |manifest| below(&manifest, shelves, met));
        Place::Folder { version: found.version.into(), folder: found.path }
    } else {
        let others = shelves.versions(name).into_iter().map(|found| found.version.into()).collect();
        Place::Absent { others }
    };
    Node { name: name.to_owned(), version: version.to_owned(), place, dependencies }
}
