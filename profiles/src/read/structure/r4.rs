//! What R4 writes differently from STU3.

use crate::datum::Datum;
use crate::definition::ExtensionContext;
use crate::error::ReadError;

use super::codes;
use super::text::extension_text;

/// Base of the URLs of FHIRPath system types.
const SYSTEM: &str = "http://hl7.org/fhirpath/";

/// `StructureDefinition.context`: a type and an expression each.
pub(super) fn context(resource: &Datum, at: impl Fn() -> String) -> Result<Vec<ExtensionContext>, ReadError> {
    let one = |d: &Datum| {
        let kind = d.str("type").ok_or_else(|| ReadError::missing(at()))?;
        let expression = d.str("expression").ok_or_else(|| ReadError::missing(at()))?;
        Ok(ExtensionContext { kind: codes::context(kind, &at)?, expression: expression.to_owned() })
    };
    resource.all("context").map(one).collect()
}

/// `ElementDefinition.binding.valueSet`.
pub(super) fn value_set(binding: &Datum) -> Option<String> {
    binding.str("valueSet").map(str::to_owned)
}

/// `ElementDefinition.type.code` and the FHIR type that a system type stands for.
pub(super) fn type_code(datum: &Datum) -> Option<(String, Option<String>)> {
    let code = datum.str("code")?;
    let fhir_type = extension_text(datum, "structuredefinition-fhir-type").map(str::to_owned);
    Some((code.strip_prefix(SYSTEM).unwrap_or(code).to_owned(), fhir_type))
}
