//! A031 and A032: other services to choose from.

use super::asked::Asked;
use super::create::{intention, reminder, send_for_triage};
use super::reply::Reply;
use super::search::{as_resource, priority_of};
use crate::read::{Sent, Shortlist};
use crate::refusal::{Outcome, Refusal};
use crate::render::parameters;
use crate::seed::Flow;
use crate::state::{Referral, ReferralState};

pub(super) fn change(asked: &mut Asked<'_>) -> Outcome<Reply> {
    let referral = changed(asked, 20, &[Flow::AppointmentRequest, Flow::TriageRequest])?;
    Ok(asked.keep(referral))
}

pub(super) fn change_for_triage(asked: &mut Asked<'_>) -> Outcome<Reply> {
    let mut referral = changed(asked, 1, &[Flow::TriageRequest])?;
    let appointment = send_for_triage(asked, &mut referral)?;
    asked.state.referrals.set(&referral.ubrn.clone(), referral.clone());
    let pen = asked.pen();
    Ok(Reply::resource(parameters(
        "eRS-ChangeShortlistAndSendForTriage-Response-Parameters-1",
        vec![
            ("updatedReferralRequest", pen.referral(&referral)),
            ("createdAppointment", pen.appointment(&appointment)),
        ],
    )))
}

fn changed(asked: &mut Asked<'_>, most: usize, flows: &[Flow]) -> Outcome<Referral> {
    let body = asked.body()?;
    let sent = Sent(&body);
    let list = Shortlist::of(sent)?;
    let mut referral = asked.referral_to_change()?;
    let waits = matches!(referral.state, ReferralState::AwaitingTriage | ReferralState::DeferredToProvider);
    let may = referral.state.is_unbooked() || (waits && asked.settings.changes_shortlist_while_deferred);
    if referral.state == ReferralState::CancelledReferral {
        return Err(Refusal::of("INVALID_REQUEST_TYPE", "the referral is cancelled"));
    }
    if !may {
        return Err(in_state(&referral, "the services cannot be changed"));
    }
    list.check(most)?;
    let patient = asked.patient(&referral.patient)?.clone();
    // Whoever has moved to another practice comes under the rules of that.
    let organisation =
        patient.practice.clone().unwrap_or_else(|| referral.commissioning_organisation.clone());
    let services = asked.check_shortlist(&list, flows, &patient, &organisation)?;
    let intends_letter = intention(sent, &services)?;
    let supported =
        |requirement: &String| services.iter().all(|service| service.requirements.contains(requirement));
    let kept: Vec<String> = referral.requirements.iter().filter(|it| supported(it)).cloned().collect();
    referral.priority = priority_of(&as_resource(&list.criteria))?;
    if let Some(appointment) = asked.appointment_of(&referral) {
        asked.free_slot(&appointment);
    }
    referral.requirements = kept;
    referral.criteria = list.criteria;
    referral.shortlist = list.services;
    referral.commissioning_organisation = organisation;
    referral.intends_letter = intends_letter;
    referral.reminder_days = reminder(sent);
    referral.appointment = None;
    referral.specialty = None;
    referral.is_pending_review = false;
    referral.moves(ReferralState::NotBooked, None, None);
    referral.raise(asked.settings.version_step, asked.now);
    Ok(referral)
}

/// Why something cannot be done in the state that a referral is in.
pub(super) fn in_state(referral: &Referral, what: &str) -> Refusal {
    let (ubrn, state) = (&referral.ubrn, referral.state.code());
    Refusal::of("INVALID_REQUEST_STATE", format!("{ubrn} is {state}: {what}"))
}
