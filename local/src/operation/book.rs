//! A016: an appointment is booked, deferred to the provider, or requested through triage.

use serde_json::Value;

use super::asked::Asked;
use super::common::Told;
use super::create::propose;
use super::reply::Reply;
use super::shortlist::in_state;
use crate::read::{missing, versioned, within};
use crate::refusal::{Outcome, Refusal};
use crate::render::{NHS_NUMBER, SERVICE, USER};
use crate::seed::{Bookable, Flow, Service};
use crate::state::{
    Appointment, Attempt, Failure, Reason, ReasonList, Referral, ReferralState, Slot, Status,
};

/// The longest comment on a deferral, in characters.
const LONGEST_COMMENT: usize = 1000;

/// An appointment that was sent.
pub(super) struct SentAppointment<'s>(pub(super) &'s Value);

impl<'s> SentAppointment<'s> {
    pub(super) fn text(&self, name: &str) -> Option<&'s str> {
        self.0[name].as_str()
    }

    /// The id of the participant whose identifier has that system.
    pub(super) fn participant(&self, system: &str) -> Option<&'s str> {
        let identifiers = self.0["participant"].as_array().into_iter().flatten();
        let identifiers = identifiers.map(|participant| &participant["actor"]["identifier"]);
        identifiers.into_iter().find(|identifier| identifier["system"] == system)?["value"].as_str()
    }

    /// The reference to the referral.
    pub(super) fn incoming(&self) -> Outcome<&'s str> {
        self.0["incomingReferral"][0]["reference"].as_str().ok_or_else(|| missing("incomingReferral"))
    }

    /// The id of the slot.
    pub(super) fn slot(&self) -> Option<&'s str> {
        let reference = self.0["slot"][0]["reference"].as_str()?;
        Some(reference.strip_prefix("Slot/").unwrap_or(reference))
    }

    /// The code of the reason; `reason` may be a list or one.
    pub(super) fn reason(&self) -> Option<&'s str> {
        let reason = &self.0["reason"];
        let reason = reason.get(0).unwrap_or(reason);
        reason["coding"][0]["code"].as_str()
    }

    fn required_participant(&self, system: &str, what: &str) -> Outcome<&'s str> {
        self.participant(system).ok_or_else(|| missing(&format!("the participant who is the {what}")))
    }
}

fn inappropriate(diagnostics: impl Into<String>) -> Refusal {
    Refusal::of("INAPPROPRIATE_VALUE", diagnostics)
}

pub(super) fn book_or_defer(asked: &mut Asked<'_>) -> Outcome<Reply> {
    let body = asked.body()?;
    let sent = SentAppointment(&body);
    let incoming = sent.incoming()?;
    let (ubrn, version) = versioned(incoming, "ReferralRequest").ok_or_else(|| {
        Refusal::of("INVALID_VALUE", "incomingReferral is not ReferralRequest/<UBRN>/_history/<version>")
    })?;
    let service = sent.required_participant(SERVICE, "service")?;
    let patient = sent.required_participant(NHS_NUMBER, "patient")?;
    let mut referral = asked.referral_of(ubrn)?;
    asked.may_change(&referral, Some(version))?;
    if !referral.state.is_unbooked() {
        return Err(in_state(&referral, "nothing can be booked"));
    }
    if patient != referral.patient {
        return Err(inappropriate("this is not the patient of the referral"));
    }
    if !referral.shortlist.iter().any(|known| known == service) {
        return Err(inappropriate(format!("the service {service} is not on the shortlist")));
    }
    let Some(service) = asked.world.service(service) else {
        return Err(Refusal::of("REFERENCE_NOT_FOUND", format!("there is no service {service}")));
    };
    if !service.published {
        return Err(Refusal::of(
            "SERVICE_UNAVAILABLE",
            format!("the service {} is not published", service.id),
        ));
    }
    let made = match (sent.text("status"), sent.reason()) {
        (Some("booked"), None) => book(asked, &mut referral, service, &sent)?,
        (Some("booked"), Some(_)) => return Err(inappropriate("a booking may not have a reason")),
        (Some("proposed"), Some("TRIAGE")) => triage(asked, &mut referral, service, &sent)?,
        (Some("proposed"), Some(code)) => defer(asked, &mut referral, service, &sent, code)?,
        (Some("proposed"), None) => return Err(missing("reason")),
        (status, _) => {
            let status = status.unwrap_or_default();
            return Err(inappropriate(format!(
                "status: an appointment is sent as booked or proposed, not as '{status}'"
            )));
        }
    };
    asked.state.attempts.remove(&referral.ubrn);
    asked.state.referrals.set(&referral.ubrn.clone(), referral);
    Ok(Reply::versioned(made.version, asked.pen().appointment(&made)))
}

fn book(
    asked: &mut Asked<'_>,
    referral: &mut Referral,
    service: &Service,
    sent: &SentAppointment<'_>,
) -> Outcome<Appointment> {
    let id = sent.slot().ok_or_else(|| missing("slot"))?;
    let moment = |name: &str| {
        let text = sent.text(name).ok_or_else(|| missing(name))?;
        text.parse::<crate::moment::Moment>()
            .map_err(|what| Refusal::of("INVALID_VALUE", format!("{name}: {what}")))
    };
    let (start, end) = (moment("start")?, moment("end")?);
    if service.bookable != Bookable::Direct {
        return Err(Refusal::of(
            "INVALID_STATE",
            format!("the service {} is not booked directly", service.id),
        ));
    }
    let Some(slot) = asked.state.slots.get(id).cloned() else {
        return Err(Refusal::of("REFERENCE_NOT_FOUND", format!("there is no slot {id}")));
    };
    let unsuitable = |what: &str| Refusal::of("INAPPROPRIATE_SLOT", format!("the slot {id} {what}"));
    if slot.service != service.id {
        return Err(unsuitable("belongs to another service"));
    }
    if slot.appointment_type != referral.priority {
        return Err(unsuitable(&format!("is for {}", slot.appointment_type.code())));
    }
    if (slot.start, slot.end) != (start, end) {
        return Err(unsuitable("is at another time"));
    }
    match (slot.clinician.as_deref(), sent.participant(USER)) {
        (Some(clinician), None) => {
            return Err(unsuitable(&format!("belongs to {clinician}, who is not a participant")));
        }
        (None, Some(_)) => return Err(unsuitable("belongs to no clinician, but one is a participant")),
        (Some(clinician), Some(named)) if clinician != named => {
            return Err(inappropriate(format!("the slot {id} belongs to {clinician}, not to {named}")));
        }
        _ => {}
    }
    let failed = |asked: &mut Asked<'_>, failure| {
        let attempt = Attempt { slot: id.to_owned(), failure, at: asked.now };
        asked.state.attempts.set(&referral.ubrn, attempt);
    };
    if slot.taken_by.is_some() || slot.start <= asked.now {
        failed(asked, Failure::SlotTaken);
        return Err(Refusal::of("SLOT_NOT_AVAILABLE", format!("the slot {id} is taken")).keeping());
    }
    if let Err(refusal) = asked.tell_provider(service, Told::Booking) {
        failed(
            asked,
            match refusal.status {
                504 => Failure::ProviderSilent,
                502 => Failure::ProviderError,
                _ => Failure::SlotTaken,
            },
        );
        return Err(refusal.keeping());
    }
    Ok(booked(asked, referral, service, &slot))
}

/// Takes a slot for a referral.
pub(super) fn booked(
    asked: &mut Asked<'_>,
    referral: &mut Referral,
    service: &Service,
    slot: &Slot,
) -> Appointment {
    referral.raise(asked.settings.booking_step, asked.now);
    let appointment = Appointment {
        id: asked.state.new_number(),
        version: 0,
        ubrn: referral.ubrn.clone(),
        referral_version: referral.version,
        status: Status::Booked,
        start: Some(slot.start),
        end: Some(slot.end),
        slot: Some(slot.id.clone()),
        reason: None,
        comment: None,
        created: asked.now,
        service: service.id.clone(),
        clinician: slot.clinician.clone(),
    };
    asked.state.slots.change(&slot.id, |slot| slot.taken_by = Some(appointment.id.clone()));
    asked.state.appointments.set(&appointment.id.clone(), appointment.clone());
    referral.moves(ReferralState::Booked, None, None);
    referral.appointment = Some(appointment.id.clone());
    referral.specialty = Some(service.specialty.clone());
    referral.is_pending_review = true;
    appointment
}

fn triage(
    asked: &mut Asked<'_>,
    referral: &mut Referral,
    service: &Service,
    sent: &SentAppointment<'_>,
) -> Outcome<Appointment> {
    no_time(sent)?;
    if sent.slot().is_some() {
        return Err(inappropriate("slot: a triage request may not name one"));
    }
    if !service.takes(Flow::TriageRequest) {
        return Err(inappropriate(format!("the service {} does not do triage", service.id)));
    }
    let comment = comment(sent)?;
    let reason = Reason::new(ReasonList::ReviewReason, "TRIAGE");
    referral.raise(asked.settings.booking_step, asked.now);
    Ok(propose(asked, referral, service, ReferralState::AwaitingTriage, reason, comment))
}

fn defer(
    asked: &mut Asked<'_>,
    referral: &mut Referral,
    service: &Service,
    sent: &SentAppointment<'_>,
    code: &str,
) -> Outcome<Appointment> {
    no_time(sent)?;
    let comment = comment(sent)?;
    if service.bookable != Bookable::Direct {
        return Err(Refusal::of(
            "INVALID_STATE",
            format!("the service {} is not booked directly", service.id),
        ));
    }
    let attempt = asked.state.attempts.get(&referral.ubrn).cloned();
    match (code, sent.slot()) {
        ("SLOT_NOT_AVAILABLE", None) => return Err(missing("slot")),
        ("SLOT_NOT_AVAILABLE", Some(id)) => no_longer_free(asked, service, id, attempt.as_ref())?,
        (_, Some(_)) => return Err(inappropriate(format!("slot: a deferral with {code} may not name one"))),
        ("NO_SLOTS_AT_SERVICE", None) => {
            let left = asked.state.free_slots(&service.id, referral.priority, asked.now).count();
            if left > 0 {
                let diagnostics = format!("the service {} has {left} free slots", service.id);
                return Err(Refusal::of("SLOTS_CURRENTLY_AVAILABLE", diagnostics));
            }
        }
        ("BOOKING_ATTEMPT_PROBLEM", None) => {
            if attempt.is_none_or(|attempt| attempt.failure != Failure::ProviderSilent) {
                let diagnostics = "no booking of this referral remained unanswered";
                return Err(Refusal::of("UNABLE_TO_CONFIRM_APPOINTMENT", diagnostics));
            }
        }
        (code, None) => {
            return Err(Refusal::of(
                "INVALID_CODE",
                format!("reason: '{code}' is not a reason for a deferral"),
            ));
        }
    }
    let reason = Reason::new(ReasonList::ReviewReason, code);
    referral.raise(asked.settings.booking_step, asked.now);
    Ok(propose(asked, referral, service, ReferralState::DeferredToProvider, reason, comment))
}

/// A deferral says that a slot is not available: it is taken, or the provider has refused it to this referral.
fn no_longer_free(asked: &Asked<'_>, service: &Service, id: &str, attempt: Option<&Attempt>) -> Outcome<()> {
    let Some(slot) = asked.state.slots.get(id) else {
        return Err(Refusal::of("REFERENCE_NOT_FOUND", format!("there is no slot {id}")));
    };
    if slot.service != service.id {
        return Err(Refusal::of("INAPPROPRIATE_SLOT", format!("the slot {id} belongs to another service")));
    }
    let was_refused =
        attempt.is_some_and(|attempt| attempt.slot == id && attempt.failure != Failure::ProviderSilent);
    if slot.taken_by.is_none() && slot.start > asked.now && !was_refused {
        return Err(Refusal::of("THIS_SLOT_IS_AVAILABLE", format!("the slot {id} is free")));
    }
    Ok(())
}

fn no_time(sent: &SentAppointment<'_>) -> Outcome<()> {
    match ["start", "end"].into_iter().find(|name| sent.text(name).is_some()) {
        Some(name) => Err(inappropriate(format!("{name}: a proposed appointment may not have one"))),
        None => Ok(()),
    }
}

fn comment(sent: &SentAppointment<'_>) -> Outcome<Option<String>> {
    let comment = sent.text("comment").filter(|text| !text.trim().is_empty());
    comment.map(|text| within("comment", text, LONGEST_COMMENT).map(str::to_owned)).transpose()
}
