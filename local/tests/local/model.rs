//! Random calls, right and wrong, one after the other: what must hold whatever is asked.

use std::collections::{BTreeMap, BTreeSet};

use ers_fhir_local::journal::{HEADER, line, read as replay};
use ers_fhir_local::state::{ReferralState as S, Status};
use ers_fhir_local::{Call, State};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use crate::support::*;

/// Calls in a run, and runs; together what the machine is given. `ERS_FHIR_STEPS` asks for more.
const STEPS: u32 = 60;

#[derive(Debug, Clone)]
struct Step {
    kind: u8,
    which: usize,
    other: usize,
    stale: bool,
    who: u8,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (0_u8..16, 0_usize..8, 0_usize..64, prop::bool::weighted(0.1), 0_u8..12);
    let step = step.prop_map(|(kind, which, other, stale, who)| Step { kind, which, other, stale, who });
    prop::collection::vec(step, STEPS as usize)
}

/// What is known of the run from outside.
struct Seen {
    versions: BTreeMap<String, u64>,
    journal: Vec<u8>,
}

fn call_of(service: &Service, step: &Step) -> Call {
    let referrals: Vec<_> = service.state.referrals.iter().map(|(_, referral)| referral.clone()).collect();
    let who = |usual: Who| match step.who {
        0 => REFERRERS_ADMIN,
        1 => PROVIDERS_ADMIN,
        2 => Who("R9M", "SERVICE_PROVIDER_CLINICIAN"),
        3 => Who("A99002", "REFERRING_CLINICIAN"),
        4 => PROVIDER,
        5 => REFERRER,
        _ => usual,
    };
    let services = ["20417", "20418", "20583", "31006", "20602", "20605"];
    let chosen = services[step.other % services.len()];
    let searched = if chosen.starts_with("206") { heart() } else { skin() };
    if step.kind < 2 || referrals.is_empty() {
        let body = creation(searched, &[chosen]);
        return post(who(REFERRER), "/STU3/ReferralRequest/$ers.createReferral", &body);
    }
    let referral = &referrals[step.which % referrals.len()];
    let version = if step.stale { referral.version.saturating_sub(1) } else { referral.version };
    let record = json!({
        "id": referral.ubrn,
        "meta": { "versionId": version.to_string() },
        "subject": { "identifier": { "value": referral.patient } },
    });
    let on = |usual: Who, operation: &str, profile: &str, parts: Vec<Value>| {
        let target = format!("/STU3/ReferralRequest/{}/$ers.{operation}", referral.ubrn);
        from(post(who(usual), &target, &parameters(profile, parts)), &version.to_string())
    };
    let at = referral.shortlist.first().map(String::as_str).unwrap_or_default();
    match step.kind {
        2 | 3 => {
            let slots: Vec<_> =
                service.state.slots.iter().map(|(_, slot)| slot).filter(|it| it.service == at).collect();
            // Few slots, so that several want the same.
            let slot = slots.get(step.other % slots.len().clamp(1, 4));
            let slot = slot
                .map(|it| json!({ "id": it.id, "start": it.start.to_string(), "end": it.end.to_string() }));
            post(who(REFERRER), "/STU3/Appointment", &booking(&record, at, &slot.unwrap_or_default()))
        }
        4 => {
            let reasons = ["TRIAGE", "NO_SLOTS_AT_SERVICE", "SLOT_NOT_AVAILABLE", "BOOKING_ATTEMPT_PROBLEM"];
            post(who(REFERRER), "/STU3/Appointment", &deferral(&record, at, reasons[step.other % 4]))
        }
        5 => {
            let target = format!("/STU3/ReferralRequest/{}/$ers.acceptReferral", referral.ubrn);
            from(call(who(PROVIDER), "POST", &target), &version.to_string())
        }
        6 => on(
            PROVIDER,
            "rejectReferral",
            "eRS-RejectReferral-Parameters-1",
            vec![listed(
                "rejectionReason",
                "APPOINTMENT-CANCELLATION-REASON",
                "FURTHER_INFORMATION_REQUIRED",
            )],
        ),
        7 => on(
            PROVIDER,
            "cancelAppointmentActionLater",
            "eRS-cancelAppointmentActionLater-Parameters-1",
            vec![text("comments", "Later.")],
        ),
        8 | 9 => {
            let outcomes = ["ACCEPT_REFER_BOOK_LATER", "RETURN_TO_REFERRER_WITH_ADVICE"];
            on(
                PROVIDER,
                "recordReviewOutcome",
                "eRS-RecordReviewOutcome-Parameters-1",
                vec![
                    coded("reviewOutcome", "eRS-ReviewOutcome-1", outcomes[step.other % 2]),
                    text("reviewComments", "Seen."),
                    coded("reviewPriority", "eRS-Priority-1", "ROUTINE"),
                ],
            )
        }
        10 | 11 => {
            let mut parts = vec![shortlist(searched, &[chosen])];
            parts.extend(intention("NEED_TO_ADD_LATER", 0));
            on(REFERRER, "changeShortlist", "eRS-ChangeShortlist-Parameters-1", parts)
        }
        12 if step.other.is_multiple_of(4) => on(
            REFERRER,
            "cancelReferral",
            "eRS-CancelReferral-Request-Parameters-1",
            vec![
                listed(
                    "cancellationReason",
                    "REFERRAL-CANCELLATION-REASON",
                    "PATIENT_REQUEST_CANCELLATION_OTHER",
                ),
                text("cancellationComments", "Moved."),
            ],
        ),
        13 => {
            let name = format!("letter{}.txt", step.other);
            call(who(REFERRER), "POST", "/STU3/Binary")
                .header("Content-Type", "text/plain")
                .header("NHSD-eRS-File-Name", name)
                .header("NHSD-eRS-Referral-ID", referral.ubrn.clone())
                .body("x")
        }
        14 => {
            let own =
                service.state.files.iter().filter(|(_, it)| it.referral.as_ref() == Some(&referral.ubrn));
            let urls: Vec<String> =
                own.map(|(id, _)| format!("Binary/{id}")).take(1 + step.other % 2).collect();
            let letters = urls.iter().map(|url| attachment("referralLetterFile", "REFERRER", url)).collect();
            on(REFERRER, "maintainReferralLetter", "eRS-MaintainReferralLetter-Parameters-1", letters)
        }
        _ => get(who(REFERRER), &format!("/STU3/ReferralRequest/{}", referral.ubrn)),
    }
}

/// What must hold of any state.
pub(crate) fn makes_sense(state: &State, versions: &mut BTreeMap<String, u64>) {
    for (ubrn, referral) in state.referrals.iter() {
        let before = versions.insert(ubrn.to_owned(), referral.version).unwrap_or_default();
        assert!(referral.version >= before, "{ubrn} goes back from {before} to {}", referral.version);
        let appointment =
            referral.appointment.as_ref().map(|id| state.appointments.get(id).expect("it is there"));
        let status = appointment.map(|appointment| appointment.status);
        let fits = match referral.state {
            S::NotBooked => status.is_none() && referral.reason.is_none() && referral.specialty.is_none(),
            S::Booked => status == Some(Status::Booked) && referral.reason.is_none(),
            S::DeferredToProvider | S::AwaitingTriage | S::TriagedProviderToAction | S::TriageResponse => {
                status == Some(Status::Proposed) && referral.reason.is_some()
            }
            S::Rejected | S::CancelledByPatient | S::CancelledByProvider => {
                status == Some(Status::Cancelled) && referral.reason.is_some()
            }
            S::CancelledReferral => status != Some(Status::Booked) && referral.reason.is_some(),
            S::AssessmentResult | S::DidNotAttend => true,
        };
        assert!(fits, "{ubrn} is {:?} with an appointment that is {status:?}", referral.state);
    }
    let mut taken = BTreeSet::new();
    for (id, appointment) in state.appointments.iter() {
        let Some(slot) = &appointment.slot else { continue };
        assert!(taken.insert(slot), "the slot {slot} is booked twice");
        let by = state.slots.get(slot).and_then(|slot| slot.taken_by.as_deref());
        assert_eq!(by, Some(id), "the slot {slot}");
    }
    let marked = state.slots.iter().filter(|(_, slot)| slot.taken_by.is_some()).count();
    assert_eq!(marked, taken.len(), "slots that are taken by nobody");
}

/// The list of referrals to book, counted from the state.
fn check_worklist(service: &mut Service) {
    let states = [
        S::NotBooked,
        S::AwaitingTriage,
        S::DeferredToProvider,
        S::CancelledByPatient,
        S::CancelledByProvider,
    ];
    let all =
        service.state.referrals.iter().filter(|(_, referral)| {
            states.contains(&referral.state) && referral.referring_organisation == "X26"
        });
    let expected: BTreeSet<String> = all.map(|(ubrn, _)| ubrn.to_owned()).collect();
    let listed: BTreeSet<String> = worklist(service, REFERRER, "AWAITING_BOOKING").into_iter().collect();
    assert_eq!(listed, expected);
}

#[test]
fn whatever_is_asked_the_state_makes_sense() {
    let runs = std::env::var("ERS_FHIR_STEPS").ok().and_then(|steps| steps.parse::<u32>().ok());
    let runs = (runs.unwrap_or(3000) / STEPS).max(1);
    let mut service = Service::new();
    let (begun, now) = (service.state.clone(), service.now);
    let config = Config { cases: runs, failure_persistence: None, ..Config::default() };
    let mut outcomes: BTreeMap<u16, usize> = BTreeMap::new();
    let service = std::cell::RefCell::new(&mut service);
    let outcomes_seen = std::cell::RefCell::new(&mut outcomes);
    TestRunner::new(config)
        .run(&steps(), |steps| {
            let service = &mut **service.borrow_mut();
            (service.state, service.now) = (begun.clone(), now);
            let mut seen = Seen { versions: BTreeMap::new(), journal: HEADER.to_vec() };
            for step in &steps {
                let call = call_of(service, step);
                let before = service.state.clone();
                let answer = service.local.apply(&mut service.state, &call, service.now);
                service.wait(60);
                *outcomes_seen.borrow_mut().entry(answer.status).or_default() += 1;
                if answer.changes.is_empty() {
                    assert!(service.state == before, "what changed is said: {call:?}");
                } else {
                    seen.journal.extend(line(&answer.changes));
                }
                assert_ne!(answer.status, 500, "{call:?}");
                makes_sense(&service.state, &mut seen.versions);
            }
            check_worklist(service);
            let mut replayed = begun.clone();
            assert_eq!(replay(&seen.journal, &mut replayed), Ok(seen.journal.len()));
            assert!(replayed == service.state, "the journal leads to the same state");
            Ok::<(), TestCaseError>(())
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
    assert!(
        outcomes.contains_key(&200) && outcomes.contains_key(&201) && outcomes.contains_key(&422),
        "{outcomes:?}"
    );
}
