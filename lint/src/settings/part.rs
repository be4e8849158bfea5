//! Settings for some paths, and whether any payload matches them.

use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use ers_fhir_report::{Diagnostic, def, text};
use ers_fhir_tree::{LineIndex, Position};

use super::error::SettingsError;
use super::file::PathSettings;
use super::place::Places;
use super::spot;
use crate::rule::settings::PATH_UNUSED;

/// The `[[path]]` tables of a file, in order.
#[derive(Debug)]
pub(super) struct Parts(Vec<Part>);

#[derive(Debug)]
struct Part {
    said: PathSettings,
    places: Places,
    span: Range<usize>,
    position: Position,
    /// Whether a matching payload was checked.
    is_met: AtomicBool,
}

impl Parts {
    pub(super) fn of(path: &Path, text: &str, all: &[PathSettings]) -> Result<Self, SettingsError> {
        let spans = spot::tables(text, "path");
        let lines = LineIndex::new(text);
        let parts = all.iter().enumerate().map(|(at, said)| {
            let span = spans.get(at).cloned().unwrap_or_default();
            if said.glob.is_empty() {
                let reason = "a [[path]] names its payloads: write glob = [\"requests/**\"]";
                return Err(SettingsError::at(path, text, span.start, reason.to_owned()));
            }
            let places = Places::of(&said.glob).map_err(|reason| {
                let place = spot::value(text, "path", at, "glob").unwrap_or(span.start);
                SettingsError::at(path, text, place, reason)
            })?;
            let position = lines.position(span.start);
            Ok(Part { said: said.clone(), places, span, position, is_met: AtomicBool::new(false) })
        });
        parts.collect::<Result<_, _>>().map(Self)
    }

    /// The settings for a path, in order.
    pub(super) fn fitting(&self, name: &Path) -> impl Iterator<Item = &PathSettings> {
        self.0.iter().filter(|part| part.places.hold(name)).map(|part| &part.said)
    }

    /// Notes that a payload was checked.
    pub(super) fn meet(&self, name: &Path) {
        let for_it = self.0.iter().filter(|part| part.places.hold(name));
        for_it.for_each(|part| part.is_met.store(true, Ordering::Relaxed));
    }

    /// The tables that no payload matched.
    pub(super) fn leftovers(&self) -> impl Iterator<Item = Diagnostic> {
        let unmet = self.0.iter().filter(|part| !part.is_met.load(Ordering::Relaxed));
        unmet.map(|part| {
            let message = text!("no payload matches {}", def(part.said.glob.join(", ")));
            Diagnostic {
                span: part.span.clone(),
                position: part.position,
                ..Diagnostic::new(&PATH_UNUSED, message)
            }
        })
    }
}
