//! Referrals, as those who provide a service review them.

use ers_fhir_model::ers::stu3::{
    CancelAppointmentActionLaterParameters, ErsReferralRequest, RecordReviewOutcomeParameters,
    RejectReferralParameters,
};
use ers_fhir_model::ers::{
    AcceptReferral, CancelAppointmentActionLater, RecordTriageOutcome, RejectReferral,
};
use ers_fhir_model::identifiers::Ubrn;

use super::{operations, to, with};
use crate::client::version::{Version, Versioned};

operations! {
    /// A013: a referral with a booked appointment is accepted.
    accept_referral(ubrn: Ubrn, version: Version) AcceptReferral, versioned => Versioned<ErsReferralRequest>,
        to::<AcceptReferral>().path("ubrn", ubrn.to_string()).version(version);

    /// A014: a referral with a booked appointment is rejected, and the appointment cancelled.
    reject_referral(ubrn: Ubrn, version: Version, request: &RejectReferralParameters)
        RejectReferral, versioned => Versioned<ErsReferralRequest>,
        with::<RejectReferral, _>(request).path("ubrn", ubrn.to_string()).version(version);

    /// A022: the appointment is cancelled, and the service goes on with the referral later.
    cancel_appointment_action_later(ubrn: Ubrn, version: Version, request: &CancelAppointmentActionLaterParameters)
        CancelAppointmentActionLater, versioned => Versioned<ErsReferralRequest>,
        with::<CancelAppointmentActionLater, _>(request).path("ubrn", ubrn.to_string()).version(version);

    /// A028: what came of triage.
    record_triage_outcome(ubrn: Ubrn, version: Version, request: &RecordReviewOutcomeParameters)
        RecordTriageOutcome, versioned => Versioned<ErsReferralRequest>,
        with::<RecordTriageOutcome, _>(request).path("ubrn", ubrn.to_string()).version(version);
}
