//! Steps outside this interface: in the web application of the service, on the telephone, by patients.

use serde::Deserialize;

use crate::local::Local;
use crate::moment::Moment;
use crate::seed::Bookable;
use crate::state::{
    Appointment, Category, Message, Priority, Reason, ReasonList, ReferralState, SentBy, State, Status,
};

/// Such a step.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "step", rename_all = "kebab-case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Step {
    /// The patient, or the provider on the telephone, books at a service on the shortlist.
    Book {
        /// The service.
        service: String,
        /// When the appointment begins; the first free slot, where the service is booked directly and none is named.
        start: Option<Moment>,
    },
    /// The patient or the provider cancels the appointment.
    CancelAppointment {
        /// Whether it is the provider.
        #[serde(default)]
        by_provider: bool,
        /// Why: a code of the list of reasons.
        reason: String,
    },
    /// The patient did not come.
    DidNotAttend {
        /// Why: a code of the list of reasons.
        reason: String,
    },
    /// The patient was assessed, and something else is next.
    AssessmentResult {
        /// What: a code of the list of outcomes.
        outcome: Option<String>,
        /// What was said with it.
        comments: Option<String>,
    },
    /// The referrer sends what was asked for, or another message.
    Reply {
        /// The message.
        text: String,
    },
    /// The referrer closes the conversation.
    Close,
    /// The referrer cancels the advice request.
    CancelAdvice,
    /// Somebody else changes the record: its version rises, and nothing else.
    Touch,
}

impl Step {
    /// What it is called.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Book { .. } => "book",
            Self::CancelAppointment { .. } => "cancel-appointment",
            Self::DidNotAttend { .. } => "did-not-attend",
            Self::AssessmentResult { .. } => "assessment-result",
            Self::Reply { .. } => "reply",
            Self::Close => "close",
            Self::CancelAdvice => "cancel-advice",
            Self::Touch => "touch",
        }
    }
}

impl Local {
    /// The codes of reasons that steps name: why an appointment is cancelled, and why nobody came.
    pub fn reasons_elsewhere(&self) -> (Vec<&str>, Vec<&str>) {
        let codes = |list: ReasonList| {
            let list = self.world.lists.list(list.code());
            list.map(|list| list.concepts.iter().map(|it| it.code.as_str()).collect()).unwrap_or_default()
        };
        (codes(ReasonList::AppointmentCancellation), codes(ReasonList::NonAttendance))
    }
}

fn wrong<T>(what: impl Into<String>) -> Result<T, String> {
    Err(what.into())
}

/// Takes a step with a request, and returns its new version. The caller must commit the changes, or roll them back if
/// this fails.
///
/// # Errors
///
/// If the request does not exist, or the step is not possible in its state; the error says why.
pub fn take(local: &Local, state: &mut State, ubrn: &str, step: Step, now: Moment) -> Result<u64, String> {
    match step {
        Step::Reply { text } => reply(local, state, ubrn, text, now),
        Step::Close => end(local, state, ubrn, Category::Closed, now),
        Step::CancelAdvice => end(local, state, ubrn, Category::Cancelled, now),
        step => with_referral(local, state, ubrn, step, now),
    }
}

fn end(local: &Local, state: &mut State, ubrn: &str, category: Category, now: Moment) -> Result<u64, String> {
    let Some(mut advice) = state.advice.get(ubrn).cloned() else {
        return wrong("there is no such advice request");
    };
    if !advice.category.is_active() {
        return wrong(format!("the advice request is {}", advice.category.code()));
    }
    advice.category = category;
    advice.version += local.settings.version_step;
    advice.changed = now;
    let version = advice.version;
    state.advice.set(ubrn, advice);
    Ok(version)
}

fn reply(local: &Local, state: &mut State, ubrn: &str, text: String, now: Moment) -> Result<u64, String> {
    let Some(mut advice) = state.advice.get(ubrn).cloned() else {
        return wrong("there is no such advice request");
    };
    if !advice.category.is_active() {
        return wrong(format!("the advice request is {}", advice.category.code()));
    }
    if text.trim().is_empty() || text.chars().count() > 8000 {
        return wrong("a message must have 1 to 8000 characters");
    }
    advice.messages.push(Message {
        id: state.new_number(),
        sent_by: SentBy::Requester,
        sender: advice.requester.clone(),
        responsible: advice.requester.clone(),
        text,
        sent: now,
        documents: Vec::new(),
    });
    advice.category = Category::ProviderResponseRequired;
    advice.version += local.settings.version_step;
    advice.changed = now;
    let version = advice.version;
    state.advice.set(ubrn, advice);
    Ok(version)
}

fn with_referral(
    local: &Local,
    state: &mut State,
    ubrn: &str,
    step: Step,
    now: Moment,
) -> Result<u64, String> {
    let Some(mut referral) = state.referrals.get(ubrn).cloned() else {
        return wrong("there is no such referral");
    };
    let appointment = referral.appointment.as_ref().and_then(|id| state.appointments.get(id)).cloned();
    let booked =
        appointment.filter(|it| it.status == Status::Booked && referral.state == ReferralState::Booked);
    let known = |list: ReasonList, code: &str| match local.world.lists.reason(list, code) {
        Some(_) => Ok(Reason::new(list, code)),
        None => wrong(format!("{} has no '{code}'", list.code())),
    };
    referral.raise(local.settings.version_step, now);
    match (step, booked) {
        (Step::Touch, _) => {}
        (Step::Book { service, start }, None) => {
            if !referral.state.is_unbooked() || !referral.shortlist.contains(&service) {
                return wrong("the referral cannot currently be booked at this service");
            }
            let made = appointment_of(local, state, &service, start, referral.priority, now)?;
            let made = Appointment { ubrn: ubrn.to_owned(), referral_version: referral.version, ..made };
            referral.moves(ReferralState::Booked, None, None);
            referral.appointment = Some(made.id.clone());
            referral.specialty = local.world.service(&service).map(|service| service.specialty.clone());
            referral.is_pending_review = true;
            if let Some(slot) = &made.slot {
                state.slots.change(slot, |slot| slot.taken_by = Some(made.id.clone()));
            }
            state.appointments.set(&made.id.clone(), made);
        }
        (Step::CancelAppointment { by_provider, reason }, Some(mut booked)) => {
            let reason = known(ReasonList::AppointmentCancellation, &reason)?;
            if let Some(slot) = booked.slot.take() {
                state.slots.change(&slot, |slot| slot.taken_by = None);
            }
            (booked.start, booked.end, booked.status) = (None, None, Status::Cancelled);
            booked.version += 1;
            booked.reason = Some(reason.clone());
            booked.referral_version = referral.version;
            state.appointments.set(&booked.id.clone(), booked);
            let to = if by_provider {
                ReferralState::CancelledByProvider
            } else {
                ReferralState::CancelledByPatient
            };
            referral.moves(to, Some(reason), None);
            referral.is_pending_review = false;
        }
        (Step::DidNotAttend { reason }, Some(_)) => {
            let reason = known(ReasonList::NonAttendance, &reason)?;
            referral.moves(ReferralState::DidNotAttend, Some(reason), None);
            referral.is_pending_review = false;
        }
        (Step::AssessmentResult { outcome, comments }, Some(_)) => {
            let reason = outcome.map(|code| Reason::new(ReasonList::AssessmentOutcome, code));
            let comments = comments.filter(|_| reason.is_some());
            referral.moves(ReferralState::AssessmentResult, reason, comments);
            referral.is_pending_review = false;
        }
        _ => return wrong(format!("the referral is {}", referral.state.code())),
    }
    let version = referral.version;
    state.referrals.set(ubrn, referral);
    Ok(version)
}

/// An appointment at a service: in a slot, or at a time that was agreed.
fn appointment_of(
    local: &Local,
    state: &mut State,
    service: &str,
    start: Option<Moment>,
    priority: Priority,
    now: Moment,
) -> Result<Appointment, String> {
    let Some(known) = local.world.service(service) else { return wrong("there is no such service") };
    let mut free = state.free_slots(service, priority, now);
    let slot = free.find(|slot| start.is_none_or(|start| slot.start == start)).cloned();
    drop(free);
    let (start, end) = match (known.bookable, &slot, start) {
        (Bookable::Direct, Some(slot), _) => (slot.start, slot.end),
        (Bookable::Indirect, _, Some(start)) if start > now => (start, start.plus_seconds(1200)),
        (Bookable::Indirect, ..) => return wrong("give a start of the appointment that is not in the past"),
        _ => return wrong("the service has no such slot"),
    };
    let slot = slot.filter(|_| known.bookable == Bookable::Direct);
    Ok(Appointment {
        id: state.new_number(),
        version: 0,
        ubrn: String::new(),
        referral_version: 0,
        status: Status::Booked,
        start: Some(start),
        end: Some(end),
        clinician: slot.as_ref().and_then(|slot| slot.clinician.clone()),
        slot: slot.map(|slot| slot.id),
        reason: None,
        comment: None,
        created: now,
        service: service.to_owned(),
    })
}
