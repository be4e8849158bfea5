//! `validate --fix` and `--diff`: payloads mended where it is certain how.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use ers_fhir_report::edit::{self, Mended};
use ers_fhir_report::render::{Checked, Render, Summary, printable};
use ers_fhir_report::{Diagnostic, mask};
use ers_fhir_validator::rule;
use ers_fhir_validator::tree::Syntax;

use crate::inputs::Source;

/// Names that are tried for the file that takes the place of another.
const MOST_NAMES: u32 = 100;

/// A payload as it is when everything certain is mended; `None` where nothing is.
///
/// A payload that cannot be read as it is has no edits: its positions are not those of the file.
pub(crate) fn mended(checked: &Checked, bytes: &[u8], check: impl Fn(Vec<u8>) -> Checked) -> Option<Mended> {
    let text = std::str::from_utf8(bytes).ok()?;
    let is_read = |checked: &Checked, text: &str| checked.version.is_some() && checked.text == text;
    if !is_read(checked, text) {
        return None;
    }
    let again = |text: &str| {
        let checked = check(text.as_bytes().to_vec());
        is_read(&checked, text).then_some(checked.report)
    };
    let mended = edit::mend(text, &checked.report, again, rule::hides);
    (!mended.mended.is_empty()).then_some(mended)
}

/// What --fix would change; what the payload says is hidden where values are.
pub(crate) fn diff(name: &str, syntax: Syntax, old: &str, new: &str, looks: Looks) -> String {
    let masked = |text: &str| mask::masked(text, syntax, usize::MAX);
    let (hidden_old, hidden_new) =
        if looks == Looks::Masked { (masked(old), masked(new)) } else { (old.to_owned(), new.to_owned()) };
    let lines = |text: &str| -> Vec<String> {
        let clean = |line: &str| match looks {
            Looks::Exact => line.to_owned(),
            Looks::Masked | Looks::Printable => printable(line).into_owned(),
        };
        text.split_inclusive('\n').map(|line| clean(line.trim_end_matches('\n'))).collect()
    };
    let (of_old, of_new) = (lines(&hidden_old), lines(&hidden_new));
    edit::diff(&printable(name), old, new, |at, is_new| {
        // A line that has no counterpart is not shown at all.
        let shown = if is_new { &of_new } else { &of_old };
        shown.get(at).cloned().unwrap_or_default()
    })
}

/// How lines of a payload are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Looks {
    /// With its values blanked.
    Masked,
    /// Without what a terminal would obey.
    Printable,
    /// Byte for byte, to be applied.
    Exact,
}

/// What was mended, in a line each: "a.json:3:5: the value is empty (primitive-empty)".
pub(crate) fn told(name: &str, mended: &[Diagnostic], masks: bool) -> Vec<String> {
    mended
        .iter()
        .map(|finding| {
            let message = &finding.message;
            let message = if masks { message.masked() } else { message.revealed().to_owned() };
            let at = finding.position;
            format!("{name}:{}:{}: {message} ({})", at.line, at.column, finding.rule.code)
        })
        .collect()
}

/// Puts a text in the place of a file at once, so that no one ever sees a part of it.
pub(crate) fn write(source: &Source, text: &str) -> Result<(), String> {
    let path = match source {
        Source::File(path) | Source::Found(path) => path,
        Source::Stdin | Source::NoBody | Source::NoFile(_) => return Ok(()),
    };
    let is_file = fs::symlink_metadata(path).is_ok_and(|found| found.is_file());
    if !is_file {
        return Err(format!("{} is a link or no file, and is left as it is", path.display()));
    }
    replace(path, text.as_bytes()).map_err(|error| format!("cannot write {}: {error}", path.display()))
}

fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    for number in 0..MOST_NAMES {
        let other = folder.join(format!(".{name}.{}-{number}.tmp", std::process::id()));
        let mut file = match OpenOptions::new().write(true).create_new(true).open(&other) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
            opened => opened?,
        };
        let written = file
            .write_all(bytes)
            .and_then(|()| file.set_permissions(fs::metadata(path)?.permissions()))
            .and_then(|()| file.sync_all())
            .and_then(|()| fs::rename(&other, path));
        if written.is_err() {
            let _ = fs::remove_file(&other);
        }
        return written;
    }
    Err(io::Error::from(io::ErrorKind::AlreadyExists))
}

/// Writes no findings: what is written is the difference alone.
#[derive(Debug)]
pub(crate) struct Nothing;

impl Render for Nothing {
    fn payload(&self, _checked: &Checked) -> String {
        String::new()
    }

    fn failure(&self, _error: &str) -> String {
        String::new()
    }

    fn close(&self, _summary: &Summary) -> String {
        String::new()
    }
}
