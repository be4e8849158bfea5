//! Corrections of faults in the published definitions: one function for each.
//!
//! A correction says whether it found its fault. One that did not is stale, and the distiller stops: either
//! the publisher has fixed the fault, or the correction does not match it.
//!
//! - [`invariants`] that do not say what they mean.
//! - [`contexts`] of extensions that are too narrow.
//! - [`elements`] of the wrong name, type or binding.

mod contexts;
mod elements;
mod invariants;
mod structure;

use ers_fhir_profiles::FhirVersion;

use super::error::Error;
use structure::Structure;

/// A correction of one published structure.
struct Fixup {
    name: &'static str,
    version: FhirVersion,
    /// Id of the structure.
    structure: &'static str,
    apply: fn(&mut Structure) -> bool,
}

/// The fixups, each with its name, release and structure.
macro_rules! fixups {
    ($($version:ident $structure:literal: $module:ident::$name:ident,)+) => {
        &[$(Fixup {
            name: stringify!($name),
            version: FhirVersion::$version,
            structure: $structure,
            apply: $module::$name,
        },)+]
    };
}

static FIXUPS: &[Fixup] = fixups! {
    Stu3 "Element": invariants::element_has_value_or_children,
    Stu3 "Bundle": invariants::full_url_may_be_absent,
    R4 "Bundle": invariants::full_url_may_be_absent,
    Stu3 "RiskAssessment": invariants::probability_may_be_absent,
    R4 "RiskAssessment": invariants::probability_may_be_absent,
    R4 "Questionnaire": invariants::two_conditions_need_a_behaviour,
    R4 "regex": contexts::regex_is_for_types,
    R4 "structuredefinition-fhir-type": contexts::fhir_type_is_for_types,
    R4 "structuredefinition-normative-version": contexts::normative_version_is_for_any_definition,
    R4 "Resource": elements::resource_id_is_an_id,
    R4 "vitalsigns": elements::components_may_have_other_units,
    Stu3 "consentdirective": elements::consent_directive_names_agents,
};

/// Corrects a structure.
pub(super) fn apply(
    structure: &mut Structure,
    id: &str,
    version: FhirVersion,
    applied: &mut Vec<&'static str>,
) {
    for fixup in FIXUPS.iter().filter(|fixup| fixup.structure == id && fixup.version == version) {
        if (fixup.apply)(structure) {
            applied.push(fixup.name);
        }
    }
}

/// An error if a correction for that release found nothing to correct.
pub(super) fn check(version: FhirVersion, applied: &[&str]) -> Result<(), Error> {
    let mut expected = FIXUPS.iter().filter(|fixup| fixup.version == version);
    match expected.find(|fixup| !applied.contains(&fixup.name)) {
        Some(fixup) => Err(Error::StaleFixup { name: fixup.name, structure: fixup.structure }),
        None => Ok(()),
    }
}
