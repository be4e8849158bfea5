//! Reads StructureDefinition.

use crate::datum::Datum;
use crate::definition::StructureDefinition;
use crate::error::ReadError;
use crate::version::FhirVersion;

/// Reads a StructureDefinition of either release.
pub fn read(_resource: &Datum, _version: FhirVersion) -> Result<StructureDefinition, ReadError> {
    Err(ReadError::missing("StructureDefinition"))
}
