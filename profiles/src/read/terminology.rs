//! Reads ValueSet, CodeSystem and NamingSystem.

use crate::datum::Datum;
use crate::definition::{CodeSystem, NamingSystem, ValueSet};
use crate::error::ReadError;
use crate::version::FhirVersion;

/// Reads a ValueSet of either release.
pub fn value_set(_resource: &Datum, _version: FhirVersion) -> Result<ValueSet, ReadError> {
    Err(ReadError::missing("ValueSet"))
}

/// Reads a CodeSystem of either release.
pub fn code_system(_resource: &Datum, _version: FhirVersion) -> Result<CodeSystem, ReadError> {
    Err(ReadError::missing("CodeSystem"))
}

/// Reads a NamingSystem of either release.
pub fn naming_system(_resource: &Datum, _version: FhirVersion) -> Result<NamingSystem, ReadError> {
    Err(ReadError::missing("NamingSystem"))
}
