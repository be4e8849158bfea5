//! What each caller may call, for the compiler.
//!
//! The facts are in the tables of `ers_fhir_ers::service`; a test compares this module with them.

#[cfg_attr(not(test), expect(clippy::wildcard_imports, reason = "all operations are named"))]
use ers_fhir_model::ers::*;

use super::caller::{
    AnyUser, Caller, OnBehalfOf, ProviderApplication, ReferrerApplication, ReferringAdmin,
    ReferringClinician, ReferringClinicianAdmin, ServiceProviderAdmin, ServiceProviderClinician,
    ServiceProviderClinicianAdmin, Who,
};

/// A caller of operations.
///
/// ```compile_fail,E0277
/// use ers_fhir_http::client::{Client, ReferringClinician};
/// # async fn f(client: Client<ReferringClinician>) {
/// // Only providers accept referrals.
/// client.accept_referral("000000070000".parse().unwrap(), 5.into()).await;
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` may not call `{O}`",
    label = "e-RS does not allow this caller to call this operation",
    note = "`ers-fhir endpoints` lists who may call each operation"
)]
pub trait May<O>: Who {}

/// A caller that is known only at run time: calls that it may not make fail before anything is sent.
impl<O: Operation> May<O> for Caller {}

macro_rules! may {
    ($([$($who:ident)*] $operations:tt)*) => {
        $($(may! { @one $who $operations })*)*

        /// Callers, and the operations that they may call.
        #[cfg(test)]
        const MAY: &[(&str, &[&str])] = &[$($(may! { @row $who $operations },)*)*];
    };
    (@one $who:ident { $($operation:ident)* }) => { $(impl May<$operation> for $who {})* };
    (@row $who:ident { $($operation:ident)* }) => { (stringify!($who), &[$($operation::ID),*]) };
}

may! {
    [ReferringClinician ReferringClinicianAdmin] {
        RetrieveReferenceData RetrieveReferralRequest RetrieveStoredAttachment RetrieveClinicalInformation
        RetrieveReferralWorklist PatientServiceSearch CreateReferral MaintainReferralLetter RetrieveAppointmentSlots
        BookOrDeferAppointments GeneratePatientLetter UploadFile CreateReferralAndSendForTriage
        RetrieveAdviceAndGuidanceRequest RetrieveAdviceAndGuidanceConversation AvailableActionsForUser
        RetrieveBusinessFunctions ChangeShortlist ChangeShortlistAndSendForTriage RetrieveHealthcareService
        UpdateAppointment SearchForHealthcareServices CancelReferral RetrieveHealthcareServiceVersion
        RetrieveAppointment SearchForServiceRequests RetrieveAttachment RetrieveAdviceAndGuidanceOverview
        CreateAdviceAndGuidance
    }
    [ReferringAdmin] { RetrieveReferralWorklist RetrieveBusinessFunctions }
    [ServiceProviderClinician OnBehalfOf] {
        RetrieveReferenceData RetrieveReferralRequest RetrieveStoredAttachment RetrieveClinicalInformation
        RetrieveReferralWorklist AcceptReferral RejectReferral UploadFile CancelAppointmentActionLater
        RetrieveAdviceAndGuidanceWorklist RetrieveAdviceAndGuidanceRequest RetrieveAdviceAndGuidanceConversation
        SendAdviceAndGuidanceResponse ConvertAdviceAndGuidanceToReferral RecordTriageOutcome AvailableActionsForUser
        RetrieveBusinessFunctions CancelReferral RetrieveAppointment SearchForServiceRequests RetrieveAttachment
        RetrieveAdviceAndGuidanceOverview
    }
    [ServiceProviderClinicianAdmin] { RetrieveBusinessFunctions RetrieveOboUsers }
    [ServiceProviderAdmin] { RetrieveReferralWorklist RetrieveAdviceAndGuidanceWorklist RetrieveBusinessFunctions }
    [AnyUser] { RetrieveBusinessFunctions }
    [ProviderApplication] {
        RetrieveReferenceData RetrieveReferralRequest RetrieveStoredAttachment RetrieveClinicalInformation
        RetrieveReferralWorklist AcceptReferral RetrieveAdviceAndGuidanceRequest
        RetrieveAdviceAndGuidanceConversation RecordTriageOutcome AvailableActionsForUser CancelReferral
        RetrieveAttachment RetrieveAdviceAndGuidanceOverview
    }
    [ReferrerApplication] {
        RetrieveReferenceData RetrieveStoredAttachment RetrieveHealthcareService SearchForHealthcareServices
        RetrieveHealthcareServiceVersion
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use ers_fhir_ers::service::{Organisation, Role, endpoints};

    use super::MAY;

    #[test]
    fn callers_may_call_what_the_tables_open_to_them() {
        assert_eq!(MAY.len(), 10, "each caller has a row");
        for (who, operations) in MAY {
            let allowed = endpoints().into_iter().filter(|endpoint| match *who {
                "AnyUser" => endpoint.roles.is_empty(),
                "ProviderApplication" => {
                    matches!(endpoint.application, Some(Organisation::Provider | Organisation::Any))
                }
                "ReferrerApplication" => {
                    matches!(endpoint.application, Some(Organisation::Referrer | Organisation::Any))
                }
                "OnBehalfOf" => {
                    endpoint.allows(Role::ServiceProviderClinicianAdmin)
                        && (endpoint.is_on_behalf() || !endpoint.names_user())
                }
                "ServiceProviderClinicianAdmin" => {
                    endpoint.allows(Role::ServiceProviderClinicianAdmin) && !endpoint.is_on_behalf()
                }
                user => {
                    endpoint.roles.iter().any(|role| format!("{role:?}") == user) || endpoint.roles.is_empty()
                }
            });
            let allowed: BTreeSet<&str> = allowed.map(|endpoint| endpoint.id).collect();
            let written: BTreeSet<&str> = operations.iter().copied().collect();
            assert_eq!(written.len(), operations.len(), "{who}: one is there twice");
            assert_eq!(written, allowed, "{who}");
        }
    }
}
