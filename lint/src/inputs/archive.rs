//! Archives of payloads: members are read one after the other, and never unpacked to disk.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Component, Path, PathBuf};

use ers_fhir_profiles::package::EntryNames;
use flate2::read::MultiGzDecoder;
use zip::ZipArchive;

use super::error::InputError;
use super::lines::{self, Lines};
use super::read::bounded;
use super::source::{Form, Item, Part, Source, is_passed_by, is_payload};

/// The greatest number of members of an archive.
const MAX_MEMBERS: usize = 100_000;
/// The greatest size of all members together, in bytes.
const MAX_TOTAL: u64 = 4 << 30;

/// The greatest compression ratio of a large member. FHIR has a ratio of ten to fifty; a member with a ratio of a
/// thousand is made to exhaust memory.
const MOST_TIMES: u64 = 150;
/// Members up to this size take little memory in any case.
const SMALL: u64 = 4 << 20;

const IS_LINK: &str = "a link or special file, in an archive";

/// Hands over the payloads of an archive.
pub(super) fn each<'s>(source: &'s Source, form: Form, take: &mut dyn FnMut(Item<'s>) -> bool) -> bool {
    let name = source.name();
    let archive = Archive { name: &name, is_read: true };
    let result = match source.path().map(File::open) {
        Some(Ok(file)) => archive.members(file, form, take),
        Some(Err(error)) => {
            return take(Item::Failed(InputError::Unreadable { name, source: error }));
        }
        None => return true,
    };
    result.unwrap_or_else(|why| take(Item::Failed(InputError::Archive { name: name.clone(), why })))
}

/// The paths of the payloads of an archive for the settings, as far as it can be read.
pub fn names(source: &Source) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    if let (Form::Tar | Form::Zip, Some(Ok(file))) = (source.form(), source.path().map(File::open)) {
        let name = source.name();
        let archive = Archive { name: &name, is_read: false };
        // A member that cannot be read is reported when it is checked.
        let _ = archive.members(file, source.form(), &mut |item| {
            if let Item::Part(part) = item {
                paths.push(part.path);
            }
            true
        });
    }
    paths
}

struct Archive<'a> {
    name: &'a str,
    /// Whether members are read, rather than only listed.
    is_read: bool,
}

impl Archive<'_> {
    fn members<'s>(
        &self,
        file: File,
        form: Form,
        take: &mut dyn FnMut(Item<'s>) -> bool,
    ) -> Result<bool, String> {
        if form == Form::Zip { self.zip(file, take) } else { self.tar(file, take) }
    }

    fn tar<'s>(&self, file: File, take: &mut dyn FnMut(Item<'s>) -> bool) -> Result<bool, String> {
        let broken = |error: io::Error| format!("the archive cannot be read: {error}");
        let packed = file.metadata().map_err(broken)?.len();
        let is_plain =
            Path::new(self.name).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("tar"));
        let file = BufReader::new(file);
        let inner: Box<dyn Read> =
            if is_plain { Box::new(file) } else { Box::new(MultiGzDecoder::new(file)) };
        let bytes = Bounded { left: MAX_TOTAL, inner };
        let mut archive = tar::Archive::new(bytes);
        let mut names = EntryNames::default();
        for (at, entry) in archive.entries().map_err(broken)?.enumerate() {
            let mut entry = entry.map_err(broken)?;
            if at >= MAX_MEMBERS {
                return Err(too_many());
            }
            let Some(path) = names.path_of(&mut entry).map_err(broken)? else { continue };
            let path = PathBuf::from(path);
            let kind = entry.header().entry_type();
            if kind.is_dir() || !is_wanted(&path) {
                continue;
            }
            let goes_on = if kind.is_file() && is_bomb(&path, entry.size(), packed) {
                take(self.refused(&path))
            } else if kind.is_file() {
                self.member(&path, entry, take).map_err(broken)?
            } else {
                take(Item::Skipped(self.called(&path), IS_LINK))
            };
            if !goes_on {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn zip<'s>(&self, file: File, take: &mut dyn FnMut(Item<'s>) -> bool) -> Result<bool, String> {
        let broken = |error: &dyn std::fmt::Display| format!("the archive cannot be read: {error}");
        let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|error| broken(&error))?;
        if archive.len() > MAX_MEMBERS {
            return Err(too_many());
        }
        let mut left = MAX_TOTAL;
        for at in 0..archive.len() {
            let member = archive.by_index(at).map_err(|error| broken(&error))?;
            let path = PathBuf::from(member.name().map_err(|error| broken(&error))?.into_owned());
            if member.is_dir() || !is_wanted(&path) {
                continue;
            }
            let goes_on = if member.is_symlink() {
                take(Item::Skipped(self.called(&path), IS_LINK))
            } else if is_bomb(&path, member.size(), member.compressed_size()) {
                take(self.refused(&path))
            } else {
                let mut bytes = Bounded { left, inner: member };
                let goes_on = self.member(&path, &mut bytes, take).map_err(|error| broken(&error))?;
                left = bytes.left;
                goes_on
            };
            if !goes_on {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn member<'s>(
        &self,
        path: &Path,
        reader: impl Read,
        take: &mut dyn FnMut(Item<'s>) -> bool,
    ) -> io::Result<bool> {
        let name = self.called(path);
        if path.components().any(|part| !matches!(part, Component::Normal(_) | Component::CurDir)) {
            let why = "its name leads outside the archive: it is not checked".to_owned();
            return Ok(take(Item::Failed(InputError::Archive { name, why })));
        }
        let path = PathBuf::from(&name);
        match Form::of(&path) {
            Form::Tar | Form::Zip => Ok(take(Item::Skipped(name, "an archive in an archive"))),
            Form::Lines if self.is_read => {
                lines::of(BufReader::new(reader), Lines { name, path, is_found: true }, take)
            }
            Form::Lines | Form::Whole => Ok(take(Item::Part(Part {
                path,
                name,
                within: self.name.to_owned(),
                before: None,
                bytes: if self.is_read { bounded(reader, 0)? } else { Ok(Vec::new()) },
                is_found: true,
            }))),
        }
    }

    /// A member that is not read.
    fn refused(&self, path: &Path) -> Item<'static> {
        let why = format!(
            "it unpacks to more than {MOST_TIMES} times its size, which FHIR never does: if this is intended, \
             unpack it and check the file"
        );
        Item::Failed(InputError::Archive { name: self.called(path), why })
    }

    /// An archive is like a folder.
    fn called(&self, member: &Path) -> String {
        let member = member.strip_prefix("./").unwrap_or(member);
        format!("{}/{}", self.name, member.display())
    }
}

fn is_wanted(path: &Path) -> bool {
    let is_hidden = path.components().any(|part| match part {
        Component::Normal(name) => is_passed_by(name),
        _ => false,
    });
    !is_hidden && (is_payload(path) || matches!(Form::of(path), Form::Tar | Form::Zip))
}

/// Whether a member would exhaust memory; lines are read one by one.
fn is_bomb(path: &Path, unpacked: u64, packed: u64) -> bool {
    Form::of(path) == Form::Whole && unpacked > SMALL && unpacked / packed.max(1) > MOST_TIMES
}

fn too_many() -> String {
    format!("the archive has more than {MAX_MEMBERS} members: unpack it, and check the folder")
}

/// Reads up to a limit: compressed data may expand a thousandfold.
pub(super) struct Bounded<R> {
    pub(super) left: u64,
    pub(super) inner: R,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.left = self.left.checked_sub(read as u64).ok_or_else(|| {
            let most = MAX_TOTAL >> 30;
            io::Error::other(format!("it unpacks to more than {most} GiB: unpack it, and check the folder"))
        })?;
        Ok(read)
    }
}
