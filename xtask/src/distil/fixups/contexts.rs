//! Contexts of extensions that allow less than HL7's own definitions need; later publications of the
//! extensions allow it.
//!
//! Source: <http://hl7.org/fhir/extensions/extension-registry.html>.

use serde_json::{Value, json};

use super::structure::Structure;

/// The lexical rule of a primitive is a fact of the type of its value.
pub(super) fn regex_is_for_types(structure: &mut Structure) -> bool {
    allow(structure, &["ElementDefinition.type"])
}

/// The FHIR type that a system type stands for is a fact of the type, not of its code.
pub(super) fn fhir_type_is_for_types(structure: &mut Structure) -> bool {
    allow(structure, &["ElementDefinition.type"])
}

/// Value sets and code systems become normative as structures do, and elements by themselves.
pub(super) fn normative_version_is_for_any_definition(structure: &mut Structure) -> bool {
    allow(structure, &["CanonicalResource", "ElementDefinition"])
}

/// Adds element contexts, if none of them is there.
fn allow(structure: &mut Structure, expressions: &[&str]) -> bool {
    let Some(contexts) = structure.get_mut("context").and_then(Value::as_array_mut) else { return false };
    let is_known = contexts
        .iter()
        .any(|context| expressions.iter().any(|expression| context["expression"] == *expression));
    if is_known {
        return false;
    }
    contexts
        .extend(expressions.iter().map(|expression| json!({ "type": "element", "expression": expression })));
    true
}
