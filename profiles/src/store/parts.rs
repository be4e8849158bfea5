//! Large code systems in the binary, in parts.

use ers_fhir_values::FhirVersion;

use crate::definition::CodeSystem;
use crate::embedded::Embedded;
use crate::error::Error;
use crate::package::Known;
use crate::read::terminology::code_system;

/// A code system in the binary that is stored in parts, each with some of its concepts.
#[derive(Debug, Clone, Copy)]
pub struct CodeSystemParts {
    embedded: &'static Embedded,
    place: usize,
    release: FhirVersion,
}

impl CodeSystemParts {
    /// The parts of the code system at a place; `None` if it is small.
    pub(super) fn of_place(embedded: &'static Embedded, place: usize, release: FhirVersion) -> Option<Self> {
        let parts = Self { embedded, place, release };
        (parts.number() > 0).then_some(parts)
    }

    /// What is known about the code system without reading it.
    pub(crate) fn known(&self) -> Known<'static> {
        self.embedded.known(self.place)
    }

    /// How many there are.
    pub(crate) fn number(&self) -> u32 {
        self.embedded.parts(self.place)
    }

    /// The part that holds a code, if any does.
    pub(crate) fn of(&self, code: &str) -> u32 {
        Embedded::part_of(code, self.number())
    }

    /// The code system with the concepts of a part.
    pub(crate) fn read(&self, part: u32) -> Result<CodeSystem, Error> {
        self.embedded.part(self.place, part).and_then(|datum| {
            code_system(&datum, self.release).map_err(|source| self.embedded.error(self.place, source))
        })
    }

    /// The code system with all of its concepts.
    pub(crate) fn whole(&self) -> Result<CodeSystem, Error> {
        self.embedded.datum(self.place).and_then(|datum| {
            code_system(&datum, self.release).map_err(|source| self.embedded.error(self.place, source))
        })
    }
}
