//! The NHS e-Referral Service: its profiles as structs.
//!
//! Values that a profile fixes are implied, elements that it forbids are not fields, and mandatory ones are parameters
//! of `new`. `TryFrom` makes such a struct from a base structure, and lists every violation; `From` turns it back into
//! one.
//!
//! Known deviations of the live service are read in both forms and written as the service requires them:
//! a single object in place of an array, empty arrays and `null` are understood, and
//! `Appointment.participant.type` is written as a single object.
//!
//! | number | operation | request | answer |
//! |---|---|---|---|
//! | A004 | [`RetrieveReferenceData`] | – | [`CodeSystem`](crate::stu3::CodeSystem) |
//! | A005 | [`RetrieveReferralRequest`] | – | [`ErsReferralRequest`](stu3::ErsReferralRequest) |
//! | A006 | [`RetrieveStoredAttachment`] | – | [`File`] |
//! | A007 | [`RetrieveClinicalInformation`] | – | [`File`] |
//! | A008 | [`RetrieveReferralWorklist`] | [`FetchWorklistParameters`](stu3::FetchWorklistParameters) | [`FetchWorklistList`](stu3::FetchWorklistList) |
//! | A010 | [`PatientServiceSearch`] | [`PatientServiceSearchParameters`](stu3::PatientServiceSearchParameters) | [`FetchServicesList`](stu3::FetchServicesList) |
//! | A011 | [`CreateReferral`] | [`CreateReferralParameters`](stu3::CreateReferralParameters) | [`ErsReferralRequest`](stu3::ErsReferralRequest) |
//! | A012 | [`MaintainReferralLetter`] | [`MaintainReferralLetterParameters`](stu3::MaintainReferralLetterParameters) | [`ErsReferralRequest`](stu3::ErsReferralRequest) |
//! | A013 | [`AcceptReferral`] | – | [`ErsReferralRequest`](stu3::ErsReferralRequest) |
//! | A014 | [`RejectReferral`] | [`RejectReferralParameters`](stu3::RejectReferralParameters) | [`ErsReferralRequest`](stu3::ErsReferralRequest) |
//! | A015 | [`RetrieveAppointmentSlots`] | – | [`AppointmentSlotBundle`](stu3::AppointmentSlotBundle) |
//! | A016 | [`BookOrDeferAppointments`] | [`BookOrDeferAppointment`](stu3::BookOrDeferAppointment) | [`ErsAppointment`](stu3::ErsAppointment) |
//! | A019 | [`GeneratePatientLetter`] | – | [`File`] |
//! | A020 | [`UploadFile`] | [`File`] | – |
//! | A021 | [`CreateReferralAndSendForTriage`] | [`CreateReferralAndSendForTriageParameters`](stu3::CreateReferralAndSendForTriageParameters) | [`ErsReferralRequest`](stu3::ErsReferralRequest) |
//! | A022 | [`CancelAppointmentActionLater`] | [`CancelAppointmentActionLaterParameters`](stu3::CancelAppointmentActionLaterParameters) | [`ErsReferralRequest`](stu3::ErsReferralRequest) |
//! | A023 | [`RetrieveAdviceAndGuidanceWorklist`] | [`FetchWorklistParameters`](stu3::FetchWorklistParameters) | [`FetchWorklistList`](stu3::FetchWorklistList) |
//! | A024 | [`RetrieveAdviceAndGuidanceRequest`] | – | [`ErsCommunicationRequest`](stu3::ErsCommunicationRequest) |
//! | A025 | [`RetrieveAdviceAndGuidanceConversation`] | – | [`AdviceAndGuidanceCommunicationBundle`](stu3::AdviceAndGuidanceCommunicationBundle) |
//! | A026 | [`SendAdviceAndGuidanceResponse`] | [`SendCommunicationToRequesterRequestParameters`](stu3::SendCommunicationToRequesterRequestParameters) | [`SendCommunicationToRequesterResponseParameters`](stu3::SendCommunicationToRequesterResponseParameters) |
//! | A027 | [`ConvertAdviceAndGuidanceToReferral`] | [`CreateFromCommunicationRequestActionLaterRequestParameters`](stu3::CreateFromCommunicationRequestActionLaterRequestParameters) | [`ErsReferralRequest`](stu3::ErsReferralRequest) |
//! | A028 | [`RecordTriageOutcome`] | [`RecordReviewOutcomeParameters`](stu3::RecordReviewOutcomeParameters) | [`ErsReferralRequest`](stu3::ErsReferralRequest) |
//! | A029 | [`AvailableActionsForUser`] | – | [`TaskBundle`](stu3::TaskBundle) |
//! | A030 | [`RetrieveBusinessFunctions`] | – | [`PractitionerRoleBundle`](r4::PractitionerRoleBundle) |
//! | A031 | [`ChangeShortlist`] | [`ChangeShortlistParameters`](stu3::ChangeShortlistParameters) | [`ErsReferralRequest`](stu3::ErsReferralRequest) |
//! | A032 | [`ChangeShortlistAndSendForTriage`] | [`ChangeShortlistAndSendForTriageRequestParameters`](stu3::ChangeShortlistAndSendForTriageRequestParameters) | [`ChangeShortlistAndSendForTriageResponseParameters`](stu3::ChangeShortlistAndSendForTriageResponseParameters) |
//! | A033 | [`RetrieveHealthcareService`] | – | [`ErsHealthcareService`](r4::ErsHealthcareService) |
//! | A034 | [`UpdateAppointment`] | [`CancelAppointment`](stu3::CancelAppointment) | [`ErsAppointment`](stu3::ErsAppointment) |
//! | A035 | [`SearchForHealthcareServices`] | – | [`HealthcareServiceBundle`](r4::HealthcareServiceBundle) |
//! | A036 | [`CancelReferral`] | [`CancelReferralRequestParameters`](stu3::CancelReferralRequestParameters) | [`CancelReferralResponseParameters`](stu3::CancelReferralResponseParameters) |
//! | A037 | [`RetrieveHealthcareServiceVersion`] | – | – |
//! | A038 | [`RetrieveAppointment`] | – | [`ErsAppointment`](stu3::ErsAppointment) |
//! | A040 | [`RetrieveOboUsers`] | – | [`PractitionerBundle`](r4::PractitionerBundle) |
//! | A041 | [`SearchForServiceRequests`] | – | [`ServiceRequestBundle`](r4::ServiceRequestBundle) |
//! | A042 | [`RetrieveAttachment`] | – | – |
//! | A043 | [`RetrieveAdviceAndGuidanceOverview`] | – | [`File`] |
//! | A044 | [`CreateAdviceAndGuidance`] | [`CreateAdviceAndGuidanceRequestParameters`](stu3::CreateAdviceAndGuidanceRequestParameters) | [`CreateAdviceAndGuidanceResponseParameters`](stu3::CreateAdviceAndGuidanceResponseParameters) |
//!
//! [`Operation::read_answer`] reads an answer, which is the resource or an OperationOutcome.
//!
//! A request that lacks a mandatory part does not compile:
//!
//! ```compile_fail,E0061
//! use ers_fhir_model::ers::stu3::CreateReferralParameters;
//!
//! let request = CreateReferralParameters::new();
//! ```
//!
//! Nor does one with a part that the profile forbids:
//!
//! ```compile_fail,E0609
//! # use ers_fhir_model::ers::stu3::NhsNumberIdentifier;
//! let number = NhsNumberIdentifier::new("9434765919");
//! // The profile implies the system.
//! println!("{:?}", number.system);
//! ```

#[cfg(feature = "stu3")]
pub mod builders;
mod operation;
#[cfg(feature = "r4")]
#[rustfmt::skip]
#[expect(clippy::doc_markdown, reason = "names of FHIR, as packages write them")]
#[expect(clippy::allow_attributes, reason = "not all that is generated is used everywhere")]
pub mod r4;
#[cfg(feature = "stu3")]
#[rustfmt::skip]
#[expect(clippy::doc_markdown, reason = "names of FHIR, as packages write them")]
#[expect(clippy::allow_attributes, reason = "not all that is generated is used everywhere")]
pub mod stu3;

pub use operation::*;
