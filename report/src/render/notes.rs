//! The notes below a finding, in a line each.

use super::checked::Checked;
use super::shown::{place, shown};
use crate::{Diagnostic, Related, Relation};

/// Most notes of a finding that are written out.
const MOST: usize = 12;

/// A line below a finding.
pub(super) struct Note {
    /// How it relates to the finding.
    pub(super) word: &'static str,
    /// Its message and place.
    pub(super) text: String,
}

/// The notes of a finding, as they may be shown.
pub(super) fn notes(diagnostic: &Diagnostic, masks: bool) -> Vec<Note> {
    let all = &diagnostic.related;
    let mut notes: Vec<Note> =
        all.iter().take(MOST).map(|related| note(diagnostic, related, masks)).collect();
    if all.len() > MOST {
        notes.push(Note { word: "note", text: format!("and {} more", all.len() - MOST) });
    }
    notes
}

/// A finding with its remedy and its reasons, in one line; preceded by the payload where the file holds several.
pub(super) fn line_in(checked: &Checked, diagnostic: &Diagnostic, masks: bool) -> String {
    let line = line(diagnostic, masks);
    if checked.within.is_some() { format!("{}: {line}", checked.name) } else { line }
}

/// A finding with its remedy and its reasons, in one line.
pub(super) fn line(diagnostic: &Diagnostic, masks: bool) -> String {
    let mut line = shown(&diagnostic.message, masks);
    if let Some(part) = diagnostic.part {
        line = format!("{part}: {line}");
    }
    if let Some(suggestion) = &diagnostic.suggestion {
        line = format!("{line} ({})", shown(suggestion, masks));
    }
    for reason in diagnostic.related.iter().filter(|related| related.relation == Relation::Reason) {
        line = format!("{line}; {}: {}", Relation::Reason.word(), note(diagnostic, reason, masks).text);
    }
    line
}

fn note(owner: &Diagnostic, related: &Related, masks: bool) -> Note {
    let finding = &related.finding;
    let mut text = shown(&finding.message, masks);
    if finding.location != owner.location && !finding.location.is_empty() {
        text.push_str(" (at ");
        text.push_str(&place(&finding.location, masks));
        text.push(')');
    }
    if finding.rule.code != owner.rule.code {
        text = format!("{text} [{}]", finding.rule.code);
    }
    Note { word: related.relation.word(), text }
}
