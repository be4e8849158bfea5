//! Who calls: business functions of users, and the two ways of access.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// A business function, as the header `NHSD-eRS-Business-Function` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Referring clinician.
    ReferringClinician,
    /// Acts for referring clinicians.
    ReferringClinicianAdmin,
    /// Works on the lists of referrers.
    ReferringAdmin,
    /// Commissions services; may call no operation.
    Commissioner,
    /// Reviews referrals to a service.
    ServiceProviderClinician,
    /// Acts for clinicians of a service, one named in each call.
    ServiceProviderClinicianAdmin,
    /// Works on the lists of a service.
    ServiceProviderAdmin,
    /// May call no operation.
    InformationAnalyst,
    /// May call no operation.
    BookingManager,
    /// May call no operation.
    AdditionalRequirementsManager,
    /// Set by the gateway for an application of a provider; no user may send it.
    ProviderAuthorisedApplication,
    /// Set by the gateway for an application of a referrer; no user may send it.
    ReferrerAuthorisedApplication,
    /// Set by the gateway for other applications; no user may send it.
    AuthorisedApplication,
}

impl Role {
    /// Every business function that a header may name, those of applications last.
    pub const ALL: [Self; 13] = [
        Self::ReferringClinician,
        Self::ReferringClinicianAdmin,
        Self::ReferringAdmin,
        Self::Commissioner,
        Self::ServiceProviderClinician,
        Self::ServiceProviderClinicianAdmin,
        Self::ServiceProviderAdmin,
        Self::InformationAnalyst,
        Self::BookingManager,
        Self::AdditionalRequirementsManager,
        Self::ProviderAuthorisedApplication,
        Self::ReferrerAuthorisedApplication,
        Self::AuthorisedApplication,
    ];

    /// The function as written in the header.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ReferringClinician => "REFERRING_CLINICIAN",
            Self::ReferringClinicianAdmin => "REFERRING_CLINICIAN_ADMIN",
            Self::ReferringAdmin => "REFERRING_ADMIN",
            Self::Commissioner => "COMMISSIONER",
            Self::ServiceProviderClinician => "SERVICE_PROVIDER_CLINICIAN",
            Self::ServiceProviderClinicianAdmin => "SERVICE_PROVIDER_CLINICIAN_ADMIN",
            Self::ServiceProviderAdmin => "SERVICE_PROVIDER_ADMIN",
            Self::InformationAnalyst => "INFORMATION_ANALYST",
            Self::BookingManager => "BOOKING_MANAGER",
            Self::AdditionalRequirementsManager => "ADDITIONAL_REQUIREMENTS_MANAGER",
            Self::ProviderAuthorisedApplication => "PROVIDER_AUTHORISED_APPLICATION",
            Self::ReferrerAuthorisedApplication => "REFERRER_AUTHORISED_APPLICATION",
            Self::AuthorisedApplication => "AUTHORISED_APPLICATION",
        }
    }

    /// Whether the gateway sets it for applications.
    pub const fn is_of_application(self) -> bool {
        matches!(
            self,
            Self::ProviderAuthorisedApplication
                | Self::ReferrerAuthorisedApplication
                | Self::AuthorisedApplication
        )
    }

    /// Whether it is a function of referrers.
    pub const fn is_referrer(self) -> bool {
        matches!(self, Self::ReferringClinician | Self::ReferringClinicianAdmin | Self::ReferringAdmin)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        Self::ALL.into_iter().find(|role| role.code() == text).ok_or_else(|| UnknownRole(text.to_owned()))
    }
}

/// A business function that does not exist.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "there is no business function '{0}'; `ers-fhir endpoints` shows those of each operation, such as \
     REFERRING_CLINICIAN"
)]
pub struct UnknownRole(String);

/// The two ways of access.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Access {
    /// On behalf of a user who is logged in.
    User,
    /// By an application of its own.
    Application,
}

impl fmt::Display for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::User => "user",
            Self::Application => "application",
        })
    }
}

impl FromStr for Access {
    type Err = UnknownAccess;

    fn from_str(text: &str) -> Result<Self, UnknownAccess> {
        match text {
            "user" => Ok(Self::User),
            "application" => Ok(Self::Application),
            _ => Err(UnknownAccess(text.to_owned())),
        }
    }
}

/// A way of access that does not exist.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("access is user or application, not '{0}'")]
pub struct UnknownAccess(String);
