//! The operations of the typed model, compared with those of the service.

use ers_fhir_ers::service;
use ers_fhir_model::ers::{OperationTypes, R4_OPERATIONS, STU3_OPERATIONS};

/// A name without what its definition and its type write differently.
fn core(name: &str) -> String {
    let letters: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    let small = letters.to_ascii_lowercase();
    small.trim_start_matches("ers").trim_end_matches('1').to_owned()
}

/// Whether a type is that of a body.
fn fits(type_name: &str, body: &service::Body) -> bool {
    match body {
        service::Body::None => type_name == "()",
        service::Body::File(_) => type_name == "File",
        service::Body::Resource([profile]) => {
            core(type_name) == core(profile.rsplit('/').next().unwrap_or_default())
        }
        // Several profiles have only their base in common.
        service::Body::Resource(profiles) => profiles.iter().all(|profile| profile.contains(type_name)),
    }
}

#[test]
fn every_operation_of_the_service_has_its_types() {
    let known: Vec<&OperationTypes> = STU3_OPERATIONS.iter().chain(R4_OPERATIONS).collect();
    for endpoint in service::endpoints() {
        let operation = known.iter().find(|operation| operation.id == endpoint.id);
        let operation = operation.unwrap_or_else(|| panic!("{} has no types", endpoint.id));
        let name = endpoint.name.trim_end_matches(" (versioned)");
        assert_eq!(operation.name, name, "{}", endpoint.id);
        assert!(fits(operation.request, &endpoint.request), "{operation:?}");
        assert!(fits(operation.answer, &endpoint.response), "{operation:?}");
    }
    let mut ids: Vec<&str> = known.iter().map(|operation| operation.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((ids.len(), known.len()), (37, 37));
}
