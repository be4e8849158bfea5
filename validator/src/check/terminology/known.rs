//! What is known of code systems: the properties that FHIR itself defines, and which codes there are not.

use ers_fhir_profiles::terminology::CodeLookup;

use crate::check::Checker;

/// URIs of the properties that FHIR itself defines start with this.
pub(super) const CONCEPT_PROPERTIES: &str = "http://hl7.org/fhir/concept-properties#";

/// The type of a property that FHIR itself defines.
///
/// Source: <http://hl7.org/fhir/R4/codesystem-concept-properties.html>, and those that R5 adds.
pub(super) fn standard_type(code: &str) -> Option<&'static str> {
    match code {
        "inactive" | "notSelectable" => Some("boolean"),
        "deprecated" | "deprecationDate" | "effectiveDate" | "retirementDate" => Some("dateTime"),
        "parent" | "child" | "partOf" | "status" => Some("code"),
        "synonym" | "comment" => Some("string"),
        "itemWeight" => Some("decimal"),
        _ => None,
    }
}

/// Whether a code system certainly has no such code, in the version that is meant.
pub(super) fn is_unknown(ctx: &Checker<'_, '_>, system: &str, version: Option<&str>, code: &str) -> bool {
    if !matches!(ctx.validator.terminology().lookup(system, code), CodeLookup::Unknown) {
        return false;
    }
    let Some(version) = version else { return true };
    let definition = ctx.validator.definitions().code_system(system).ok().flatten();
    definition.is_none_or(|definition| definition.version.as_deref() == Some(version))
}
