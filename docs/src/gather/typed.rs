//! A definition in other languages: its JSON Schema, and its Rust type in `ers-fhir-model`.

use std::sync::Arc;

use ers_fhir_codegen::schema::JsonSchema;
use ers_fhir_ers::service::SINGLE_OBJECTS;
use ers_fhir_profiles::Definitions;
use ers_fhir_profiles::definition::{StructureDefinition, StructureKind};

use crate::page::File;

/// Canonicals of profiles, each with the path of its type; `tests/site.rs` says how it is made.
static TYPES: &str = include_str!("../assets/rust-types.txt");

/// The path of the type that a definition of e-RS has.
pub(super) fn rust(url: &str) -> Option<&'static str> {
    TYPES.lines().find_map(|line| line.strip_prefix(url)?.strip_prefix(" = "))
}

/// The JSON Schema of a resource, as a file next to its page, or the reason why it has none.
pub(super) fn schema(
    definitions: &Arc<Definitions>,
    structure: &StructureDefinition,
    page: &str,
    is_of_service: bool,
) -> Option<Result<File, String>> {
    let is_resource = structure.kind == StructureKind::Resource;
    is_resource.then(|| {
        // The service accepts and sends some arrays as single objects.
        let maker = JsonSchema::new(Arc::clone(definitions));
        let maker = maker.lenient(is_of_service).single_objects(SINGLE_OBJECTS);
        match maker.generate(&structure.url) {
            Ok(schema) => Ok(File { path: format!("{page}.schema.json"), text: format!("{schema}\n") }),
            Err(error) => Err(error.to_string()),
        }
    })
}
