//! Large code systems of the binary, in parts.

use ers_fhir_values::FhirVersion;

use super::Definitions;
use super::layer::Layer;
use crate::definition::CodeSystem;
use crate::embedded::Embedded;
use crate::error::Error;
use crate::package::{Kind, Known};
use crate::read::terminology::code_system;

/// A code system in the binary that is also there in parts, each with some of its concepts.
#[derive(Debug, Clone, Copy)]
pub struct CodeSystemParts {
    embedded: &'static Embedded,
    place: usize,
    release: FhirVersion,
}

impl CodeSystemParts {
    /// What is known of the code system without reading it.
    pub(crate) fn known(&self) -> Known<'static> {
        self.embedded.known(self.place)
    }

    /// How many there are.
    pub(crate) fn number(&self) -> u32 {
        self.embedded.parts(self.place)
    }

    /// The part in which a code is, if it is in any.
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

impl Definitions {
    /// The parts of the code system with that canonical URL, which may carry a `|version`; `None` where it is not in the
    /// binary, or small.
    pub(crate) fn code_system_parts(&self, canonical: &str) -> Option<CodeSystemParts> {
        let place = self.resolve(Kind::CodeSystem, canonical)?;
        let Layer::Embedded(embedded) = self.layers.get(place.0)? else { return None };
        let parts = CodeSystemParts { embedded, place: place.1, release: self.version };
        (parts.number() > 0).then_some(parts)
    }
}
