//! The packages and files that the comparisons read, where they are there.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ers_fhir_profiles::definition::StructureDefinition;
use ers_fhir_profiles::package::Package;
use ers_fhir_profiles::snapshot::{Snapshot, SnapshotCache, SnapshotError};
use ers_fhir_profiles::{Definitions, FhirVersion};

/// HL7's package of a release, or `None` (and says so) where it is not fetched.
pub(crate) fn official(version: FhirVersion) -> Option<Package> {
    let name = match version {
        FhirVersion::Stu3 => "hl7.fhir.r3.examples-3.0.2.tgz",
        FhirVersion::R4 => "hl7.fhir.r4.examples-4.0.1.tgz",
    };
    let fetched = || workspace("../.cache/packages");
    let folder = std::env::var_os("ERS_FHIR_PACKAGES").map_or_else(fetched, PathBuf::from);
    let path = folder.join(name);
    if !path.exists() {
        skip(&format!("{} is not there: run tests/fetch-packages", path.display()));
        return None;
    }
    Some(Package::open(&path).expect("HL7's packages can be read"))
}

/// A path relative to this crate.
pub(crate) fn workspace(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

#[expect(clippy::print_stderr, reason = "a test that checks nothing must not look like one that passed")]
pub(crate) fn skip(reason: &str) {
    eprintln!("skipped: {reason}");
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
