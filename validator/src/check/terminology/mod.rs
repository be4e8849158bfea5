//! CodeSystem, ValueSet and `ConceptMap` resources: what their definitions say about each other and themselves.
//!
//! Source: <http://hl7.org/fhir/R4/codesystem.html>, <http://hl7.org/fhir/R4/valueset.html> and
//! <http://hl7.org/fhir/R4/conceptmap.html>.

mod code_system;
mod concept_map;
mod value_set;

pub(super) use code_system::check_code_system;
pub(super) use concept_map::check_concept_map;
pub(super) use value_set::check_value_set;

use ers_fhir_profiles::terminology::CodeLookup;

use super::Checker;

/// URIs of the properties that FHIR itself defines start with this.
const CONCEPT_PROPERTIES: &str = "http://hl7.org/fhir/concept-properties#";

/// The type of a property that FHIR itself defines.
///
/// Source: <http://hl7.org/fhir/R4/codesystem-concept-properties.html>, and those that R5 adds.
fn standard_type(code: &str) -> Option<&'static str> {
    match code {
        "inactive" | "notSelectable" => Some("boolean"),
        "deprecated" | "deprecationDate" | "effectiveDate" | "retirementDate" => Some("dateTime"),
        "parent" | "child" | "partOf" | "status" => Some("code"),
        _ => None,
    }
}

/// Whether a code system certainly has no such code, in the version that is meant.
fn is_unknown(ctx: &Checker<'_, '_>, system: &str, version: Option<&str>, code: &str) -> bool {
    if !matches!(ctx.validator.terminology().lookup(system, code), CodeLookup::Unknown) {
        return false;
    }
    let Some(version) = version else { return true };
    let definition = ctx.validator.definitions().code_system(system).ok().flatten();
    definition.is_none_or(|definition| definition.version.as_deref() == Some(version))
}
