//! Unpacks packages for other tools, into the folder that tools share or one that belongs to a project.

use std::fs::{self, File};
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ers_fhir_profiles::package::each_file;

use crate::pack::pack_folder;
use crate::shelves::is_package;
use crate::store::{Claim, StoreError, replace};

/// Unpacks an archive into a folder that tools share, as `<name>#<version>/package`; whether it was missing.
///
/// It is unpacked alongside and renamed, under a lock file that holds the process id. Other files in the
/// folder (`packages.ini`) are left alone.
pub fn share(archive: &Path, name: &str, version: &str, folder: &Path) -> Result<bool, StoreError> {
    let failed = |source| StoreError::Io { folder: folder.to_owned(), source: Arc::new(source) };
    let title = format!("{name}#{version}");
    let target = folder.join(&title);
    if is_package(&target) {
        return Ok(false);
    }
    fs::create_dir_all(folder).map_err(failed)?;
    let _claim = Claim::take(&folder.join(format!("{title}.lock"))).map_err(failed)?;
    if is_package(&target) {
        return Ok(false);
    }
    // Hidden, and without the `#` between name and version, so that no tool takes it for a package.
    let unfinished = folder.join(format!(".unfinished-{name}-{version}"));
    let _left_by_a_killed_run = fs::remove_dir_all(&unfinished);
    let done = unpack(archive, &unfinished).and_then(|()| {
        if !is_package(&unfinished) {
            return Err(StoreError::Unusable(format!("{title}: its archive has no package/package.json")));
        }
        // Only an incomplete package can be in the way.
        let _ = fs::remove_dir_all(&target);
        fs::rename(&unfinished, &target).map_err(failed)
    });
    let _ = fs::remove_dir_all(&unfinished);
    done.map(|()| true)
}

/// Unpacks an archive into a folder that is made for it.
fn unpack(archive: &Path, folder: &Path) -> Result<(), StoreError> {
    let failed = |source| StoreError::Io { folder: folder.to_owned(), source: Arc::new(source) };
    fs::create_dir_all(folder).map_err(failed)?;
    let file = File::open(archive).map_err(failed)?;
    let mut unwritten = None;
    let read = each_file(&archive.display().to_string(), BufReader::new(file), |path, content| {
        let Some(to) = below(folder, path) else { return Ok(()) };
        let write = || {
            if let Some(parent) = to.parent() {
                fs::create_dir_all(parent)?;
            }
            File::create(&to)
        };
        let mut out = match write() {
            Ok(out) => out,
            Err(error) => {
                unwritten = Some(error);
                return Err(io::ErrorKind::Other.into());
            }
        };
        let mut content = Noting { inner: content, failed: false };
        match io::copy(&mut content, &mut out) {
            Ok(_) => Ok(()),
            Err(error) if content.failed => Err(error),
            Err(error) => {
                unwritten = Some(error);
                Err(io::ErrorKind::Other.into())
            }
        }
    });
    match (unwritten, read) {
        (Some(error), _) => Err(failed(error)),
        (None, Err(error)) => Err(StoreError::Unusable(error.to_string())),
        (None, Ok(())) => Ok(()),
    }
}

/// Where an entry goes. Entries with unsafe names are left out.
fn below(folder: &Path, path: &str) -> Option<PathBuf> {
    let mut to = folder.to_owned();
    for step in path.split('/').filter(|step| !step.is_empty() && *step != ".") {
        let is_plain = step != ".." && !step.contains(['\\', ':', '\0']) && step.len() <= 255;
        if !is_plain {
            return None;
        }
        to.push(step);
    }
    (to != folder).then_some(to)
}

/// A reader that records whether reading failed.
struct Noting<'a> {
    inner: &'a mut dyn io::Read,
    failed: bool,
}

impl io::Read for Noting<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer);
        self.failed |= read.is_err();
        read
    }
}

/// Puts a package into a folder of a project, as the archive `<name>-<version>.tgz`; whether that changed
/// anything.
pub fn vendor(package: &Path, name: &str, version: &str, folder: &Path) -> Result<bool, StoreError> {
    let failed = |source| StoreError::Io { folder: folder.to_owned(), source: Arc::new(source) };
    let bytes = if package.is_dir() {
        pack_folder(package).map_err(|error| StoreError::Unusable(error.to_string()))?.archive
    } else {
        fs::read(package).map_err(failed)?
    };
    let target = folder.join(format!("{name}-{version}.tgz"));
    if fs::read(&target).is_ok_and(|there| there == bytes) {
        return Ok(false);
    }
    fs::create_dir_all(folder).map_err(failed)?;
    replace(&target, &bytes).map_err(failed)?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    fn archive(at: &Path) -> PathBuf {
        let source = at.join("source");
        fs::create_dir_all(source.join("package/example")).unwrap();
        fs::write(source.join("package/package.json"), r#"{"name":"a.b","version":"1.0.0"}"#).unwrap();
        fs::write(source.join("package/example/one.json"), "{}").unwrap();
        vendor(&source, "a.b", "1.0.0", &at.join("vendor")).unwrap();
        at.join("vendor/a.b-1.0.0.tgz")
    }

    #[test]
    fn the_shared_folder_is_filled_as_other_tools_do() {
        let temp = tempfile::tempdir().unwrap();
        let shared = temp.path().join("packages");
        fs::create_dir_all(shared.join("a.b#1.0.0/package")).unwrap();
        fs::write(shared.join("packages.ini"), "[cache]\nversion=4\n").unwrap();
        let archive = archive(temp.path());
        let fresh: Vec<bool> = thread::scope(|scope| {
            let runs: Vec<_> =
                (0..4).map(|_| scope.spawn(|| share(&archive, "a.b", "1.0.0", &shared).unwrap())).collect();
            runs.into_iter().map(|run| run.join().unwrap()).collect()
        });
        assert_eq!(fresh.iter().filter(|fresh| **fresh).count(), 1);
        let mut names: Vec<_> = fs::read_dir(&shared)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names, ["a.b#1.0.0", "packages.ini"]);
        assert_eq!(fs::read_to_string(shared.join("packages.ini")).unwrap(), "[cache]\nversion=4\n");
        assert!(shared.join("a.b#1.0.0/package/example/one.json").is_file());
    }

    #[test]
    fn nothing_is_put_elsewhere() {
        let folder = Path::new("here");
        assert_eq!(below(folder, "package/./a.json"), Some(folder.join("package").join("a.json")));
        for path in ["../a", "package/../../a", "a\\b", "C:/x", "", "/"] {
            assert_eq!(below(folder, path), None, "{path}");
        }
    }
}
