//! Files that are generated: none is lost that somebody wrote.

use std::fs;
use std::io;
use std::path::Path;

/// Writes a file, and the folders around it.
///
/// A file that is there already is replaced only if it holds the mark of what was generated, or if
/// `force` says so; the error says what to do.
pub(crate) fn write(path: &Path, content: &str, mark: &str, force: bool) -> Result<(), String> {
    let failed = |error: &io::Error| format!("cannot write '{}': {error}", path.display());
    match fs::read(path) {
        Ok(there) if !force && !holds(&there, mark) => {
            return Err(format!(
                "'{}' exists and was not generated: give another --out, or overwrite it with --force",
                path.display()
            ));
        }
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(failed(&error)),
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| failed(&error))?;
    }
    fs::write(path, content).map_err(|error| failed(&error))
}

fn holds(content: &[u8], mark: &str) -> bool {
    content.is_empty() || content.windows(mark.len()).any(|window| window == mark.as_bytes())
}
