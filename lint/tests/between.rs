//! Calls against those before them, as captures: searches, files, the pace, and what is said of each.

use ers_fhir_lint::{Judged, Stranger, Traffic, capture, traffic};
use ers_fhir_report::{Diagnostic, Severity};
use serde_json::{Value, json};

const BASE: &str = "https://api.service.nhs.uk/referrals/FHIR";
const REFERRAL: &str = "STU3/ReferralRequest/000049912345";
const SEARCH: &str = "STU3/HealthcareService/$ers.searchHealthcareServicesForPatient";
const CREATE: &str = "STU3/ReferralRequest/$ers.createReferral";

/// An entry of a capture; its time is in seconds.
fn entry(time: f64, method: &str, path: &str, body: &Value, status: u16, answer: &Value) -> Value {
    let sent = (!body.is_null()).then(|| json!({ "text": body.to_string() }));
    let headers = json!([{ "name": "NHSD-eRS-Business-Function", "value": "REFERRING_CLINICIAN" }]);
    let (minutes, seconds) = ((time / 60.0).floor(), time % 60.0);
    json!({
        "startedDateTime": format!("2026-03-02T{:02}:{:02}:{seconds:06.3}Z", 9.0 + (minutes / 60.0).floor(), minutes % 60.0),
        "request": { "method": method, "url": format!("{BASE}/{path}"), "headers": headers, "postData": sent },
        "response": { "status": status, "content": { "text": answer.to_string() } }
    })
}

fn read(entries: &[Value]) -> Traffic {
    let har = serde_json::to_vec(&json!({ "log": { "entries": entries } })).expect("it is JSON");
    traffic(capture::read(&har).expect("it is a capture").expect("it has calls"))
}

fn found(entries: &[Value]) -> Vec<Diagnostic> {
    let traffic = read(entries);
    let strangers = traffic.strangers.iter().map(Stranger::finding);
    traffic.judged.iter().flat_map(Judged::findings).chain(strangers).collect()
}

fn codes(entries: &[Value]) -> Vec<&'static str> {
    found(entries).iter().map(|found| found.rule.code).collect()
}

fn get(time: f64, path: &str, status: u16, answer: &Value) -> Value {
    entry(time, "GET", path, &Value::Null, status, answer)
}

fn referral(version: &str) -> Value {
    json!({ "resourceType": "ReferralRequest", "id": "000049912345", "meta": { "versionId": version },
        "extension": [{ "url": "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-eRS-Commissioning-Rule-Org-1",
            "valueIdentifier": { "value": "X26" } }] })
}

#[test]
fn the_version_of_a_referral_is_not_that_in_what_it_contains() {
    let mut cancelled = referral("4");
    cancelled["contained"] = json!([{ "resourceType": "Appointment",
        "incomingReferral": [{ "reference": "ReferralRequest/000049912345/_history/10" }] }]);
    let answer = json!({ "resourceType": "Parameters",
        "parameter": [{ "name": "updatedReferralRequest", "resource": cancelled }] });
    let cancel = entry(0.0, "POST", &format!("{REFERRAL}/$ers.cancelReferral"), &json!({}), 200, &answer);
    let read =
        |version: u64, status| get(60.0, &format!("{REFERRAL}/_history/{version}"), status, &json!({}));
    for status in [200, 404, 409] {
        assert_eq!(codes(&[cancel.clone(), read(4, status)]), Vec::<&str>::new(), "{status}");
    }
    assert_eq!(codes(&[cancel, read(3, 404)]), ["traffic-stale-version"]);
}

#[test]
fn what_an_old_version_is_answered_with_depends_on_the_call() {
    let task = "STU3/Task?focus=ReferralRequest/000049912345/_history/5&intent=proposal&status=ready";
    let accept = format!("{REFERRAL}/$ers.acceptReferral");
    for (method, path, says) in
        [("GET", format!("{REFERRAL}/_history/5"), "404"), ("GET", task.to_owned(), "HISTORY_NOT_SUPPORTED")]
    {
        let calls = [
            get(0.0, REFERRAL, 200, &referral("6")),
            entry(60.0, method, &path, &Value::Null, 404, &json!({})),
        ];
        let found = found(&calls);
        let said = found.first().and_then(|found| found.suggestion.as_ref()).expect("it is old").revealed();
        assert!(said.contains(says), "{said}");
    }
    let mut late = entry(60.0, "POST", &accept, &Value::Null, 409, &json!({}));
    late["request"]["headers"] = json!([{ "name": "If-Match", "value": "W/\"5\"" }]);
    let found = found(&[get(0.0, REFERRAL, 200, &referral("6")), late]);
    let said = found.first().and_then(|found| found.suggestion.as_ref()).expect("it is old").revealed();
    assert!(said.contains("409"), "{said}");
}

fn list(service: &str, needs_letter: bool) -> Value {
    json!({ "resourceType": "List", "entry": [{ "item": {
        "identifier": { "system": "http://fhir.nhs.net/Id/ers-service", "value": service },
        "extension": [{ "extension": [{ "url": "referralLetterRequired", "valueBoolean": needs_letter }] }] } }] })
}

fn criteria(priority: &str) -> Value {
    json!({ "resourceType": "Parameters", "parameter": [
        { "name": "priority", "valueCoding": { "code": priority } },
        { "name": "specialty", "valueCoding": { "code": "DERMATOLOGY" } }] })
}

fn search(time: f64, priority: &str, organisation: Option<&str>, needs_letter: bool) -> Value {
    let mut parts = vec![json!({ "name": "searchCriteria", "resource": criteria(priority) })];
    parts.extend(organisation.map(
        |code| json!({ "name": "commissioningRuleOrganisation", "valueIdentifier": { "value": code } }),
    ));
    let request = json!({ "resourceType": "Parameters", "parameter": parts });
    entry(time, "POST", SEARCH, &request, 200, &list("20417", needs_letter))
}

fn shortlist(time: f64, path: &str, priority: &str, intention: &str) -> Value {
    let mut shortlist = list("20417", false);
    shortlist["contained"] = json!([criteria(priority)]);
    let request = json!({ "resourceType": "Parameters", "parameter": [
        { "name": "shortlist", "resource": shortlist },
        { "name": "intentionToAddReferralLetter", "valueCoding": { "code": intention } }] });
    entry(time, "POST", path, &request, 422, &json!({}))
}

#[test]
fn a_shortlist_has_the_criteria_of_its_search() {
    let create = |priority| shortlist(60.0, CREATE, priority, "NEED_TO_ADD_LATER");
    let routine = search(0.0, "ROUTINE", None, false);
    assert!(codes(&[routine.clone(), create("ROUTINE")]).is_empty());
    assert_eq!(codes(&[routine.clone(), create("URGENT")]), ["traffic-shortlist"]);
    // Another search has found it with them.
    assert!(codes(&[routine, search(1.0, "URGENT", None, false), create("URGENT")]).is_empty());
}

#[test]
fn a_service_that_needs_a_letter_gets_one() {
    let create = |intention| shortlist(60.0, CREATE, "ROUTINE", intention);
    let needing = search(0.0, "ROUTINE", None, true);
    assert!(codes(&[needing.clone(), create("NEED_TO_ADD_LATER")]).is_empty());
    assert_eq!(codes(&[needing, create("NOT_INTENDING_TO_ADD")]), ["traffic-letter"]);
    let other = search(0.0, "ROUTINE", None, false);
    assert!(codes(&[other, create("NOT_INTENDING_TO_ADD")]).is_empty());
}

#[test]
fn services_for_a_referral_are_searched_with_its_organisation() {
    let seen = get(0.0, REFERRAL, 200, &referral("4"));
    let mut change =
        shortlist(120.0, &format!("{REFERRAL}/$ers.changeShortlist"), "ROUTINE", "NEED_TO_ADD_LATER");
    change["request"]["headers"] = json!([{ "name": "If-Match", "value": "W/\"4\"" }]);
    let without = search(60.0, "ROUTINE", None, false);
    let with = search(61.0, "ROUTINE", Some("X26"), false);
    assert_eq!(codes(&[seen.clone(), without.clone(), change.clone()]), ["traffic-shortlist"]);
    assert!(codes(&[seen.clone(), without.clone(), with, change.clone()]).is_empty());
    // It was searched for before there was a referral.
    let mut before = without;
    before["startedDateTime"] = "2026-03-02T08:00:00Z".into();
    assert!(codes(&[before, seen, change]).is_empty());
}

#[test]
fn files_are_fetched_when_they_can_be() {
    let file = "9f3c1b52-6b1e-4f0e-8a52-0a7f5c7a1d11";
    let said = |state: &str| {
        let extension = json!([{ "url": "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-eRS-AvailabilityStatus-1",
            "valueCoding": { "code": state } }]);
        let attachment = json!({ "extension": extension, "url": format!("Binary/{file}") });
        json!({ "resourceType": "CommunicationRequest", "id": "000049954321",
            "contained": [{ "resourceType": "DocumentReference", "content": [{ "attachment": attachment }] }] })
    };
    let calls = |state: &str, wait: f64, status: u16| {
        codes(&[
            get(0.0, "STU3/CommunicationRequest/000049954321", 200, &said(state)),
            get(wait, &format!("R4/Binary/{file}"), status, &json!({})),
        ])
    };
    let wrong = ["traffic-unavailable-file"];
    assert_eq!(calls("PENDING", 10.0, 422), wrong);
    assert!(calls("PENDING", 10.0, 307).is_empty(), "it came");
    assert!(calls("PENDING", 400.0, 422).is_empty());
    assert_eq!(calls("THREATS_FOUND", 4000.0, 422), wrong);
    assert!(calls("AVAILABLE", 10.0, 422).is_empty());
}

#[test]
fn where_a_file_is_is_asked_for_each_download() {
    let place = "https://files.example.org/letter?signature=a";
    let led = |time: f64| {
        let mut led = get(time, "R4/Binary/9f3c1b52-6b1e-4f0e-8a52-0a7f5c7a1d11", 307, &json!({}));
        led["response"] = json!({ "status": 307, "headers": [{ "name": "Location", "value": place }] });
        led
    };
    let fetch = |time: f64| {
        let mut fetch = get(time, "", 200, &json!({}));
        fetch["request"] = json!({ "method": "GET", "url": place });
        fetch
    };
    assert!(codes(&[led(0.0), fetch(1.0)]).is_empty());
    assert_eq!(codes(&[led(0.0), fetch(1.0), fetch(3000.0)]), ["traffic-old-link"]);
    assert!(codes(&[led(0.0), fetch(1.0), led(2999.0), fetch(3000.0)]).is_empty());
}

#[test]
fn calls_go_no_faster_than_the_service_takes_them() {
    let calls = |gap: f64, count: u32| -> Vec<Value> {
        let call = |number: u32| get(f64::from(number) * gap, REFERRAL, 200, &referral("4"));
        (0..count).map(call).collect()
    };
    assert_eq!(codes(&calls(0.05, 15)), ["traffic-rate"], "it is said once");
    assert!(codes(&calls(0.1, 30)).is_empty());
    let mut elsewhere = calls(0.05, 15);
    for call in &mut elsewhere {
        call["request"]["url"] = format!("http://localhost:8080/FHIR/{REFERRAL}").into();
    }
    assert!(codes(&elsewhere).is_empty());
}

#[test]
fn calls_of_two_environments_are_counted_apart() {
    let calls = (0..16).map(|number: u32| {
        let mut call = get(f64::from(number) * 0.05, REFERRAL, 200, &referral("4"));
        if number.is_multiple_of(2) {
            let url = call["request"]["url"].as_str().expect("it is text").replace("//api.", "//int.api.");
            call["request"]["url"] = url.into();
        }
        call
    });
    assert!(codes(&calls.collect::<Vec<_>>()).is_empty());
}

#[test]
fn a_worklist_tells_the_versions_of_what_it_lists() {
    let list = |version: u32| {
        let row = json!({ "extension": [{ "url": "https://fhir.nhs.uk/row", "extension": [
            { "url": "referralRequestVersion", "valueInteger": version }] }],
            "item": { "reference": "ReferralRequest/000049912345" } });
        let answer = json!({ "resourceType": "List", "entry": [row] });
        entry(60.0, "POST", "STU3/ReferralRequest/$ers.fetchworklist", &json!({}), 200, &answer)
    };
    let accept = |time: f64, version: u32, status| {
        let path = format!("{REFERRAL}/$ers.acceptReferral");
        let mut call = entry(time, "POST", &path, &Value::Null, status, &json!({}));
        let headers = call["request"]["headers"].as_array_mut().expect("it has headers");
        headers.push(json!({ "name": "If-Match", "value": format!("W/\"{version}\"") }));
        call
    };
    let read = get(0.0, REFERRAL, 200, &referral("5"));
    let is_stale = |calls: &[Value]| codes(calls).contains(&"traffic-stale-version");
    assert!(!is_stale(&[read.clone(), list(7), accept(120.0, 7, 200)]));
    assert!(is_stale(&[read.clone(), list(7), accept(120.0, 5, 409)]));
    // A list is read as well, and another version makes another call.
    let is_repeated = |calls: &[Value]| codes(calls).contains(&"traffic-repeated");
    let locked = accept(30.0, 5, 423);
    assert!(is_repeated(&[read.clone(), locked.clone(), accept(120.0, 5, 200)]));
    assert!(!is_repeated(&[read.clone(), locked, list(5), accept(120.0, 5, 200)]));
    assert!(!is_repeated(&[read, accept(30.0, 5, 200), accept(120.0, 9, 200)]));
}

#[test]
fn the_wait_after_a_refusal_grows() {
    let refused = |time| get(time, REFERRAL, 429, &Value::Null);
    let taken = |time| get(time, REFERRAL, 200, &referral("4"));
    assert!(codes(&[refused(0.0), refused(1.0), taken(3.0)]).is_empty());
    assert_eq!(codes(&[refused(0.0), refused(1.0), taken(2.0)]), ["traffic-repeated"]);
    assert_eq!(codes(&[refused(0.0), taken(0.2)]), ["traffic-repeated"]);
    assert!(codes(&[refused(0.0), refused(10.0), taken(20.0)]).is_empty(), "it is long enough");
}

#[test]
fn an_application_fetches_a_list_twice_a_day() {
    let list = |time: f64, service: &str| {
        let request = json!({ "resourceType": "Parameters", "parameter": [
            { "name": "listType", "valueCodeableConcept": { "coding": [{ "code": "REFERRALS_FOR_REVIEW" }] } },
            { "name": "service", "valueIdentifier": { "value": service } }] });
        let path = "STU3/ReferralRequest/$ers.fetchworklist";
        let mut list = entry(time, "POST", path, &request, 200, &json!({ "resourceType": "List" }));
        list["request"]["headers"] = json!([{ "name": "Authorization", "value": "Bearer a" }]);
        list
    };
    let twice = [list(0.0, "1"), list(3600.0, "1")];
    let with = |last: Value| codes(&[twice[0].clone(), twice[1].clone(), last]);
    let is_too_often = |found: Vec<&str>| found.contains(&"traffic-repeated");
    assert!(is_too_often(with(list(7200.0, "1"))));
    assert!(!is_too_often(with(list(7200.0, "2"))));
    let mut of_user = list(7200.0, "1");
    of_user["request"]["headers"] =
        json!([{ "name": "NHSD-eRS-Business-Function", "value": "SERVICE_PROVIDER_CLINICIAN" }]);
    assert!(!is_too_often(with(of_user)));
}

#[test]
fn a_fault_of_a_booking_is_said_once() {
    let mut seen = referral("4");
    seen["subject"] = json!({ "identifier": { "value": "9994827162" } });
    let booking = json!({ "resourceType": "Appointment", "status": "booked",
        "incomingReferral": [{ "reference": "ReferralRequest/000049912345/_history/4" }],
        "participant": [{ "actor": { "identifier":
            { "system": "http://fhir.nhs.net/Id/nhs-number", "value": "9434765919" } } }] });
    for (status, is_held) in [(422, true), (201, false)] {
        let book = entry(60.0, "POST", "STU3/Appointment", &booking, status, &json!({}));
        let traffic = read(&[get(0.0, REFERRAL, 200, &seen), book]);
        let request = traffic.judged.iter().find(|judged| judged.number == 2).expect("it is a call");
        // Whoever holds it against the referral says the same.
        assert_eq!(request.context.current.is_some(), is_held);
        let is_said = request.session.iter().any(|found| found.rule.code == "traffic-participant");
        assert_eq!(is_said, !is_held);
    }
}

#[test]
fn a_base_that_reads_like_that_of_the_service_may_be_that_of_another() {
    let severity = |path: &str, headers: Value| {
        let mut call = get(0.0, "", 200, &json!({}));
        call["request"]["url"] = format!("https://api.service.nhs.uk/{path}").into();
        call["request"]["headers"] = headers;
        found(&[call]).first().map(|found| found.severity)
    };
    let read = "FHIR/STU3/ReferralRequest/000049912345";
    let header = json!([{ "name": "NHSD-eRS-Business-Function", "value": "REFERRING_CLINICIAN" }]);
    assert_eq!(severity(&format!("referral/{read}s/x"), json!([])), Some(Severity::Warning));
    assert_eq!(severity(&format!("referral/{read}s/x"), header), Some(Severity::Error));
    assert_eq!(severity(&format!("referrals/{read}s/x"), json!([])), Some(Severity::Error));
    assert_eq!(severity("personal-demographics/FHIR/R4/Patient/1", json!([])), None);
}

/// The same, about a patient.
fn of(patient: &str, mut call: Value) -> Value {
    let text = call["request"]["postData"]["text"].as_str().expect("there is a body");
    let mut body: Value = serde_json::from_str(text).expect("it is JSON");
    let part = json!({ "name": "patient", "valueIdentifier": { "value": patient } });
    body["parameter"].as_array_mut().expect("it has parts").push(part);
    call["request"]["postData"]["text"] = body.to_string().into();
    call
}

#[test]
fn two_patients_may_be_referred_side_by_side() {
    let search = |time, patient| of(patient, search(time, "ROUTINE", None, false));
    let create = |time, patient| of(patient, shortlist(time, CREATE, "ROUTINE", "NEED_TO_ADD_LATER"));
    let both = [search(0.0, "9994827162"), search(1.0, "9434765919")];
    for patient in ["9994827162", "9434765919"] {
        assert!(codes(&[both[0].clone(), both[1].clone(), create(60.0, patient)]).is_empty());
    }
    assert_eq!(codes(&[both[0].clone(), create(60.0, "9434765919")]), ["traffic-shortlist"]);
}

#[test]
fn an_appointment_goes_back_with_the_referral_that_it_named() {
    let appointment = json!({ "resourceType": "Appointment", "id": "81220", "meta": { "versionId": "0" },
        "incomingReferral": [{ "reference": "ReferralRequest/000049912345/_history/4" }] });
    let mut cancel = entry(180.0, "PUT", "STU3/Appointment/81220", &appointment, 422, &json!({}));
    cancel["request"]["headers"] = json!([{ "name": "If-Match", "value": "W/\"0\"" }]);
    let task = |version: u32, action: &str| {
        let path = format!(
            "STU3/Task?focus=ReferralRequest/000049912345/_history/{version}&intent=proposal&status=ready"
        );
        let code = json!({ "coding": [{ "code": action }] });
        get(
            120.0,
            &path,
            200,
            &json!({ "resourceType": "Bundle", "entry": [{ "resource": { "code": code } }] }),
        )
    };
    let seen = |version: &str, action| {
        codes(&[
            get(0.0, "STU3/Appointment/81220", 200, &appointment),
            get(60.0, REFERRAL, 200, &referral(version)),
            task(version.parse().expect("it is a number"), action),
            cancel.clone(),
        ])
    };
    assert!(seen("6", "CANCEL_DIRECTLY_BOOKED_APPOINTMENT").is_empty());
    assert_eq!(seen("6", "CREATE_APPOINTMENT"), ["traffic-action"]);
}

#[test]
fn a_file_that_comes_in_parts_is_one_download() {
    let place = "https://files.example.org/letter?signature=a";
    let mut led = get(0.0, "R4/Binary/9f3c1b52-6b1e-4f0e-8a52-0a7f5c7a1d11", 307, &json!({}));
    led["response"] = json!({ "status": 307, "headers": [{ "name": "Location", "value": place }] });
    let part = |time: f64, range: &str| {
        let mut fetch = get(time, "", 206, &json!({}));
        let headers = json!([{ "name": "range", "value": range }]);
        fetch["request"] = json!({ "method": "GET", "url": place, "headers": headers });
        fetch
    };
    let parts = [led, part(1.0, "bytes=0-99"), part(200.0, "bytes=100-199"), part(400.0, "bytes=200-")];
    assert!(codes(&parts).is_empty());
    let again = [parts[0].clone(), parts[1].clone(), part(400.0, "bytes=0-99")];
    assert_eq!(codes(&again), ["traffic-old-link"]);
}

#[test]
fn services_are_asked_for_what_they_take() {
    let told = |flows: &[&str], bookable: &str| {
        let part = |url: &str, code: &str| json!({ "url": url, "valueCodeableConcept": { "coding": [{ "code": code }] } });
        let mut parts: Vec<Value> = flows.iter().map(|flow| part("supportedRequestFlowType", flow)).collect();
        parts.push(part("bookableType", bookable));
        let mut answer = list("20417", false);
        answer["entry"][0]["item"]["extension"] = json!([{ "extension": parts }]);
        let request = json!({ "resourceType": "Parameters", "parameter": [] });
        entry(0.0, "POST", SEARCH, &request, 200, &answer)
    };
    let ask = |path: &str, status: &str, reason: &str| {
        let mut body = json!({ "resourceType": "Appointment", "status": status, "participant": [{ "actor":
            { "identifier": { "system": "http://fhir.nhs.net/Id/ers-service", "value": "20417" } } }] });
        if !reason.is_empty() {
            body["reason"] = json!([{ "coding": [{ "code": reason }] }]);
        }
        entry(60.0, "POST", path, &body, 422, &json!({}))
    };
    let triage = shortlist(
        60.0,
        "STU3/ReferralRequest/$ers.createReferralAndSendForTriage",
        "ROUTINE",
        "NEED_TO_ADD_LATER",
    );
    let book = ask("STU3/Appointment", "booked", "");
    let send = ask("STU3/Appointment", "proposed", "TRIAGE");
    let (bookable, to_triage) = (["APPOINTMENT_REQUEST"], ["TRIAGE_REQUEST"]);
    for (flows, bookable, call, expected) in [
        (&bookable[..], "DIRECTLY_BOOKABLE", &book, None),
        (&bookable[..], "INDIRECTLY_BOOKABLE", &book, Some("traffic-slot")),
        (&to_triage[..], "UNSPECIFIED", &book, Some("traffic-slot")),
        (&to_triage[..], "UNSPECIFIED", &send, None),
        (&bookable[..], "DIRECTLY_BOOKABLE", &send, Some("traffic-slot")),
        (&bookable[..], "DIRECTLY_BOOKABLE", &triage, Some("traffic-shortlist")),
        (&to_triage[..], "UNSPECIFIED", &triage, None),
        (&[], "UNSPECIFIED", &triage, None),
    ] {
        let found = codes(&[told(flows, bookable), call.clone()]);
        assert_eq!(found.first().copied(), expected, "{flows:?} {bookable}: {found:?}");
    }
}

#[test]
fn files_that_go_together_have_different_names() {
    let upload = |time: f64, id: &str, name: &str| {
        let mut upload = entry(time, "POST", "STU3/Binary", &Value::Null, 201, &Value::Null);
        upload["request"]["headers"] = json!([{ "name": "nhsd-ers-file-name", "value": name },
            { "name": "NHSD-eRS-Referral-ID", "value": "000049912345" }]);
        upload["response"] =
            json!({ "status": 201, "headers": [{ "name": "location", "value": format!("Binary/{id}") }] });
        upload
    };
    let document = |id: &str| {
        json!({ "name": "referralLetterFile", "resource": { "resourceType": "DocumentReference",
            "content": [{ "attachment": { "url": format!("Binary/{id}") } }] } })
    };
    let (one, two) = ("9f3c1b52-6b1e-4f0e-8a52-0a7f5c7a1d11", "9f3c1b52-6b1e-4f0e-8a52-0a7f5c7a1d12");
    let letters = json!({ "resourceType": "Parameters", "parameter": [document(one), document(two)] });
    let attach =
        entry(60.0, "POST", &format!("{REFERRAL}/$ers.maintainReferralLetter"), &letters, 422, &json!({}));
    let with = |name: &str| codes(&[upload(0.0, one, "letter.pdf"), upload(1.0, two, name), attach.clone()]);
    assert_eq!(with("Letter.PDF"), ["traffic-file"]);
    assert!(with("letter-2.pdf").is_empty());
}

#[test]
fn a_file_is_asked_for_again_after_a_while() {
    let outcome = json!({ "resourceType": "OperationOutcome",
        "issue": [{ "details": { "coding": [{ "code": "PENDING" }] } }] });
    let ask = |time: f64| get(time, "R4/Binary/9f3c1b52-6b1e-4f0e-8a52-0a7f5c7a1d11", 422, &outcome);
    assert!(codes(&[ask(0.0), ask(400.0)]).is_empty());
    assert_eq!(codes(&[ask(0.0), ask(10.0)]), ["traffic-unavailable-file"]);
}

#[test]
fn a_change_that_is_sent_twice_is_one_fault() {
    let change = |time: f64, status, answer: &Value| {
        let mut call =
            entry(time, "POST", &format!("{REFERRAL}/$ers.acceptReferral"), &Value::Null, status, answer);
        call["request"]["headers"] = json!([{ "name": "If-Match", "value": "W/\"4\"" }]);
        call
    };
    let seen = get(0.0, REFERRAL, 200, &referral("4"));
    let twice = [seen.clone(), change(60.0, 200, &referral("5")), change(90.0, 409, &Value::Null)];
    assert_eq!(codes(&twice), ["traffic-repeated"]);
    let newer = get(30.0, REFERRAL, 200, &referral("6"));
    let stale = [seen, newer, change(60.0, 409, &Value::Null), change(90.0, 409, &Value::Null)];
    assert_eq!(codes(&stale), ["traffic-stale-version", "traffic-stale-version"]);
}
