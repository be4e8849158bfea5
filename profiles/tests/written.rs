//! Snapshots written as JSON and read again.

use ers_fhir_profiles::datum::Datum;
use ers_fhir_profiles::definition::ElementDefinition;
use ers_fhir_profiles::package::{Kind, Package};
use ers_fhir_profiles::{Definitions, Error, FhirVersion, read};

/// An element without the words that the writer adds where FHIR wants some.
fn facts(element: &ElementDefinition) -> ElementDefinition {
    let mut facts = ElementDefinition { definition: None, ..element.clone() };
    for constraint in &mut facts.constraints {
        constraint.human = None;
    }
    if let Some(binding) = &mut facts.binding {
        binding.description = None;
    }
    facts
}

#[test]
fn what_is_written_is_read_again_as_it_was() {
    for version in [FhirVersion::Stu3, FhirVersion::R4] {
        let mut definitions = Definitions::embedded(version);
        let ers = if version == FhirVersion::R4 { "ers-fhir.ers.r4" } else { "ers-fhir.ers.stu3" };
        assert!(definitions.add_embedded(ers));
        let urls: Vec<String> =
            definitions.known(Kind::Structure).iter().map(|known| known.url.to_owned()).collect();
        assert!(urls.len() > 100);
        for url in urls {
            let made = definitions.snapshot(&url).expect("a snapshot").expect("a definition");
            let json = definitions.snapshot_json(&url).expect("a snapshot").expect("a definition");
            assert_eq!(definitions.snapshot_json(&url).unwrap().unwrap(), json, "{url} twice");
            let datum = Datum::from_json(json.as_bytes()).unwrap_or_else(|e| panic!("{url}: {e}"));
            let again = read::structure::read(&datum, version).unwrap_or_else(|e| panic!("{url}: {e}"));
            let again = again.snapshot.expect("it was written");
            assert_eq!(again.len(), made.elements().len(), "{url}");
            for (again, made) in again.iter().zip(made.elements()) {
                assert_eq!(facts(again), facts(made), "{} in {url} ({version})", made.id);
            }
        }
    }
}

#[test]
fn a_definition_that_cannot_be_made_is_an_error_though_it_has_a_snapshot() {
    let profile = r#"{ "resourceType": "StructureDefinition", "url": "http://example.org/p", "kind": "resource",
        "type": "Patient", "derivation": "constraint", "baseDefinition": "http://example.org/absent",
        "snapshot": { "element": [{ "id": "Patient", "path": "Patient", "min": 0, "max": "*" }] },
        "differential": { "element": [{ "id": "Patient.name", "path": "Patient.name", "min": 1 }] } }"#;
    let mut definitions = Definitions::embedded(FhirVersion::R4);
    definitions.add(Package::from_resource("p.json", profile.as_bytes()).unwrap());
    let error = definitions.snapshot_json("http://example.org/p").unwrap_err();
    assert!(
        matches!(&error, Error::Snapshot(_)) && error.to_string().contains("http://example.org/absent"),
        "{error}"
    );
    assert!(definitions.snapshot_json("http://example.org/none").unwrap().is_none());
}
