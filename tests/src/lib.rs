//! What the tests of the whole toolkit share: where corpora are, and how to read them.
//!
//! Corpora are not in this repository. A test that does not find its own says that it skipped.

pub mod bad;
mod corpus;
pub mod ers;
pub mod place;
pub mod spoil;

pub use corpus::{Instance, examples};

use std::path::{Path, PathBuf};

/// Says that a test checked nothing, so that it does not look like one that passed.
pub fn skip(reason: &str) {
    note(&format!("skipped: {reason}"));
}

/// Says something that a person who runs the tests should know.
#[expect(clippy::print_stderr, reason = "tests have no other way to speak")]
pub fn note(text: &str) {
    eprintln!("{text}");
}

/// A path relative to the root of the workspace.
pub fn workspace(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

/// A file or folder of the material that stands beside the checkout; says so where it is not there.
pub fn shared(path: &str) -> Option<PathBuf> {
    let found = workspace("../shared").join(path);
    if found.exists() {
        return Some(found);
    }
    skip(&format!("{} is not there", found.display()));
    None
}
