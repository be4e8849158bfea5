//! The folder of a site: written beside it and put in its place as a whole, so that a run that stops leaves the
//! old site.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::page::File;

/// The file by which a folder is known to hold a site made here.
pub const MARKER: &str = ".ers-fhir-docs";

/// Writes files as the new content of a folder.
///
/// A folder that holds anything but a site made here is refused, unless it may be lost.
///
/// # Errors
///
/// A file could not be made, or the folder holds something else or cannot be written; then it is as it was.
pub fn publish(
    folder: &Path,
    files: impl IntoIterator<Item = Result<File, Error>>,
    may_lose: bool,
) -> Result<(), Error> {
    if !may_lose && let Some(found) = foreign(folder)? {
        return Err(Error::Foreign { path: folder.to_owned(), found });
    }
    let fresh = beside(folder, "new");
    let old = beside(folder, "old");
    let made = write_all(&fresh, files).and_then(|()| swap(folder, &fresh, &old));
    if made.is_err() {
        // What was made so far is of no use; the error that is told is the first.
        let _ = fs::remove_dir_all(&fresh);
    }
    made
}

/// The name of a file that does not belong to a generated site.
fn foreign(folder: &Path) -> Result<Option<String>, Error> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::file(folder, error)),
    };
    let listed = match fs::read_to_string(folder.join(MARKER)) {
        Ok(listed) => listed,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(Error::file(folder.join(MARKER), error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| Error::file(folder, error))?;
        names.push(entry.file_name().to_string_lossy().into_owned());
    }
    names.sort_unstable();
    let is_ours = |name: &String| name == MARKER || listed.lines().any(|line| line == name);
    Ok(names.into_iter().find(|name| !is_ours(name)))
}

/// A folder beside another, for this process alone.
fn beside(folder: &Path, what: &str) -> PathBuf {
    let name = folder.file_name().map_or_else(|| "site".into(), |name| name.to_string_lossy().into_owned());
    folder.with_file_name(format!(".{name}.{what}-{}", std::process::id()))
}

fn write_all(folder: &Path, files: impl IntoIterator<Item = Result<File, Error>>) -> Result<(), Error> {
    fs::create_dir_all(folder).map_err(|error| Error::file(folder, error))?;
    let mut tops = BTreeSet::new();
    for file in files {
        let file = file?;
        write(folder, &file)?;
        tops.extend(file.path.split('/').next().map(str::to_owned));
    }
    let listed: String = tops.into_iter().map(|top| top + "\n").collect();
    write(folder, &File { path: MARKER.to_owned(), text: listed })
}

fn write(folder: &Path, file: &File) -> Result<(), Error> {
    let path = folder.join(&file.path);
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(|error| Error::file(parent, error))?;
    }
    fs::write(&path, &file.text).map_err(|error| Error::file(&path, error))
}

fn swap(folder: &Path, fresh: &Path, old: &Path) -> Result<(), Error> {
    let was_there = folder.exists();
    if was_there {
        fs::rename(folder, old).map_err(|error| Error::file(folder, error))?;
    }
    if let Err(error) = fs::rename(fresh, folder) {
        if was_there {
            fs::rename(old, folder).map_err(|error| Error::file(folder, error))?;
        }
        return Err(Error::file(folder, error));
    }
    if was_there { fs::remove_dir_all(old).map_err(|error| Error::file(old, error)) } else { Ok(()) }
}
