//! The packages that the comparisons read.

use std::sync::Arc;

use ers_fhir_profiles::definition::StructureDefinition;
use ers_fhir_profiles::package::Package;
use ers_fhir_profiles::snapshot::{Snapshot, SnapshotCache, SnapshotError};
use ers_fhir_profiles::{Definitions, FhirVersion};

/// Archives of HL7's packages: the definitions of each release, and its expansions.
pub(crate) const STU3: &str = "hl7.fhir.r3.examples-3.0.2.tgz";
pub(crate) const R4: &str = "hl7.fhir.r4.examples-4.0.1.tgz";
pub(crate) const STU3_EXPANSIONS: &str = "hl7.fhir.r3.expansions-3.0.2.tgz";
pub(crate) const R4_EXPANSIONS: &str = "hl7.fhir.r4.expansions-4.0.1.tgz";

/// HL7's package of a release.
pub(crate) fn official(version: FhirVersion) -> Package {
    open(match version {
        FhirVersion::Stu3 => STU3,
        FhirVersion::R4 => R4,
    })
}

/// One of the packages.
pub(crate) fn open(archive: &str) -> Package {
    Package::open(&ers_fhir_corpora::package(archive)).expect("HL7's packages can be read")
}

/// The snapshot that we make of a definition, from differentials alone.
pub(crate) fn generate(
    definitions: &Definitions,
    cache: &SnapshotCache,
    canonical: &str,
) -> Result<Arc<Snapshot>, SnapshotError> {
    let authored = |canonical: &str| {
        let found = definitions.structure(canonical)?;
        Ok(found.map(|found| {
            if found.differential.is_empty() || found.snapshot.is_none() {
                return found;
            }
            Arc::new(StructureDefinition { snapshot: None, ..StructureDefinition::clone(&found) })
        }))
    };
    let unknown = || SnapshotError::Unknown { canonical: canonical.to_owned() };
    cache.get(canonical, &authored)?.ok_or_else(unknown)
}
