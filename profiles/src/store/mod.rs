//! The store of definitions: layers of packages, resolved by canonical URL.

use std::sync::Arc;

use crate::definition::{CodeSystem, NamingSystem, OperationDefinition, StructureDefinition, ValueSet};
use crate::error::Error;
use crate::version::FhirVersion;

/// Every definition of one FHIR release that a run may need.
///
/// Lookups take `&self`, cache what they read, and may run on several threads at once.
#[derive(Debug)]
pub struct Definitions {
    version: FhirVersion,
}

impl Definitions {
    /// A store with no definitions.
    pub fn empty(version: FhirVersion) -> Self {
        Self { version }
    }

    /// The FHIR release whose definitions these are.
    pub fn fhir_version(&self) -> FhirVersion {
        self.version
    }

    /// The structure with that canonical URL, which may carry a `|version`.
    pub fn structure(&self, _canonical: &str) -> Result<Option<Arc<StructureDefinition>>, Error> {
        Ok(None)
    }

    /// The base definition of a type: `Patient`, `HumanName`, `string`.
    pub fn type_definition(&self, _type_code: &str) -> Result<Option<Arc<StructureDefinition>>, Error> {
        Ok(None)
    }

    /// The value set with that canonical URL, which may carry a `|version`.
    pub fn value_set(&self, _canonical: &str) -> Result<Option<Arc<ValueSet>>, Error> {
        Ok(None)
    }

    /// The code system with that canonical URL, which may carry a `|version`.
    pub fn code_system(&self, _canonical: &str) -> Result<Option<Arc<CodeSystem>>, Error> {
        Ok(None)
    }

    /// The code systems that supplement the one with that URL, in order of URL.
    pub fn supplements_of(&self, _url: &str) -> Result<Vec<Arc<CodeSystem>>, Error> {
        Ok(Vec::new())
    }

    /// The naming system that lists that identifier among its own.
    pub fn naming_system(&self, _unique_id: &str) -> Result<Option<Arc<NamingSystem>>, Error> {
        Ok(None)
    }

    /// The operation with that canonical URL, which may carry a `|version`.
    pub fn operation(&self, _canonical: &str) -> Result<Option<Arc<OperationDefinition>>, Error> {
        Ok(None)
    }
}
