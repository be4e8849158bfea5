//! Worklists, and the records on them.

use super::advice::Category;
use super::appointment::Appointment;
use super::code::codes;
use super::referral::{Referral, ReferralState};

codes! {
    /// A worklist.
    Worklist {
        /// Referrals that a provider is to review.
        ForReview = "REFERRALS_FOR_REVIEW", "ReferralsforReview";
        /// Referrals that a provider is to find an appointment for.
        SlotIssues = "APPOINTMENT_SLOT_ISSUES", "AppointmentSlotIssues";
        /// Referrals that a provider has sent back.
        RejectedOrReturned = "REJECTED_TRIAGE_RESPONSE", "RejectedTriageResponse";
        /// Referrals that did not end as the referrer intended.
        AssessedCancelledMissed = "ASSESSMENT_RETURNED_CANCELLED_DNA", "AssessmentReturnedCancelledDna";
        /// Referrals without an appointment.
        AwaitingBooking = "AWAITING_BOOKING", "AwaitingBooking";
        /// Referrals whose letter is outstanding.
        LettersOutstanding = "LETTERS_OUTSTANDING", "LettersOutstanding";
        /// Advice requests that are not answered yet.
        AdviceRequests = "ADVICE_AND_GUIDANCE_REQUESTS", "AdviceAndGuidanceRequests";
    }
}

impl Worklist {
    /// Whether it is one of providers.
    pub const fn is_of_providers(self) -> bool {
        matches!(self, Self::ForReview | Self::SlotIssues | Self::AdviceRequests)
    }

    /// Whether a referral is on it, whoever asks.
    fn has(self, referral: &Referral) -> bool {
        use ReferralState as S;
        match self {
            Self::ForReview => {
                referral.is_pending_review && matches!(referral.state, S::Booked | S::AwaitingTriage)
            }
            Self::SlotIssues => referral.state == S::DeferredToProvider,
            Self::RejectedOrReturned => matches!(referral.state, S::Rejected | S::TriageResponse),
            Self::AssessedCancelledMissed => {
                matches!(referral.state, S::AssessmentResult | S::DidNotAttend)
                    || (referral.state == S::CancelledReferral && !referral.was_cancelled_by_referrer)
            }
            Self::AwaitingBooking => matches!(
                referral.state,
                S::NotBooked
                    | S::AwaitingTriage
                    | S::DeferredToProvider
                    | S::CancelledByPatient
                    | S::CancelledByProvider
            ),
            Self::LettersOutstanding => {
                referral.intends_letter
                    && referral.first_submitted.is_none()
                    && referral.state != S::CancelledReferral
            }
            Self::AdviceRequests => false,
        }
    }

    /// The lists that a referral is on, each with its owner: a referring organisation, or a service.
    pub(super) fn of_referral<'r>(
        referral: &'r Referral,
        appointment: Option<&'r Appointment>,
    ) -> impl Iterator<Item = (Self, &'r str)> {
        let lists = Self::ALL.iter().copied().filter(|list| list.has(referral));
        lists.filter_map(move |list| {
            let organisation = Some(referral.referring_organisation.as_str());
            let service = appointment.map(|appointment| appointment.service.as_str());
            Some((list, if list.is_of_providers() { service } else { organisation }?))
        })
    }
}

impl Category {
    /// Whether a provider has it on the list of advice requests.
    pub(super) const fn is_listed(self) -> bool {
        matches!(self, Self::ProviderResponseRequired | Self::ReferrerToSubmitFurtherInformation)
    }
}
