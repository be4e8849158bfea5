//! Names of files that do not depend on where a run is started.

use std::path::{Path, PathBuf};

/// The canonical path of a file; that of a member of an archive is below the archive's. A file that does
/// not exist keeps its name.
pub(crate) fn real(file: &Path) -> PathBuf {
    let mut above = file.ancestors().filter(|above| !above.as_os_str().is_empty());
    let found = above.find_map(|above| Some((above, above.canonicalize().ok()?)));
    let real = found.and_then(|(above, real)| {
        if above == file { Some(real) } else { Some(real.join(file.strip_prefix(above).ok()?)) }
    });
    real.unwrap_or_else(|| file.to_owned())
}
