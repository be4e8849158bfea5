//! Corrections of mistakes in the published definitions: one function for each.
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

/// A correction that found its fault. One function may fix the same fault of several structures.
#[derive(PartialEq, Eq)]
pub(super) struct Applied {
    name: &'static str,
    structure: &'static str,
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
    Stu3 "Period": invariants::period_is_compared_by_its_boundaries,
    R4 "Period": invariants::period_is_compared_by_its_boundaries,
    Stu3 "Range": invariants::range_may_have_two_units,
    R4 "Range": invariants::range_may_have_two_units,
    Stu3 "Timing": invariants::several_events_are_asked_each,
    R4 "Timing": invariants::several_events_are_asked_each,
    Stu3 "Task": invariants::task_is_compared_by_its_boundaries,
    R4 "Task": invariants::task_is_compared_by_its_boundaries,
    Stu3 "MedicationDispense": invariants::dispense_is_compared_by_its_boundaries,
    R4 "MedicationDispense": invariants::dispense_is_compared_by_its_boundaries,
    Stu3 "Age": invariants::age_may_lack_its_value,
    Stu3 "Count": invariants::count_may_lack_its_value,
    Stu3 "vitalsigns": invariants::only_a_date_is_precise_to_the_day,
    R4 "vitalsigns": invariants::only_a_date_is_precise_to_the_day,
    Stu3 "OperationDefinition": invariants::search_type_may_be_absent,
    Stu3 "ElementDefinition": invariants::value_set_may_be_absent,
    Stu3 "StructureDefinition": invariants::snapshot_of_no_type_begins_as_it_likes,
    Stu3 "StructureDefinition": invariants::what_has_no_type_is_no_extension,
    Stu3 "StructureDefinition": invariants::differential_of_no_type_begins_as_it_likes,
    Stu3 "Condition": invariants::abatement_need_not_be_a_boolean,
    Stu3 "CareTeam": invariants::member_may_be_unknown,
    Stu3 "CommunicationRequest": invariants::requester_may_be_unknown,
    Stu3 "ReferralRequest": invariants::referrer_may_be_unknown,
    R4 "ActivityDefinition": invariants::name_may_be_absent,
    R4 "CapabilityStatement": invariants::name_may_be_absent,
    R4 "ChargeItemDefinition": invariants::name_may_be_absent,
    R4 "CodeSystem": invariants::name_may_be_absent,
    R4 "ConceptMap": invariants::name_may_be_absent,
    R4 "EffectEvidenceSynthesis": invariants::name_may_be_absent,
    R4 "EventDefinition": invariants::name_may_be_absent,
    R4 "Evidence": invariants::name_may_be_absent,
    R4 "EvidenceVariable": invariants::name_may_be_absent,
    R4 "ExampleScenario": invariants::name_may_be_absent,
    R4 "Library": invariants::name_may_be_absent,
    R4 "Measure": invariants::name_may_be_absent,
    R4 "MessageDefinition": invariants::name_may_be_absent,
    R4 "MetadataResource": invariants::name_may_be_absent,
    R4 "PlanDefinition": invariants::name_may_be_absent,
    R4 "Questionnaire": invariants::name_may_be_absent,
    R4 "ResearchDefinition": invariants::name_may_be_absent,
    R4 "ResearchElementDefinition": invariants::name_may_be_absent,
    R4 "RiskEvidenceSynthesis": invariants::name_may_be_absent,
    R4 "TerminologyCapabilities": invariants::name_may_be_absent,
    R4 "ValueSet": invariants::name_may_be_absent,
    R4 "regex": contexts::regex_is_for_types,
    R4 "structuredefinition-fhir-type": contexts::fhir_type_is_for_types,
    R4 "structuredefinition-normative-version": contexts::normative_version_is_for_any_definition,
    R4 "Resource": elements::resource_id_is_an_id,
    R4 "vitalsigns": elements::components_may_have_other_units,
    Stu3 "consentdirective": elements::consent_directive_names_agents,
};

/// Corrects a structure.
pub(super) fn apply(structure: &mut Structure, id: &str, version: FhirVersion, applied: &mut Vec<Applied>) {
    for fixup in FIXUPS.iter().filter(|fixup| fixup.structure == id && fixup.version == version) {
        if (fixup.apply)(structure) {
            applied.push(Applied { name: fixup.name, structure: fixup.structure });
        }
    }
}

/// An error if a correction for that release found nothing to correct.
pub(super) fn check(version: FhirVersion, applied: &[Applied]) -> Result<(), Error> {
    let mut expected = FIXUPS.iter().filter(|fixup| fixup.version == version);
    let found = |fixup: &Fixup| Applied { name: fixup.name, structure: fixup.structure };
    match expected.find(|fixup| !applied.contains(&found(fixup))) {
        Some(fixup) => Err(Error::StaleFixup { name: fixup.name, structure: fixup.structure }),
        None => Ok(()),
    }
}
