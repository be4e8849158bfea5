//! A012: the letters of a referral, as a whole.

use super::asked::Asked;
use super::reply::Reply;
use super::shortlist::in_state;
use crate::read::{Sent, ToAttach, missing, to_attach};
use crate::refusal::{Outcome, Refusal};
use crate::state::{DocumentKind, ReferralState, Status};

pub(super) fn maintain(asked: &mut Asked<'_>) -> Outcome<Reply> {
    const NAME: &str = "referralLetterFile";
    let body = asked.body()?;
    let letters = to_attach(Sent(&body), NAME, DocumentKind::Referrer)?;
    if letters.is_empty() {
        return Err(missing(NAME));
    }
    let mut referral = asked.referral_to_change()?;
    if referral.state == ReferralState::CancelledReferral {
        return Err(in_state(&referral, "it does not accept letters"));
    }
    let appointment =
        asked.appointment_of(&referral).filter(|appointment| appointment.status == Status::Booked);
    if appointment.and_then(|appointment| appointment.start).is_some_and(|start| start < asked.now) {
        return Err(in_state(&referral, "the appointment is over, so it does not accept letters"));
    }
    let is_letter = |id: &&String| {
        let link = asked.state.files.get(id).and_then(|file| file.link.as_ref());
        link.is_some_and(|link| link.kind == DocumentKind::Referrer)
    };
    let (old, others): (Vec<String>, Vec<String>) =
        referral.documents.iter().cloned().partition(|id| is_letter(&id));
    asked.may_attach(Some(&referral.ubrn), Some(&referral.ubrn), &letters, &others)?;
    if is_same(asked, &old, &letters) {
        return Err(Refusal::of("NO_CHANGES_DETECTED", "the letters would not change"));
    }
    let gone: Vec<String> =
        old.iter().filter(|id| !letters.iter().any(|letter| letter.file == **id)).cloned().collect();
    asked.detach(&gone);
    let ubrn = referral.ubrn.clone();
    referral.documents = asked.attach(&ubrn, letters);
    referral.documents.extend(others);
    if referral.first_submitted.is_none() {
        referral.first_submitted = Some(asked.now);
    } else {
        referral.last_updated = Some(asked.now);
    }
    let is_with_provider = matches!(referral.state, ReferralState::Booked | ReferralState::AwaitingTriage);
    if referral.was_reviewed && is_with_provider {
        referral.has_new_letter = true;
        referral.is_pending_review = true;
    }
    referral.raise(asked.settings.version_step, asked.now);
    Ok(asked.keep(referral))
}

/// Whether these are the letters as they are attached, with what is said of each.
fn is_same(asked: &Asked<'_>, old: &[String], new: &[ToAttach]) -> bool {
    old.len() == new.len()
        && new.iter().all(|letter| {
            let link = asked.state.files.get(&letter.file).and_then(|file| file.link.as_ref());
            old.contains(&letter.file) && link.is_some_and(|link| link.description == letter.description)
        })
}
