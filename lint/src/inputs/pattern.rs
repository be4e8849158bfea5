//! Globs on the command line, for shells that do not expand them.

use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};

const WILD: [char; 4] = ['*', '?', '[', '{'];

/// A glob.
pub(super) struct Pattern {
    matcher: GlobMatcher,
    folder: PathBuf,
    names_ending: bool,
}

/// Whether a path has wildcards.
pub fn is_pattern(path: &Path) -> bool {
    path.to_string_lossy().contains(WILD)
}

impl Pattern {
    /// Reads a glob, or says why it is malformed.
    pub(super) fn of(path: &Path) -> Result<Self, String> {
        let is_wild = |part: &Path| is_pattern(part);
        let folder: PathBuf = path.components().take_while(|part| !is_wild(part.as_ref())).collect();
        let text = path.to_string_lossy();
        let text = text.strip_prefix("./").unwrap_or(&text);
        let glob = GlobBuilder::new(text).literal_separator(true).build();
        let glob = glob.map_err(|error| format!("the glob '{text}' is malformed: {}", error.kind()))?;
        let names_ending = path.extension().is_some_and(|extension| !is_wild(extension.as_ref()));
        let folder = folder.strip_prefix(".").map(Path::to_owned).unwrap_or(folder);
        Ok(Self { matcher: glob.compile_matcher(), folder, names_ending })
    }

    /// The folder that contains all matches.
    pub(super) fn folder(&self) -> &Path {
        if self.folder.as_os_str().is_empty() { Path::new(".") } else { &self.folder }
    }

    /// Whether it matches a file.
    pub(super) fn fits(&self, path: &Path) -> bool {
        self.matcher.is_match(path.strip_prefix(".").unwrap_or(path))
    }

    /// Whether it determines the extension of a file.
    pub(super) fn names_ending(&self) -> bool {
        self.names_ending
    }
}
