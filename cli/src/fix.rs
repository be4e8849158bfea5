//! `validate --fix` and `--diff`: fixing payloads where the fix is certain.

use std::fs;
use std::io::Write;

use ers_fhir_lint::Replacement;
use ers_fhir_report::edit::{self, Fixed};
use ers_fhir_report::render::{Checked, printable};
use ers_fhir_report::{Diagnostic, mask};
use ers_fhir_validator::rule;
use ers_fhir_validator::tree::Syntax;

use ers_fhir_lint::inputs::Source;

/// A payload with all certain fixes applied; `None` if there are none.
///
/// A payload that had to be recovered has no edits, since its positions are not those of the file.
pub(crate) fn fixed(checked: &Checked, bytes: &[u8], check: impl Fn(Vec<u8>) -> Checked) -> Option<Fixed> {
    let text = std::str::from_utf8(bytes).ok()?;
    let is_read = |checked: &Checked, text: &str| checked.version.is_some() && checked.text == text;
    if !is_read(checked, text) {
        return None;
    }
    let again = |text: &str| {
        let checked = check(text.as_bytes().to_vec());
        is_read(&checked, text).then_some(checked.report)
    };
    let fixed = edit::fix(text, &checked.report, again, rule::hides);
    (!fixed.fixed.is_empty()).then_some(fixed)
}

/// The changes that --fix would make; the content of the payload is masked if values are.
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
        // A line without a counterpart is not shown at all.
        let shown = if is_new { &of_new } else { &of_old };
        shown.get(at).cloned().unwrap_or_default()
    })
}

/// How lines of a payload are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Looks {
    /// With masked values.
    Masked,
    /// Without control characters for terminals.
    Printable,
    /// Byte for byte, to be applied.
    Exact,
}

/// The fixes, one line each: "a.json:3:5: the value is empty (primitive-empty)".
pub(crate) fn told(name: &str, fixed: &[Diagnostic], masks: bool) -> Vec<String> {
    fixed
        .iter()
        .map(|finding| {
            let message = &finding.message;
            let message = if masks { message.masked() } else { message.revealed().to_owned() };
            let at = finding.position;
            format!("{name}:{}:{}: {message} ({})", at.line, at.column, finding.rule.code)
        })
        .collect()
}

/// Replaces the content of a file atomically. A link stays, and its target is written.
pub(crate) fn write(source: &Source, text: &str) -> Result<(), String> {
    let path = match source {
        Source::File(path) | Source::Found(path) => path,
        Source::Stdin(_) | Source::NoBody | Source::Unopened(..) => return Ok(()),
    };
    if !fs::metadata(path).is_ok_and(|found| found.is_file()) {
        return Err(format!("{} is not a file, and is left unchanged", path.display()));
    }
    let written = Replacement::at(path).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.keep()
    });
    written.map_err(|error| format!("cannot write {}: {error}", path.display()))
}
