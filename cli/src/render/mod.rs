//! Reports written out, one format a file.
//!
//! A format is three pieces of text: what opens the output, one piece for each payload, and what
//! closes it. The pieces of payloads are made in parallel and written in order.

mod frame;
mod json;
mod operation_outcome;
mod text;

pub(crate) use json::Json;
pub(crate) use operation_outcome::OperationOutcome;
pub(crate) use text::Text;

use ers_fhir_profiles::FhirVersion;
use ers_fhir_validator::detect::Clue;
use ers_fhir_validator::tree::Syntax;
use ers_fhir_validator::{Message, Report};

use crate::inputs::InputError;

/// A format.
pub(crate) trait Render: Sync {
    /// What comes first.
    fn open(&self) -> String {
        String::new()
    }

    /// What one payload adds; may be nothing.
    fn payload(&self, checked: &Checked) -> String;

    /// What stands between pieces.
    fn separator(&self) -> &'static str {
        ""
    }

    /// What one input that could not be checked adds; may be nothing.
    fn failure(&self, error: &InputError) -> String;

    /// What comes last.
    fn close(&self, summary: &Summary) -> String;
}

/// A payload and what was found in it.
pub(crate) struct Checked {
    /// Path, or `<stdin>`.
    pub(crate) name: String,
    /// The payload as far as it is text.
    pub(crate) text: String,
    pub(crate) syntax: Syntax,
    /// The release it was checked as; `None` where it could not be read.
    pub(crate) version: Option<FhirVersion>,
    /// Why that release, unless the command line says it.
    pub(crate) clue: Option<Clue>,
    pub(crate) report: Report,
    /// Whether something is at or above the level that fails the run.
    pub(crate) fails: bool,
}

/// A run in figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Summary {
    /// Payloads checked.
    pub(crate) checked: usize,
    /// Payloads with a finding that fails the run.
    pub(crate) failing: usize,
    /// Payloads whose release had to be assumed.
    pub(crate) guessed: usize,
    /// Inputs that could not be read.
    pub(crate) unreadable: usize,
    /// Files of a folder that are not FHIR.
    pub(crate) skipped: usize,
    pub(crate) errors: usize,
    pub(crate) warnings: usize,
    pub(crate) information: usize,
}

/// A message as it may be shown.
fn shown(message: &Message, masks: bool) -> String {
    if masks { message.masked() } else { message.revealed().to_owned() }
}
