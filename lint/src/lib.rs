#![doc = include_str!("../README.md")]

mod baseline;
pub mod capture;
mod changed;
mod finding;
pub mod inputs;
mod replacement;
pub mod rule;
mod session;
pub mod settings;
mod traffic;

use std::path::{Path, PathBuf};

pub use baseline::{Baseline, BaselineError};
pub use changed::{ChangedError, HEAD, changed};
pub use replacement::Replacement;
pub use traffic::{Judged, Stranger, Traffic, traffic};

/// The one path of a file. Of a member of an archive, the archive's.
fn real(file: &Path) -> PathBuf {
    let found = file.ancestors().find_map(|above| Some((above, above.canonicalize().ok()?)));
    match found {
        Some((above, real)) if above == file => real,
        Some((above, real)) if !above.as_os_str().is_empty() => {
            file.strip_prefix(above).map_or_else(|_| file.to_owned(), |rest| real.join(rest))
        }
        _ => Path::new(".").canonicalize().map_or_else(|_| file.to_owned(), |folder| folder.join(file)),
    }
}
