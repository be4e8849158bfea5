//! Readers: a resource as plain data in, a definition out, for either release.

pub mod operation;
pub mod structure;
pub mod terminology;

use std::sync::Arc;

use ers_fhir_values::FhirVersion;

use crate::datum::Datum;
use crate::definition::Definition;
use crate::error::ReadError;

/// Reads a resource of any kind that this crate knows; `None` for other resource types.
pub fn definition(resource: &Datum, version: FhirVersion) -> Result<Option<Definition>, ReadError> {
    let definition = match resource.str("resourceType") {
        Some("StructureDefinition") => Definition::Structure(Arc::new(structure::read(resource, version)?)),
        Some("ValueSet") => Definition::ValueSet(Arc::new(terminology::value_set(resource, version)?)),
        Some("CodeSystem") => Definition::CodeSystem(Arc::new(terminology::code_system(resource, version)?)),
        Some("NamingSystem") => {
            Definition::NamingSystem(Arc::new(terminology::naming_system(resource, version)?))
        }
        Some("OperationDefinition") => Definition::Operation(Arc::new(operation::read(resource, version)?)),
        _ => return Ok(None),
    };
    Ok(Some(definition))
}
