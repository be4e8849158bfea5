//! Referrals as providers review them.

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
    /// A013: accepts a referral with a booked appointment.
    accept_referral(ubrn: Ubrn, version: Version) AcceptReferral, versioned => Versioned<ErsReferralRequest>,
        to::<AcceptReferral>().path("ubrn", ubrn.to_string()).version(version);

    /// A014: rejects a referral with a booked appointment, and cancels the appointment.
    reject_referral(ubrn: Ubrn, version: Version, request: &RejectReferralParameters)
        RejectReferral, versioned => Versioned<ErsReferralRequest>,
        with::<RejectReferral, _>(request).path("ubrn", ubrn.to_string()).version(version);

    /// A022: cancels the appointment; the service continues with the referral later.
    cancel_appointment_action_later(ubrn: Ubrn, version: Version, request: &CancelAppointmentActionLaterParameters)
        CancelAppointmentActionLater, versioned => Versioned<ErsReferralRequest>,
        with::<CancelAppointmentActionLater, _>(request).path("ubrn", ubrn.to_string()).version(version);

    /// A028: records the outcome of triage.
    record_triage_outcome(ubrn: Ubrn, version: Version, request: &RecordReviewOutcomeParameters)
        RecordTriageOutcome, versioned => Versioned<ErsReferralRequest>,
        with::<RecordTriageOutcome, _>(request).path("ubrn", ubrn.to_string()).version(version);
}
