//! Accepted findings, and suppressions without effect.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use ers_fhir_report::{Diagnostic, Message, Rule, def, mask, text};
use ers_fhir_tree::{LineIndex, Position};
use ers_fhir_values::{FhirVersion, Primitive, lexical};

use super::error::SettingsError;
use super::file::Suppression;
use super::place::Places;
use super::spot;
use crate::rule::settings::{SUPPRESSION_EXPIRED, SUPPRESSION_REASON, SUPPRESSION_UNUSED};

/// The suppressions of a file.
#[derive(Debug)]
pub(super) struct Suppressions(Vec<Entry>);

#[derive(Debug)]
struct Entry {
    said: Suppression,
    /// `None` if it is for all files.
    places: Option<Places>,
    span: std::ops::Range<usize>,
    position: Position,
    /// Whether a matching file was checked.
    is_met: AtomicBool,
    is_used: AtomicBool,
}

impl Suppressions {
    pub(super) fn of(path: &Path, text: &str, all: &[Suppression]) -> Result<Self, SettingsError> {
        let spans = spot::tables(text, "suppress");
        let lines = LineIndex::new(text);
        let entries = all.iter().enumerate().map(|(at, said)| {
            let span = spans.get(at).cloned().unwrap_or_default();
            let malformed = |key: &str, reason| {
                let place = spot::value(text, "suppress", at, key).unwrap_or(span.start);
                SettingsError::at(path, text, place, reason)
            };
            if said.rule.is_empty() {
                return Err(malformed(
                    "rule",
                    "a suppression must name a rule, or an invariant by its key".to_owned(),
                ));
            }
            if let Some(day) = said.expires.as_deref().filter(|day| !is_day(day)) {
                return Err(malformed("expires", format!("'{day}' is not a day: write YYYY-MM-DD")));
            }
            let places = (!said.path.is_empty()).then(|| Places::of(&said.path)).transpose();
            let places = places.map_err(|reason| malformed("path", reason))?;
            Ok(Entry {
                said: said.clone(),
                places,
                position: lines.position(span.start),
                span,
                is_met: AtomicBool::new(false),
                is_used: AtomicBool::new(false),
            })
        });
        entries.collect::<Result<_, _>>().map(Self)
    }

    /// These, and the suppressions of an advisor file, which are not reported if unused.
    pub(super) fn advised(mut self, advised: Vec<Suppression>) -> Self {
        self.0.extend(advised.into_iter().map(|said| Entry {
            said,
            places: None,
            span: 0..0,
            position: Position { line: 1, column: 1 },
            is_met: AtomicBool::new(false),
            is_used: AtomicBool::new(true),
        }));
        self
    }

    /// Notes that a file was checked.
    pub(super) fn meet(&self, file: &Path) {
        let for_it =
            self.0.iter().filter(|entry| entry.places.as_ref().is_some_and(|places| places.hold(file)));
        for_it.for_each(|entry| entry.is_met.store(true, Ordering::Relaxed));
    }

    /// The suppression that accepts a finding.
    pub(super) fn take(&self, file: &Path, today: &str, finding: &Diagnostic) -> Option<&Suppression> {
        let accepts = |entry: &&Entry| !entry.has_expired(today) && entry.fits(file, finding);
        let entry = self.0.iter().find(accepts)?;
        entry.is_used.store(true, Ordering::Relaxed);
        Some(&entry.said)
    }

    /// The faults of the suppressions. If only some files were checked, a suppression that matches none of
    /// them has no fault.
    pub(super) fn leftovers(&self, today: &str, is_whole: bool) -> Vec<Diagnostic> {
        let mut all = Vec::new();
        for entry in &self.0 {
            let rule = &entry.said.rule;
            if entry.has_expired(today) {
                let day = entry.said.expires.as_deref().unwrap_or_default();
                let message = text!("the suppression of {} expired on {}", def(rule), def(day));
                all.push(entry.finding(&SUPPRESSION_EXPIRED, message));
            } else if !entry.is_used.load(Ordering::Relaxed)
                && (is_whole || entry.is_met.load(Ordering::Relaxed))
            {
                let message = text!("this suppresses no finding of {}", def(rule));
                all.push(entry.finding(&SUPPRESSION_UNUSED, message));
            }
            if entry.said.reason.as_deref().is_none_or(|reason| reason.trim().is_empty()) {
                let message = text!("the suppression of {} gives no reason", def(rule));
                all.push(entry.finding(&SUPPRESSION_REASON, message));
            }
        }
        all
    }
}

impl Entry {
    fn has_expired(&self, today: &str) -> bool {
        self.said.expires.as_deref().is_some_and(|last| last < today)
    }

    fn fits(&self, file: &Path, finding: &Diagnostic) -> bool {
        let is_of_rule =
            self.said.rule == finding.rule.code || finding.key.as_deref() == Some(self.said.rule.as_str());
        is_of_rule
            && self.places.as_ref().is_none_or(|places| places.hold(file))
            && self.said.at.as_deref().is_none_or(|at| is_at(&finding.location, at))
    }

    fn finding(&self, rule: &'static Rule, message: Message) -> Diagnostic {
        Diagnostic { span: self.span.clone(), position: self.position, ..Diagnostic::new(rule, message) }
    }
}

/// Whether an element is at a path without indices, or below it.
fn is_at(location: &str, at: &str) -> bool {
    let plain = without_indices(&mask::location(location));
    plain.strip_prefix(at).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// `Patient.name[0].given[1]` as `Patient.name.given`.
fn without_indices(location: &str) -> String {
    let mut plain = String::with_capacity(location.len());
    let mut rest = location;
    while let Some((before, after)) = rest.split_once('[') {
        plain.push_str(before);
        rest = match after.split_once(']') {
            Some((index, behind)) if index.bytes().all(|byte| byte.is_ascii_digit()) => behind,
            _ => {
                plain.push('[');
                after
            }
        };
    }
    plain + rest
}

/// Whether a text is a complete date.
fn is_day(text: &str) -> bool {
    text.len() == "YYYY-MM-DD".len() && lexical::check(text, Primitive::Date, FhirVersion::R4).is_ok()
}

#[cfg(test)]
mod tests {
    use super::without_indices;

    #[test]
    fn indices_do_not_count() {
        for (location, plain) in [
            ("Patient.name[0].given[12]", "Patient.name.given"),
            ("Patient", "Patient"),
            ("Patient.`a[b]`[1]", "Patient.`a[b]`"),
            ("a[", "a["),
        ] {
            assert_eq!(without_indices(location), plain);
        }
    }
}
