//! Ignore patterns in `.gitignore` and `.ersfhirignore`, in a folder and above.

use std::io;
use std::path::{Path, PathBuf};

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::error::InputError;

/// The files of ignore patterns; the later one takes precedence.
pub const FILES: [&str; 2] = [".gitignore", ".ersfhirignore"];

/// The ignore patterns of a folder: those of its own files, then those of the folder above.
pub(super) struct Ignored<'a> {
    own: Vec<Gitignore>,
    /// The canonical path of the folder, and as paths in it are written.
    real: PathBuf,
    written: PathBuf,
    above: Option<&'a Ignored<'a>>,
}

impl<'a> Ignored<'a> {
    /// The patterns above a folder, up to the root of the repository.
    pub(super) fn above(folder: &Path, errors: &mut Vec<InputError>) -> Self {
        let real = if folder == Path::new("") { Path::new(".") } else { folder };
        let real = real.canonicalize().unwrap_or_else(|_| folder.to_owned());
        let mut own = Vec::new();
        let is_root = |folder: &Path| folder.join(".git").exists();
        if let Some(root) = real.ancestors().find(|folder| is_root(folder)).map(Path::to_owned) {
            if real != root {
                let between = real.ancestors().skip(1).take_while(|folder| folder.starts_with(&root));
                for folder in between {
                    own.extend(files(folder, errors));
                }
            }
            let exclude = root.join(".git/info/exclude");
            own.extend(exclude.is_file().then(|| read(&root, &exclude, errors)).flatten());
            let (global, _) = GitignoreBuilder::new(&root).build_global();
            own.push(global);
        }
        Self { own, written: folder.to_owned(), real, above: None }
    }

    /// The patterns in a folder below.
    pub(super) fn below(&'a self, folder: &Path, errors: &mut Vec<InputError>) -> Ignored<'a> {
        let real = folder.strip_prefix(&self.written).map_or(folder.to_owned(), |rest| self.real.join(rest));
        Ignored { own: files(&real, errors), written: folder.to_owned(), real, above: Some(self) }
    }

    /// Whether a file or folder of this folder is ignored.
    pub(super) fn hold(&self, path: &Path, is_folder: bool) -> bool {
        let path = self.real.join(path.file_name().unwrap_or_default());
        let mut level = Some(self);
        while let Some(at) = level {
            for rules in &at.own {
                match rules.matched(&path, is_folder) {
                    Match::Ignore(_) => return true,
                    Match::Whitelist(_) => return false,
                    Match::None => {}
                }
            }
            level = at.above;
        }
        false
    }
}

/// The files of a folder, the one with precedence first.
fn files(folder: &Path, errors: &mut Vec<InputError>) -> Vec<Gitignore> {
    // A folder with that name and a broken link are also reported.
    let paths =
        FILES.iter().rev().map(|name| folder.join(name)).filter(|path| path.symlink_metadata().is_ok());
    paths.filter_map(|path| read(folder, &path, errors)).collect()
}

fn read(folder: &Path, path: &Path, errors: &mut Vec<InputError>) -> Option<Gitignore> {
    let mut rules = GitignoreBuilder::new(folder);
    let failed = rules.add(path);
    let built = rules.build();
    if let Some(error) = failed.or(built.as_ref().err().cloned()) {
        errors.push(InputError::Ignore { path: path.to_owned(), why: why(&error) });
    }
    built.ok()
}

/// The fault of a file, without its name.
fn why(error: &ignore::Error) -> String {
    match error {
        ignore::Error::WithPath { err, .. } | ignore::Error::WithDepth { err, .. } => why(err),
        ignore::Error::WithLineNumber { line, err } => format!("line {line}: {}", why(err)),
        ignore::Error::Partial(all) => all.iter().map(why).collect::<Vec<_>>().join("; "),
        ignore::Error::Io(error) if error.kind() == io::ErrorKind::InvalidData => {
            "it is not UTF-8: save it as UTF-8 text".to_owned()
        }
        ignore::Error::Io(error) => format!("{error}: make it readable, or remove it"),
        other => other.to_string(),
    }
}
