//! A029: what the caller may do with a referral.

use serde_json::json;

use super::asked::{Asked, Holds};
use super::reply::Reply;
use super::triage::awaits_outcome;
use crate::read::versioned;
use crate::refusal::{Outcome, Refusal};
use crate::render::{Bundle, Mode};
use crate::state::{Appointment, Referral, ReferralState, Status};

/// Codes and what they mean.
const CREATE_APPOINTMENT: (&str, &str) = ("CREATE_APPOINTMENT", "Create Appointment");
const CHANGE_SHORTLIST: (&str, &str) = ("CHANGE_SHORTLIST", "Change Shortlist");
const CHANGE_AND_SEND: (&str, &str) =
    ("CHANGE_SHORTLIST_AND_SEND_FOR_TRIAGE", "Change Shortlist and Send for Triage");
const CANCEL_APPOINTMENT: (&str, &str) =
    ("CANCEL_DIRECTLY_BOOKED_APPOINTMENT", "Cancel Directly Booked Appointment");
const CANCEL_REFERRAL: (&str, &str) = ("CANCEL_REFERRAL", "Cancel Referral");
const RECORD_OUTCOME: (&str, &str) = ("RECORD_REVIEW_OUTCOME", "Record Review Outcome");

pub(super) fn tasks(asked: &Asked<'_, impl Holds>) -> Outcome<Reply> {
    let needed = |name: &str| {
        let given = asked.call.parameter(name);
        given.ok_or_else(|| Refusal::of("MISSING_PARAMETER", format!("{name} is missing")))
    };
    let focus = needed("focus")?;
    let invalid = |name: &str| Refusal::of("INVALID_VALUE", format!("{name} is not as it has to be"));
    for (name, value) in [("intent", "proposal"), ("status", "ready")] {
        if needed(name)? != value {
            return Err(invalid(name));
        }
    }
    let (ubrn, version) = versioned(&focus, "ReferralRequest").ok_or_else(|| invalid("focus"))?;
    let referral =
        asked.referral_of(ubrn).map_err(|refusal| Refusal::of("REFERENCE_NOT_FOUND", refusal.diagnostics))?;
    asked.has_to_do_with(&referral)?;
    if version != referral.version {
        let diagnostics = format!("only version {} can be asked about", referral.version);
        return Err(Refusal::of("HISTORY_NOT_SUPPORTED", diagnostics));
    }
    let appointment = asked.appointment_of(&referral);
    let actions = if asked.caller.is_referrer() {
        for_referrer(asked, &referral, appointment.as_ref())
    } else {
        for_provider(&referral)
    };
    let mut bundle = Bundle::stu3(asked.fleeting_uuid(0), asked.now, &asked.address());
    for (number, (code, display)) in (1..).zip(actions) {
        let id = asked.fleeting_uuid(number);
        let task = json!({
            "resourceType": "Task",
            "id": id,
            "meta": { "profile": ["https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Task-1"] },
            "status": "ready",
            "intent": "proposal",
            "code": { "coding": [{
                "system": "https://fhir.nhs.uk/STU3/CodeSystem/eRS-AvailableActionsForUser-1",
                "code": code,
                "display": display,
            }] },
            "focus": { "reference": referral.versioned() },
        });
        bundle.add(format!("{}/STU3/Task/{id}", asked.call.base), task, Mode::Match);
    }
    Ok(Reply::resource(bundle.finish()))
}

/// Which actions are offered in which state is not public; these are those that this service then takes.
fn for_referrer(
    asked: &Asked<'_, impl Holds>,
    referral: &Referral,
    appointment: Option<&Appointment>,
) -> Vec<(&'static str, &'static str)> {
    if referral.state.is_unbooked() {
        return vec![CREATE_APPOINTMENT, CHANGE_SHORTLIST, CHANGE_AND_SEND, CANCEL_REFERRAL];
    }
    match referral.state {
        ReferralState::Booked => {
            let is_direct = appointment.is_some_and(|it| it.status == Status::Booked && it.slot.is_some());
            if is_direct { vec![CANCEL_APPOINTMENT, CANCEL_REFERRAL] } else { vec![CANCEL_REFERRAL] }
        }
        ReferralState::AwaitingTriage | ReferralState::DeferredToProvider => {
            let mut actions = Vec::new();
            if asked.settings.changes_shortlist_while_deferred {
                actions.extend([CHANGE_SHORTLIST, CHANGE_AND_SEND]);
            }
            actions.push(CANCEL_REFERRAL);
            actions
        }
        _ => Vec::new(),
    }
}

fn for_provider(referral: &Referral) -> Vec<(&'static str, &'static str)> {
    let mut actions = Vec::new();
    if awaits_outcome(referral) {
        actions.push(RECORD_OUTCOME);
    }
    let is_theirs = matches!(
        referral.state,
        ReferralState::Booked
            | ReferralState::AwaitingTriage
            | ReferralState::DeferredToProvider
            | ReferralState::TriagedProviderToAction
    );
    if is_theirs {
        actions.push(CANCEL_REFERRAL);
    }
    actions
}
