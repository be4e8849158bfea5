//! Packages in folders: unpacked ones, and plain folders of resources.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::{Manifest, Package};
use crate::error::Error;

/// Largest file that is read.
const MAX_FILE_BYTES: u64 = 128 << 20;
/// Deepest level of folders within folders that is searched.
pub(super) const MAX_DEPTH: usize = 16;

impl Package {
    /// Reads a folder.
    ///
    /// With a `package/` folder inside, or a `package.json`, it is an unpacked package, and its JSON
    /// files hold the definitions. Otherwise every JSON and XML resource in it and in the folders
    /// below is taken, but for hidden ones.
    pub fn from_folder(path: &Path) -> Result<Self, Error> {
        let inner = path.join("package");
        let root = if inner.is_dir() { &inner } else { path };
        let mut package = Self::default();
        package.manifest.name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let manifest = root.join("package.json");
        let is_package = manifest.is_file();
        if is_package {
            match Manifest::from_json(&read(&manifest)?) {
                Ok(read) => package.manifest = read,
                Err(e) => package.problem("package.json", &e),
            }
        }
        let mut files = Vec::new();
        list(root, if is_package { 0 } else { MAX_DEPTH }, &mut files)?;
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

/// Reads a file of a folder, where pipes, sockets and devices may lie: only a file has an end.
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

/// The files of a folder and of the folders below, by name. Links to folders are not followed.
pub(super) fn list(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), Error> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|e| Error::io(folder, e))? {
        let entry = entry.map_err(|e| Error::io(folder, e))?;
        if !entry.file_name().to_string_lossy().starts_with('.') {
            let kind = entry.file_type().map_err(|e| Error::io(folder, e))?;
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
