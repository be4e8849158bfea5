//! Referrals as referrers create and manage them.

use ers_fhir_model::ers::stu3::{
    CancelReferralRequestParameters, CancelReferralResponseParameters,
    ChangeShortlistAndSendForTriageRequestParameters, ChangeShortlistAndSendForTriageResponseParameters,
    ChangeShortlistParameters, CreateReferralAndSendForTriageParameters, CreateReferralParameters,
    ErsReferralRequest, FetchServicesList, FetchWorklistList, FetchWorklistParameters,
    MaintainReferralLetterParameters, PatientServiceSearchParameters, TaskBundle,
};
use ers_fhir_model::ers::{
    AvailableActionsForUser, CancelReferral, ChangeShortlist, ChangeShortlistAndSendForTriage,
    CreateReferral, CreateReferralAndSendForTriage, MaintainReferralLetter, PatientServiceSearch,
    RetrieveReferralRequest, RetrieveReferralWorklist,
};
use ers_fhir_model::identifiers::Ubrn;

use super::{operations, to, to_version, with};
use crate::client::version::{Version, Versioned};

operations! {
    /// A005: the latest version of a referral.
    retrieve_referral_request(ubrn: Ubrn) RetrieveReferralRequest, versioned => Versioned<ErsReferralRequest>,
        to::<RetrieveReferralRequest>().path("ubrn", ubrn.to_string());

    /// A005: that version of a referral, if it is the latest; else 404.
    retrieve_referral_request_version(ubrn: Ubrn, version: Version)
        RetrieveReferralRequest, versioned => Versioned<ErsReferralRequest>,
        to_version::<RetrieveReferralRequest>().path("ubrn", ubrn.to_string()).path("version", version.to_string());

    /// A008: a worklist of referrals. Applications may ask twice a day for each service.
    retrieve_referral_worklist(request: &FetchWorklistParameters)
        RetrieveReferralWorklist, resource => FetchWorklistList, with::<RetrieveReferralWorklist, _>(request);

    /// A010: services suitable for a patient.
    search_services_for_patient(request: &PatientServiceSearchParameters)
        PatientServiceSearch, resource => FetchServicesList, with::<PatientServiceSearch, _>(request);

    /// A011: creates a referral, which A016 then books.
    create_referral(request: &CreateReferralParameters) CreateReferral, versioned => Versioned<ErsReferralRequest>,
        with::<CreateReferral, _>(request);

    /// A012: replaces all letters of a referral.
    maintain_referral_letter(ubrn: Ubrn, version: Version, request: &MaintainReferralLetterParameters)
        MaintainReferralLetter, versioned => Versioned<ErsReferralRequest>,
        with::<MaintainReferralLetter, _>(request).path("ubrn", ubrn.to_string()).version(version);

    /// A021: creates a referral and sends it for triage.
    #[deprecated = "use `create_referral` (A011), then `book_or_defer_appointment` (A016)"]
    create_referral_and_send_for_triage(request: &CreateReferralAndSendForTriageParameters)
        CreateReferralAndSendForTriage, versioned => Versioned<ErsReferralRequest>,
        with::<CreateReferralAndSendForTriage, _>(request);

    /// A029: what a user, or an application, may do with a referral, by its latest version.
    available_actions(ubrn: Ubrn, version: Version) AvailableActionsForUser, resource => TaskBundle,
        to::<AvailableActionsForUser>()
            .query("focus", format!("{}/_history/{version}", ubrn.referral()))
            .query("intent", "proposal")
            .query("status", "ready");

    /// A031: changes the shortlist or the search criteria.
    change_shortlist(ubrn: Ubrn, version: Version, request: &ChangeShortlistParameters)
        ChangeShortlist, versioned => Versioned<ErsReferralRequest>,
        with::<ChangeShortlist, _>(request).path("ubrn", ubrn.to_string()).version(version);

    /// A032: changes the shortlist, and sends the referral for triage.
    #[deprecated = "use `change_shortlist` (A031), then `book_or_defer_appointment` (A016)"]
    change_shortlist_and_send_for_triage(
        ubrn: Ubrn,
        version: Version,
        request: &ChangeShortlistAndSendForTriageRequestParameters
    ) ChangeShortlistAndSendForTriage, resource => ChangeShortlistAndSendForTriageResponseParameters,
        with::<ChangeShortlistAndSendForTriage, _>(request).path("ubrn", ubrn.to_string()).version(version);

    /// A036: cancels a referral and its appointment. This cannot be undone.
    cancel_referral(ubrn: Ubrn, version: Version, request: &CancelReferralRequestParameters)
        CancelReferral, resource => CancelReferralResponseParameters,
        with::<CancelReferral, _>(request).path("ubrn", ubrn.to_string()).version(version);
}
