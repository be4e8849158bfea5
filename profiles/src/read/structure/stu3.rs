//! What STU3 writes differently from R4.

use crate::datum::Datum;
use crate::definition::ExtensionContext;
use crate::error::ReadError;

use super::codes;
use super::text::{extension_text, texts};

/// `StructureDefinition.contextType`, which holds for every `context`.
pub(super) fn context(resource: &Datum, at: impl Fn() -> String) -> Result<Vec<ExtensionContext>, ReadError> {
    let expressions = texts(resource, "context");
    if expressions.is_empty() {
        return Ok(Vec::new());
    }
    let kind = resource.str("contextType").ok_or_else(|| ReadError::missing(at()))?;
    let kind = codes::context(kind, at)?;
    Ok(expressions.into_iter().map(|expression| ExtensionContext { kind, expression }).collect())
}

/// `ElementDefinition.binding.valueSet[x]`: a URI, or a reference to the value set.
pub(super) fn value_set(binding: &Datum) -> Option<String> {
    let (_, value) = binding.choice("valueSet")?;
    value.text.as_deref().or_else(|| value.str("reference")).map(str::to_owned)
}

/// `ElementDefinition.type.code` and the FHIR type that a system type stands for.
///
/// The value of a primitive has no code, only extensions that give its JSON and XML types.
pub(super) fn type_code(element: &Datum, datum: &Datum) -> Option<(String, Option<String>)> {
    let code = datum.get("code")?;
    if let Some(text) = code.text.as_deref() {
        return Some((text.to_owned(), None));
    }
    let xml = extension_text(code, "structuredefinition-xml-type")?;
    let primitive = element.str("path").unwrap_or_default().strip_suffix(".value");
    Some((system_type(xml).to_owned(), primitive.map(str::to_owned)))
}

/// The system type of a primitive's value, by its XML Schema type.
fn system_type(xml: &str) -> &'static str {
    match xml {
        "xsd:boolean" => "System.Boolean",
        "xsd:int" | "xsd:positiveInteger" | "xsd:nonNegativeInteger" => "System.Integer",
        "xsd:decimal" => "System.Decimal",
        "xsd:time" => "System.Time",
        "xsd:gYear OR xsd:gYearMonth OR xsd:date" => "System.Date",
        "xsd:dateTime" | "xsd:gYear OR xsd:gYearMonth OR xsd:date OR xsd:dateTime" => "System.DateTime",
        _ => "System.String",
    }
}
