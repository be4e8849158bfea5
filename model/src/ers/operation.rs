//! The operations of e-RS, with the types of their requests and answers.

use crate::runtime::{Json, ReadError, ReadOptions, Reader, Value};

/// An operation of e-RS. Each operation is a type without values, such as [`CreateReferral`].
///
/// ```
/// use ers_fhir_model::ers::{Answer, Operation, RetrieveReferralRequest};
///
/// let json = br#"{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"not-found"}]}"#;
/// match RetrieveReferralRequest::read_answer(json)? {
///     Answer::Resource(referral) => println!("{:?}", referral.status),
///     Answer::Outcome(outcome) => assert_eq!(outcome.issue.len(), 1),
/// }
/// # Ok::<(), ers_fhir_model::runtime::ReadError>(())
/// ```
pub trait Operation {
    /// The number of the operation in e-RS: `A011`. Operations that read a certain version of a resource have the
    /// number of those that read the latest one.
    const ID: &'static str;

    /// Its name in e-RS: `Create referral`.
    const NAME: &'static str;

    /// The request: a resource, a [`File`], or nothing.
    type Request;

    /// The answer on success: a resource, a [`File`], or nothing.
    type Answer;

    /// The answer on failure.
    type Outcome: Value;

    /// Reads the answer, which may be an OperationOutcome.
    fn read_answer(bytes: &[u8]) -> Result<Answer<Self::Answer, Self::Outcome>, ReadError>
    where
        Self::Answer: Value,
    {
        Answer::from_json(bytes)
    }
}

/// The result of an operation: what was requested, or an OperationOutcome that says why not.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer<T, O> {
    /// The resource or file that was requested.
    Resource(T),
    /// What went wrong.
    Outcome(O),
}

impl<T: Value, O: Value> Answer<T, O> {
    /// Reads an answer: an OperationOutcome where the resource says that it is one.
    pub fn from_json(bytes: impl AsRef<[u8]>) -> Result<Self, ReadError> {
        let bytes = bytes.as_ref();
        let text = std::str::from_utf8(bytes).unwrap_or_default();
        let mut reader = Reader::new(text, ReadOptions::lenient());
        // A text that is not JSON is not an answer either; reading it reports why.
        let type_name = reader.look_for("resourceType").ok().flatten();
        if type_name.as_deref() == Some("OperationOutcome") {
            O::from_json(bytes).map(Self::Outcome)
        } else {
            T::from_json(bytes).map(Self::Resource)
        }
    }

    /// What was requested, or what went wrong.
    pub fn into_result(self) -> Result<T, O> {
        match self {
            Self::Resource(resource) => Ok(resource),
            Self::Outcome(outcome) => Err(outcome),
        }
    }
}

/// A file: bytes that are not FHIR.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct File(pub Vec<u8>);

/// An entry of the table of operations: number, name, request and answer, the last two as names of types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct OperationTypes {
    /// The number: `A011`.
    pub id: &'static str,
    /// The name: `Create referral`.
    pub name: &'static str,
    /// The type of the request; `()` where there is none.
    pub request: &'static str,
    /// The type of the answer; `()` where there is none.
    pub answer: &'static str,
}

#[cfg(any(feature = "stu3", feature = "r4"))]
macro_rules! operations {
    ($all:ident, $release:ident: $($id:literal $name:ident $title:literal $request:ty => $answer:ty;)*) => {
        $(
            #[doc = concat!("`", $id, "`: ", $title, ".")]
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
            pub struct $name;

            impl Operation for $name {
                const ID: &'static str = $id;
                const NAME: &'static str = $title;
                type Request = $request;
                type Answer = $answer;
                type Outcome = crate::$release::OperationOutcome;
            }
        )*

        #[doc = concat!("The operations of ", stringify!($release), ".")]
        pub const $all: &[OperationTypes] = &[$(
            OperationTypes {
                id: $id,
                name: $title,
                request: stringify!($request),
                answer: stringify!($answer),
            },
        )*];
    };
}

#[cfg(feature = "stu3")]
mod of_stu3 {
    use super::{File, Operation, OperationTypes};
    #[cfg_attr(not(test), expect(clippy::wildcard_imports, reason = "the operations use most of them"))]
    use crate::ers::stu3::*;
    use crate::stu3::CodeSystem;

    operations! { STU3_OPERATIONS, stu3:
        "A004" RetrieveReferenceData "Retrieve reference data" () => CodeSystem;
        "A005" RetrieveReferralRequest "Retrieve referral request" () => ErsReferralRequest;
        "A006" RetrieveStoredAttachment "Retrieve attachment" () => File;
        "A007" RetrieveClinicalInformation "Retrieve clinical information" () => File;
        "A008" RetrieveReferralWorklist "Retrieve referral worklist" FetchWorklistParameters => FetchWorklistList;
        "A010" PatientServiceSearch "Patient service search" PatientServiceSearchParameters => FetchServicesList;
        "A011" CreateReferral "Create referral" CreateReferralParameters => ErsReferralRequest;
        "A012" MaintainReferralLetter "Maintain referral letter" MaintainReferralLetterParameters => ErsReferralRequest;
        "A013" AcceptReferral "Accept referral" () => ErsReferralRequest;
        "A014" RejectReferral "Reject referral" RejectReferralParameters => ErsReferralRequest;
        "A015" RetrieveAppointmentSlots "Retrieve appointment slots" () => AppointmentSlotBundle;
        "A016" BookOrDeferAppointments "Book or defer appointment" BookOrDeferAppointment => ErsAppointment;
        "A019" GeneratePatientLetter "Generate patient letter" () => File;
        "A020" UploadFile "Upload file to document store" File => ();
        "A021" CreateReferralAndSendForTriage "Create referral and send for triage"
            CreateReferralAndSendForTriageParameters => ErsReferralRequest;
        "A022" CancelAppointmentActionLater "Cancel appointment, action later"
            CancelAppointmentActionLaterParameters => ErsReferralRequest;
        "A023" RetrieveAdviceAndGuidanceWorklist "Retrieve advice and guidance requests worklist"
            FetchWorklistParameters => FetchWorklistList;
        "A024" RetrieveAdviceAndGuidanceRequest "Retrieve advice and guidance request summary"
            () => ErsCommunicationRequest;
        "A025" RetrieveAdviceAndGuidanceConversation "Retrieve advice and guidance conversation"
            () => AdviceAndGuidanceCommunicationBundle;
        "A026" SendAdviceAndGuidanceResponse "Send advice and guidance response"
            SendCommunicationToRequesterRequestParameters => SendCommunicationToRequesterResponseParameters;
        "A027" ConvertAdviceAndGuidanceToReferral "Convert advice and guidance request to referral"
            CreateFromCommunicationRequestActionLaterRequestParameters => ErsReferralRequest;
        "A028" RecordTriageOutcome "Record triage outcome" RecordReviewOutcomeParameters => ErsReferralRequest;
        "A029" AvailableActionsForUser "Available actions for user" () => TaskBundle;
        "A031" ChangeShortlist "Change shortlist" ChangeShortlistParameters => ErsReferralRequest;
        "A032" ChangeShortlistAndSendForTriage "Change shortlist and send for triage"
            ChangeShortlistAndSendForTriageRequestParameters => ChangeShortlistAndSendForTriageResponseParameters;
        "A034" UpdateAppointment "Update appointment" CancelAppointment => ErsAppointment;
        "A036" CancelReferral "Cancel referral" CancelReferralRequestParameters => CancelReferralResponseParameters;
        "A038" RetrieveAppointment "Retrieve appointment" () => ErsAppointment;
        "A043" RetrieveAdviceAndGuidanceOverview "Retrieve advice and guidance overview PDF" () => File;
        "A044" CreateAdviceAndGuidance "Create advice and guidance request"
            CreateAdviceAndGuidanceRequestParameters => CreateAdviceAndGuidanceResponseParameters;
    }
}
#[cfg(feature = "stu3")]
pub use of_stu3::*;

#[cfg(feature = "r4")]
mod of_r4 {
    use super::{Operation, OperationTypes};
    #[cfg_attr(not(test), expect(clippy::wildcard_imports, reason = "the operations use most of them"))]
    use crate::ers::r4::*;

    operations! { R4_OPERATIONS, r4:
        "A030" RetrieveBusinessFunctions "Retrieve user business functions" () => PractitionerRoleBundle;
        "A033" RetrieveHealthcareService "Retrieve healthcare service" () => ErsHealthcareService;
        "A035" SearchForHealthcareServices "Search for healthcare services" () => HealthcareServiceBundle;
        "A037" RetrieveHealthcareServiceVersion "Retrieve healthcare service version" () => ();
        "A040" RetrieveOboUsers "Retrieve on-behalf-of practitioner user information" () => PractitionerBundle;
        "A041" SearchForServiceRequests "Search for service requests" () => ServiceRequestBundle;
        "A042" RetrieveAttachment "Retrieve attachment" () => ();
    }
}
#[cfg(feature = "r4")]
pub use of_r4::*;
