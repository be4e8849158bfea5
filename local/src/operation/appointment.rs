//! A034: an appointment that was booked directly is cancelled.

use super::asked::Asked;
use super::book::SentAppointment;
use super::common::Told;
use super::reply::Reply;
use crate::read::{missing, within};
use crate::refusal::{Outcome, Refusal};
use crate::render::{NHS_NUMBER, SERVICE, USER};
use crate::state::{Appointment, Reason, ReasonList, Referral, ReferralState, Status};

/// Longest comment, in characters.
const LONGEST_COMMENT: usize = 2000;

pub(super) fn update(asked: &mut Asked<'_>) -> Outcome<Reply> {
    let body = asked.body()?;
    let sent = SentAppointment(&body);
    let id = asked.in_path("id");
    let not_found = || Refusal::plain(404, format!("there is no appointment {id}"));
    let appointment = asked.state.appointments.get(id).cloned().ok_or_else(not_found)?;
    let mut referral = asked.referral_of(&appointment.ubrn).map_err(|_| not_found())?;
    asked.has_to_do_with(&referral)?;
    asked.patient(&referral.patient)?;
    asked.is_free()?;
    asked.is_latest(asked.if_match(), appointment.version)?;
    is_to_be_cancelled(&referral, &appointment)?;
    is_as_read(&sent, &appointment, &referral)?;
    let code = sent.reason().ok_or_else(|| missing("reason"))?;
    let comment = sent.text("comment").filter(|text| !text.trim().is_empty());
    let comment =
        comment.map(|text| within("comment", text, LONGEST_COMMENT)).transpose()?.map(str::to_owned);
    let list = ReasonList::AppointmentCancellation;
    let listed = asked.world.lists.reason(list, code);
    let listed =
        listed.ok_or_else(|| Refusal::of("INVALID_VALUE", format!("reason: there is no '{code}'")))?;
    if !listed.has("usage", "CANCEL")
        || !listed.is_for(asked.caller.function)
        || !listed.is_effective(asked.now)
    {
        let function = asked.caller.function;
        let diagnostics =
            format!("reason: '{code}' cannot currently be given by a {function} to cancel an appointment");
        return Err(Refusal::of("INAPPROPRIATE_VALUE", diagnostics));
    }
    if listed.is("commentIsMandatory") && comment.is_none() {
        return Err(missing(&format!("a comment, which '{code}' requires,")));
    }
    let by_provider = listed.has("appointmentBookingCancellationReasonType", "PROVIDER");
    if let Some(service) = asked.world.service(&appointment.service) {
        asked.tell_provider(service, Told::Cancellation)?;
    }
    let state =
        if by_provider { ReferralState::CancelledByProvider } else { ReferralState::CancelledByPatient };
    let reason = Reason::new(list, code);
    referral.raise(asked.settings.version_step, asked.now);
    referral.moves(state, Some(reason.clone()), comment.clone());
    referral.is_pending_review = false;
    let appointment = asked.cancel_appointment(appointment, reason, comment, referral.version);
    asked.state.referrals.set(&referral.ubrn.clone(), referral);
    Ok(Reply::versioned(appointment.version, asked.pen().appointment(&appointment)))
}

/// It is the current one, and is on a day in a slot.
fn is_to_be_cancelled(referral: &Referral, appointment: &Appointment) -> Outcome<()> {
    let what = match () {
        () if referral.appointment.as_ref() != Some(&appointment.id) => "is not the current one",
        () if appointment.status != Status::Booked => "is not booked",
        () if appointment.slot.is_none() => "was not booked directly",
        () => return Ok(()),
    };
    Err(Refusal::of("INVALID_REQUEST_STATE", format!("the appointment {} {what}", appointment.id)))
}

/// What may not change is as it was read.
fn is_as_read(sent: &SentAppointment<'_>, appointment: &Appointment, referral: &Referral) -> Outcome<()> {
    let other = |what: &str| Err(Refusal::of("INAPPROPRIATE_VALUE", format!("{what} is not as last read")));
    if sent.text("id") != Some(appointment.id.as_str()) {
        return other("id");
    }
    if sent.text("status") != Some("cancelled") {
        return Err(Refusal::of("INAPPROPRIATE_VALUE", "status: an appointment can only be cancelled"));
    }
    let reference = sent.incoming()?;
    if reference != format!("ReferralRequest/{}/_history/{}", appointment.ubrn, appointment.referral_version)
    {
        return other("incomingReferral");
    }
    let participants = [
        (SERVICE, Some(appointment.service.as_str())),
        (NHS_NUMBER, Some(referral.patient.as_str())),
        (USER, appointment.clinician.as_deref()),
    ];
    for (place, (system, known)) in participants.into_iter().enumerate() {
        match (sent.participant(system), known) {
            (None, Some(_)) => return Err(missing(&format!("participant[{place}]"))),
            (given, known) if given != known => return other(&format!("participant[{place}]")),
            _ => {}
        }
    }
    Ok(())
}
