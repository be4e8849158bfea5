//! Good sessions, made of good calls, and faults between their calls: nearly all faults are found, and nothing is
//! said against a good session.

use ers_fhir_ers::example::{Caller, callers, good};
use ers_fhir_ers::rule;
use ers_fhir_ers::service::{Method, Role, find};
use ers_fhir_ers::{Answer, Call};
use ers_fhir_lint::capture::Exchange;
use ers_fhir_lint::{Judged, capture, traffic};
use ers_fhir_report::Diagnostic;
use serde_json::Value;

const CLINICIAN: Caller = Caller::User(Role::ReferringClinician);
const ADMIN: Caller = Caller::User(Role::ReferringClinicianAdmin);
const PROVIDER: Caller = Caller::User(Role::ServiceProviderClinician);
const PROVIDER_ADMIN: Caller = Caller::User(Role::ServiceProviderClinicianAdmin);

/// A step of a session: the operation, who calls, and how often the record was changed before.
type Step = (&'static str, Caller, u64);

/// What happens in each kind of session.
const SESSIONS: &[(&str, &[Step])] = &[
    (
        "refer and book",
        &[
            ("A010", CLINICIAN, 0),
            ("A011", CLINICIAN, 0),
            ("A020", CLINICIAN, 0),
            ("A012", CLINICIAN, 0),
            ("A005", CLINICIAN, 1),
            ("A015", CLINICIAN, 0),
            ("A016", CLINICIAN, 1),
            ("A038", CLINICIAN, 1),
            ("A034", CLINICIAN, 1),
            ("A036", CLINICIAN, 1),
        ],
    ),
    ("review", &[("A008", PROVIDER, 0), ("A005", PROVIDER, 0), ("A013", PROVIDER, 0), ("A014", PROVIDER, 1)]),
    (
        "triage by an admin",
        &[
            ("A040", PROVIDER_ADMIN, 0),
            ("A008", PROVIDER_ADMIN, 0),
            ("A005", PROVIDER_ADMIN, 0),
            ("A020", PROVIDER_ADMIN, 0),
            ("A029", PROVIDER_ADMIN, 0),
            ("A028", PROVIDER_ADMIN, 0),
            ("A036", PROVIDER_ADMIN, 1),
        ],
    ),
    (
        "cancel later",
        &[("A005", PROVIDER, 3), ("A020", PROVIDER, 3), ("A022", PROVIDER, 3), ("A005", PROVIDER, 4)],
    ),
    (
        "change the shortlist",
        &[
            ("A005", ADMIN, 2),
            ("A029", ADMIN, 2),
            ("A010", ADMIN, 2),
            ("A031", ADMIN, 2),
            ("A015", ADMIN, 3),
            ("A016", ADMIN, 3),
        ],
    ),
    (
        "ask and advise",
        &[
            ("A044", CLINICIAN, 0),
            ("A023", PROVIDER, 0),
            ("A024", PROVIDER, 0),
            ("A025", PROVIDER, 0),
            ("A026", PROVIDER, 0),
        ],
    ),
    ("convert", &[("A023", PROVIDER, 0), ("A024", PROVIDER, 0), ("A027", PROVIDER, 0)]),
    (
        "an application reviews",
        &[
            ("A008", Caller::Application, 0),
            ("A005", Caller::Application, 0),
            ("A029", Caller::Application, 0),
            ("A028", Caller::Application, 0),
        ],
    ),
];

/// How a version is written, before and behind its number.
const VERSIONS: [(&str, &str); 3] = [("W/\"", "\""), ("/_history/", ""), ("\"versionId\": \"", "\"")];

/// A text in which the versions of the referral are later by some.
fn later(text: &str, by: u64) -> String {
    let mut text = text.to_owned();
    // From the last on, so that none is changed twice.
    for version in [5, 4] {
        for (before, behind) in VERSIONS {
            let number = |version: u64| format!("{before}{version}{behind}");
            text = text.replace(&number(version), &number(version + by));
        }
    }
    text
}

fn changed(call: Call, change: &dyn Fn(&str) -> String) -> Call {
    let body = |bytes: Vec<u8>| change(&String::from_utf8(bytes).expect("examples are texts")).into_bytes();
    let pairs = |all: Vec<(String, String)>| {
        all.into_iter().map(|(name, value)| (name, change(&value))).collect::<Vec<_>>()
    };
    Call {
        method: call.method,
        url: change(&call.url),
        headers: pairs(call.headers),
        body: body(call.body),
        answer: call.answer.map(|answer| Answer {
            status: answer.status,
            headers: pairs(answer.headers),
            body: body(answer.body),
        }),
    }
}

fn session(steps: &[Step], seed: u64) -> Vec<Call> {
    let call = |(id, caller, by): &Step| {
        let endpoint = find(id).next().expect("it is an operation");
        assert!(callers(endpoint).contains(caller), "{id} {caller:?}");
        changed(good(endpoint, *caller, seed).call, &|text| later(text, *by))
    };
    steps.iter().map(call).collect()
}

/// What is said of the calls against each other, with a minute between them.
fn found(calls: &[Call]) -> Vec<Diagnostic> {
    let exchange = |(call, number): (&Call, usize)| Exchange {
        number,
        call: call.clone(),
        began: i64::try_from(number).ok().map(|number| number * 60_000),
        has_request: true,
        has_answer: true,
        ..Exchange::default()
    };
    let exchanges = calls.iter().zip(1..).map(exchange).collect();
    let traffic = traffic(exchanges);
    assert_eq!(traffic.others, 0);
    let strangers = traffic.strangers.iter().map(ers_fhir_lint::Stranger::finding);
    traffic.judged.iter().flat_map(Judged::findings).chain(strangers).collect()
}

#[test]
fn nothing_is_said_against_good_sessions() {
    for (name, steps) in SESSIONS {
        for seed in 0..20 {
            let said: Vec<String> = found(&session(steps, seed))
                .into_iter()
                .map(|found| format!("{} {}", found.rule.code, found.message.revealed()))
                .collect();
            assert!(said.is_empty(), "{name} {seed}: {said:#?}");
        }
    }
}

/// The same call with one thing in its request replaced, wherever it is; `None` where it is not there.
fn replaced(call: &Call, from: &str, to: &str) -> Option<Call> {
    let Call { method, url, headers, body, answer } = call.clone();
    let text = String::from_utf8(body).expect("examples are texts");
    let headers: Vec<_> = headers.into_iter().map(|(name, value)| (name, value.replace(from, to))).collect();
    let sown =
        Call { method, url: url.replace(from, to), headers, body: text.replace(from, to).into(), answer };
    (sown != *call).then_some(sown)
}

fn digits_after<'t>(text: &'t str, mark: &str) -> Option<&'t str> {
    let (_, rest) = text.split_once(mark)?;
    let end = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
    (end > 0).then(|| &rest[..end])
}

/// Another number of as many digits.
fn other(digits: &str) -> String {
    let last = digits.bytes().last().map_or(b'0', |byte| b'0' + (byte - b'0' + 3) % 10);
    format!("{}{}", &digits[..digits.len() - 1], char::from(last))
}

/// Everything that is sent, as one text.
fn sent(call: &Call) -> String {
    let headers: Vec<String> = call.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    format!("{}\n{}\n{}", call.url, headers.join("\n"), String::from_utf8_lossy(&call.body))
}

/// One fault each, sown into a call.
fn faults_of(call: &Call, is_first_about_record: bool) -> Vec<(&'static str, Call)> {
    let mut all = Vec::new();
    let text = sent(call);
    let mut sow =
        |label, from: &str, to: &str| all.extend(replaced(call, from, to).map(|call| (label, call)));
    for (before, behind) in [("W/\"", "\""), ("/_history/", "")] {
        let Some(version) = digits_after(&text, before) else { continue };
        // What is read first is not compared with anything.
        if is_first_about_record {
            continue;
        }
        let number: u64 = version.parse().expect("it is digits");
        let written = format!("{before}{version}{behind}");
        sow("an old version", &written, &format!("{before}{}{behind}", number - 1));
        sow("a version that was never answered", &written, &format!("{before}{}{behind}", number + 4));
    }
    for kind in ["ReferralRequest/", "CommunicationRequest/", "Appointment/"] {
        let Some(id) = digits_after(&text, kind) else { continue };
        let changes = call.method != "GET" || text.contains("focus=") || text.contains("based-on=");
        if changes && !is_first_about_record {
            sow("another record", &format!("{kind}{id}"), &format!("{kind}{}", other(id)));
        }
    }
    if call.url.ends_with("/Appointment") {
        let slot = digits_after(&text, "Slot/").expect("it is booked");
        sow("a slot that was not offered", &format!("Slot/{slot}"), &format!("Slot/{}", other(slot)));
        sow("other times than those of the slot", "T09:30:00Z", "T09:35:00Z");
        sow("another clinician", "sds-user-id\", \"value\": \"5", "sds-user-id\", \"value\": \"6");
        for (label, system) in
            [("another patient", "nhs-number"), ("a service of no shortlist", "ers-service")]
        {
            let mark = format!("{system}\", \"value\": \"");
            let value = digits_after(&text, &mark).expect("it takes part");
            sow(label, &format!("{mark}{value}"), &format!("{mark}{}", other(value)));
        }
    }
    if ["createReferral", "changeShortlist"].iter().any(|name| call.url.ends_with(name)) {
        let mark = "ers-service\", \"value\": \"";
        let service = digits_after(&text, mark).expect("there is a shortlist");
        sow(
            "a service that was not found",
            &format!("{mark}{service}"),
            &format!("{mark}{}", other(service)),
        );
    }
    if let Some((_, file)) = text.split_once("\"Binary/").filter(|_| call.url.contains("$ers.")) {
        let file = &file[..36];
        sow("a file that was not uploaded", file, &file.replace(['4', '5'], "6"));
    }
    for (name, value) in &call.headers {
        match name.as_str() {
            "NHSD-eRS-Comm-Rule-Org" => sow("rules of another organisation", value, "Y27"),
            "NHSD-eRS-Referral-ID" => sow("a file of another referral", value, &other(value)),
            "NHSD-eRS-On-Behalf-Of-User-ID" if !call.url.contains("/Practitioner?") => {
                sow("a clinician who was not listed", value, &other(value));
            }
            _ => {}
        }
    }
    all
}

/// Sessions with one fault each.
fn faulty() -> Vec<(String, Vec<Call>)> {
    let mut all = Vec::new();
    for (name, steps) in SESSIONS {
        for seed in [0, 1, 2, 3] {
            let good = session(steps, seed);
            let mut put = |label: &str, place: usize, calls: Vec<Call>| {
                all.push((format!("{name} {seed}, {}: {label}", steps[place].0), calls));
            };
            for (place, (id, ..)) in steps.iter().enumerate() {
                let endpoint = find(id).next().expect("it is an operation");
                let names_record = |(id, ..): &&Step| !["A010", "A030", "A040", "A015"].contains(id);
                let is_first = !steps[..place].iter().any(|step| names_record(&step));
                for (label, call) in faults_of(&good[place], is_first) {
                    let mut calls = good.clone();
                    calls[place] = call;
                    put(label, place, calls);
                }
                if *id == "A020" {
                    let mut calls = good.clone();
                    calls[place].headers.retain(|(name, _)| name != "NHSD-eRS-Referral-ID");
                    put("a file of no referral", place, calls);
                }
                if *id == "A016" {
                    let mut calls = good.clone();
                    let deferral = rule::find("ers-rule-83").expect("it is declared").good.payload.bytes();
                    let body = String::from_utf8(deferral.into_owned()).expect("it is text");
                    calls[place].body = body.replace("NO_SLOTS_AT_SERVICE", "BOOKING_ATTEMPT_PROBLEM").into();
                    put("a reason that was not met with", place, calls);
                }
                let asks = ["A007", "A008", "A010", "A019", "A023", "A043"].contains(id);
                if endpoint.method != Method::Get && !asks {
                    let mut calls = good.clone();
                    calls.insert(place, good[place].clone());
                    put("sent twice", place, calls);
                    for status in [409, 422, 504] {
                        let mut calls = good.clone();
                        let mut failed = good[place].clone();
                        failed.answer = Some(Answer { status, ..Answer::default() });
                        if status != 504 {
                            // Where it succeeds the second time, something else has changed.
                            calls[place].answer.clone_from(&failed.answer);
                        }
                        calls.insert(place, failed);
                        put("sent again as it was after a failure", place, calls);
                    }
                }
            }
        }
    }
    all
}

#[test]
fn nearly_all_faults_are_found() {
    let all = faulty();
    assert!(all.len() >= 300, "{}", all.len());
    let missed: Vec<&str> =
        all.iter().filter(|(_, calls)| found(calls).is_empty()).map(|(label, _)| label.as_str()).collect();
    assert!(missed.len() * 20 <= all.len(), "{} of {}: {missed:#?}", missed.len(), all.len());
}

#[test]
fn a_call_follows_a_refusal_as_too_many_only_after_a_while() {
    let steps = SESSIONS[1].1;
    let mut calls = session(steps, 0);
    if let Some(answer) = &mut calls[1].answer {
        *answer = Answer { status: 429, ..Answer::default() };
    }
    let exchanges = |wait: i64| {
        let began = [0, 60_000, 60_000 + wait];
        let all = calls.iter().zip(began).zip(1..);
        all.map(|((call, began), number)| Exchange {
            number,
            call: call.clone(),
            began: Some(began),
            has_request: true,
            has_answer: true,
            ..Exchange::default()
        })
        .collect()
    };
    let said = |wait| {
        let traffic = traffic(exchanges(wait));
        traffic.judged.iter().flat_map(Judged::findings).any(|found| found.rule.code == "traffic-repeated")
    };
    assert!(said(100) && !said(2000));
}

#[test]
fn a_change_that_was_refused_is_held_against_the_record_that_was_read() {
    let held = |status: u16, by: u64| {
        let mut calls = session(&[("A005", CLINICIAN, 0), ("A036", CLINICIAN, by)], 0);
        if let Some(answer) = &mut calls[1].answer {
            answer.status = status;
        }
        let exchange = |(call, number): (Call, usize)| Exchange { number, call, ..Exchange::default() };
        let traffic = traffic(calls.into_iter().zip(1..).map(exchange).collect());
        let is_change = |judged: &&Judged| judged.number == 2 && judged.context.status.is_none();
        let change = traffic.judged.iter().find(is_change).expect("it is a call");
        change.context.current.is_some()
    };
    assert!(held(422, 0), "it starts from what was read");
    assert!(!held(200, 0), "the service took it");
    assert!(!held(422, 1), "it starts from something else");
}

/// The codes of the findings on the calls of a capture.
fn codes(entries: &Value) -> Vec<&'static str> {
    let har = serde_json::to_vec(&serde_json::json!({ "log": { "entries": entries } })).expect("it is JSON");
    let traffic = traffic(capture::read(&har).expect("it is a capture").expect("it has calls"));
    traffic.judged.iter().flat_map(Judged::findings).map(|found| found.rule.code).collect()
}

/// An entry of a capture.
fn entry(method: &str, path: &str, body: &str, status: u16, answer: &Value) -> Value {
    serde_json::json!({
        "request": { "method": method, "url": format!("https://api.service.nhs.uk/referrals/FHIR/STU3/{path}"),
            "postData": { "text": body } },
        "response": { "status": status, "content": { "text": answer.to_string() } }
    })
}

#[test]
fn a_booking_tells_the_version_that_its_referral_has_now() {
    let read = serde_json::json!({ "resourceType": "ReferralRequest", "id": "000049912345", "meta": { "versionId": "4" } });
    let booked = serde_json::json!({ "resourceType": "Appointment", "id": "70000",
        "incomingReferral": [{ "reference": "ReferralRequest/000049912345/_history/6" }] });
    let asks = |version: u32| {
        let focus = format!("ReferralRequest/000049912345/_history/{version}");
        serde_json::json!([
            entry("GET", "ReferralRequest/000049912345", "", 200, &read),
            entry("POST", "Appointment", "{}", 201, &booked),
            entry(
                "GET",
                &format!("Task?focus={focus}&intent=proposal&status=ready"),
                "",
                200,
                &serde_json::json!({})
            ),
        ])
    };
    let is_stale = |version| codes(&asks(version)).contains(&"traffic-stale-version");
    assert!(!is_stale(6) && is_stale(4));
}

#[test]
fn a_call_that_succeeds_the_second_time_is_not_said_to_fail_again() {
    let body = r#"{ "resourceType": "Parameters" }"#;
    let none = serde_json::json!({});
    let create = |status| entry("POST", "ReferralRequest/$ers.createReferral", body, status, &none);
    let is_repeated =
        |second| codes(&serde_json::json!([create(422), create(second)])).contains(&"traffic-repeated");
    assert!(!is_repeated(201) && is_repeated(422));
}

#[test]
fn nothing_is_changed_after_its_end() {
    let cancel = ("A036", PROVIDER, 0);
    for after in ["A013", "A014", "A020", "A022", "A028", "A036"] {
        let mut calls = session(&[("A005", PROVIDER, 0), cancel, ("A005", PROVIDER, 1)], 0);
        calls[2] = changed(calls[2].clone(), &|text| {
            text.replace("\"status\": \"active\"", "\"status\": \"cancelled\"")
        });
        assert!(found(&calls).is_empty(), "it may be read");
        calls.extend(session(&[(after, PROVIDER, 1)], 0));
        let codes: Vec<&str> = found(&calls).iter().map(|found| found.rule.code).collect();
        assert_eq!(codes, ["traffic-ended"], "{after}");
    }
    let mut calls = session(&[("A038", CLINICIAN, 0), ("A034", CLINICIAN, 0), ("A034", CLINICIAN, 1)], 0);
    calls[2].url.push('?');
    assert!(found(&calls).iter().any(|found| found.rule.code == "traffic-ended"));
    // What was refused has not ended.
    let mut refused = session(&[("A005", PROVIDER, 0), cancel, ("A013", PROVIDER, 0)], 0);
    if let Some(answer) = &mut refused[1].answer {
        *answer = Answer { status: 422, ..Answer::default() };
    }
    assert!(found(&refused).is_empty());
}

#[test]
fn a_slot_is_of_the_service_that_is_booked() {
    let steps = [("A005", CLINICIAN, 0), ("A015", CLINICIAN, 0), ("A016", CLINICIAN, 0)];
    let mut calls = session(&steps, 0);
    assert!(found(&calls).is_empty());
    let service = digits_after(&calls[1].url, "HealthcareService=").expect("it is searched").to_owned();
    calls[1] = changed(calls[1].clone(), &|text| text.replace(&service, &other(&service)));
    let found = found(&calls);
    let codes: Vec<&str> = found.iter().map(|found| found.rule.code).collect();
    assert_eq!(codes, ["traffic-slot"]);
}

#[test]
fn the_token_stays_where_it_belongs() {
    let store = "https://files.example.org/letter";
    let location = |place: &str| serde_json::json!({ "status": 307, "headers": [{ "name": "location", "value": place }] });
    let request = |url: &str, token: Option<&str>| {
        let headers = token.map(|token| serde_json::json!({ "name": "authorization", "value": token }));
        serde_json::json!({ "method": "GET", "url": url, "headers": headers.into_iter().collect::<Vec<_>>() })
    };
    let base = "https://api.service.nhs.uk/referrals/FHIR/R4/Binary/9f3c1b52-6b1e-4f0e-8a52-0a7f5c7a1d11";
    let is_found = |place: &str, url: &str, token: Option<&str>| {
        let har = serde_json::json!({ "log": { "entries": [
            { "request": request(base, Some("Bearer a")), "response": location(place) },
            { "request": request(url, token), "response": { "status": 200 } },
        ] } });
        let bytes = serde_json::to_vec(&har).expect("it is JSON");
        let traffic = traffic(capture::read(&bytes).expect("it is one").expect("it has calls"));
        traffic.strangers.iter().any(|stranger| stranger.finding().rule.code == "traffic-token-forwarded")
    };
    let signed = format!("{store}?signature=a");
    assert!(is_found(&signed, &signed, Some("Bearer a")));
    assert!(is_found(&signed, &signed, Some("bearer b")));
    assert!(!is_found(&signed, &signed, None));
    assert!(!is_found(&signed, &signed, Some("Basic YTpi")), "it is the store's own");
    assert!(!is_found(&signed, "https://files.example.org/other", Some("Bearer a")));
}
