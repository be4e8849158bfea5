//! Files below a folder, in order of their paths.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::error::InputError;
use super::ignored::Ignored;
use super::may_hold_payloads;
use super::pattern::Pattern;
use super::source::{Form, Found, Source, is_passed_by, is_payload};

/// The greatest depth of folders: a link may lead anywhere, and a disk may be corrupted.
const MAX_DEPTH: usize = 200;

/// A search for payloads.
pub(super) struct Walk<'f> {
    found: &'f mut Found,
    pattern: Option<Pattern>,
}

impl<'f> Walk<'f> {
    pub(super) fn into(found: &'f mut Found) -> Self {
        Self { found, pattern: None }
    }

    /// Adds the payloads below a folder. Hidden files, links to folders and ignored files are skipped.
    pub(super) fn folder(mut self, folder: &Path) {
        let ignored = Ignored::above(folder, &mut self.found.errors);
        self.search(folder, &ignored, 0);
    }

    /// Adds the files that a glob matches.
    pub(super) fn matching(mut self, pattern: Pattern) {
        let folder = pattern.folder().to_owned();
        if folder.is_dir() {
            let ignored = Ignored::above(&folder, &mut self.found.errors);
            self.pattern = Some(pattern);
            self.search(&folder, &ignored, 0);
        }
    }

    fn search(&mut self, folder: &Path, above: &Ignored<'_>, depth: usize) {
        let entries = fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>);
        let mut entries = match entries {
            Ok(entries) => entries,
            Err(source) => {
                let name = folder.display().to_string();
                self.found.errors.push(InputError::Unreadable { name, source });
                return;
            }
        };
        entries.sort_by_cached_key(fs::DirEntry::file_name);
        let ignored = above.below(folder, &mut self.found.errors);
        for entry in entries {
            if is_passed_by(&entry.file_name()) {
                continue;
            }
            let path = if folder == Path::new("") { entry.file_name().into() } else { entry.path() };
            let kind = entry.file_type().ok();
            let is_folder = kind.is_some_and(|kind| kind.is_dir());
            if !is_folder && !self.is_wanted(&path) {
                continue;
            }
            if ignored.hold(&path, is_folder) {
                self.found.ignored += 1;
            } else if is_folder {
                if depth < MAX_DEPTH {
                    self.search(&path, &ignored, depth + 1);
                }
            } else {
                self.file(path, kind.is_some_and(|kind| kind.is_file()));
            }
        }
    }

    fn is_wanted(&self, path: &Path) -> bool {
        match &self.pattern {
            Some(pattern) => pattern.fits(path) && (pattern.names_ending() || is_payload(path)),
            None => may_hold_payloads(path),
        }
    }

    /// Adds a file, which may be a link or a device.
    fn file(&mut self, path: PathBuf, is_plain: bool) {
        if !is_plain {
            self.found.has_links = true;
            match path.metadata() {
                Ok(file) if file.is_dir() => return,
                Ok(file) if !file.is_file() => {
                    self.found.sources.push(Source::Unopened(path, "a pipe, a socket or a device"));
                    return;
                }
                // A broken link is reported when it is read.
                _ => {}
            }
        }
        let is_archive = matches!(Form::of(&path), Form::Tar | Form::Zip);
        // Most archives do not hold payloads.
        self.found.sources.push(if is_archive && self.pattern.is_none() {
            Source::Unopened(path, "an archive, which is only opened if it is named")
        } else {
            Source::Found(path)
        });
    }
}
