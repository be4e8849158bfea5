//! Generated files: files that somebody wrote are never overwritten.

use std::fs;
use std::io;
use std::path::Path;

/// Writes files with a mark, and overwrites only files that have it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Writer {
    /// The mark of every generated file.
    pub(crate) mark: &'static str,
    /// Whether to overwrite other files too.
    pub(crate) force: bool,
}

impl Writer {
    /// Whether a file may be written; the error says what to do.
    pub(crate) fn check(self, path: &Path) -> Result<(), String> {
        match fs::read(path) {
            Ok(there) if !self.force && !self.is_generated(&there) => Err(format!(
                "'{}' exists and was not generated: choose another --out, or overwrite it with --force",
                path.display()
            )),
            Ok(_) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(failed(path, &error)),
        }
    }

    /// Writes a file, and the folders around it.
    pub(crate) fn write(self, path: &Path, content: &str) -> Result<(), String> {
        self.check(path)?;
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|error| failed(path, &error))?;
        }
        fs::write(path, content).map_err(|error| failed(path, &error))
    }

    /// Removes the Rust files of an earlier run from a folder: those that have the mark and are not kept.
    pub(crate) fn remove_others(self, folder: &Path, is_kept: impl Fn(&str) -> bool) -> Result<(), String> {
        for entry in fs::read_dir(folder).map_err(|error| failed(folder, &error))?.flatten() {
            let (path, name) = (entry.path(), entry.file_name());
            let is_rust = path.extension().is_some_and(|extension| extension == "rs") && path.is_file();
            if !is_rust || name.to_str().is_some_and(&is_kept) {
                continue;
            }
            let content = fs::read(&path).map_err(|error| failed(&path, &error))?;
            if !content.is_empty() && self.is_generated(&content) {
                fs::remove_file(&path).map_err(|error| failed(&path, &error))?;
            }
        }
        Ok(())
    }

    fn is_generated(self, content: &[u8]) -> bool {
        let mark = self.mark.as_bytes();
        content.is_empty() || content.windows(mark.len()).any(|window| window == mark)
    }
}

fn failed(path: &Path, error: &io::Error) -> String {
    format!("cannot write '{}': {error}", path.display())
}
