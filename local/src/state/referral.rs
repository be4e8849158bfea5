//! Referrals.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::code::{Priority, Reason, codes};
use crate::moment::Moment;

codes! {
    /// The state of a referral.
    ReferralState {
        /// Shortlisted, but not booked.
        NotBooked = "NOT_BOOKED", "Not Booked";
        /// There is an appointment.
        Booked = "BOOKED", "Booked";
        /// The provider is to find an appointment.
        DeferredToProvider = "DEFERRED_TO_PROVIDER", "Deferred To Provider";
        /// The provider is to decide what is next.
        AwaitingTriage = "AWAITING_TRIAGE", "Awaiting Triage";
        /// The provider has decided, and books.
        TriagedProviderToAction = "TRIAGED_PROVIDER_TO_ACTION", "Triaged - Provider To Action";
        /// The provider has sent it back with advice.
        TriageResponse = "TRIAGE_RESPONSE", "Triage Response";
        /// The provider will not see the patient.
        Rejected = "REJECTED", "Rejected";
        /// The appointment was cancelled for the patient.
        CancelledByPatient = "APPT_CANCELLED_BY_PATIENT", "Appointment Cancelled By Patient";
        /// The appointment was cancelled for the provider.
        CancelledByProvider = "APPT_CANCELLED_BY_PROVIDER", "Appointment Cancelled By Provider";
        /// The patient was assessed, and something else is next.
        AssessmentResult = "ASSESSMENT_RESULT", "Assessment Result";
        /// The patient did not come.
        DidNotAttend = "DID_NOT_ATTEND", "Did Not Attend";
        /// Cancelled, which is final.
        CancelledReferral = "CANCELLED_REFERRAL", "Cancelled Referral";
    }
}

impl ReferralState {
    /// Whether the referrer may book, defer, send for triage or change the shortlist. These states are not public;
    /// they are taken to be those in which nobody else has to act.
    pub const fn is_unbooked(self) -> bool {
        matches!(
            self,
            Self::NotBooked
                | Self::Rejected
                | Self::TriageResponse
                | Self::CancelledByPatient
                | Self::CancelledByProvider
                | Self::DidNotAttend
                | Self::AssessmentResult
        )
    }
}

/// A referral.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Referral {
    /// Its number.
    pub ubrn: String,
    /// Its version.
    pub version: u64,
    /// Its UUID.
    pub uuid: String,
    /// Its state.
    pub state: ReferralState,
    /// The reason for its state.
    pub reason: Option<Reason>,
    /// The comment given with the reason.
    pub comments: Option<String>,
    /// Its priority.
    pub priority: Priority,
    /// The parameters of the search for services.
    pub criteria: Arc<Value>,
    /// The services to choose from.
    pub shortlist: Vec<String>,
    /// The organisation whose commissioning rules apply.
    pub commissioning_organisation: String,
    /// The specialty of the service that was chosen.
    pub specialty: Option<String>,
    /// The patient, by NHS number.
    pub patient: String,
    /// The clinician who refers, by SDS user id.
    pub referrer: String,
    /// Their organisation.
    pub referring_organisation: String,
    /// Whether letters are to follow.
    pub intends_letter: bool,
    /// Days after which the patient is reminded to book.
    pub reminder_days: u32,
    /// The current appointment.
    pub appointment: Option<String>,
    /// The files that are attached, by UUID.
    pub documents: Vec<String>,
    /// The advice request that it was made from: `CommunicationRequest/<UBRN>`.
    pub related: Vec<String>,
    /// When the first letter came.
    pub first_submitted: Option<Moment>,
    /// When letters changed last.
    pub last_updated: Option<Moment>,
    /// When the pathway began, if given.
    pub pathway_start: Option<Moment>,
    /// The additional requirements of the patient: `INTERPRETER`.
    pub requirements: Vec<String>,
    /// When it was created.
    pub created: Moment,
    /// When it was changed last.
    pub changed: Moment,
    /// Whether it waits for review by a provider.
    pub is_pending_review: bool,
    /// Whether a provider has ever reviewed it.
    pub was_reviewed: bool,
    /// Whether letters have changed since the review.
    pub has_new_letter: bool,
    /// Whether the priority has changed since the review.
    pub has_new_priority: bool,
    /// Whether the clinical information was fetched.
    pub was_printed: bool,
    /// Whether it was the referrer who cancelled it.
    pub was_cancelled_by_referrer: bool,
}

impl Referral {
    /// A referral with only its numbers, its version, its priority and its start.
    pub(crate) fn begun(ubrn: String, uuid: String, version: u64, priority: Priority, at: Moment) -> Self {
        Self {
            ubrn,
            version,
            uuid,
            state: ReferralState::NotBooked,
            reason: None,
            comments: None,
            priority,
            criteria: Arc::default(),
            shortlist: Vec::new(),
            commissioning_organisation: String::new(),
            specialty: None,
            patient: String::new(),
            referrer: String::new(),
            referring_organisation: String::new(),
            intends_letter: false,
            reminder_days: 0,
            appointment: None,
            documents: Vec::new(),
            related: Vec::new(),
            first_submitted: None,
            last_updated: None,
            pathway_start: None,
            requirements: Vec::new(),
            created: at,
            changed: at,
            is_pending_review: false,
            was_reviewed: false,
            has_new_letter: false,
            has_new_priority: false,
            was_printed: false,
            was_cancelled_by_referrer: false,
        }
    }
}

impl Referral {
    /// The reference to it in its version.
    pub fn versioned(&self) -> String {
        format!("ReferralRequest/{}/_history/{}", self.ubrn, self.version)
    }

    /// Moves it to another state. Reason and comments belong to the state, and are replaced too.
    pub(crate) fn moves(&mut self, state: ReferralState, reason: Option<Reason>, comments: Option<String>) {
        self.state = state;
        self.reason = reason;
        self.comments = comments;
    }

    /// Raises its version.
    pub(crate) fn raise(&mut self, step: u64, now: Moment) {
        self.version += step;
        self.changed = now;
    }
}
