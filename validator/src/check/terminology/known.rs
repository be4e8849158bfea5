//! Facts about code systems: the properties that FHIR itself defines, and codes that certainly do not exist.

use ers_fhir_profiles::terminology::{CodeLookup, Reason};

use crate::check::Checker;

/// URIs of the properties that FHIR itself defines start with this.
pub(super) const CONCEPT_PROPERTIES: &str = "http://hl7.org/fhir/concept-properties#";

/// The type of a property that FHIR itself defines.
///
/// Source: <http://hl7.org/fhir/R4/codesystem-concept-properties.html>, and the additions of R5.
pub(super) fn standard_type(code: &str) -> Option<&'static str> {
    match code {
        "inactive" | "notSelectable" => Some("boolean"),
        "deprecated" | "deprecationDate" | "effectiveDate" | "retirementDate" => Some("dateTime"),
        "parent" | "child" | "partOf" | "status" | "synonym" | "alternateCode" => Some("code"),
        "comment" | "definition" => Some("string"),
        "itemWeight" => Some("decimal"),
        "order" => Some("integer"),
        _ => None,
    }
}

/// Looks up a code in the version of its code system that is meant.
pub(super) fn look_up<'v>(
    ctx: &Checker<'v, '_>,
    system: &str,
    version: Option<&str>,
    code: &str,
) -> CodeLookup<'v> {
    let terminology = ctx.validator.terminology();
    let any = terminology.lookup(system, code);
    let Some(version) = version else { return any };
    let definitions = ctx.validator.definitions();
    let is_of_version = |canonical: &str| {
        let known = definitions.code_system(canonical).ok().flatten();
        known.map(|known| known.version.as_deref() == Some(version))
    };
    // A system without a list of codes has no versions of the list either.
    if matches!(is_of_version(system), None | Some(true)) {
        return any;
    }
    let versioned = format!("{system}|{version}");
    match is_of_version(&versioned) {
        Some(true) => terminology.lookup(&versioned, code),
        _ if matches!(any, CodeLookup::Unknown) => {
            CodeLookup::Undecided(Reason::PartialSystem(versioned.into()))
        }
        _ => any,
    }
}

/// Whether a code system certainly does not have a code, in the version that is meant.
pub(super) fn is_unknown(ctx: &Checker<'_, '_>, system: &str, version: Option<&str>, code: &str) -> bool {
    matches!(look_up(ctx, system, version, code), CodeLookup::Unknown)
}
