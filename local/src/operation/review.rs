//! A013, A014, A022: the review of a booked referral by a provider.

use super::asked::Asked;
use super::common::Told;
use super::reply::Reply;
use super::shortlist::in_state;
use crate::read::{Sent, to_attach};
use crate::refusal::{Outcome, Refusal};
use crate::seed::{Bookable, Service};
use crate::state::{Appointment, DocumentKind, Reason, ReasonList, Referral, ReferralState, Status};

/// A referral that the caller reviews, with its appointment and the service.
struct Reviewed<'a> {
    referral: Referral,
    appointment: Appointment,
    service: &'a Service,
}

impl Reviewed<'_> {
    /// Marks it as reviewed.
    fn is_done(&mut self, asked: &Asked<'_>) {
        let referral = &mut self.referral;
        referral.raise(asked.settings.version_step, asked.now);
        referral.is_pending_review = false;
        referral.was_reviewed = true;
        (referral.has_new_letter, referral.has_new_priority) = (false, false);
    }
}

/// The referral in the path: booked, to be reviewed, with everything needed for that.
fn reviewed<'a>(asked: &Asked<'a>) -> Outcome<Reviewed<'a>> {
    let referral = asked.referral_to_change()?;
    let refused = |what: &str| Err(in_state(&referral, what));
    if referral.state != ReferralState::Booked {
        return refused("there is no booking to review");
    }
    if !referral.is_pending_review {
        return refused("it has already been reviewed");
    }
    let Some(appointment) = asked.appointment_of(&referral) else {
        return refused("there is no appointment");
    };
    let Some(service) = asked.world.service(&appointment.service) else {
        return refused("the service no longer exists");
    };
    if appointment.start.is_some_and(|start| start.day() < asked.now.day()) {
        return refused("the appointment is over");
    }
    if referral.intends_letter && referral.first_submitted.is_none() {
        return refused("the clinical information has not been received yet");
    }
    Ok(Reviewed { referral, appointment, service })
}

/// Whether the provider says that the appointment was cancelled in their system, if it was not booked through this
/// one.
fn cancelled_in_system(sent: Sent<'_>, service: &Service) -> Outcome<()> {
    const NAME: &str = "appointmentCancelledInPAS";
    match (service.bookable == Bookable::Indirect, sent.boolean(NAME)) {
        (true, None) => {
            Err(Refusal::of("VALUE_IS_REQUIRED", format!("{NAME}: the service is booked indirectly")))
        }
        (false, Some(_)) => {
            Err(Refusal::of("FIELD_NOT_PERMITTED", format!("{NAME}: the service is booked directly")))
        }
        _ => Ok(()),
    }
}

pub(super) fn accept(asked: &mut Asked<'_>) -> Outcome<Reply> {
    let mut reviewed = reviewed(asked)?;
    reviewed.is_done(asked);
    Ok(asked.keep(reviewed.referral))
}

pub(super) fn reject(asked: &mut Asked<'_>) -> Outcome<Reply> {
    let body = asked.body()?;
    let sent = Sent(&body);
    let code = sent.required_code("rejectionReason")?;
    let comments = sent.optional_text("rejectionComments", 2000)?.map(str::to_owned);
    let mut reviewed = reviewed(asked)?;
    let list = ReasonList::AppointmentCancellation;
    let unfit = |what: &str| Refusal::of("INAPPROPRIATE_VALUE", format!("rejectionReason: '{code}' {what}"));
    let listed = asked.world.lists.reason(list, code).ok_or_else(|| unfit("is not in the list"))?;
    if !listed.has("appointmentBookingCancellationReasonType", "PROVIDER_REJECT")
        || !listed.is_effective(asked.now)
    {
        return Err(unfit("cannot currently be given to reject a referral"));
    }
    if listed.is("commentIsMandatory") && comments.is_none() {
        let diagnostics = format!("rejectionComments: '{code}' requires them");
        return Err(Refusal::of("VALUE_IS_REQUIRED", diagnostics));
    }
    cancelled_in_system(sent, reviewed.service)?;
    if reviewed.service.bookable == Bookable::Direct {
        asked.tell_provider(reviewed.service, Told::Cancellation)?;
    }
    reviewed.is_done(asked);
    let reason = Reason::new(list, code);
    let Reviewed { mut referral, appointment, .. } = reviewed;
    referral.moves(ReferralState::Rejected, Some(reason.clone()), comments.clone());
    asked.cancel_appointment(appointment, reason, comments, referral.version);
    Ok(asked.keep(referral))
}

pub(super) fn cancel_action_later(asked: &mut Asked<'_>) -> Outcome<Reply> {
    let body = asked.body()?;
    let sent = Sent(&body);
    let comments = sent.required_text("comments", 2000)?.to_owned();
    let priority = sent.priority("priority")?;
    let files = to_attach(sent, "providerAttachmentFile", DocumentKind::Provider)?;
    let mut reviewed = reviewed(asked)?;
    cancelled_in_system(sent, reviewed.service)?;
    let ubrn = reviewed.referral.ubrn.clone();
    asked.may_attach(Some(&ubrn), Some(&ubrn), &files, &reviewed.referral.documents)?;
    reviewed.is_done(asked);
    let Reviewed { mut referral, appointment, .. } = reviewed;
    let reason = Reason::new(ReasonList::ReviewOutcome, "CANCEL_APPOINTMENT_ACTION_LATER");
    asked.free_slot(&appointment);
    let appointment = Appointment {
        version: appointment.version + 1,
        referral_version: referral.version,
        status: Status::Proposed,
        start: None,
        end: None,
        slot: None,
        reason: Some(reason.clone()),
        comment: Some(comments.clone()),
        clinician: None,
        ..appointment
    };
    asked.state.appointments.set(&appointment.id.clone(), appointment);
    referral.moves(ReferralState::TriagedProviderToAction, Some(reason), Some(comments));
    if let Some(priority) = priority.filter(|priority| *priority != referral.priority) {
        referral.priority = priority;
        referral.has_new_priority = true;
    }
    let attached = asked.attach(&ubrn, files);
    referral.documents.extend(attached);
    Ok(asked.keep(referral))
}
