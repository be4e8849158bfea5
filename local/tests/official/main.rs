//! Requests that the documents of e-RS show: where their referral is seeded, a local service takes them.
//!
//! They are not in this repository; where the folder beside the checkout is absent, this is ignored.

#![expect(clippy::disallowed_methods, reason = "the crate reads no file, but its test does")]

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use ers_fhir_corpora::{Suite, shared, tests};
use ers_fhir_local::{Call, Local, Moment, Seed, Settings};
use serde_json::{Value, json};

fn examples() -> PathBuf {
    shared("ers/examples/stu3")
}

fn main() -> ExitCode {
    Suite::new().reading(&[examples()], tests![requests_of_the_documents_are_taken]).run()
}

const NOW: &str = "2022-07-01T09:00:00Z";
const BASE: &str = "http://127.0.0.1:8290/referrals/FHIR";
const UBRN: &str = "000000070000";
const PATIENT: &str = "9912003888";
const CLINICIAN: &str = "021600556514";

/// Who makes a call, and where the referral stands before.
#[derive(Clone, Copy, PartialEq)]
enum Before {
    /// There is none.
    Nothing,
    NotBooked,
    /// No slot of the service is free.
    Full,
    /// A booking was not answered.
    Silent,
    /// A booking was refused.
    Refused,
    Booked,
    /// Booked on the telephone.
    BookedIndirectly,
    AwaitingTriage,
    Triaged,
    Advice,
}

const REFERRER: &str = "REFERRING_CLINICIAN";
const PROVIDER: &str = "SERVICE_PROVIDER_CLINICIAN";
const REFERRERS_ADMIN: &str = "REFERRING_CLINICIAN_ADMIN";

/// Files, who sends them where, and what is there before.
const REQUESTS: &[(&str, &str, &str, Before)] = &[
    ("bookOrDeferAppointment/requests/MinimalBooking", REFERRER, "Appointment", Before::NotBooked),
    ("bookOrDeferAppointment/requests/MinimalDeferral", REFERRER, "Appointment", Before::Full),
    (
        "bookOrDeferAppointment/requests/DeferralBookingAttemptProblem",
        REFERRER,
        "Appointment",
        Before::Silent,
    ),
    ("bookOrDeferAppointment/requests/DeferralWithSlotReference", REFERRER, "Appointment", Before::Refused),
    (
        "cancelAppointmentActionLater/requests/MinimalExampleIBS",
        PROVIDER,
        "ReferralRequest/{ubrn}/$ers.cancelAppointmentActionLater",
        Before::BookedIndirectly,
    ),
    (
        "cancelReferral/requests/IntendPrivateWithoutComment",
        REFERRER,
        "ReferralRequest/{ubrn}/$ers.cancelReferral",
        Before::NotBooked,
    ),
    (
        "cancelReferral/requests/bookedOutsideCabWithoutComment",
        PROVIDER,
        "ReferralRequest/{ubrn}/$ers.cancelReferral",
        Before::Booked,
    ),
    (
        "cancelReferral/requests/outpatientService",
        PROVIDER,
        "ReferralRequest/{ubrn}/$ers.cancelReferral",
        Before::Triaged,
    ),
    (
        "changeShortlist/requests/UnbookedReferral",
        REFERRER,
        "ReferralRequest/{ubrn}/$ers.changeShortlist",
        Before::NotBooked,
    ),
    (
        "convertAdviceAndGuidanceToReferral/requests/WithAttachments",
        PROVIDER,
        "ReferralRequest/$ers.createFromCommunicationRequestActionLater",
        Before::Advice,
    ),
    (
        "createAdviceAndGuidance/requests/ExampleRCWithoutAttachments",
        REFERRER,
        "CommunicationRequest/$ers.createAdviceAndGuidance",
        Before::Nothing,
    ),
    (
        "createReferral/requests/MinimalRequestWithReferringClinician",
        REFERRERS_ADMIN,
        "ReferralRequest/$ers.createReferral",
        Before::Nothing,
    ),
    (
        "createReferral/requests/RequestMixedShortlist",
        REFERRER,
        "ReferralRequest/$ers.createReferral",
        Before::Nothing,
    ),
    (
        "createReferralAndSendForTriage/requests/Parameters",
        REFERRER,
        "ReferralRequest/$ers.createReferralAndSendForTriage",
        Before::Nothing,
    ),
    (
        "maintainReferralLetter/requests/MultipleDocumentReferences",
        REFERRER,
        "ReferralRequest/{ubrn}/$ers.maintainReferralLetter",
        Before::NotBooked,
    ),
    (
        "patientServiceSearch/requests/RcSearchWithCommissioningRuleOrganisation",
        REFERRER,
        "HealthcareService/$ers.searchHealthcareServicesForPatient",
        Before::Nothing,
    ),
    (
        "recordTriageOutcome/requests/AttachmentIncluded",
        PROVIDER,
        "ReferralRequest/{ubrn}/$ers.recordReviewOutcome",
        Before::AwaitingTriage,
    ),
    (
        "recordTriageOutcome/requests/ReturnToReferrerWithAdvice",
        PROVIDER,
        "ReferralRequest/{ubrn}/$ers.recordReviewOutcome",
        Before::AwaitingTriage,
    ),
    (
        "rejectReferral/requests/BasicExampleDbs",
        PROVIDER,
        "ReferralRequest/{ubrn}/$ers.rejectReferral",
        Before::Booked,
    ),
    (
        "retrieveAdviceAndGuidanceWorklist/requests/MinimalAdviceAndGuidanceRequests",
        PROVIDER,
        "CommunicationRequest/$ers.fetchworklist",
        Before::Advice,
    ),
    (
        "retrieveWorklist/requests/FilteringByClinician",
        PROVIDER,
        "ReferralRequest/$ers.fetchworklist",
        Before::Booked,
    ),
    (
        "retrieveWorklist/requests/FilteringByService",
        PROVIDER,
        "ReferralRequest/$ers.fetchworklist",
        Before::Booked,
    ),
    (
        "retrieveWorklist/requests/MinimalAppointmentSlotIssues",
        PROVIDER,
        "ReferralRequest/$ers.fetchworklist",
        Before::Full,
    ),
    (
        "retrieveWorklist/requests/MinimalLettersOutstanding",
        REFERRER,
        "ReferralRequest/$ers.fetchworklist",
        Before::NotBooked,
    ),
    (
        "retrieveWorklist/requests/MinimalRejectedTriageResponse",
        REFERRER,
        "ReferralRequest/$ers.fetchworklist",
        Before::NotBooked,
    ),
    (
        "sendAdviceAndGuidanceResponse/requests/ReturnToReferrerWithAdvice",
        PROVIDER,
        "CommunicationRequest/{ubrn}/$ers.sendCommunicationToRequester",
        Before::Advice,
    ),
    (
        "updateAppointment/requests/CancellationReasonAndMandatoryComment",
        REFERRER,
        "Appointment/{id}",
        Before::Booked,
    ),
];

/// A request that shows what is refused: its reason needs a comment, and there is none.
const REFUSED: &str = "updateAppointment/requests/CancellationReasonOnlyCommentMandatory";

/// All values of a kind in a request: what stands at `value` beside a system, or behind `Binary/`.
fn values(request: &Value, system: &str) -> Vec<String> {
    fn gather(value: &Value, system: &str, found: &mut Vec<String>) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| gather(item, system, found)),
            Value::Object(fields) => {
                if fields.get("system").and_then(Value::as_str) == Some(system) {
                    found.extend(fields.get("value").and_then(Value::as_str).map(str::to_owned));
                }
                fields.values().for_each(|value| gather(value, system, found));
            }
            Value::String(text) => {
                let rest = text.strip_prefix(system).filter(|rest| !rest.is_empty());
                found.extend(rest.map(str::to_owned));
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    gather(request, system, &mut found);
    found.sort();
    found.dedup();
    found
}

/// A town in which what a request names is there, and the referral stands so.
fn seed(request: &Value, before: Before) -> Seed {
    let mut services = values(request, "http://fhir.nhs.net/Id/ers-service");
    if services.is_empty() {
        services.push("11000".to_owned());
    }
    let at = services[0].clone();
    let (flows, bookable) = match before {
        Before::AwaitingTriage => (vec!["TRIAGE_REQUEST"], "none"),
        Before::Advice => (vec!["ADVICE_AND_GUIDANCE_REQUEST"], "none"),
        Before::BookedIndirectly => (vec!["APPOINTMENT_REQUEST"], "indirect"),
        _ => (vec!["APPOINTMENT_REQUEST", "TRIAGE_REQUEST", "ADVICE_AND_GUIDANCE_REQUEST"], "direct"),
    };
    let services: Vec<Value> = services
        .iter()
        .map(|id| {
            json!({
                "id": id, "name": "Direct SVC 1", "provider": "R68", "site": "R6801", "location": "Hospital", "flows": flows,
                "bookable": bookable, "priorities": ["ROUTINE", "URGENT"], "specialty": "CARDIOLOGY",
                "clinicTypes": ["HEART_FAILURE", "LIPID_MANAGEMENT"], "clinicians": [CLINICIAN],
            })
        })
        .collect();
    let ids: Vec<&Value> = services.iter().map(|service| &service["id"]).collect();
    let user = |id: &str, organisation: &str, functions: Value| {
        json!({
            "id": id, "name": "Somebody", "roles": [{ "organisation": organisation, "functions": functions }],
            "services": ids, "actsFor": [],
        })
    };
    let mut records =
        vec![json!({ "counters": ["", { "ubrn": 80_000, "number": 80_000, "uuids": 0, "clockAhead": 0 }] })];
    records.extend(record(&at, before));
    records.extend(files(request, before));
    let slot = json!({
        "id": "11000021", "service": at, "clinician": null, "appointmentType": "ROUTINE",
        "start": "2022-07-11T12:00:00Z", "end": "2022-07-11T13:00:00Z",
        "takenBy": if before == Before::Full || before == Before::Booked { json!("70004") } else { Value::Null },
    });
    let other = json!({
        "id": "11000022", "service": at, "clinician": null, "appointmentType": "ROUTINE",
        "start": "2022-07-12T12:00:00Z", "end": "2022-07-12T13:00:00Z", "takenBy": "1",
    });
    let seed = json!({
        "organisations": [
            { "ods": "R69", "name": "Surgery", "kind": "referrer" }, { "ods": "R68", "name": "Hospital", "kind": "provider" },
        ],
        "users": [
            user(CLINICIAN, "R69", json!([REFERRER])),
            user("555000000001", "R69", json!([REFERRERS_ADMIN])),
            user("555000000002", "R68", json!([PROVIDER])),
        ],
        "patients": [{ "nhsNumber": PATIENT, "name": "Invented", "practice": "R69" }],
        "services": services,
        "slots": [slot, other],
        "records": records,
    });
    Seed::read(seed.to_string().as_bytes()).unwrap_or_else(|error| panic!("{error}: {seed:#}"))
}

/// The referral or advice request, with what belongs to it.
fn record(at: &str, before: Before) -> Vec<Value> {
    let criteria = json!([
        { "name": "priority", "valueCoding": { "system": "https://fhir.nhs.uk/STU3/CodeSystem/eRS-Priority-1", "code": "ROUTINE" } },
        { "name": "ageAndGenderAppropriate", "valueBoolean": false },
    ]);
    if before == Before::Advice {
        let author = json!({ "user": CLINICIAN, "organisation": "R69", "function": REFERRER });
        return vec![json!({ "advice": [UBRN, {
            "ubrn": UBRN, "version": 3, "uuid": "c9d0a1de-6a3c-4b2f-9c7e-3a1f6c2b0d11", "category": "PROVIDER_RESPONSE_REQUIRED",
            "priority": "ROUTINE", "criteria": criteria, "service": at, "specialty": "CARDIOLOGY", "patient": PATIENT,
            "requester": author, "sender": author, "mayBeConverted": true, "created": NOW, "changed": NOW,
            "messages": [{
                "id": "1", "sentBy": "REQUESTER", "sender": author, "responsible": author, "text": "A question", "sent": NOW,
                "documents": [],
            }],
        }] })];
    }
    let (state, reason, status) = match before {
        Before::Nothing => return Vec::new(),
        Before::Booked | Before::BookedIndirectly => ("BOOKED", None, Some("booked")),
        Before::AwaitingTriage => (
            "AWAITING_TRIAGE",
            Some(json!({ "list": "eRS-ReviewReason-1", "code": "TRIAGE" })),
            Some("proposed"),
        ),
        Before::Triaged => {
            let reason = json!({ "list": "eRS-ReviewOutcome-1", "code": "ACCEPT_REFER_BOOK_LATER" });
            ("TRIAGED_PROVIDER_TO_ACTION", Some(reason), Some("proposed"))
        }
        _ => ("NOT_BOOKED", None, None),
    };
    let booked = status == Some("booked");
    let mut records = vec![json!({ "referral": [UBRN, {
        "ubrn": UBRN, "version": 6, "uuid": "c9d0a1de-6a3c-4b2f-9c7e-3a1f6c2b0d11", "state": state, "reason": reason, "comments": null,
        "priority": "ROUTINE", "criteria": criteria, "shortlist": [at], "commissioningOrganisation": "R69",
        "specialty": status.map(|_| "CARDIOLOGY"), "patient": PATIENT, "referrer": CLINICIAN, "referringOrganisation": "R69",
        "intendsLetter": false, "reminderDays": 0, "appointment": status.map(|_| "70004"), "documents": [], "related": [],
        "firstSubmitted": null, "lastUpdated": null, "pathwayStart": null, "requirements": [], "created": NOW, "changed": NOW,
        "isPendingReview": status.is_some(), "wasReviewed": false, "hasNewLetter": false, "hasNewPriority": false,
        "wasPrinted": false, "wasCancelledByReferrer": false,
    }] })];
    records.extend(status.map(|status| {
        json!({ "appointment": ["70004", {
            "id": "70004", "version": 1, "ubrn": UBRN, "referralVersion": 6, "status": status,
            "start": booked.then_some("2022-07-11T12:00:00Z"), "end": booked.then_some("2022-07-11T13:00:00Z"),
            "slot": (before == Before::Booked).then_some("11000021"), "reason": reason, "comment": null, "created": NOW,
            "service": at, "clinician": null,
        }] })
    }));
    let failure = match before {
        Before::Silent => Some("PAS_NOT_RESPONDING"),
        Before::Refused => Some("SLOT_NOT_AVAILABLE"),
        _ => None,
    };
    records.extend(
        failure.map(
            |failure| json!({ "attempt": [UBRN, { "slot": "11000022", "failure": failure, "at": NOW }] }),
        ),
    );
    records
}

/// The files that a request attaches, uploaded for the referral.
fn files(request: &Value, before: Before) -> Vec<Value> {
    let ids = values(request, "Binary/");
    let referral = (before != Before::Nothing).then_some(UBRN);
    let files = ids.iter().enumerate().flat_map(|(place, id)| {
        let file = json!({
            "id": id, "number": format!("{}", 900 + place), "name": format!("file{place}.txt"), "mediaType": "text/plain", "size": 1,
            "uploader": CLINICIAN, "onBehalfOf": null, "organisation": "R69", "referral": referral, "uploaded": NOW,
            "scan": { "done": NOW, "outcome": "AVAILABLE" }, "link": null,
        });
        [json!({ "file": [id, file] }), json!({ "content": [id, "eA=="] })]
    });
    files.collect()
}

/// The files of requests that the documents have.
fn known() -> BTreeSet<String> {
    let operations = fs::read_dir(examples()).expect("it is there").flatten();
    let folders = operations.map(|operation| operation.path().join("requests")).filter(|path| path.is_dir());
    let files = folders.flat_map(|folder| fs::read_dir(folder).expect("it is a folder").flatten());
    let name = |path: PathBuf| {
        let path = path.strip_prefix(examples()).expect("it is below").with_extension("");
        path.display().to_string()
    };
    files.map(|file| name(file.path())).collect()
}

fn requests_of_the_documents_are_taken() {
    let tried: BTreeSet<String> = REQUESTS.iter().map(|(file, ..)| (*file).to_owned()).collect();
    let known = known();
    assert_eq!(known.difference(&tried).collect::<Vec<_>>(), [REFUSED], "all are tried");
    let moment = |text: &str| text.parse::<Moment>().expect("it is a moment");
    let mut refused = Vec::new();
    for (file, who, target, before) in REQUESTS {
        let text = fs::read_to_string(examples().join(format!("{file}.json"))).expect("it is there");
        // Each document has its own name for where it was taken, and one has a patient whose number is none.
        let mut text = text.replace("_baseurl_", BASE).replace("_baseUrl_", BASE);
        text = text.replace("1000000001", PATIENT).replace("000000070005", UBRN);
        let request: Value = serde_json::from_str(&text).expect("it is JSON");
        // What is new has a pathway that began in a later year than other documents have their days.
        let now = moment(if *before == Before::Nothing { "2024-05-02T09:00:00Z" } else { NOW });
        let seed = seed(&request, *before);
        let local = Local::new(&seed, Settings::default());
        let mut state = local.begin(&seed, now);
        let is_put = target.starts_with("Appointment/");
        let target = target.replace("{ubrn}", UBRN).replace("{id}", "70004");
        let version = match before {
            Before::Advice => 3,
            _ if is_put => 1,
            _ => 6,
        };
        let organisation = if *who == PROVIDER { "R68" } else { "R69" };
        let call = Call::new(if is_put { "PUT" } else { "POST" }, format!("/STU3/{target}"))
            .header("NHSD-End-User-Organisation-ODS", organisation)
            .header("NHSD-eRS-Business-Function", *who)
            .header("Content-Type", "application/fhir+json")
            .header("If-Match", format!("W/\"{version}\""))
            .body(text);
        let answer = local.apply(&mut state, &call, now);
        if !(200..300).contains(&answer.status) {
            let body = String::from_utf8_lossy(&answer.body);
            refused.push(format!("{file}: {} {body}", answer.status));
        }
    }
    assert!(refused.is_empty(), "{refused:#?}");
}
