//! Ids of elements, which are left out where paths and slice names imply them.

use ers_fhir_profiles::datum::Datum;
use ers_fhir_profiles::{FhirVersion, ReadError, read};
use serde_json::{Map, Value};

/// Removes the ids of a differential that its reader can derive, and keeps the others.
pub(super) fn leave_out(structure: &mut Map<String, Value>, version: FhirVersion) -> Result<(), ReadError> {
    let wanted = ids(structure, version)?;
    let Some(Value::Array(elements)) = structure.get_mut("differential").and_then(|d| d.get_mut("element"))
    else {
        return Ok(());
    };
    for element in elements.iter_mut().filter_map(Value::as_object_mut) {
        element.remove("id");
    }
    // An id depends on those before it, so each round settles at least one.
    loop {
        let made = ids(structure, version)?;
        let Some(wrong) = wanted.iter().zip(&made).position(|(wanted, made)| wanted != made) else {
            return Ok(());
        };
        let element = structure.get_mut("differential").and_then(|d| d.get_mut("element")?.get_mut(wrong));
        let Some(element) = element.and_then(Value::as_object_mut) else { return Ok(()) };
        if element.insert("id".to_owned(), Value::from(wanted[wrong].as_str())).is_some() {
            return Ok(());
        }
    }
}

/// The ids that the reader gives the elements of the differential.
fn ids(structure: &Map<String, Value>, version: FhirVersion) -> Result<Vec<String>, ReadError> {
    let json = serde_json::to_vec(structure).unwrap_or_default();
    let structure = read::structure::read(&Datum::from_json(&json)?, version)?;
    Ok(structure.differential.into_iter().map(|element| element.id).collect())
}
