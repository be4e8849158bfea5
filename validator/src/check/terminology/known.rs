//! Facts about code systems: the properties that FHIR itself defines, and codes that certainly do not exist.

use std::hash::{Hash, Hasher};

use ers_fhir_profiles::terminology::CodeLookup;
use ers_fhir_report::Severity;
use ers_fhir_tree::Node;

use crate::check::Checker;
use crate::check::coding::{is_misspelt, names_supplement, names_value_set};

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

/// A code as its code system compares it with others.
#[derive(Clone, Copy)]
pub(super) struct Code<'d> {
    pub(super) text: &'d str,
    /// Whether codes that differ by case alone are different.
    pub(super) case_counts: bool,
}

impl PartialEq for Code<'_> {
    fn eq(&self, other: &Self) -> bool {
        if self.case_counts { self.text == other.text } else { self.text.eq_ignore_ascii_case(other.text) }
    }
}

impl Eq for Code<'_> {}

impl Hash for Code<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        if self.case_counts {
            return self.text.hash(state);
        }
        for byte in self.text.bytes() {
            state.write_u8(byte.to_ascii_lowercase());
        }
    }
}

/// Whether a URL may be that of a code system; reports it if it certainly is not.
pub(super) fn is_system(ctx: &Checker<'_, '_>, node: Node<'_>, url: &str) -> bool {
    match ctx.validator.definitions().code_system(url) {
        Ok(Some(known)) if known.supplements.is_some() => {
            names_supplement(ctx, node, url);
            false
        }
        Ok(None) => !(names_value_set(ctx, node, url) || is_misspelt(ctx, node, url, Severity::Warning)),
        _ => true,
    }
}

/// Whether a code system certainly does not have a code, in the version that is meant.
pub(super) fn is_unknown(ctx: &Checker<'_, '_>, system: &str, version: Option<&str>, code: &str) -> bool {
    matches!(ctx.validator.terminology().lookup_version(system, version, code), CodeLookup::Unknown)
}
