//! The validator: definitions and compiled schemas, ready for any number of payloads.

use std::sync::Arc;

use ers_fhir_profiles::terminology::Terminology;
use ers_fhir_profiles::{Definitions, FhirVersion};

use crate::check::budget::Deadline;
use crate::instant::Instant;
use crate::schema::Schemas;
use crate::service::Service;

/// Checks payloads of one FHIR release against the definitions it was made with.
///
/// Creating one is cheap: a definition is read and compiled when a payload first needs it, and kept. A
/// validator may be used from several threads at once.
#[derive(Debug)]
pub struct Validator {
    definitions: Arc<Definitions>,
    schemas: Schemas,
    terminology: Terminology,
}

/// Options for a single check.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Canonicals of profiles that the payload must conform to in addition to those it declares.
    pub profiles: Vec<String>,
    /// The service whose payloads are checked, with everything that is known about the call.
    pub service: Option<Arc<dyn Service>>,
    /// Domains whose extensions need not be known; `example.com` includes its subdomains.
    pub allowed_extensions: Vec<String>,
    /// The time that rules compare with; by default, the clock of the machine.
    pub now: Option<Instant>,
    /// Whether a finding that follows from another is listed on its own, instead of as a note of that one.
    pub lists_effects: bool,
    /// When the run ends: checks that are not bounded by the size of a payload are then left out, and this is
    /// reported.
    pub deadline: Option<Deadline>,
}

impl Validator {
    /// A validator for these definitions.
    pub fn new(definitions: Definitions) -> Self {
        let definitions = Arc::new(definitions);
        Self {
            schemas: Schemas::new(Arc::clone(&definitions)),
            terminology: Terminology::new(Arc::clone(&definitions)),
            definitions,
        }
    }

    /// The release that payloads are checked as.
    pub fn version(&self) -> FhirVersion {
        self.definitions.fhir_version()
    }

    /// The definitions it was made with.
    pub fn definitions(&self) -> &Definitions {
        &self.definitions
    }

    pub(crate) fn schemas(&self) -> &Schemas {
        &self.schemas
    }

    pub(crate) fn terminology(&self) -> &Terminology {
        &self.terminology
    }
}
