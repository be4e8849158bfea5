//! What the tests share.

use std::path::{Path, PathBuf};

use ers_fhir_codegen::{Config, FhirVersion};
use ers_fhir_profiles::package::Package;

/// The folder of definitions for a kind of feature.
pub(crate) fn folder(kind: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/features").join(kind)
}

/// A run over one StructureDefinition.
pub(crate) fn with_definition(json: &str) -> Config {
    let package = Package::from_resource("sample.json", json.as_bytes()).expect("the sample is JSON");
    Config::new(FhirVersion::R4).package(package)
}

/// A definition of a datatype `Lamp` with these elements, beside its own.
pub(crate) fn lamp(elements: &str) -> String {
    format!(
        r#"{{
            "resourceType": "StructureDefinition", "url": "http://hl7.org/fhir/StructureDefinition/Lamp",
            "name": "Lamp", "kind": "complex-type", "type": "Lamp", "derivation": "specialization",
            "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Element",
            "differential": {{"element": [{{"id": "Lamp", "path": "Lamp"}}, {elements}]}}
        }}"#
    )
}

/// The text of an item that starts so, to the end of its block.
pub(crate) fn item<'a>(code: &'a str, start: &str) -> &'a str {
    let at = code.find(start).unwrap_or_else(|| panic!("no '{start}' was generated in\n{code}"));
    let rest = &code[at..];
    rest.split_once("\n}").map_or(rest, |(item, _)| item)
}
