//! Short ways to the usual requests of STU3: what callers have at hand, instead of the structs that FHIR
//! wraps it in.

use super::stu3::{
    ErsPriority, FetchWorklistParameters, FetchWorklistParametersListTypeValueCoding,
    ServiceSearchCriteriaParameters, ShortlistList, ShortlistListEntry,
    ShortlistSearchCriteriaExtensionValue,
};
use crate::identifiers::ServiceId;
use crate::primitives::Id;
use crate::runtime::literal;

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

    /// Puts the criteria in by which the services were found, and refers to them.
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
    /// setters narrow them down.
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
