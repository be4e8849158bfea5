//! A028: the outcome of triage.

use super::asked::Asked;
use super::reply::Reply;
use super::shortlist::in_state;
use crate::read::{Sent, to_attach};
use crate::refusal::{Outcome, Refusal};
use crate::state::{DocumentKind, Reason, ReasonList, Referral, ReferralState};

const ACCEPTED: &str = "ACCEPT_REFER_BOOK_LATER";
const RETURNED: &str = "RETURN_TO_REFERRER_WITH_ADVICE";

/// Whether an outcome can be recorded: the referral awaits triage, or was deferred with everything needed, and has
/// not been reviewed yet.
pub(super) fn awaits_outcome(referral: &Referral) -> bool {
    let has_information = referral.first_submitted.is_some() || !referral.intends_letter;
    referral.is_pending_review
        && match referral.state {
            ReferralState::AwaitingTriage => true,
            ReferralState::DeferredToProvider => has_information,
            _ => false,
        }
}

pub(super) fn record(asked: &mut Asked<'_>) -> Outcome<Reply> {
    let body = asked.body()?;
    let sent = Sent(&body);
    let outcome = sent.required_code("reviewOutcome")?;
    if outcome != ACCEPTED && outcome != RETURNED {
        return Err(Refusal::of("INAPPROPRIATE_VALUE", format!("reviewOutcome: '{outcome}' cannot be sent")));
    }
    let comments = sent.required_text("reviewComments", 2000)?.to_owned();
    let priority = sent.priority("reviewPriority")?;
    let files = to_attach(sent, "reviewAttachmentFile", DocumentKind::Provider)?;
    let mut referral = asked.referral_to_change()?;
    if !awaits_outcome(&referral) {
        return Err(in_state(&referral, "no outcome of a triage is expected"));
    }
    match (outcome, priority) {
        (ACCEPTED, None) => {
            return Err(Refusal::of("VALUE_IS_REQUIRED", "reviewPriority: an accepted referral needs one"));
        }
        (RETURNED, Some(priority)) if priority != referral.priority => {
            let diagnostics =
                format!("reviewPriority: the priority of the referral stays {}", referral.priority.code());
            return Err(Refusal::of("PRIORITY_NOT_CURRENT", diagnostics));
        }
        _ => {}
    }
    let ubrn = referral.ubrn.clone();
    asked.may_attach(Some(&ubrn), Some(&ubrn), &files, &referral.documents)?;
    referral.raise(asked.settings.version_step, asked.now);
    referral.is_pending_review = false;
    referral.was_reviewed = true;
    referral.has_new_letter = false;
    if let Some(priority) = priority {
        referral.priority = priority;
    }
    let reason = Reason::new(ReasonList::ReviewOutcome, outcome);
    let is_returned = outcome == RETURNED && !asked.settings.returns_as_triaged;
    let state =
        if is_returned { ReferralState::TriageResponse } else { ReferralState::TriagedProviderToAction };
    referral.moves(state, Some(reason.clone()), Some(comments.clone()));
    if let Some(id) = referral.appointment.clone() {
        let version = referral.version;
        asked.state.appointments.change(&id, |appointment| {
            appointment.version += 1;
            appointment.referral_version = version;
            appointment.reason = Some(reason);
            appointment.comment = Some(comments);
        });
    }
    let attached = asked.attach(&ubrn, files);
    referral.documents.extend(attached);
    Ok(asked.keep(referral))
}
