//! Callers: users by their role, and applications on their own.
//!
//! Each is a type of its own, so that what it may not call does not compile. [`Caller`] is for programs that know only
//! at run time who calls: of that, what is not allowed fails before anything is sent.

use ers_fhir_ers::service::{Access, Endpoint, Header, Organisation, Role};
use ers_fhir_model::identifiers::{OdsCode, SdsUserId};

/// Who calls.
pub trait Who: Clone + Send + Sync + 'static {
    /// The same, as data.
    fn caller(&self) -> Caller;
}

/// Who calls, as data.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Caller {
    /// A user with a role in an organisation.
    User {
        /// Business function.
        role: Role,
        /// Organisation.
        organisation: OdsCode,
        /// Clinician whom the user acts for, if they are a `SERVICE_PROVIDER_CLINICIAN_ADMIN`.
        on_behalf_of: Option<SdsUserId>,
    },
    /// A user who is logged in but has not chosen a role yet (A030).
    AnyUser,
    /// An application on its own, by the kind of organisation that it is registered for.
    Application(Organisation),
}

impl Caller {
    /// The way of access.
    pub fn access(&self) -> Access {
        match self {
            Self::User { .. } | Self::AnyUser => Access::User,
            Self::Application(_) => Access::Application,
        }
    }

    /// The business function of a user.
    pub fn role(&self) -> Option<Role> {
        match self {
            Self::User { role, .. } => Some(*role),
            Self::AnyUser | Self::Application(_) => None,
        }
    }

    /// The headers that say who calls an operation.
    pub(crate) fn headers(&self, endpoint: &Endpoint) -> Vec<(&'static str, String)> {
        let Self::User { role, organisation, on_behalf_of } = self else { return Vec::new() };
        let mut headers = Vec::new();
        if endpoint.names_user() {
            headers.push((Header::ORGANISATION.name, organisation.to_string()));
            headers.push((Header::FUNCTION.name, role.code().to_owned()));
        }
        if let Some(clinician) = on_behalf_of.as_ref().filter(|_| endpoint.is_on_behalf()) {
            headers.push((Header::ON_BEHALF_OF.name, clinician.to_string()));
        }
        headers
    }

    /// Whether the operation is open to applications of the other side only.
    pub(crate) fn is_of_other_side(&self, endpoint: &Endpoint) -> bool {
        let Self::Application(own) = self else { return false };
        let Some(wanted) = endpoint.application else { return false };
        *own != Organisation::Any && wanted != Organisation::Any && *own != wanted
    }
}

impl Who for Caller {
    fn caller(&self) -> Caller {
        self.clone()
    }
}

macro_rules! users {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name {
            organisation: OdsCode,
        }

        impl $name {
            /// A caller who works for this organisation.
            pub fn of(organisation: OdsCode) -> Self {
                Self { organisation }
            }
        }

        impl Who for $name {
            fn caller(&self) -> Caller {
                Caller::User { role: Role::$name, organisation: self.organisation.clone(), on_behalf_of: None }
            }
        }
    )*};
}

users! {
    /// `REFERRING_CLINICIAN`.
    ReferringClinician
    /// `REFERRING_CLINICIAN_ADMIN`.
    ReferringClinicianAdmin
    /// `REFERRING_ADMIN`.
    ReferringAdmin
    /// `SERVICE_PROVIDER_CLINICIAN`.
    ServiceProviderClinician
    /// `SERVICE_PROVIDER_CLINICIAN_ADMIN` who has not named a clinician yet, and may only ask who they may act for (A040).
    ServiceProviderClinicianAdmin
    /// `SERVICE_PROVIDER_ADMIN`.
    ServiceProviderAdmin
}

impl ServiceProviderClinicianAdmin {
    /// Acts for this clinician, one of those that A040 lists.
    pub fn on_behalf_of(self, clinician: SdsUserId) -> OnBehalfOf {
        OnBehalfOf { organisation: self.organisation, clinician }
    }
}

/// A `SERVICE_PROVIDER_CLINICIAN_ADMIN` who acts for a clinician.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnBehalfOf {
    organisation: OdsCode,
    clinician: SdsUserId,
}

impl Who for OnBehalfOf {
    fn caller(&self) -> Caller {
        Caller::User {
            role: Role::ServiceProviderClinicianAdmin,
            organisation: self.organisation.clone(),
            on_behalf_of: Some(self.clinician.clone()),
        }
    }
}

/// A user who is logged in, whatever their role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnyUser;

impl Who for AnyUser {
    fn caller(&self) -> Caller {
        Caller::AnyUser
    }
}

/// An application of a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProviderApplication;

impl Who for ProviderApplication {
    fn caller(&self) -> Caller {
        Caller::Application(Organisation::Provider)
    }
}

/// An application of a referrer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReferrerApplication;

impl Who for ReferrerApplication {
    fn caller(&self) -> Caller {
        Caller::Application(Organisation::Referrer)
    }
}
