//! The definitions of the service: FHIR itself, and its own packages above it.

use ers_fhir_profiles::package::Kind;
use ers_fhir_profiles::{CodeSystemNames, Definitions, FhirVersion};

use crate::service::{reference_data, reference_data_pattern};

/// The packages with the definitions of the service.
pub(crate) const PACKAGES: [&str; 2] = [package(FhirVersion::Stu3), package(FhirVersion::R4)];

/// The package with the definitions of the service for a release.
pub const fn package(version: FhirVersion) -> &'static str {
    match version {
        FhirVersion::Stu3 => "ers-fhir.ers.stu3",
        FhirVersion::R4 => "ers-fhir.ers.r4",
    }
}

/// Whether a canonical is in the namespace that only the service uses for its profiles and extensions:
/// `https://fhir.nhs.uk/STU3/StructureDefinition/eRS-Patient-1`. All of these are in the packages.
pub(crate) fn lists(canonical: &str) -> bool {
    let Some(rest) = canonical.strip_prefix("https://fhir.nhs.uk/") else { return false };
    let rest = rest.strip_prefix("STU3/").unwrap_or(rest);
    rest.strip_prefix("StructureDefinition/")
        .is_some_and(|name| name.starts_with("eRS-") || name.starts_with("Extension-eRS-"))
}

/// The release for which the service has a profile or an extension.
pub(crate) fn release_of(canonical: &str) -> Option<FhirVersion> {
    let has = |version: &FhirVersion| definitions(*version).find(Kind::Structure, canonical).is_some();
    if lists(canonical) { [FhirVersion::Stu3, FhirVersion::R4].into_iter().find(has) } else { None }
}

/// FHIR itself, and the definitions of the service. A list of reference data is found by its URL in any
/// environment.
///
/// ```
/// use ers_fhir_ers::definitions;
/// use ers_fhir_profiles::FhirVersion;
///
/// let stu3 = definitions(FhirVersion::Stu3);
/// let referral = stu3.structure("https://fhir.nhs.uk/STU3/StructureDefinition/eRS-ReferralRequest-1")?;
/// assert_eq!(referral.expect("it is in the package").type_name, "ReferralRequest");
/// assert!(stu3.code_system("_baseUrl_/STU3/CodeSystem/PRIORITY")?.is_some());
/// # Ok::<(), ers_fhir_profiles::Error>(())
/// ```
pub fn definitions(version: FhirVersion) -> Definitions {
    let mut definitions = Definitions::embedded(version);
    let is_there = definitions.add_embedded(package(version));
    debug_assert!(is_there, "{} is embedded", package(version));
    definitions
        .name_code_systems(CodeSystemNames { canonical: reference_data, pattern: reference_data_pattern });
    definitions
}
