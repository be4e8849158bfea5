//! A larger England: many referrals from the start, and the lists that they are on.

use std::collections::{BTreeMap, BTreeSet};

use ers_fhir_local::state::{Referral, ReferralState as S};
use ers_fhir_local::{Settings, england};
use serde_json::{Value, json};

use crate::model::makes_sense;
use crate::support::*;

const REFERRALS: u32 = 3000;

fn grown() -> Service {
    Service::with(&england().grown(REFERRALS), Settings::default())
}

fn asked(list: &str, service: Option<&str>) -> Value {
    let wanted = json!({ "name": "listType", "valueCodeableConcept": { "coding": [{
        "system": "https://fhir.nhs.uk/STU3/CodeSystem/eRS-ReferralListSelector-1", "code": list,
    }] } });
    let service = service.map(|id| {
        json!({ "name": "service", "valueIdentifier": {
        "system": "http://fhir.nhs.net/Id/ers-service", "value": id,
    } })
    });
    parameters("eRS-FetchWorklist-Parameters-1", std::iter::once(wanted).chain(service).collect())
}

const LISTS: &str = "/STU3/ReferralRequest/$ers.fetchworklist";

fn ubrns(list: &Value) -> BTreeSet<String> {
    let rows = list["entry"].as_array().into_iter().flatten();
    rows.filter_map(|row| row["item"]["reference"].as_str()?.split('/').nth(1)).map(str::to_owned).collect()
}

#[test]
fn referrals_are_there_from_the_start_and_read_as_others_do() {
    let mut service = grown();
    assert_eq!(service.state.referrals.len(), REFERRALS as usize);
    makes_sense(&service.state, &mut BTreeMap::new());
    let mut states: BTreeMap<S, usize> = BTreeMap::new();
    let all: Vec<Referral> = service.state.referrals.iter().map(|(_, referral)| referral.clone()).collect();
    for referral in &all {
        let count = states.entry(referral.state).or_default();
        *count += 1;
        if *count > 4 {
            continue;
        }
        let practice: &'static str = Box::leak(referral.referring_organisation.clone().into_boxed_str());
        let read = read(&mut service, Who(practice, "REFERRING_CLINICIAN"), &referral.ubrn);
        assert_eq!(id(&read), referral.ubrn);
    }
    assert_eq!(states.len(), S::ALL.len() - 2, "all but those that come of the telephone: {states:?}");
}

#[test]
fn lists_hold_what_a_count_of_all_referrals_holds() {
    let mut service = grown();
    for list in [
        "AWAITING_BOOKING",
        "REJECTED_TRIAGE_RESPONSE",
        "ASSESSMENT_RETURNED_CANCELLED_DNA",
        "LETTERS_OUTSTANDING",
    ] {
        let is_on = |referral: &Referral| match list {
            "AWAITING_BOOKING" => matches!(
                referral.state,
                S::NotBooked | S::AwaitingTriage | S::DeferredToProvider | S::CancelledByPatient
            ),
            "REJECTED_TRIAGE_RESPONSE" => matches!(referral.state, S::Rejected | S::TriageResponse),
            "LETTERS_OUTSTANDING" => referral.intends_letter,
            _ => {
                referral.state == S::DidNotAttend
                    || (referral.state == S::CancelledReferral && !referral.was_cancelled_by_referrer)
            }
        };
        let all = service.state.referrals.iter().map(|(_, referral)| referral);
        let all = all.filter(|it| it.referring_organisation == "ZP0002" && is_on(it));
        let expected: BTreeSet<String> = all.map(|referral| referral.ubrn.clone()).collect();
        let who = Who("ZP0002", "REFERRING_CLINICIAN");
        let found = service.ok(&post(who, LISTS, &asked(list, None)));
        assert!(!expected.is_empty(), "{list}");
        assert_eq!(ubrns(&found), expected, "{list}");
    }
    let who = Who("ZH0001", "SERVICE_PROVIDER_CLINICIAN");
    for (list, of) in [
        ("REFERRALS_FOR_REVIEW", None),
        ("REFERRALS_FOR_REVIEW", Some("1000017")),
        ("APPOINTMENT_SLOT_ISSUES", None),
        ("APPOINTMENT_SLOT_ISSUES", Some("1000010")),
    ] {
        let state = &service.state;
        let expected: BTreeSet<String> = state
            .referrals
            .iter()
            .filter(|(_, it)| match list {
                "REFERRALS_FOR_REVIEW" => {
                    it.is_pending_review && matches!(it.state, S::Booked | S::AwaitingTriage)
                }
                _ => it.state == S::DeferredToProvider,
            })
            .filter(|(_, it)| {
                let appointment = it.appointment.as_ref().and_then(|id| state.appointments.get(id));
                let at = appointment.map(|appointment| appointment.service.as_str()).unwrap_or_default();
                of.map_or_else(|| at.starts_with("10000"), |of| of == at)
            })
            .map(|(ubrn, _)| ubrn.to_owned())
            .collect();
        let found = service.ok(&post(who, LISTS, &asked(list, of)));
        assert!(!expected.is_empty(), "{list} {of:?}");
        assert_eq!(ubrns(&found), expected, "{list} {of:?}");
    }
}

#[test]
fn a_list_that_is_too_large_is_not_sent() {
    let settings = Settings { worklist_bytes: 60_000, ..Settings::default() };
    let mut service = Service::with(&england().grown(REFERRALS), settings);
    let who = Who("ZH0001", "SERVICE_PROVIDER_CLINICIAN");
    assert_eq!(service.send(&post(who, LISTS, &asked("REFERRALS_FOR_REVIEW", None))).status, 500);
    assert_eq!(
        service.send(&post(who, LISTS, &asked("APPOINTMENT_SLOT_ISSUES", Some("1000010")))).status,
        200
    );
}

#[test]
fn an_application_may_be_held_to_so_many_lists_a_day() {
    let settings = Settings { application_worklists_a_day: Some(2), ..Settings::default() };
    let mut service = Service::with(&england(), settings);
    let lists = |of| {
        let body = asked("REFERRALS_FOR_REVIEW", Some(of));
        by_application("POST", LISTS).header("Content-Type", "application/fhir+json").body(body.to_string())
    };
    let mut statuses: Vec<u16> = (0..3).map(|_| service.send(&lists("20417")).status).collect();
    statuses.push(service.send(&lists("20418")).status);
    service.wait(86_400);
    statuses.push(service.send(&lists("20417")).status);
    assert_eq!(statuses, [200, 200, 429, 200, 200]);
}
