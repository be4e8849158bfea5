//! The primitive types: their JSON kind, their form as a regular expression, their range.
//!
//! Source: <http://hl7.org/fhir/R4/datatypes.html#primitive>. The expressions keep to what ECMA-262
//! and engines without backtracking share: no look-around, no back-references.

use ers_fhir_profiles::FhirVersion;
use serde_json::{Value, json};

/// Longest string, in characters.
const LONGEST: u32 = 1 << 20;

/// No white space and no control characters.
const SOLID: &str = r"[^\u0000-\u0020]";

const OID: &str = r"urn:oid:[0-2](?:\.(?:0|[1-9][0-9]*))+";
const UUID: &str = "urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";

/// Years from 0001 to 9999.
const YEAR: &str = "(?:[0-9]{3}[1-9]|[0-9]{2}[1-9]0|[0-9][1-9]00|[1-9]000)";
const MONTH: &str = "(?:0[1-9]|1[0-2])";
/// Month and day; every year is given a 29th of February.
const MONTH_DAY: &str = "(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)\
                         |02-(?:0[1-9]|[12][0-9]))";
const HOUR_MINUTE: &str = "(?:[01][0-9]|2[0-3]):[0-5][0-9]";
const FRACTION: &str = r"(?:\.[0-9]+)?";
const ZONE: &str = "(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))";

/// The type name that FHIR gives a primitive: `string` for `System.String`.
pub(super) fn fhir_name(code: &str) -> &str {
    match code {
        "System.String" => "string",
        "System.Boolean" => "boolean",
        "System.Date" => "date",
        "System.DateTime" => "dateTime",
        "System.Decimal" => "decimal",
        "System.Integer" => "integer",
        "System.Time" => "time",
        _ => code,
    }
}

/// The schema of a primitive type; `None` for a type that is not one.
pub(super) fn schema(code: &str, version: FhirVersion) -> Option<Value> {
    let is_stu3 = version == FhirVersion::Stu3;
    let text = |pattern: String| json!({ "type": "string", "pattern": format!("^(?:{pattern})$") });
    // STU3 allows years before the common era, except in an instant.
    let era = if is_stu3 { "-?" } else { "" };
    Some(match fhir_name(code) {
        "boolean" => json!({ "type": "boolean" }),
        "integer" => json!({ "type": "integer", "minimum": i32::MIN, "maximum": i32::MAX }),
        "unsignedInt" => json!({ "type": "integer", "minimum": 0, "maximum": i32::MAX }),
        "positiveInt" => json!({ "type": "integer", "minimum": 1, "maximum": i32::MAX }),
        "decimal" => json!({ "type": "number" }),
        // STU3 only advises against control characters.
        "string" | "markdown" if is_stu3 => json!({ "type": "string", "minLength": 1, "maxLength": LONGEST }),
        "string" | "markdown" => {
            let printable = r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f]+$";
            json!({ "type": "string", "pattern": printable, "maxLength": LONGEST })
        }
        "code" => text(format!("{SOLID}+(?: {SOLID}+)*")),
        "id" => text("[A-Za-z0-9.-]{1,64}".to_owned()),
        "uri" | "url" | "canonical" => uri(),
        "oid" => text(OID.to_owned()),
        "uuid" => text(UUID.to_owned()),
        "base64Binary" => text(base64()),
        "date" => text(format!("{era}{YEAR}(?:-(?:{MONTH}|{MONTH_DAY}))?")),
        "dateTime" => text(format!(
            "{era}{YEAR}(?:-(?:{MONTH}|{MONTH_DAY}(?:T{HOUR_MINUTE}:(?:[0-5][0-9]|60){FRACTION}{ZONE})?))?"
        )),
        "instant" => text(format!("{YEAR}-{MONTH_DAY}T{HOUR_MINUTE}:(?:[0-5][0-9]|60){FRACTION}{ZONE}")),
        // Leap seconds came to `time` with R4.
        "time" if is_stu3 => text(format!("{HOUR_MINUTE}:[0-5][0-9]{FRACTION}")),
        "time" => text(format!("{HOUR_MINUTE}:(?:[0-5][0-9]|60){FRACTION}")),
        "xhtml" => json!({ "type": "string", "minLength": 1 }),
        _ => return None,
    })
}

/// Whether a type of that name is primitive.
pub(super) fn is_primitive(code: &str) -> bool {
    schema(code, FhirVersion::R4).is_some()
}

/// Whether JSON writes a type of that name as a string.
pub(super) fn is_text(code: &str) -> bool {
    !matches!(
        fhir_name(code),
        "boolean" | "integer" | "unsignedInt" | "positiveInt" | "integer64" | "decimal"
    )
}

/// No white space; an OID or a UUID only as the URN it is.
fn uri() -> Value {
    json!({
        "type": "string",
        "pattern": format!("^{SOLID}+$"),
        "not": { "pattern": "^(?:oid|uuid):" },
        "if": { "pattern": "^urn:(?:oid|uuid):" },
        "then": { "pattern": format!("^(?:{OID}|{UUID})(?:[|#].*)?$") },
    })
}

/// Groups of four with white space anywhere.
fn base64() -> String {
    let digit = r"[A-Za-z0-9+/]\s*";
    format!(
        r"\s*(?:{digit}{digit}{digit}{digit})*(?:{digit}{digit}{digit}{digit}|{digit}{digit}=\s*=\s*|{digit}{digit}{digit}=\s*)"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_primitive_has_a_kind() {
        for version in [FhirVersion::Stu3, FhirVersion::R4] {
            for code in ["System.String", "uri", "decimal", "instant", "xhtml", "base64Binary"] {
                let schema = schema(code, version).expect("it is a primitive");
                assert_eq!(schema["type"] == "string", is_text(code), "{code}");
            }
            assert_eq!(schema("HumanName", version), None);
        }
    }
}
