//! The primitive types as JSON Schema: the forms of `ers_fhir_values`.

use ers_fhir_profiles::FhirVersion;
use ers_fhir_values::Primitive;
use ers_fhir_values::lexical::pattern::{Form, form};
use serde_json::{Value, json};

/// The type name that FHIR gives a primitive: `string` for `System.String`.
pub(super) fn fhir_name(code: &str) -> &str {
    match Primitive::from_code(code) {
        Some(primitive) => primitive.code(),
        None => code,
    }
}

/// The schema of a primitive type; `None` for a type that is not one.
pub(super) fn schema(code: &str, version: FhirVersion) -> Option<Value> {
    Some(match form(Primitive::from_code(code)?, version) {
        Form::Boolean => json!({ "type": "boolean" }),
        Form::Integer(least, greatest) => json!({ "type": "integer", "minimum": least, "maximum": greatest }),
        Form::Decimal => json!({ "type": "number" }),
        Form::Text(pattern, longest) => {
            let mut schema = json!({ "type": "string", "pattern": format!("^(?:{pattern})$") });
            if let Some(longest) = longest {
                schema["maxLength"] = longest.into();
            }
            schema
        }
    })
}

/// Whether a type of this name is primitive.
pub(super) fn is_primitive(code: &str) -> bool {
    Primitive::from_code(code).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_primitive_has_a_kind() {
        for version in [FhirVersion::Stu3, FhirVersion::R4] {
            for code in ["System.String", "uri", "decimal", "instant", "xhtml", "base64Binary"] {
                let schema = schema(code, version).expect("it is a primitive");
                assert_eq!(schema["type"] == "string", code != "decimal", "{code}");
            }
            assert_eq!(schema("HumanName", version), None);
        }
    }
}
