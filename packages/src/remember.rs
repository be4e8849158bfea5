//! Indexes of packages that are not in the cache of this toolkit: made once, and stored there.

use std::ffi::OsStr;
use std::fmt::Write;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process;
use std::time::UNIX_EPOCH;

use ers_fhir_profiles::Error;
use ers_fhir_profiles::package::Package;

use crate::store::{Sha, Store};

/// The smallest size of definitions for which this is worthwhile: less is read as quickly as an index.
const MIN_BYTES: usize = 1 << 20;
/// The most files of a folder that are looked at.
const MAX_FILES: usize = 50_000;

/// Opens a package by its stored index if the package has not changed since; otherwise opens it and stores an
/// index.
///
/// A cache that cannot be written is ignored.
pub(crate) fn remembered(
    path: &Path,
    open: impl FnOnce() -> Result<Package, Error>,
) -> Result<Package, Error> {
    let Some(folder) = place(path) else { return open() };
    if let Ok(index) = fs::read(folder.join("index"))
        && let Some(package) = Package::from_index(&index, &folder.join("text"))
    {
        return Ok(package);
    }
    let package = open()?;
    if package.text().len() >= MIN_BYTES
        && let Some(index) = package.to_index()
    {
        let _without = write(&folder, package.text(), &index);
    }
    Ok(package)
}

/// Stores the index atomically, in place of that of an earlier state of the package.
fn write(folder: &Path, text: &[u8], index: &[u8]) -> io::Result<()> {
    let (Some(all), Some(name)) = (folder.parent(), folder.file_name().and_then(OsStr::to_str)) else {
        return Ok(());
    };
    let unfinished = all.join(format!(".{name}.{}", process::id()));
    let written = fs::create_dir_all(&unfinished)
        .and_then(|()| fs::write(unfinished.join("text"), text))
        .and_then(|()| fs::write(unfinished.join("index"), index))
        .and_then(|()| {
            // The existing index could not be used: it is damaged, or from another version of this toolkit.
            let _ = fs::remove_dir_all(folder);
            fs::rename(&unfinished, folder)
        });
    let _ = fs::remove_dir_all(&unfinished);
    let path = name.split('-').next().unwrap_or(name);
    for entry in all.read_dir()?.flatten() {
        let of = entry.file_name().into_string().unwrap_or_default();
        if of.starts_with(path) && of != name {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
    written
}

/// Where the index is stored: by the path of the package and its current state.
fn place(path: &Path) -> Option<PathBuf> {
    let path = path.canonicalize().ok()?;
    let metadata = path.metadata().ok()?;
    let is_archive = path.extension().is_some_and(|extension| extension == "tgz");
    let unpacked = path.join("package");
    let folder = if unpacked.is_dir() { unpacked } else { path.clone() };
    let mut signature = String::new();
    if metadata.is_file() && is_archive {
        sign(&mut signature, "", &metadata)?;
    } else if metadata.is_dir() && folder.join("package.json").is_file() {
        let mut files: Vec<_> = folder.read_dir().ok()?.take(MAX_FILES).flatten().collect();
        files.sort_by_key(fs::DirEntry::file_name);
        for file in files {
            let metadata = file.metadata().ok()?;
            // Folders below may change unnoticed, unless they are not looked at.
            if metadata.is_dir() && !folder.ends_with("package") {
                return None;
            }
            if !metadata.is_dir() {
                sign(&mut signature, &file.file_name().to_string_lossy(), &metadata)?;
            }
        }
    } else {
        return None;
    }
    let key = Sha::of(path.as_os_str().as_encoded_bytes());
    let store = Store::usual()?;
    Some(store.root().join("opened").join(format!("{key}-{}", Sha::of(signature.as_bytes()))))
}

fn sign(text: &mut String, name: &str, metadata: &fs::Metadata) -> Option<()> {
    let changed = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    writeln!(text, "{name} {} {}", metadata.len(), changed.as_nanos()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_used_is_written_anew() {
        let temp = tempfile::tempdir().unwrap();
        let folder = temp.path().join("path-signature");
        for index in [&b"an old form"[..], b"a new one"] {
            write(&folder, b"text", index).unwrap();
            assert_eq!(fs::read(folder.join("index")).unwrap(), index);
        }
        assert_eq!(temp.path().read_dir().unwrap().count(), 1, "nothing is left behind");
    }
}
