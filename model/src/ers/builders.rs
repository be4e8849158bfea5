//! Shortcuts for the usual requests of STU3, which take the data that callers have instead of the structs that FHIR
//! wraps it in.

use super::stu3::{
    AttachmentToAdd, BookOrDeferAppointment, ErsAttachmentType, ErsBookableAppointmentStatus, ErsPriority,
    FetchWorklistParameters, FetchWorklistParametersListTypeValueCoding, ServiceSearchCriteriaParameters,
    ShortlistList, ShortlistListEntry, ShortlistSearchCriteriaExtensionValue,
};
use crate::identifiers::{NhsNumber, ServiceId, Ubrn};
use crate::primitives::{Id, Instant, Uri};
use crate::runtime::literal;
use crate::stu3::Reference;

impl ShortlistList {
    /// A shortlist of services, in the order of preference: one to twenty.
    ///
    /// ```
    /// use ers_fhir_model::ers::stu3::{
    ///     CreateReferralParameters, ErsPriority, ErsReferralLetterIntention, ServiceSearchCriteriaParameters,
    ///     ShortlistList,
    /// };
    /// use ers_fhir_model::identifiers::{NhsNumber, ServiceId};
    /// use ers_fhir_model::runtime::Json;
    ///
    /// let services: [ServiceId; 2] = ["11002".parse()?, "51002".parse()?];
    /// let criteria = ServiceSearchCriteriaParameters::of(ErsPriority::Urgent);
    /// let shortlist = ShortlistList::of(services).found_by(criteria);
    ///
    /// // The request of A011.
    /// let patient: NhsNumber = "943 476 5919".parse()?;
    /// let letter = ErsReferralLetterIntention::NeedToAddLater;
    /// let request = CreateReferralParameters::new(patient, shortlist, letter, 7);
    /// assert!(request.to_json().contains(r##""reference":"#searchCriteria""##));
    /// # Ok::<(), ers_fhir_model::identifiers::InvalidIdentifier>(())
    /// ```
    pub fn of(services: impl IntoIterator<Item = ServiceId>) -> Self {
        Self::new(services.into_iter().map(ShortlistListEntry::from).collect())
    }

    /// Adds the criteria by which the services were found, and refers to them.
    #[must_use]
    pub fn found_by(mut self, criteria: ServiceSearchCriteriaParameters) -> Self {
        self.search_criteria_extension =
            Some(ShortlistSearchCriteriaExtensionValue::new(format!("#{}", criteria.id)));
        self.search_criteria = Some(criteria.into());
        self
    }
}

impl From<ServiceId> for ShortlistListEntry {
    fn from(service: ServiceId) -> Self {
        super::stu3::ServiceIdIdentifier::from(service).into()
    }
}

impl ServiceSearchCriteriaParameters {
    /// Criteria for referrals of a priority, for services that treat patients of any age and gender; the
    /// setters narrow them down. A search (A010) must name its subject: a specialty and a clinic type, a
    /// clinical term or a clinician.
    pub fn of(priority: ErsPriority) -> Self {
        let id: Id = literal("\"searchCriteria\"");
        Self::new(id, priority, false)
    }
}

/// The worklists of A008 and A023.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Worklist {
    /// Referrals that wait for a provider's review.
    ReferralsForReview,
    /// Referrals for which no appointment could be booked (ASI).
    AppointmentSlotIssues,
    /// Referrals that a triage service rejected.
    RejectedTriageResponse,
    /// Referrals whose assessment was returned or cancelled, or not attended.
    AssessmentReturnedCancelledDna,
    /// Referrals that are to be booked.
    AwaitingBooking,
    /// Referrals whose letter is still to be added.
    LettersOutstanding,
    /// Requests for advice and guidance (A023).
    AdviceAndGuidanceRequests,
}

impl Worklist {
    /// The code of the worklist, with its code system.
    fn coding(self) -> (&'static str, &'static str) {
        let referrals = "https://fhir.nhs.uk/STU3/CodeSystem/eRS-ReferralListSelector-1";
        match self {
            Self::ReferralsForReview => (referrals, "REFERRALS_FOR_REVIEW"),
            Self::AppointmentSlotIssues => (referrals, "APPOINTMENT_SLOT_ISSUES"),
            Self::RejectedTriageResponse => (referrals, "REJECTED_TRIAGE_RESPONSE"),
            Self::AssessmentReturnedCancelledDna => (referrals, "ASSESSMENT_RETURNED_CANCELLED_DNA"),
            Self::AwaitingBooking => (referrals, "AWAITING_BOOKING"),
            Self::LettersOutstanding => (referrals, "LETTERS_OUTSTANDING"),
            Self::AdviceAndGuidanceRequests => (
                "https://fhir.nhs.uk/STU3/CodeSystem/eRS-CommunicationListSelector-1",
                "ADVICE_AND_GUIDANCE_REQUESTS",
            ),
        }
    }
}

impl FetchWorklistParameters {
    /// The request for a worklist; the setters filter it.
    ///
    /// ```
    /// use ers_fhir_model::ers::builders::Worklist;
    /// use ers_fhir_model::ers::stu3::FetchWorklistParameters;
    /// use ers_fhir_model::runtime::Json;
    ///
    /// let request = FetchWorklistParameters::of(Worklist::AppointmentSlotIssues);
    /// assert!(request.to_json().contains("APPOINTMENT_SLOT_ISSUES"));
    /// ```
    pub fn of(worklist: Worklist) -> Self {
        let (system, code) = worklist.coding();
        FetchWorklistParametersListTypeValueCoding::new(system, code).into()
    }
}

impl BookOrDeferAppointment {
    /// The request of A016 for a referral in the version that was read last; it defers the appointment to the
    /// provider, until `in_slot` books one.
    ///
    /// ```
    /// use ers_fhir_model::ers::stu3::BookOrDeferAppointment;
    /// use ers_fhir_model::runtime::Json;
    ///
    /// let (referral, patient) = ("000000070000".parse()?, "943 476 5919".parse()?);
    /// let request = BookOrDeferAppointment::of(referral, 3, patient, "11002".parse()?);
    /// let request = request.in_slot("4410027", "2026-04-14T09:30:00Z".parse()?, "2026-04-14T09:50:00Z".parse()?);
    /// assert!(request.to_json().contains(r#""status":"booked""#));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of(referral: Ubrn, version: u32, patient: NhsNumber, service: ServiceId) -> Self {
        Self::new(
            literal::<Id>("\"appointment\""),
            literal::<super::stu3::BookOrDeferAppointmentMeta>(BOOKING_META),
            ErsBookableAppointmentStatus::Proposed,
            format!("{}/_history/{version}", referral.referral()),
            String::from(patient),
            String::from(service),
        )
    }

    /// Books a slot, by its id, with its times.
    #[must_use]
    pub fn in_slot(mut self, slot: &str, start: Instant, end: Instant) -> Self {
        self.status = ErsBookableAppointmentStatus::Booked;
        self.slot = Some(Reference::from(format!("Slot/{slot}")));
        (self.start, self.end) = (Some(start), Some(end));
        self
    }
}

impl AttachmentToAdd {
    /// A file that was uploaded with A020, by the id that it got; whose it is, and when it was attached.
    ///
    /// ```
    /// use ers_fhir_model::ers::stu3::{
    ///     AttachmentToAdd, ErsAttachmentType, ErsSubmittableReviewOutcome, RecordReviewOutcomeParameters,
    /// };
    /// use ers_fhir_model::runtime::Json;
    ///
    /// let file = "8df08078-a22e-4180-85c2-c2af3977a654";
    /// let letter = AttachmentToAdd::of(file, ErsAttachmentType::Provider, "2026-03-02T09:15:00Z".parse()?);
    ///
    /// // The request of A028.
    /// let outcome = ErsSubmittableReviewOutcome::ReturnToReferrerWithAdvice;
    /// let request = RecordReviewOutcomeParameters::new(outcome, "Please see the letter.");
    /// let request = request.with_review_attachment_file(letter);
    /// assert!(request.to_json().contains(r#""url":"Binary/8df08078-"#));
    /// # Ok::<(), ers_fhir_model::primitives::InvalidText>(())
    /// ```
    pub fn of(file: &str, kind: ErsAttachmentType, attached: Instant) -> Self {
        Self::new(kind, attached, vec![Uri::from(format!("Binary/{file}")).into()])
    }
}

/// What an appointment declares.
const BOOKING_META: &str = r#"{"profile":["https://fhir.nhs.uk/STU3/StructureDefinition/eRS-Appointment-1","https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Appointment-1"]}"#;
