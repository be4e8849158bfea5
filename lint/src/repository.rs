//! The place of files in a repository, regardless of where a run is started and how they are named.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::{PoisonError, RwLock};

use crate::path::real;

/// The number of folders whose path is cached; when there are more, the cache starts over.
const MOST_FOLDERS: usize = 1000;

/// The folder to which file names in reports are relative.
#[derive(Debug)]
pub struct Repository {
    top: PathBuf,
    /// Whether the run is started in this folder.
    is_here: bool,
    /// Folders with their canonical paths: asking the system takes as long as reading a small file. Threads
    /// share the cache, which is only read for known folders.
    folders: RwLock<BTreeMap<PathBuf, PathBuf>>,
}

impl Repository {
    /// The repository of a run: the nearest folder above with a `.git`, or else the folder of the settings, or else
    /// the one that the run is started in.
    pub fn around(settings: Option<&Path>) -> Self {
        let here = Path::new(".").canonicalize().unwrap_or_default();
        let of_git = here.ancestors().find(|folder| folder.join(".git").exists());
        let top = of_git.or(settings).unwrap_or(&here).to_owned();
        Self { is_here: top == here, top, folders: RwLock::default() }
    }

    /// The path of a file from the top, with slashes; `None` if that is its name in the run, or if it is outside.
    pub fn path(&self, file: &str) -> Option<String> {
        let path = Path::new(file);
        let is_plain = path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        if file.starts_with('<') || (self.is_here && is_plain) {
            return None;
        }
        let real = self.real(path);
        let below = real.strip_prefix(&self.top).ok()?.to_str()?.replace('\\', "/");
        (below != file).then_some(below)
    }

    /// The canonical path of a file.
    fn real(&self, file: &Path) -> PathBuf {
        let (Some(folder), Some(name)) = (file.parent(), file.file_name()) else { return real(file) };
        if file.is_symlink() {
            return real(file);
        }
        if let Some(real) = self.folders.read().unwrap_or_else(PoisonError::into_inner).get(folder) {
            return real.join(name);
        }
        let real = real(file);
        if let Some(above) = real.parent() {
            let mut folders = self.folders.write().unwrap_or_else(PoisonError::into_inner);
            if folders.len() >= MOST_FOLDERS {
                folders.clear();
            }
            folders.insert(folder.to_owned(), above.to_owned());
        }
        real
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{Repository, RwLock};

    /// Each file gets its own path, whatever was asked before.
    #[cfg(unix)]
    #[test]
    fn files_and_links_of_one_folder_have_each_their_path() {
        use std::os::unix::fs::symlink;

        let temp = tempfile::tempdir().unwrap();
        let top = temp.path().canonicalize().unwrap();
        fs::create_dir_all(top.join("a/b")).unwrap();
        for name in ["a/one.json", "a/b/two.json"] {
            fs::write(top.join(name), "{}").unwrap();
        }
        symlink(top.join("a/b/two.json"), top.join("a/link.json")).unwrap();
        symlink(top.join("a/b"), top.join("c")).unwrap();
        symlink("/", top.join("a/out")).unwrap();
        let repository = Repository { top: top.clone(), is_here: false, folders: RwLock::default() };
        let path = |name: &str| repository.path(top.join(name).to_str().unwrap());
        for _ in 0..2 {
            assert_eq!(path("a/one.json").as_deref(), Some("a/one.json"));
            assert_eq!(path("a/link.json").as_deref(), Some("a/b/two.json"));
            assert_eq!(path("a/b/two.json").as_deref(), Some("a/b/two.json"));
            assert_eq!(path("c/two.json").as_deref(), Some("a/b/two.json"));
            assert_eq!(path("a/b/../one.json").as_deref(), Some("a/one.json"));
            assert_eq!(path("a/nothing.json").as_deref(), Some("a/nothing.json"));
            assert_eq!(path("a/out"), None);
        }
    }
}
