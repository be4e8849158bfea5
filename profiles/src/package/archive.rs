//! Packages in `.tgz` archives, as registries serve them.
//!
//! Archives come from outside, so nothing in them is trusted: links, devices and paths that leave the archive
//! are refused, and the unpacked size is bounded. Nothing is written to disk.

use std::cell::Cell;
use std::io::{self, Read};

use flate2::read::MultiGzDecoder;
use tar::EntryType;

use super::{Manifest, Package};
use crate::error::Error;

/// The most entries in an archive; the largest published packages have some 20 000.
pub(super) const MAX_ENTRIES: usize = 200_000;
/// The largest file in an archive.
pub(super) const MAX_ENTRY_BYTES: u64 = 128 << 20;
/// The most bytes that an archive may unpack to; the largest published packages come to some 500 MB.
pub(super) const MAX_TOTAL_BYTES: u64 = 1 << 30;
/// The most bytes between the contents of two files: headers, long names and attributes.
const MAX_HEADER_BYTES: u64 = 1 << 20;

impl Package {
    /// Reads a `.tgz` archive; `name` names it in messages.
    ///
    /// Definitions are taken from the JSON files directly in its top folder (`package/`).
    pub fn from_archive(name: &str, reader: impl Read) -> Result<Self, Error> {
        let mut package = Self::default();
        visit(name, reader, definition_file, |file, bytes| {
            if file == "package.json" {
                match Manifest::from_json(bytes) {
                    Ok(manifest) => package.manifest = manifest,
                    Err(e) => package.problem(file, &e),
                }
            } else {
                package.add_json(file, bytes);
            }
        })?;
        if package.manifest.name.is_empty() {
            name.clone_into(&mut package.manifest.name);
        }
        Ok(package.index())
    }
}

/// Visits the wanted files of an archive, one after the other, under the names that `wanted` gives them.
pub(super) fn visit(
    name: &str,
    reader: impl Read,
    wanted: impl Fn(&str) -> Option<&str>,
    mut take: impl FnMut(&str, &[u8]),
) -> Result<(), Error> {
    let mut buffer = Vec::new();
    each_file(name, reader, |path, content| {
        let Some(file) = wanted(path) else { return Ok(()) };
        buffer.clear();
        content.read_to_end(&mut buffer)?;
        take(file, &buffer);
        Ok(())
    })
}

/// Visits the path and the content of each file of a `.tgz` archive; `name` names the archive in messages.
///
/// # Errors
///
/// If the archive is damaged, too large, or holds anything that would be dangerous to unpack: links, devices,
/// paths that lead out of it. An error from `visit` is reported as damage.
pub fn each_file(
    name: &str,
    reader: impl Read,
    mut visit: impl FnMut(&str, &mut dyn Read) -> io::Result<()>,
) -> Result<(), Error> {
    let refuse = |reason: String| Error::Archive { package: name.to_owned(), reason };
    let damaged = |e: io::Error| refuse(format!("the archive is damaged ({e}): fetch it again"));
    let mut total = 0;
    let allowance = Cell::new(MAX_HEADER_BYTES);
    let unpacked = MultiGzDecoder::new(reader).take(MAX_TOTAL_BYTES + MAX_ENTRY_BYTES);
    let mut archive = tar::Archive::new(Metered { inner: unpacked, allowance: &allowance });
    let mut names = EntryNames::default();
    for (count, entry) in archive.entries().map_err(damaged)?.enumerate() {
        let mut entry = entry.map_err(damaged)?;
        if count >= MAX_ENTRIES {
            return Err(refuse(format!("it has more than {MAX_ENTRIES} entries, which no FHIR package has")));
        }
        let Some(path) = names.path_of(&mut entry).map_err(damaged)? else { continue };
        if !stays_inside(&path) {
            return Err(refuse(format!("entry '{path}' points outside the archive")));
        }
        match entry.header().entry_type() {
            EntryType::Regular => {}
            EntryType::Directory | EntryType::XGlobalHeader => {
                allowance.set(MAX_HEADER_BYTES);
                continue;
            }
            other => {
                let what = describe(other);
                return Err(refuse(format!("entry '{path}' is {what}; a FHIR package holds plain files")));
            }
        }
        let size = entry.size();
        total += size;
        if size > MAX_ENTRY_BYTES || total > MAX_TOTAL_BYTES {
            return Err(refuse(format!(
                "with entry '{path}' it exceeds the limits for unpacking: {} MB for a file, {} MB in all",
                MAX_ENTRY_BYTES >> 20,
                MAX_TOTAL_BYTES >> 20
            )));
        }
        // For the content, read or skipped, and for everything before the next.
        allowance.set(size + MAX_HEADER_BYTES);
        visit(&path, &mut entry).map_err(damaged)?;
    }
    Ok(())
}

/// The paths of the entries of an archive, some of which are told by an entry of their own before them.
///
/// Such entries are hidden by `tar` only where their headers are of a format that it knows; there are registries
/// that write others.
#[derive(Debug, Default)]
pub struct EntryNames {
    next: Option<String>,
}

impl EntryNames {
    /// The path of the next entry of an archive; `None` if it is the name of the one after it.
    ///
    /// # Errors
    ///
    /// If the name cannot be read, or is longer than any path.
    pub fn path_of(&mut self, entry: &mut tar::Entry<'_, impl Read>) -> io::Result<Option<String>> {
        const LONGEST: u64 = 64 << 10;
        if entry.header().entry_type() != EntryType::GNULongName {
            let own = || String::from_utf8_lossy(&entry.path_bytes()).into_owned();
            return Ok(Some(self.next.take().unwrap_or_else(own)));
        }
        let mut name = Vec::new();
        if entry.take(LONGEST + 1).read_to_end(&mut name)? as u64 > LONGEST {
            return Err(io::Error::other("a name is too long"));
        }
        self.next = Some(String::from_utf8_lossy(&name).trim_end_matches('\0').to_owned());
        Ok(None)
    }
}

/// A reader that yields no more than it is allowed, so that long names cannot fill the memory.
struct Metered<'a, R> {
    inner: R,
    allowance: &'a Cell<u64>,
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let left = self.allowance.get().checked_sub(read as u64);
        self.allowance.set(left.ok_or_else(|| io::Error::other("its headers are too large"))?);
        Ok(read)
    }
}

fn describe(kind: EntryType) -> &'static str {
    match kind {
        EntryType::Link | EntryType::Symlink => "a link",
        EntryType::Char | EntryType::Block | EntryType::Fifo => "a device",
        _ => "an unusual kind of file",
    }
}

pub(super) fn stays_inside(path: &str) -> bool {
    let windows_drive = path.as_bytes().get(1) == Some(&b':');
    !path.starts_with(['/', '\\']) && !windows_drive && path.split(['/', '\\']).all(|step| step != "..")
}

/// The name of a JSON file in the top folder, unless hidden; other files hold no definitions.
fn definition_file(path: &str) -> Option<&str> {
    let path = path.strip_prefix("./").unwrap_or(path);
    let (_, file) = path.split_once('/')?;
    let is_json = file.strip_suffix(".json").is_some();
    (is_json && !file.contains('/') && !file.starts_with('.')).then_some(file)
}
