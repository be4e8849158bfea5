//! Every definition that this crate embeds has a snapshot, made from its differential.

use ers_fhir_profiles::package::Kind;
use ers_fhir_profiles::{Definitions, FhirVersion};

/// Every package that this crate embeds for a release.
fn everything(version: FhirVersion) -> Definitions {
    let mut definitions = Definitions::empty(version);
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/packages");
    let added = std::fs::read_dir(folder).unwrap().filter(|entry| {
        let name = entry.as_ref().unwrap().file_name();
        definitions.add_embedded(&name.to_string_lossy())
    });
    assert!(added.count() >= 2);
    definitions
}

#[test]
fn every_embedded_structure_has_a_snapshot() {
    for (version, least) in [(FhirVersion::Stu3, 570), (FhirVersion::R4, 640)] {
        let definitions = everything(version);
        let structures = definitions.known(Kind::Structure);
        assert!(structures.len() >= least, "{version}: only {} structures are embedded", structures.len());
        for structure in structures {
            let made = definitions.snapshot(structure.url);
            assert!(matches!(made, Ok(Some(_))), "{version} {}: {made:?}", structure.url);
        }
    }
}
