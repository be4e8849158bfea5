//! A036: a referral is cancelled, for good.

use ers_fhir_ers::service::Role;

use super::asked::Asked;
use super::common::Told;
use super::reply::Reply;
use super::shortlist::in_state;
use crate::read::{Sent, missing};
use crate::refusal::{Outcome, Refusal};
use crate::render::parameters;
use crate::state::{Reason, ReasonList, Referral, ReferralState, Status};
use crate::world::Listed;

pub(super) fn referral(asked: &mut Asked<'_>) -> Outcome<Reply> {
    let body = asked.body()?;
    let sent = Sent(&body);
    let code = sent.required_code("cancellationReason")?;
    let comments = sent.optional_text("cancellationComments", 2000)?.map(str::to_owned);
    let mut referral = asked.referral_to_change()?;
    if referral.state == ReferralState::CancelledReferral {
        return Err(in_state(&referral, "it cannot be cancelled again"));
    }
    if referral.state == ReferralState::TriagedProviderToAction && asked.caller.is_referrer() {
        return Err(in_state(&referral, "it is for the provider to act"));
    }
    let list = ReasonList::ReferralCancellation;
    let unfit =
        |what: &str| Refusal::of("INAPPROPRIATE_VALUE", format!("cancellationReason: '{code}' {what}"));
    let listed = asked.world.lists.reason(list, code).ok_or_else(|| unfit("is not in the list"))?;
    let appointment =
        asked.appointment_of(&referral).filter(|appointment| appointment.status == Status::Booked);
    if !suits(asked, listed, &referral) {
        return Err(unfit("cannot currently be given by the caller"));
    }
    if appointment.is_some() && !listed.is("canCancelAppointment") {
        return Err(unfit("does not cancel the appointment, but there is one"));
    }
    if listed.is("commentIsMandatory") && comments.is_none() {
        return Err(missing(&format!("cancellationComments, which '{code}' requires,")));
    }
    if let Some(appointment) = &appointment
        && appointment.slot.is_some()
        && let Some(service) = asked.world.service(&appointment.service)
    {
        asked.tell_provider(service, Told::Cancellation)?;
    }
    referral.raise(asked.settings.version_step, asked.now);
    let reason = Reason::new(list, code);
    referral.moves(ReferralState::CancelledReferral, Some(reason.clone()), comments.clone());
    referral.is_pending_review = false;
    referral.was_cancelled_by_referrer = asked.caller.is_referrer();
    let version = referral.version;
    let cancelled = appointment.map(|appointment| {
        let reason = Reason::new(ReasonList::AppointmentCancellation, cancelled_with(asked, &reason));
        asked.cancel_appointment(appointment, reason, comments, version)
    });
    asked.state.referrals.set(&referral.ubrn.clone(), referral.clone());
    let pen = asked.pen();
    let mut parts = vec![("updatedReferralRequest", pen.referral(&referral))];
    parts.extend(cancelled.as_ref().map(|appointment| ("updatedAppointment", pen.appointment(appointment))));
    Ok(Reply::resource(parameters("eRS-CancelReferral-Response-Parameters-1", parts)))
}

/// The reason with which the appointment of a cancelled referral is cancelled: the same where the list of appointments has it,
/// else the most general. Which the service gives is not public.
fn cancelled_with(asked: &Asked<'_>, reason: &Reason) -> String {
    let is_listed = asked.world.lists.reason(ReasonList::AppointmentCancellation, &reason.code).is_some();
    match (is_listed, asked.caller.is_referrer()) {
        (true, _) => reason.code.clone(),
        (false, true) => "PATIENT_APPOINTMENT_CANCELLATION_OTHER".to_owned(),
        (false, false) => "PROVIDER_CANCELLATION".to_owned(),
    }
}

/// Whether the caller may give that reason now.
fn suits(asked: &Asked<'_>, listed: Listed<'_>, referral: &Referral) -> bool {
    const KIND: &str = "appointmentRequestCancellationReasonType";
    let function = if asked.caller.is_application() {
        Role::ProviderAuthorisedApplication
    } else {
        asked.caller.function
    };
    let is_kind = if asked.caller.is_referrer() || listed.values(KIND).next().is_none() {
        true
    } else if referral.state == ReferralState::TriagedProviderToAction {
        listed.has(KIND, "PROVIDER_TRIAGE")
    } else {
        listed.has(KIND, "PROVIDER") || listed.has(KIND, "PATIENT")
    };
    is_kind
        && listed.has("referrerUsage", "CANCEL_REFERRAL")
        && listed.is_for(function)
        && listed.is_effective(asked.now)
}
