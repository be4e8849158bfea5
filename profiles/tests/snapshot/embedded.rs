//! Every definition that this crate embeds has a snapshot, made from its differential.

use ers_fhir_profiles::package::Kind;
use ers_fhir_profiles::{Definitions, FhirVersion};

#[test]
fn every_embedded_structure_has_a_snapshot() {
    for (version, least) in [(FhirVersion::Stu3, 570), (FhirVersion::R4, 640)] {
        let definitions = Definitions::embedded(version);
        let structures = definitions.known(Kind::Structure);
        assert!(structures.len() >= least, "{version}: only {} structures are embedded", structures.len());
        for structure in structures {
            let made = definitions.snapshot(structure.url);
            assert!(matches!(made, Ok(Some(_))), "{version} {}: {made:?}", structure.url);
        }
    }
}
