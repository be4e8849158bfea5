//! Packages in folders: unpacked ones, and plain folders of resources.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::{Manifest, Package};
use crate::error::Error;

/// The largest file that is read.
const MAX_FILE_BYTES: u64 = 128 << 20;
/// The deepest level of nested folders that is searched.
pub(super) const MAX_DEPTH: usize = 16;

impl Package {
    /// Reads a folder.
    ///
    /// A folder with a `package/` folder inside, or with a `package.json` and resources next to it, is an
    /// unpacked package: its JSON files hold the definitions. Otherwise it is a project or a plain folder,
    /// and every JSON and XML resource in it and in the folders below is read, except hidden ones, those of
    /// `node_modules`, and the output of the guide publisher (`output`, `temp`, `template`, `input-cache`
    /// next to an `ig.ini`).
    pub fn from_folder(path: &Path) -> Result<Self, Error> {
        let inner = path.join("package");
        let root = if inner.is_dir() { &inner } else { path };
        let mut package = Self::default();
        package.manifest.name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let manifest = root.join("package.json");
        let has_manifest = manifest.is_file();
        if has_manifest {
            match Manifest::from_json(&read(&manifest)?) {
                Ok(read) => package.manifest = read,
                Err(e) => package.problem("package.json", &e),
            }
        }
        let mut files = Vec::new();
        list(root, 0, &mut files)?;
        // A project has its manifest in one folder and its resources in others.
        let is_package =
            has_manifest && (is_called_package(root) || files.iter().any(|file| is_definition(file)));
        if !is_package {
            files.clear();
            list(root, MAX_DEPTH, &mut files)?;
        }
        for file in files {
            let name = file.strip_prefix(root).unwrap_or(&file).to_string_lossy().into_owned();
            let extension = file.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
            let is_resource = match extension.as_deref() {
                Some("json") => name != "package.json",
                Some("xml") => !is_package,
                _ => false,
            };
            if !is_resource {
                continue;
            }
            match read_file(&file) {
                Ok(bytes) if is_package => package.add_json(&name, &bytes),
                Ok(bytes) => package.add_loose(&name, &bytes),
                Err(e) => package.problem(&name, &e),
            }
        }
        Ok(package.index())
    }
}

/// Reads a file of a folder. Pipes, sockets and devices are refused, as only a file has an end.
pub(super) fn read_file(path: &Path) -> Result<Vec<u8>, Error> {
    if path.metadata().map_err(|e| Error::io(path, e))?.is_file() {
        return read(path);
    }
    let reason = "it is a pipe, a socket or a device, and was not opened";
    Err(Error::io(path, std::io::Error::new(std::io::ErrorKind::InvalidInput, reason)))
}

/// Reads a file of bounded size.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, Error> {
    let file = std::fs::File::open(path).map_err(|e| Error::io(path, e))?;
    let mut bytes = Vec::new();
    file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(|e| Error::io(path, e))?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        let reason = format!("the file is larger than {} MB", MAX_FILE_BYTES >> 20);
        return Err(Error::io(path, std::io::Error::new(std::io::ErrorKind::FileTooLarge, reason)));
    }
    Ok(bytes)
}

/// Whether a folder is named like that of an unpacked package.
fn is_called_package(folder: &Path) -> bool {
    folder.file_name().is_some_and(|name| name == "package")
}

/// Whether a file is named like the definitions of packages, `StructureDefinition-some-patient.json`.
fn is_definition(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let is_json = file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
    is_json && name != "package.json" && name.split_once('-').is_some_and(|(kind, _)| is_type(kind))
}

/// Whether a word is written like a resource type.
fn is_type(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_uppercase()) && word.chars().all(|c| c.is_ascii_alphabetic())
}

/// Whether a folder of a project holds generated files, or files that are not part of it.
fn is_passed_by(parent: &Path, name: &str) -> bool {
    const MADE: [&str; 4] = ["output", "temp", "template", "input-cache"];
    name == "node_modules" || MADE.contains(&name) && parent.join("ig.ini").is_file()
}

/// The files of a folder and of the folders below, by name. Links to folders are not followed.
pub(super) fn list(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), Error> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|e| Error::io(folder, e))? {
        let entry = entry.map_err(|e| Error::io(folder, e))?;
        if !entry.file_name().to_string_lossy().starts_with('.') {
            let kind = entry.file_type().map_err(|e| Error::io(folder, e))?;
            if kind.is_dir() && is_passed_by(folder, &entry.file_name().to_string_lossy()) {
                continue;
            }
            names.push((entry.path(), kind.is_dir()));
        }
    }
    names.sort();
    for (path, is_folder) in names {
        if !is_folder {
            files.push(path);
        } else if depth > 0 {
            list(&path, depth - 1, files)?;
        }
    }
    Ok(())
}
