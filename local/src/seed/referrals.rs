//! Referrals that are generated at the start: a given number, in all states, always the same.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::directory::{Bookable, Flow, Patient, Service, User};
use super::file::Seed;
use crate::moment::Moment;
use crate::state::{
    Appointment, Change, Priority, Reason, ReasonList, Referral, ReferralState, Slot, Status, mixed, uuid,
};

const DAY: i64 = 86_400;
/// The first of their numbers; those of new referrals are far below.
const UBRNS: u64 = 70_000_000;
const NUMBERS: u64 = 500_000_000;
const UUIDS: u64 = 1 << 40;

/// The states of referrals; a state that is listed more often is more frequent.
const STATES: [ReferralState; 20] = {
    use ReferralState as S;
    [
        S::NotBooked,
        S::NotBooked,
        S::NotBooked,
        S::NotBooked,
        S::Booked,
        S::Booked,
        S::Booked,
        S::Booked,
        S::Booked,
        S::Booked,
        S::Booked,
        S::DeferredToProvider,
        S::AwaitingTriage,
        S::TriagedProviderToAction,
        S::TriageResponse,
        S::Rejected,
        S::CancelledByPatient,
        S::DidNotAttend,
        S::CancelledReferral,
        S::CancelledReferral,
    ]
};

/// Who is referred by whom, and to what.
struct Choice<'s> {
    patients: Vec<(&'s Patient, &'s User)>,
    direct: Vec<&'s Service>,
    triage: Vec<&'s Service>,
}

impl<'s> Choice<'s> {
    fn of(seed: &'s Seed) -> Self {
        let mut referrers: BTreeMap<&str, &User> = BTreeMap::new();
        for user in seed.users.iter().filter(|user| user.active) {
            for role in &user.roles {
                if role.functions.iter().any(|function| function == "REFERRING_CLINICIAN") {
                    referrers.entry(&role.organisation).or_insert(user);
                }
            }
        }
        let usable = seed.patients.iter().filter(|patient| patient.usable);
        let patients = usable.filter_map(|it| Some((it, *referrers.get(it.practice.as_deref()?)?)));
        let published = || seed.services.iter().filter(|service| service.published);
        Self {
            patients: patients.collect(),
            direct: published().filter(|service| service.bookable == Bookable::Direct).collect(),
            triage: published().filter(|service| service.takes(Flow::TriageRequest)).collect(),
        }
    }
}

/// The searches that services were found by, each of which many referrals have.
type Searches<'s> = BTreeMap<(&'s str, Priority), Arc<Value>>;

/// One of them, by a number that says which.
fn one<T: Copy>(all: &[T], number: u64) -> Option<T> {
    let place = usize::try_from(number % (all.len().max(1) as u64)).ok()?;
    all.get(place).copied()
}

/// Whether a seed has a patient to refer, and a service to refer to.
pub(super) fn can_refer(seed: &Seed) -> bool {
    let choice = Choice::of(seed);
    let refers_to_something = !choice.direct.is_empty() || !choice.triage.is_empty();
    refers_to_something && !choice.patients.is_empty()
}

/// The referrals that a seed requests, with their appointments and the slots of these. None if the seed has no
/// patient to refer, or no service to refer to.
pub(crate) fn referrals(seed: &Seed, first_version: u64, now: Moment) -> impl Iterator<Item = Change> {
    let choice = Choice::of(seed);
    let mut searches = Searches::default();
    (0..u64::from(seed.referrals))
        .flat_map(move |number| referral(&choice, &mut searches, number, first_version, now))
}

fn referral<'s>(
    choice: &Choice<'s>,
    searches: &mut Searches<'s>,
    number: u64,
    first_version: u64,
    now: Moment,
) -> Vec<Change> {
    let dice = mixed(number);
    let Some((patient, referrer)) = one(&choice.patients, dice) else { return Vec::new() };
    let wanted = STATES[usize::try_from(dice >> 32).unwrap_or_default() % STATES.len()];
    let is_triage = matches!(
        wanted,
        ReferralState::AwaitingTriage
            | ReferralState::TriagedProviderToAction
            | ReferralState::TriageResponse
    );
    let services = if is_triage { &choice.triage } else { &choice.direct };
    let fitting = one(services, dice >> 20).map(|service| (service, wanted));
    // If there is no such service, nothing is booked.
    let other = || one(&choice.direct, dice >> 20).or(one(&choice.triage, dice >> 20));
    let Some((service, state)) = fitting.or_else(|| Some((other()?, ReferralState::NotBooked))) else {
        return Vec::new();
    };
    let created = now.plus_seconds(-i64::try_from(dice >> 8 & 0x3f_ffff).unwrap_or_default());
    let urgent = (dice >> 40).is_multiple_of(4) && service.priorities.contains(&Priority::Urgent);
    let priority = if urgent { Priority::Urgent } else { service.priorities[0] };
    let practice = patient.practice.clone().unwrap_or_default();
    let begun = Referral::begun(
        format!("{:012}", UBRNS + number),
        uuid(UUIDS + number),
        first_version,
        priority,
        created,
    );
    let mut made = Referral {
        criteria: Arc::clone(
            searches.entry((&service.id, priority)).or_insert_with(|| Arc::new(criteria(service, priority))),
        ),
        shortlist: vec![service.id.clone()],
        commissioning_organisation: practice.clone(),
        patient: patient.nhs_number.clone(),
        referrer: referrer.id.clone(),
        referring_organisation: practice,
        intends_letter: state == ReferralState::NotBooked && (dice >> 44).is_multiple_of(2),
        requirements: patient.requirements.clone(),
        ..begun
    };
    let Some(status) = status(state) else {
        return vec![Change::Referral(made.ubrn.clone(), Some(Box::new(made)))];
    };
    made.version += 2;
    let reason = reason(state);
    let comments = says_why(state).then(|| "As agreed on the telephone.".to_owned());
    made.moves(state, reason.clone(), comments.clone());
    made.specialty = Some(service.specialty.clone());
    made.was_reviewed = state == ReferralState::Booked && (dice >> 48).is_multiple_of(2);
    made.is_pending_review = !made.was_reviewed
        && matches!(
            state,
            ReferralState::Booked | ReferralState::AwaitingTriage | ReferralState::DeferredToProvider
        );
    made.was_cancelled_by_referrer =
        state == ReferralState::CancelledReferral && (dice >> 50).is_multiple_of(2);
    let id = (NUMBERS + number).to_string();
    made.appointment = Some(id.clone());
    let has_slot = status == Status::Booked;
    let start = now.plus_seconds(DAY * i64::try_from(1 + dice % 28).unwrap_or(1));
    let appointment = Appointment {
        id: id.clone(),
        version: u64::from(status != Status::Booked),
        ubrn: made.ubrn.clone(),
        referral_version: made.version,
        status,
        start: has_slot.then_some(start),
        end: has_slot.then(|| start.plus_seconds(1200)),
        slot: has_slot.then(|| id.clone()),
        reason: reason.filter(|_| !has_slot),
        comment: comments,
        created,
        service: service.id.clone(),
        clinician: None,
    };
    let slot = has_slot.then(|| Slot {
        id: id.clone(),
        service: service.id.clone(),
        clinician: None,
        appointment_type: priority,
        start,
        end: start.plus_seconds(1200),
        taken_by: Some(id.clone()),
    });
    let slot = slot.map(|slot| Change::Slot(id.clone(), Some(Box::new(slot))));
    [
        Change::Appointment(id, Some(Box::new(appointment))),
        Change::Referral(made.ubrn.clone(), Some(Box::new(made))),
    ]
    .into_iter()
    .chain(slot)
    .collect()
}

/// The status of the appointment of a referral in that state.
const fn status(state: ReferralState) -> Option<Status> {
    use ReferralState as S;
    match state {
        S::NotBooked => None,
        S::Booked | S::DidNotAttend => Some(Status::Booked),
        S::Rejected | S::CancelledByPatient | S::CancelledByProvider | S::CancelledReferral => {
            Some(Status::Cancelled)
        }
        _ => Some(Status::Proposed),
    }
}

/// Why a referral is in that state.
fn reason(state: ReferralState) -> Option<Reason> {
    use ReferralState as S;
    let (list, code) = match state {
        S::DeferredToProvider => (ReasonList::ReviewReason, "NO_SLOTS_AT_SERVICE"),
        S::AwaitingTriage => (ReasonList::ReviewReason, "TRIAGE"),
        S::TriagedProviderToAction => (ReasonList::ReviewOutcome, "ACCEPT_REFER_BOOK_LATER"),
        S::TriageResponse => (ReasonList::ReviewOutcome, "RETURN_TO_REFERRER_WITH_ADVICE"),
        S::Rejected => (ReasonList::AppointmentCancellation, "FURTHER_INFORMATION_REQUIRED"),
        S::CancelledByPatient | S::CancelledByProvider => {
            (ReasonList::AppointmentCancellation, "PATIENT_HOLIDAY")
        }
        S::CancelledReferral => (ReasonList::ReferralCancellation, "PATIENT_REQUEST_CANCELLATION_OTHER"),
        S::DidNotAttend => (ReasonList::NonAttendance, "PATIENT_FORGOT"),
        _ => return None,
    };
    Some(Reason::new(list, code))
}

/// Whether a comment was given with the reason.
const fn says_why(state: ReferralState) -> bool {
    use ReferralState as S;
    matches!(state, S::TriagedProviderToAction | S::TriageResponse | S::Rejected | S::CancelledReferral)
}

/// A search that finds a service.
fn criteria(service: &Service, priority: Priority) -> Value {
    let coding = |name: &str, system: &str, code: &str| json!({ "name": name, "valueCoding": { "system": system, "code": code } });
    let mut criteria = vec![
        coding("priority", "https://fhir.nhs.uk/STU3/CodeSystem/eRS-Priority-1", priority.code()),
        coding(
            "specialty",
            "https://api.service.nhs.uk/referrals/FHIR/STU3/CodeSystem/SPECIALTY",
            &service.specialty,
        ),
    ];
    criteria.extend(
        service
            .clinic_types
            .first()
            .map(|code| coding("clinicType", "https://fhir.nhs.uk/STU3/CodeSystem/eRS-ClinicType-1", code)),
    );
    criteria.push(json!({ "name": "ageAndGenderAppropriate", "valueBoolean": true }));
    Value::Array(criteria)
}
