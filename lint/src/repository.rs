//! Where files are in a repository, wherever a run is started and however they are named.

use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::path::real;

/// The folder that reports of a run name files from.
#[derive(Debug)]
pub struct Repository {
    top: PathBuf,
    /// Whether the run is started there.
    is_here: bool,
    /// The file that was asked for last, and its path: one may hold a million payloads.
    last: Mutex<Option<(String, Option<String>)>>,
}

impl Repository {
    /// The one that a run is started in: the nearest folder above with a `.git`, or else the folder of the settings, or else
    /// the one that the run is started in.
    pub fn around(settings: Option<&Path>) -> Self {
        let here = Path::new(".").canonicalize().unwrap_or_default();
        let of_git = here.ancestors().find(|folder| folder.join(".git").exists());
        let top = of_git.or(settings).unwrap_or(&here).to_owned();
        Self { is_here: top == here, top, last: Mutex::default() }
    }

    /// The path of a file from the top, with slashes, where it has another name in the run; `None` too where it is outside.
    pub fn path(&self, file: &str) -> Option<String> {
        let path = Path::new(file);
        let is_plain = path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        if file.starts_with('<') || (self.is_here && is_plain) {
            return None;
        }
        if let Some((_, path)) = self.last().as_ref().filter(|(last, _)| last == file) {
            return path.clone();
        }
        let below = self.below(file);
        *self.last() = Some((file.to_owned(), below.clone()));
        below
    }

    fn last(&self) -> MutexGuard<'_, Option<(String, Option<String>)>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The path of a file from the top, where that is not how it is named.
    fn below(&self, file: &str) -> Option<String> {
        let real = real(Path::new(file));
        let below = real.strip_prefix(&self.top).ok()?.to_str()?.replace('\\', "/");
        (below != file).then_some(below)
    }
}
