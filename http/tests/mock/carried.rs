//! Calls over HTTP: what is carried to the core and back, faults, and what administrators do.

use std::net::SocketAddr;
use std::time::Instant;

use ers_fhir_http::MockOptions;
use serde_json::{Value, json};

use crate::against;
use crate::support::{Answer, Ask, ask, cancellation, create, creation};

const BASE: &str = "/referrals/FHIR";

fn booking(referral: &Value, slot: &Value) -> Value {
    let participant = |system: &str, value: &str| json!({ "actor": { "identifier": { "system": system, "value": value } }, "status": "accepted" });
    let (ubrn, version) = (referral["id"].as_str(), referral["meta"]["versionId"].as_str());
    let reference =
        format!("ReferralRequest/{}/_history/{}", ubrn.unwrap_or_default(), version.unwrap_or_default());
    json!({
        "resourceType": "Appointment",
        "id": "appointment",
        "meta": { "profile": [
            "https://fhir.nhs.uk/STU3/StructureDefinition/eRS-Appointment-1",
            "https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Appointment-1",
        ] },
        "language": "en",
        "status": "booked",
        "description": "e-Referral Appointment",
        "start": slot["start"],
        "end": slot["end"],
        "slot": [{ "reference": format!("Slot/{}", slot["id"].as_str().unwrap_or_default()) }],
        "incomingReferral": [{ "reference": reference }],
        "participant": [
            participant("http://fhir.nhs.net/Id/ers-service", "20417"),
            participant("http://fhir.nhs.net/Id/nhs-number", "9994827162"),
        ],
    })
}

fn letter(url: &str) -> Value {
    json!({
        "resourceType": "Parameters",
        "meta": { "profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/eRS-MaintainReferralLetter-Parameters-1"] },
        "parameter": [{ "name": "referralLetterFile", "resource": {
            "resourceType": "DocumentReference",
            "meta": { "profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/eRS-DocumentReference-1"] },
            "status": "current",
            "type": { "coding": [{
                "system": "https://fhir.nhs.uk/STU3/CodeSystem/eRS-AttachmentType-1",
                "code": "REFERRER",
            }] },
            "indexed": "2026-03-02T09:00:00Z",
            "content": [{ "attachment": { "url": url } }],
        } }],
    })
}

fn free_slot(address: SocketAddr) -> Value {
    let query = "schedule.actor:HealthcareService=20417&appointmentType=ROUTINE&status=free&_count=1&page=1";
    let found = ask("GET", format!("{BASE}/STU3/Slot?{query}"))
        .referrer()
        .header("NHSD-eRS-Comm-Rule-Org", "X26")
        .ok(address);
    found.json()["entry"][0]["resource"].clone()
}

fn with_letter(address: SocketAddr, referral: &Answer) -> Answer {
    let ubrn = referral.json()["id"].as_str().unwrap_or_default().to_owned();
    let upload = ask("POST", format!("{BASE}/STU3/Binary"))
        .referrer()
        .header("Content-Type", "text/plain")
        .header("NHSD-eRS-File-Name", "letter.txt")
        .header("NHSD-eRS-Referral-ID", ubrn.clone())
        .text("The rash has not settled.")
        .ok(address);
    ask("POST", format!("{BASE}/STU3/ReferralRequest/{ubrn}/$ers.maintainReferralLetter"))
        .referrer()
        .header("If-Match", referral.etag())
        .json(&letter(upload.header("Location")))
        .ok(address)
}

#[test]
fn a_referral_is_created_booked_and_accepted() {
    against(MockOptions::default(), |address| {
        let began = Instant::now();
        let referral = with_letter(address, &create(address));
        let ubrn = referral.json()["id"].as_str().unwrap_or_default().to_owned();
        let slot = free_slot(address);
        let made = ask("POST", format!("{BASE}/STU3/Appointment"))
            .referrer()
            .header("X-Correlation-ID", "mine")
            .json(&booking(&referral.json(), &slot))
            .ok(address);
        assert_eq!((made.status, made.header("X-Correlation-ID")), (201, "mine"));
        assert!(
            made.header("X-Request-ID")
                .rsplit('-')
                .next()
                .is_some_and(|number| number.parse::<u64>().is_ok())
        );
        let read = ask("GET", format!("/FHIR/STU3/ReferralRequest/{ubrn}")).provider().ok(address);
        // As some clients encode it.
        let accepted = ask("POST", format!("{BASE}/STU3/ReferralRequest/{ubrn}/%24ers.acceptReferral"))
            .provider()
            .header("If-Match", read.etag())
            .ok(address);
        assert_ne!(accepted.etag(), read.etag());
        assert!(began.elapsed().as_secs() < 60, "in well under a minute");
        let whole = ask("GET", format!("/_local/requests/{ubrn}")).ok(address).json();
        assert_eq!(whole["referral"]["state"], "BOOKED");
        let calls = ask("GET", "/_local/calls?since=3").ok(address).json();
        let operations: Vec<&str> = calls
            .as_array()
            .expect("there are some")
            .iter()
            .filter_map(|call| call["operation"].as_str())
            .collect();
        assert_eq!(operations, ["A015", "A016", "A005", "A013"].as_slice().get(..).unwrap_or_default());
    });
}

#[test]
fn a_file_is_at_its_link_while_that_is_good() {
    against(MockOptions::default(), |address| {
        let referral = with_letter(address, &create(address)).json();
        let contained = referral["contained"].as_array().expect("it contains something");
        let document =
            contained.iter().find(|it| it["resourceType"] == "DocumentReference").expect("there is a letter");
        let url = document["content"][0]["attachment"]["url"].as_str().unwrap_or_default();
        let link = ask("GET", format!("{BASE}/R4/{url}")).referrer();
        assert_eq!(link.to(address).json()["issue"][0]["details"]["coding"][0]["code"], "PENDING");
        ask("POST", "/_local/clock").json(&json!({ "seconds": 10 })).ok(address);
        let answer = link.to(address);
        assert_eq!(answer.status, 307);
        let origin = format!("http://{address}");
        let place = answer.header("Location").strip_prefix(&origin).expect("it is here").to_owned();
        let file = ask("GET", place.clone()).ok(address);
        assert_eq!(
            (file.body.as_slice(), file.header("content-type")),
            (b"The rash has not settled.".as_slice(), "text/plain")
        );
        ask("POST", "/_local/clock").json(&json!({ "seconds": 3600 })).ok(address);
        assert_eq!(ask("GET", place).to(address).status, 403);
    });
}

#[test]
fn faults_come_on_demand() {
    against(MockOptions::default(), |address| {
        let send = |fault: &str| {
            let sent = ask("POST", format!("{BASE}/STU3/ReferralRequest/$ers.createReferral"))
                .referrer()
                .json(&creation());
            sent.header("X-Local-Fault", fault)
        };
        for (fault, status) in
            [("token-expired", 401), ("too-many", 429), ("error", 500), ("unavailable", 503)]
        {
            assert_eq!(send(fault).to(address).status, status, "{fault}");
        }
        assert!(send("cut").try_to(address).is_none(), "the answer is cut");
        let began = Instant::now();
        send("slow:300").ok(address);
        assert!(began.elapsed().as_millis() >= 300);
        let made = ask("GET", "/_local").ok(address).json();
        assert_eq!(made["referrals"], 2, "what was cut or slow happened, and nothing else");

        ask("POST", "/_local/faults")
            .json(&json!({ "fault": "unavailable", "operation": "A011", "times": 2 }))
            .ok(address);
        let read = ask("GET", format!("{BASE}/STU3/CodeSystem/PRIORITY")).referrer();
        assert_eq!(read.to(address).status, 200);
        let statuses: Vec<u16> = (0..3).map(|_| send("none").to(address).status).collect();
        assert_eq!(statuses, [503, 503, 201]);
        assert_eq!(ask("POST", "/_local/faults").json(&json!({ "fault": "fire" })).to(address).status, 400);
    });
}

#[test]
fn one_change_at_a_time() {
    against(MockOptions::default(), |address| {
        let referral = create(address);
        let ubrn = referral.json()["id"].as_str().unwrap_or_default().to_owned();
        let cancel = |slow: bool| -> Ask {
            let sent = ask("POST", format!("{BASE}/STU3/ReferralRequest/{ubrn}/$ers.cancelReferral"))
                .referrer()
                .header("If-Match", referral.etag())
                .json(&cancellation());
            if slow { sent.header("X-Local-Fault", "slow:600") } else { sent }
        };
        let (first, second) = std::thread::scope(|scope| {
            let first = scope.spawn(|| cancel(true).to(address).status);
            std::thread::sleep(std::time::Duration::from_millis(200));
            let second = cancel(false).to(address).status;
            (first.join().expect("it ends"), second)
        });
        assert_eq!((first, second), (200, 423));
        assert_eq!(cancel(false).to(address).status, 409, "and then the version is old");
    });
}

#[test]
fn a_slot_goes_to_one_of_many_who_want_it() {
    against(MockOptions::default(), |address| {
        let slot = free_slot(address);
        let referrals: Vec<Value> = (0..8).map(|_| create(address).json()).collect();
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let booked: Vec<_> = referrals
                .iter()
                .map(|referral| {
                    let sent = ask("POST", format!("{BASE}/STU3/Appointment"))
                        .referrer()
                        .json(&booking(referral, &slot));
                    scope.spawn(move || sent.to(address).status)
                })
                .collect();
            booked.into_iter().map(|thread| thread.join().expect("it ends")).collect()
        });
        assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
        assert_eq!(statuses.iter().filter(|status| **status == 422).count(), 7, "{statuses:?}");
    });
}

#[test]
fn an_id_of_the_seed_is_a_token_where_everybody_is_let_in() {
    against(MockOptions::default(), |address| {
        let read = || ask("GET", format!("{BASE}/STU3/CodeSystem/PRIORITY"));
        let with =
            |asked: Ask, id: &str| asked.header("Authorization", format!("Bearer {id}")).to(address).status;
        assert_eq!(with(read().referrer(), "nobody"), 200);
        assert_eq!(with(read().referrer(), "555000111222"), 200);
        assert_eq!(with(read().provider(), "555000111222"), 403);
        assert_eq!(with(read(), "aire-and-wharfe-imaging"), 200);
    });
}

#[test]
fn steps_that_others_take_are_taken() {
    against(MockOptions::default(), |address| {
        let referral = create(address).json();
        let ubrn = referral["id"].as_str().unwrap_or_default();
        let step =
            |body: Value| ask("POST", format!("/_local/requests/{ubrn}/steps")).json(&body).to(address);
        assert_eq!(step(json!({ "step": "reply", "text": "x" })).status, 400, "it is no advice request");
        assert_eq!(step(json!({ "step": "book", "service": "20417" })).status, 200);
        assert_eq!(step(json!({ "step": "did-not-attend", "reason": "PATIENT_FORGOT" })).status, 200);
        let whole = ask("GET", format!("/_local/requests/{ubrn}")).ok(address).json();
        assert_eq!(whole["referral"]["state"], "DID_NOT_ATTEND");
        ask("POST", "/_local/reset").ok(address);
        assert_eq!(ask("GET", format!("/_local/requests/{ubrn}")).to(address).status, 404);
    });
}
