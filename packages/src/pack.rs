//! Makes packages from folders, reproducibly: the same bytes whenever and wherever they are made.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use flate2::{Compression, GzBuilder};
use tar::{Builder, EntryType, Header};

use ers_fhir_profiles::package::Manifest;

use crate::wanted::Wanted;

/// The largest file that is packed.
const MAX_FILE_BYTES: u64 = 128 << 20;
/// The most bytes that are packed.
const MAX_TOTAL_BYTES: u64 = 1 << 30;
/// The deepest level of folders that is searched.
const MAX_DEPTH: usize = 16;

/// A package that was made.
#[derive(Debug)]
pub struct Packed {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its archive.
    pub archive: Vec<u8>,
    /// How many files are in it.
    pub files: usize,
}

/// Why no package was made from a folder.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum PackError {
    /// It cannot be read.
    #[error("cannot read {}: {source}", .path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system says.
        source: Arc<io::Error>,
    },
    /// Its package.json does not name a package.
    #[error("{}: {reason}", .path.display())]
    Manifest {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// It is too large.
    #[error("{} makes the package larger than allowed: {} MB for a file, {} MB in all", .0.display(), MAX_FILE_BYTES >> 20, MAX_TOTAL_BYTES >> 20)]
    TooLarge(PathBuf),
    /// Two files would have the same name.
    #[error("{} and {} would both be {name} in the package: rename one", .one.display(), .other.display())]
    Twice {
        /// One file.
        one: PathBuf,
        /// The other.
        other: PathBuf,
        /// The name in the package.
        name: String,
    },
}

/// Makes a package from a folder: an unpacked package, or a project with a `package.json` and resources in
/// the folder and those below it, which all go to the top folder of the package.
///
/// Hidden files, `node_modules` and links are left out.
pub fn pack_folder(folder: &Path) -> Result<Packed, PackError> {
    let inner = folder.join("package");
    let is_unpacked = inner.join("package.json").is_file();
    let root = if is_unpacked { &inner } else { folder };
    let path = root.join("package.json");
    let bad = |reason: String| PackError::Manifest { path: path.clone(), reason };
    let json =
        fs::read(&path).map_err(|source| PackError::Io { path: path.clone(), source: Arc::new(source) })?;
    let manifest = Manifest::from_json(&json).map_err(|error| bad(error.to_string()))?;
    let version = manifest.version.unwrap_or_default();
    Wanted::new(&manifest.name, &version).map_err(|error| bad(format!("its name and version: {error}")))?;
    if version.is_empty() {
        return Err(bad("it has no version: add one".to_owned()));
    }
    let mut files = BTreeMap::new();
    list(root, "package", is_unpacked, MAX_DEPTH, &mut files)?;
    let gz = GzBuilder::new().mtime(0).write(Vec::new(), Compression::default());
    let mut archive = Builder::new(gz);
    let mut total = 0;
    // The manifest comes first, as tools that look for it read from the start.
    let first = |name: &str| name != "package/package.json";
    let mut ordered: Vec<(&String, &PathBuf)> = files.iter().collect();
    ordered.sort_by_key(|(name, _)| (first(name), *name));
    for (name, path) in ordered {
        let failed = |source| PackError::Io { path: path.clone(), source: Arc::new(source) };
        let length = path.metadata().map_err(failed)?.len();
        total += length;
        if length > MAX_FILE_BYTES || total > MAX_TOTAL_BYTES {
            return Err(PackError::TooLarge(path.clone()));
        }
        let bytes = fs::read(path).map_err(failed)?;
        let mut header = Header::new_gnu();
        header.set_entry_type(EntryType::Regular);
        header.set_mode(0o644);
        header.set_mtime(0);
        header.set_size(bytes.len() as u64);
        archive.append_data(&mut header, name, bytes.as_slice()).map_err(failed)?;
    }
    let done = archive.into_inner().and_then(|mut gz| gz.flush().and_then(|()| gz.finish()));
    let archive =
        done.map_err(|source| PackError::Io { path: folder.to_owned(), source: Arc::new(source) })?;
    Ok(Packed { name: manifest.name, version, archive, files: files.len() })
}

/// The files of a folder by their names in the package: as they are, or all resources in the top folder.
fn list(
    folder: &Path,
    at: &str,
    is_unpacked: bool,
    depth: usize,
    files: &mut BTreeMap<String, PathBuf>,
) -> Result<(), PackError> {
    let failed = |source| PackError::Io { path: folder.to_owned(), source: Arc::new(source) };
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let kind = entry.file_type().map_err(failed)?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        if name.starts_with('.') || name == "node_modules" {
            continue;
        }
        let path = entry.path();
        if kind.is_dir() && depth > 0 {
            let below = if is_unpacked { format!("{at}/{name}") } else { at.to_owned() };
            list(&path, &below, is_unpacked, depth - 1, files)?;
        }
        let is_resource = || name == "package.json" && depth == MAX_DEPTH || is_resource(&path);
        if !kind.is_file() || !(is_unpacked || is_resource()) {
            continue;
        }
        let name = format!("{at}/{name}");
        if let Some(other) = files.insert(name.clone(), path.clone()) {
            return Err(PackError::Twice { one: other, other: path, name });
        }
    }
    Ok(())
}

/// Whether a JSON file holds a resource.
fn is_resource(path: &Path) -> bool {
    #[derive(serde::Deserialize)]
    struct Resource {
        #[serde(rename = "resourceType")]
        _kind: String,
    }
    let is_json = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
    let is_small = || path.metadata().is_ok_and(|metadata| metadata.len() <= MAX_FILE_BYTES);
    is_json
        && is_small()
        && fs::read(path).is_ok_and(|json| serde_json::from_slice::<Resource>(&json).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_is_a_package_whenever_it_is_made() {
        let temp = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = temp.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("package.json", r#"{"name":"a.b","version":"1.0.0"}"#);
        write("profiles/one.json", r#"{"resourceType":"StructureDefinition","url":"http://example.org/x"}"#);
        write("node_modules/x/package.json", "{}");
        write("notes/settings.json", "{}");
        let packed = pack_folder(temp.path()).unwrap();
        assert_eq!((packed.name.as_str(), packed.files), ("a.b", 2));
        assert_eq!(packed.archive, pack_folder(temp.path()).unwrap().archive);
        let package =
            ers_fhir_profiles::package::Package::from_archive("a.b", packed.archive.as_slice()).unwrap();
        assert_eq!((package.name(), package.len()), ("a.b", 1));
        write("other/one.json", r#"{"resourceType":"ValueSet"}"#);
        let error = pack_folder(temp.path()).unwrap_err().to_string();
        assert!(error.contains("both be package/one.json"), "{error}");
        write("package.json", r#"{"name":"a.b"}"#);
        assert!(pack_folder(temp.path()).unwrap_err().to_string().contains("no version"));
    }
}
