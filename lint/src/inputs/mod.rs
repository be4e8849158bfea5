//! The payloads of a run: files, folders, globs, lines of NDJSON, members of archives, standard input.
//!
//! [`find`] lists the sources, in a fixed order and without reading them; [`each`] splits sources with several
//! payloads.

mod archive;
mod error;
mod ignored;
mod lines;
mod packed;
mod pattern;
mod read;
mod source;
mod walk;

use std::io;
use std::path::{Path, PathBuf};

pub use archive::names;
pub use error::InputError;
pub use ignored::FILES as IGNORE_FILES;
pub use lines::Block;
pub use pattern::is_pattern;
pub use read::bytes;
pub use source::{Form, Found, Item, Part, Source};

use walk::Walk;

/// The payloads at paths, in the order of these; those of a folder or glob in order of their paths, each once.
pub fn find(paths: &[PathBuf], stdin_name: Option<&Path>) -> Found {
    let mut found = Found::default();
    for path in paths {
        let before = found.sources.len();
        if path == Path::new("-") {
            found.sources.push(Source::Stdin(stdin_name.map(Into::into)));
        } else if path.is_dir() {
            Walk::into(&mut found).folder(path);
            if found.sources.len() == before {
                found.errors.push(InputError::EmptyFolder(path.clone()));
            }
        } else if !path.exists() && is_pattern(path) {
            match pattern::Pattern::of(path) {
                Ok(pattern) => {
                    Walk::into(&mut found).matching(pattern);
                    if found.sources.len() == before {
                        found.errors.push(InputError::EmptyPattern(path.clone()));
                    }
                }
                Err(why) => found.errors.push(InputError::Pattern(why)),
            }
        } else {
            found.sources.push(Source::File(path.clone()));
        }
    }
    // A single folder contains each file once, unless there is a link to another.
    if paths.len() > 1 || found.has_links {
        once(&mut found.sources);
    }
    found
}

/// Leaves out duplicates.
fn once(sources: &mut Vec<Source>) {
    let mut known = std::collections::HashSet::new();
    sources.retain(|source| {
        let key = match source {
            Source::File(path) | Source::Found(path) => path.canonicalize().unwrap_or_else(|_| path.clone()),
            Source::Stdin(_) => PathBuf::from("-"),
            Source::Unopened(path, _) => path.clone(),
            Source::NoBody => return true,
        };
        known.insert(key)
    });
}

/// Whether a file with that name may hold payloads.
pub fn may_hold_payloads(path: &Path) -> bool {
    source::is_payload(path) || matches!(Form::of(path), Form::Tar | Form::Zip)
}

/// Hands over the payloads of a source one after the other, until the receiver returns false.
pub fn each<'s>(source: &'s Source, take: &mut dyn FnMut(Item<'s>) -> bool) -> bool {
    match (source, source.form()) {
        (Source::Unopened(path, why), _) => take(Item::Skipped(path.display().to_string(), why)),
        (_, Form::Whole) => take(Item::Whole(source)),
        (_, Form::Lines) => lines::each(source, take),
        (Source::Stdin(_), Form::Tar | Form::Zip) => {
            let why = "an archive cannot be read from standard input: name its file".to_owned();
            take(Item::Failed(InputError::Archive { name: source.name(), why }))
        }
        (_, form) => archive::each(source, form, take),
    }
}

/// Hands over the payloads of lines that do not come from a file.
///
/// # Errors
///
/// If they cannot be read.
pub fn lines(
    reader: impl io::BufRead,
    name: &str,
    take: &mut dyn FnMut(Item<'static>) -> bool,
) -> io::Result<bool> {
    let file = lines::Lines { name: name.to_owned(), path: name.into(), is_found: false };
    lines::of(reader, file, take)
}

#[cfg(test)]
mod tests;
