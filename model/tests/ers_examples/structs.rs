//! The struct of each profile of which there is a payload.

use ers_fhir_model::ers::{r4, stu3};
use ers_fhir_model::runtime::{Json, Profile, Xml};

/// Sends a payload through a struct: what it writes, or why it does not.
pub(crate) type Through = fn(&[u8]) -> Result<String, String>;

/// Reads, goes to the base structure and back, to XML and back, writes, and writes a copy.
fn through<P: Profile + Clone>(bytes: &[u8]) -> Result<String, String> {
    let read = P::from_json(bytes).map_err(|error| error.to_string())?;
    let again = P::from_base(&read.to_base()).map_err(|violations| format!("from the base: {violations}"))?;
    let json = read.to_json();
    if again.to_json() != json {
        return Err("the base structure does not hold all of it".to_owned());
    }
    if read.clone().to_json() != json || read.clone().to_base().to_json() != read.to_base().to_json() {
        return Err("a copy does not hold all of it".to_owned());
    }
    let xml = read.to_xml().map_err(|error| format!("as XML: {error}"))?;
    let again = P::from_xml(&xml).map_err(|error| format!("from XML: {error}"))?;
    if again.to_json() != json {
        return Err(format!("XML does not hold all of it: {xml}"));
    }
    Ok(json)
}

/// Ids of profiles of STU3, with their structs.
pub(crate) const STU3: &[(&str, Through)] = &[
    ("AdviceAndGuidanceCommunication-Bundle", through::<stu3::AdviceAndGuidanceCommunicationBundle>),
    ("AppointmentSlot-Bundle", through::<stu3::AppointmentSlotBundle>),
    ("AttachmentToAdd-DocumentReference", through::<stu3::AttachmentToAdd>),
    ("BookOrDefer-Appointment", through::<stu3::BookOrDeferAppointment>),
    ("Cancel-Appointment", through::<stu3::CancelAppointment>),
    ("CareConnect-Appointment-1", through::<stu3::CareConnectAppointment>),
    ("CareConnect-PractitionerRole-1", through::<stu3::CareConnectPractitionerRole>),
    ("CareConnect-Schedule-1", through::<stu3::CareConnectSchedule>),
    ("CareConnect-Slot-1", through::<stu3::CareConnectSlot>),
    ("CareConnect-Task-1", through::<stu3::CareConnectTask>),
    ("ReferenceData-CodeSystem", through::<stu3::ReferenceDataCodeSystem>),
    ("STU3-Bundle", through::<stu3::SearchBundle>),
    ("Task-Bundle", through::<stu3::TaskBundle>),
    ("UK-eRS-Communication-1", through::<stu3::CommunicationUk>),
    ("eRS-Appointment-1", through::<stu3::ErsAppointment>),
    ("eRS-CancelReferral-Request-Parameters-1", through::<stu3::CancelReferralRequestParameters>),
    ("eRS-CancelReferral-Response-Parameters-1", through::<stu3::CancelReferralResponseParameters>),
    ("eRS-ChangeShortlist-Parameters-1", through::<stu3::ChangeShortlistParameters>),
    (
        "eRS-ChangeShortlistAndSendForTriage-Request-Parameters-1",
        through::<stu3::ChangeShortlistAndSendForTriageRequestParameters>,
    ),
    (
        "eRS-ChangeShortlistAndSendForTriage-Response-Parameters-1",
        through::<stu3::ChangeShortlistAndSendForTriageResponseParameters>,
    ),
    ("eRS-Communication-1", through::<stu3::ErsCommunication>),
    ("eRS-CommunicationRequest-1", through::<stu3::ErsCommunicationRequest>),
    (
        "eRS-CreateAdviceAndGuidance-Request-Parameters-1",
        through::<stu3::CreateAdviceAndGuidanceRequestParameters>,
    ),
    (
        "eRS-CreateAdviceAndGuidance-Response-Parameters-1",
        through::<stu3::CreateAdviceAndGuidanceResponseParameters>,
    ),
    (
        "eRS-CreateFromCommunicationRequestActionLater-Request-1",
        through::<stu3::CreateFromCommunicationRequestActionLaterRequestParameters>,
    ),
    ("eRS-CreateReferral-Parameters-1", through::<stu3::CreateReferralParameters>),
    (
        "eRS-CreateReferralAndSendForTriage-Parameters-1",
        through::<stu3::CreateReferralAndSendForTriageParameters>,
    ),
    ("eRS-DocumentReference-1", through::<stu3::ErsDocumentReference>),
    ("eRS-FetchServices-List-1", through::<stu3::FetchServicesList>),
    ("eRS-FetchWorklist-List-1", through::<stu3::FetchWorklistList>),
    ("eRS-FetchWorklist-Parameters-1", through::<stu3::FetchWorklistParameters>),
    ("eRS-MaintainReferralLetter-Parameters-1", through::<stu3::MaintainReferralLetterParameters>),
    ("eRS-OperationOutcome-1", through::<stu3::ErsOperationOutcome>),
    ("eRS-Patient-1", through::<stu3::ErsPatient>),
    ("eRS-PatientServiceSearch-Parameters-1", through::<stu3::PatientServiceSearchParameters>),
    ("eRS-Practitioner-1", through::<stu3::ErsPractitioner>),
    ("eRS-RecordReviewOutcome-Parameters-1", through::<stu3::RecordReviewOutcomeParameters>),
    ("eRS-ReferralRequest-1", through::<stu3::ErsReferralRequest>),
    ("eRS-RejectReferral-Parameters-1", through::<stu3::RejectReferralParameters>),
    (
        "eRS-SendCommunicationToRequester-Request-Parameters-1",
        through::<stu3::SendCommunicationToRequesterRequestParameters>,
    ),
    (
        "eRS-SendCommunicationToRequester-Response-Parameters-1",
        through::<stu3::SendCommunicationToRequesterResponseParameters>,
    ),
    ("eRS-ServiceSearchCriteria-Parameters-1", through::<stu3::ServiceSearchCriteriaParameters>),
    ("eRS-Shortlist-List-1", through::<stu3::ShortlistList>),
    ("eRS-Specialty-CodeSystem-1", through::<stu3::SpecialtyCodeSystem>),
    (
        "eRS-cancelAppointmentActionLater-Parameters-1",
        through::<stu3::CancelAppointmentActionLaterParameters>,
    ),
];

/// Ids of profiles of R4, with their structs.
pub(crate) const R4: &[(&str, Through)] = &[
    ("HealthcareService-Bundle", through::<r4::HealthcareServiceBundle>),
    ("NHSDigital-OperationOutcome", through::<r4::NhsDigitalOperationOutcome>),
    ("NHSDigital-ServiceRequest", through::<r4::NhsDigitalServiceRequest>),
    ("Practitioner-Bundle", through::<r4::PractitionerBundle>),
    ("PractitionerRole-Bundle", through::<r4::PractitionerRoleBundle>),
    ("ServiceRequest-Bundle", through::<r4::ServiceRequestBundle>),
    ("UKCore-Bundle", through::<r4::UkCoreBundle>),
    ("UKCore-Practitioner", through::<r4::UkCorePractitioner>),
    ("UKCore-PractitionerRole", through::<r4::UkCorePractitionerRole>),
    ("eRS-HealthcareService", through::<r4::ErsHealthcareService>),
    ("gateway-operationoutcome", through::<r4::GatewayOperationOutcome>),
];
