//! Packages and projects in `.zip` archives, as downloaded from the places where they are developed.
//!
//! Nothing in them is trusted, as in [`.tgz`](super::archive) archives, and nothing is written to disk.

use std::io::{self, Read, Seek};
use std::path::Path;

use super::archive::{MAX_ENTRIES, MAX_ENTRY_BYTES, MAX_TOTAL_BYTES, stays_inside};
use super::{Manifest, Package};
use crate::error::Error;

impl Package {
    /// Reads a `.zip` archive; `name` names it in messages.
    ///
    /// If it holds an unpacked package (`package/package.json`), definitions are taken from the JSON files
    /// next to that; otherwise from every JSON and XML resource, except hidden ones and those of
    /// `node_modules`.
    pub fn from_zip(name: &str, reader: impl Read + Seek) -> Result<Self, Error> {
        let refuse = |reason: String| Error::Archive { package: name.to_owned(), reason };
        let damaged =
            |e: &dyn std::fmt::Display| refuse(format!("the archive is damaged ({e}): fetch it again"));
        let mut archive = zip::ZipArchive::new(reader).map_err(|e| damaged(&e))?;
        if archive.len() > MAX_ENTRIES {
            return Err(refuse(format!("it has more than {MAX_ENTRIES} entries, which no FHIR package has")));
        }
        let mut paths: Vec<(String, usize)> = Vec::new();
        for number in 0..archive.len() {
            let entry = archive.by_index_raw(number).map_err(|e| damaged(&e))?;
            let path = entry.name().map_err(|e| damaged(&e))?.replace('\\', "/");
            if !stays_inside(&path) {
                return Err(refuse(format!("entry '{path}' points outside the archive")));
            }
            if entry.is_symlink() {
                return Err(refuse(format!("entry '{path}' is a link; a FHIR package holds plain files")));
            }
            if entry.is_file() {
                paths.push((path, number));
            }
        }
        paths.sort();
        // The manifest that is nearest to the root.
        let manifests = paths.iter().filter(|(path, _)| path.rsplit('/').next() == Some("package.json"));
        let manifest = manifests.min_by_key(|(path, _)| path.matches('/').count()).cloned();
        let folder = manifest.as_ref().and_then(|(path, _)| path.strip_suffix("package.json"));
        let unpacked = folder.filter(|folder| *folder == "package/" || folder.ends_with("/package/"));
        let mut package = Self::default();
        name.clone_into(&mut package.manifest.name);
        let mut total = 0;
        let mut bytes = Vec::new();
        for (path, number) in &paths {
            let ends = |extension: &str| {
                Path::new(path).extension().is_some_and(|own| own.eq_ignore_ascii_case(extension))
            };
            let is_manifest = manifest.as_ref().is_some_and(|(it, _)| it == path);
            let is_passed_by =
                |path: &str| path.split('/').any(|it| it.starts_with('.') || it == "node_modules");
            let is_meant = match unpacked {
                Some(folder) => path
                    .strip_prefix(folder)
                    .is_some_and(|file| ends("json") && !file.contains('/') && !file.starts_with('.')),
                None => (ends("json") || ends("xml")) && !is_passed_by(path),
            };
            if !is_manifest && (!is_meant || path.ends_with("/package.json")) {
                continue;
            }
            let entry = archive.by_index(*number).map_err(|e| damaged(&e))?;
            bytes.clear();
            // The size that an entry declares need not be true.
            let read = entry.take(MAX_ENTRY_BYTES + 1).read_to_end(&mut bytes);
            read.map_err(|e: io::Error| damaged(&e))?;
            total += bytes.len() as u64;
            if bytes.len() as u64 > MAX_ENTRY_BYTES || total > MAX_TOTAL_BYTES {
                return Err(refuse(format!(
                    "with entry '{path}' it exceeds the limits for unpacking: {} MB for a file, {} MB in all",
                    MAX_ENTRY_BYTES >> 20,
                    MAX_TOTAL_BYTES >> 20
                )));
            }
            if is_manifest {
                match Manifest::from_json(&bytes) {
                    Ok(manifest) => package.manifest = manifest,
                    Err(e) => package.problem(path, &e),
                }
            } else if unpacked.is_some() {
                package.add_json(path, &bytes);
            } else {
                package.add_loose(path, &bytes);
            }
        }
        if package.manifest.name.is_empty() {
            name.clone_into(&mut package.manifest.name);
        }
        Ok(package.index())
    }
}
