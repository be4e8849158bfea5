//! Files by globs.

use std::path::Path;

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};

/// The files that globs match. A glob that names a folder matches everything in it.
#[derive(Debug)]
pub(super) struct Places(GlobSet);

impl Places {
    pub(super) fn of(globs: &[String]) -> Result<Self, String> {
        let mut set = GlobSetBuilder::new();
        for glob in globs {
            let bare = glob.trim_end_matches('/');
            set.add(read(bare)?).add(read(&format!("{bare}/**"))?);
        }
        set.build().map(Self).map_err(|error| error.to_string())
    }

    pub(super) fn hold(&self, file: &Path) -> bool {
        self.0.is_match(file)
    }
}

/// `*` stops at a slash, `**` does not.
fn read(glob: &str) -> Result<Glob, String> {
    let read = GlobBuilder::new(glob).literal_separator(true).build();
    read.map_err(|error| format!("the glob '{glob}' is malformed: {}", error.kind()))
}
