//! Names of files, wherever a run is started.

use std::path::{Path, PathBuf};

/// The one path of a file. Of a member of an archive, the archive's.
pub(crate) fn real(file: &Path) -> PathBuf {
    let found = file.ancestors().find_map(|above| Some((above, above.canonicalize().ok()?)));
    match found {
        Some((above, real)) if above == file => real,
        Some((above, real)) if !above.as_os_str().is_empty() => {
            file.strip_prefix(above).map_or_else(|_| file.to_owned(), |rest| real.join(rest))
        }
        _ => Path::new(".").canonicalize().map_or_else(|_| file.to_owned(), |folder| folder.join(file)),
    }
}
