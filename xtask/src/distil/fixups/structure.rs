//! The data that corrections apply to.

use serde_json::{Map, Value};

/// A StructureDefinition whose elements are in its differential.
pub(super) type Structure = Map<String, Value>;

/// The elements of the differential.
pub(super) fn elements(structure: &mut Structure) -> impl Iterator<Item = &mut Map<String, Value>> {
    let elements = structure.get_mut("differential").and_then(|differential| differential.get_mut("element"));
    elements.and_then(Value::as_array_mut).into_iter().flatten().filter_map(Value::as_object_mut)
}
