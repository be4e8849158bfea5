//! Names of files, wherever a run is started.

use std::path::{Path, PathBuf};

/// The one path of a file; of a member of an archive, below the archive's. What is nowhere keeps its name.
pub(crate) fn real(file: &Path) -> PathBuf {
    let mut above = file.ancestors().filter(|above| !above.as_os_str().is_empty());
    let found = above.find_map(|above| Some((above, above.canonicalize().ok()?)));
    let real = found.and_then(|(above, real)| {
        if above == file { Some(real) } else { Some(real.join(file.strip_prefix(above).ok()?)) }
    });
    real.unwrap_or_else(|| file.to_owned())
}
