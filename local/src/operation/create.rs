//! A011 and A021: a new referral.

use super::asked::Asked;
use super::reply::Reply;
use super::search::{as_resource, priority_of};
use crate::moment::Moment;
use crate::read::{Sent, Shortlist};
use crate::refusal::{Outcome, Refusal};
use crate::seed::{Flow, Service};
use crate::state::{Appointment, Reason, ReasonList, Referral, ReferralState, Status};

/// Seconds of a year.
const YEAR: i64 = 365 * 86_400;

pub(super) fn create(asked: &mut Asked<'_>) -> Outcome<Reply> {
    let referral = new(asked, 20, &[Flow::AppointmentRequest, Flow::TriageRequest])?;
    Ok(asked.keep(referral))
}

pub(super) fn create_for_triage(asked: &mut Asked<'_>) -> Outcome<Reply> {
    let mut referral = new(asked, 1, &[Flow::TriageRequest])?;
    send_for_triage(asked, &mut referral)?;
    Ok(asked.keep(referral))
}

/// Gives a referral whose shortlist is one triage service the appointment of a triage; it already has its final
/// version.
pub(super) fn send_for_triage(asked: &mut Asked<'_>, referral: &mut Referral) -> Outcome<Appointment> {
    let service = referral.shortlist.first().and_then(|id| asked.world.service(id));
    let service = service.ok_or_else(|| Refusal::of("REFERENCE_NOT_FOUND", "there is no such service"))?;
    let reason = Reason::new(ReasonList::ReviewReason, "TRIAGE");
    Ok(propose(asked, referral, service, ReferralState::AwaitingTriage, reason, None))
}

/// Submits a referral for review by a provider, with a proposed appointment.
pub(super) fn propose(
    asked: &mut Asked<'_>,
    referral: &mut Referral,
    service: &Service,
    state: ReferralState,
    reason: Reason,
    comment: Option<String>,
) -> Appointment {
    let appointment = Appointment {
        id: asked.state.new_number(),
        version: 1,
        ubrn: referral.ubrn.clone(),
        referral_version: referral.version,
        status: Status::Proposed,
        start: None,
        end: None,
        slot: None,
        reason: Some(reason.clone()),
        comment,
        created: asked.now,
        service: service.id.clone(),
        clinician: None,
    };
    asked.state.appointments.set(&appointment.id.clone(), appointment.clone());
    // The comment stays with the appointment.
    referral.moves(state, Some(reason), None);
    referral.appointment = Some(appointment.id.clone());
    referral.specialty = Some(service.specialty.clone());
    referral.is_pending_review = true;
    appointment
}

fn new(asked: &mut Asked<'_>, most: usize, flows: &[Flow]) -> Outcome<Referral> {
    let body = asked.body()?;
    let sent = Sent(&body);
    let list = Shortlist::of(sent)?;
    let start = pathway_start(sent, asked.now)?;
    let patient = asked.patient_to_refer(sent)?.clone();
    let referrer = asked.referring_clinician(sent)?;
    list.check(most)?;
    let organisation = patient.practice.clone().unwrap_or_default();
    let services = asked.check_shortlist(&list, flows, &patient, &organisation)?;
    let intends_letter = intention(sent, &services)?;
    let priority = priority_of(&as_resource(&list.criteria))?;
    let (ubrn, uuid) = (asked.state.new_ubrn(), asked.state.new_uuid());
    Ok(Referral {
        criteria: list.criteria,
        shortlist: list.services,
        commissioning_organisation: organisation,
        patient: patient.nhs_number,
        referrer,
        referring_organisation: asked.caller.organisation.clone(),
        intends_letter,
        reminder_days: reminder(sent),
        pathway_start: start,
        requirements: patient.requirements,
        ..Referral::begun(ubrn, uuid, asked.settings.first_version, priority, asked.now)
    })
}

pub(super) fn reminder(sent: Sent<'_>) -> u32 {
    let days = sent.number("firstReminderLetterFollowUpDays");
    days.and_then(|days| u32::try_from(days).ok()).unwrap_or_default()
}

/// Whether letters are to follow, which is required if a service needs them.
pub(super) fn intention(sent: Sent<'_>, services: &[&Service]) -> Outcome<bool> {
    const NAME: &str = "intentionToAddReferralLetter";
    let intends = sent.required_code(NAME)? == "NEED_TO_ADD_LATER";
    match services.iter().find(|service| service.letter_required) {
        Some(service) if !intends => {
            let diagnostics = format!("{NAME}: the service {} needs a letter", service.id);
            Err(Refusal::of("INAPPROPRIATE_VALUE", diagnostics))
        }
        _ => Ok(intends),
    }
}

fn pathway_start(sent: Sent<'_>, now: Moment) -> Outcome<Option<Moment>> {
    const NAME: &str = "eReferralPathwayStart";
    let Some(parameter) = sent.find(NAME) else { return Ok(None) };
    let text = parameter["valueInstant"].as_str().or(parameter["valueDateTime"].as_str()).unwrap_or_default();
    let start: Moment =
        text.parse().map_err(|what| Refusal::of("INVALID_VALUE", format!("{NAME}: {what}")))?;
    if start >= now || start < now.plus_seconds(-YEAR) {
        return Err(Refusal::of("INAPPROPRIATE_VALUE", format!("{NAME}: it is not within the past year")));
    }
    Ok(Some(start))
}
