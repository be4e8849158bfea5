//! The single payload that a command works on.

use std::path::Path;

use ers_fhir_lint::Validators;
use ers_fhir_lint::inputs::{self, Source};
use ers_fhir_profiles::FhirVersion;
use ers_fhir_validator::detect::detect;
use ers_fhir_validator::tree::{Document, Unreadable};
use ers_fhir_validator::unreadable;

/// A payload as read.
pub(crate) struct Single {
    name: String,
    bytes: Vec<u8>,
}

impl Single {
    /// Reads a file, or standard input for `-`.
    pub(crate) fn read(file: &Path) -> Result<Self, String> {
        let is_stdin = file.as_os_str() == "-";
        let source = if is_stdin { Source::Stdin(None) } else { Source::File(file.to_owned()) };
        let name = source.name().clone();
        match inputs::bytes(&source).map_err(|error| error.to_string())? {
            Ok(bytes) => Ok(Self { name, bytes }),
            Err(too_large) => Err(format!("cannot read {name}: {}", said(&[], &too_large))),
        }
    }

    /// The payload as a tree.
    pub(crate) fn document(&self) -> Result<Document<'_>, String> {
        Document::parse(&self.bytes)
            .map_err(|error| format!("cannot read {}: {}", self.name, said(&self.bytes, &error)))
    }
}

/// The release of a payload: the given one, or else the one detected from the payload.
pub(crate) fn release(
    document: &Document<'_>,
    said: Option<FhirVersion>,
    validators: &Validators,
) -> FhirVersion {
    said.unwrap_or_else(|| detect(document, &[], |version| validators.of(version).definitions()).version)
}

/// The error in a payload that cannot be read, and its place.
fn said(bytes: &[u8], error: &Unreadable) -> String {
    let report = unreadable(bytes, error);
    let found = report.diagnostics.first();
    found.map_or_else(String::new, |found| {
        format!("line {}, column {}: {}", found.position.line, found.position.column, found.message.masked())
    })
}
