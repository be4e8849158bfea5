//! Vital signs: an Observation whose code identifies it as one conforms to the profile for it, whether it
//! declares that or not. The profiles of STU3 are immature drafts, and only apply if they are declared.
//!
//! Source: <http://hl7.org/fhir/R4/observation-vitalsigns.html>.

mod codes;

use ers_fhir_profiles::FhirVersion;
use ers_fhir_tree::Node;
use ers_fhir_values::form::LOINC;

use super::Checker;

/// Requests the profile of a vital sign.
pub(super) fn check(ctx: &Checker<'_, '_>, observation: Node<'_>) {
    if ctx.version() != FhirVersion::R4 {
        return;
    }
    for coding in observation.named("code").flat_map(|code| code.named("coding")) {
        let (Some(system), Some(code)) = (coding.child_value("system"), coding.child_value("code")) else {
            continue;
        };
        let (system, code) = codes::common(system, code).map_or((system, code), |common| (LOINC, common));
        if let Some(profile) = ctx.validator.schemas().vital_sign(system, code) {
            ctx.demand_index(observation, profile);
        }
    }
}
