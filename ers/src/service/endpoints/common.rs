//! Values that several operations share: who calls them, and their profiles.

use crate::service::role::Role;

pub(super) const REFERRERS: &[Role] = &[Role::ReferringClinician, Role::ReferringClinicianAdmin];
pub(super) const PROVIDERS: &[Role] = &[Role::ServiceProviderClinician, Role::ServiceProviderClinicianAdmin];
pub(super) const CLINICAL: &[Role] = &[
    Role::ReferringClinician,
    Role::ReferringClinicianAdmin,
    Role::ServiceProviderClinician,
    Role::ServiceProviderClinicianAdmin,
];
pub(super) const ALL: &[Role] = &[
    Role::ReferringClinician,
    Role::ReferringClinicianAdmin,
    Role::ReferringAdmin,
    Role::ServiceProviderClinician,
    Role::ServiceProviderClinicianAdmin,
    Role::ServiceProviderAdmin,
];

pub(super) const REFERRAL: &str = "https://fhir.nhs.uk/STU3/StructureDefinition/eRS-ReferralRequest-1";
pub(super) const APPOINTMENT: &str = "https://fhir.nhs.uk/STU3/StructureDefinition/eRS-Appointment-1";
