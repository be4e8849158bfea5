//! A client of a local service that checks what it is answered.

use ers_fhir_ers::service::Access;
use ers_fhir_ers::{Call as Wire, Ers, definitions};
use ers_fhir_local::{Answer, Call, Local, Moment, Seed, Settings, State, Token, england};
use ers_fhir_profiles::FhirVersion;
use ers_fhir_report::{CallPart, Severity};
use ers_fhir_validator::{Options, Validator};
use serde_json::{Value, json};

/// When tests begin: a Monday.
pub(crate) const NOW: &str = "2026-03-02T09:00:00Z";

pub(crate) const PATIENT: &str = "9994827162";

/// Who calls.
#[derive(Clone, Copy)]
pub(crate) struct Who(pub(crate) &'static str, pub(crate) &'static str);

pub(crate) const REFERRER: Who = Who("X26", "REFERRING_CLINICIAN");
pub(crate) const REFERRERS_ADMIN: Who = Who("X26", "REFERRING_CLINICIAN_ADMIN");
pub(crate) const PROVIDER: Who = Who("R9K", "SERVICE_PROVIDER_CLINICIAN");
pub(crate) const PROVIDERS_ADMIN: Who = Who("R9K", "SERVICE_PROVIDER_CLINICIAN_ADMIN");
/// The clinician whom an admin of a provider acts for.
pub(crate) const CLINICIAN: &str = "555000333444";

/// A service with its state and its clock, and validators for its answers.
pub(crate) struct Service {
    pub(crate) local: Local,
    pub(crate) state: State,
    pub(crate) now: Moment,
    stu3: Validator,
    r4: Validator,
}

impl Service {
    pub(crate) fn new() -> Self {
        Self::with(&england(), Settings::default())
    }

    pub(crate) fn with(seed: &Seed, settings: Settings) -> Self {
        let now = NOW.parse().expect("it is a moment");
        let local = Local::new(seed, settings);
        let state = local.begin(seed, now);
        Self {
            local,
            state,
            now,
            stu3: Validator::new(definitions(FhirVersion::Stu3)),
            r4: Validator::new(definitions(FhirVersion::R4)),
        }
    }

    /// Lets time pass.
    pub(crate) fn wait(&mut self, seconds: i64) {
        self.now = self.now.plus_seconds(seconds);
    }

    /// Sends a call, and checks the answer as the validator does.
    pub(crate) fn send(&mut self, call: &Call) -> Answer {
        let answer = self.local.apply(&mut self.state, call, self.now);
        self.wait(1);
        self.check(call, &answer);
        answer
    }

    fn check(&self, call: &Call, answer: &Answer) {
        let mut headers = answer.headers.clone();
        headers.extend([
            ("X-Correlation-ID", "11d46f5f-cdef-4865-94b2-0ee0edcc26da".to_owned()),
            ("X-Request-ID", "99bd8d4e-5c5d-4a0c-b2a3-2d3e1f6a7b80-1".to_owned()),
            ("Content-Length", answer.body.len().to_string()),
        ]);
        let mut asked: Vec<(String, String)> = call.headers.clone();
        asked.push(("X-Correlation-ID".to_owned(), "11d46f5f-cdef-4865-94b2-0ee0edcc26da".to_owned()));
        asked.push(("Authorization".to_owned(), "Bearer token".to_owned()));
        let wire = Wire {
            method: call.method.clone(),
            url: format!("{}{}", call.base, call.target),
            headers: asked,
            body: call.body.clone(),
            answer: Some(ers_fhir_ers::Answer {
                status: answer.status,
                headers: headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
                body: answer.body.clone(),
            }),
        };
        let Ok(Some(context)) = wire.response() else { return };
        let is_application = matches!(call.caller, Token::Application(_));
        let access = if is_application { Access::Application } else { Access::User };
        let context = context.access(access);
        let validator = if context.endpoint.release == FhirVersion::R4 { &self.r4 } else { &self.stu3 };
        let options =
            Options { now: self.now.to_string().parse().ok(), ..Options::from(Ers::called(context)) };
        let report = validator.check(&answer.body, &options);
        let found: Vec<String> = report
            .all()
            .filter(|found| found.severity > Severity::Information)
            // What is refused is wrong as it was sent; what matters is how it is refused.
            .filter(|found| answer.status < 400 || !found.part.is_some_and(is_of_request))
            .map(|found| format!("{} {} {}", found.rule.code, found.location, found.message.revealed()))
            .collect();
        let body = String::from_utf8_lossy(&answer.body);
        assert!(found.is_empty(), "{} {}: {}\n{found:#?}\n{body}", call.method, call.target, answer.status);
    }

    /// Sends a call that has to succeed; the body of the answer.
    pub(crate) fn ok(&mut self, call: &Call) -> Value {
        let answer = self.send(call);
        let body = String::from_utf8_lossy(&answer.body);
        assert!(
            (200..400).contains(&answer.status),
            "{} {}: {} {body}",
            call.method,
            call.target,
            answer.status
        );
        serde_json::from_slice(&answer.body).unwrap_or_default()
    }

    /// Sends a call that has to be refused; status and code.
    pub(crate) fn refused(&mut self, call: &Call) -> (u16, &'static str) {
        let before = self.state.clone();
        let answer = self.send(call);
        assert!(answer.status >= 400, "{} {} succeeds", call.method, call.target);
        if answer.changes.is_empty() {
            assert!(self.state == before, "a refusal changes nothing");
        }
        (answer.status, answer.code.unwrap_or_default())
    }
}

fn is_of_request(part: CallPart) -> bool {
    matches!(
        part,
        CallPart::Method
            | CallPart::Path
            | CallPart::Query(_)
            | CallPart::Header(_)
            | CallPart::UnknownHeader
    )
}

/// A call of somebody.
pub(crate) fn call(who: Who, method: &str, target: &str) -> Call {
    let call = Call::new(method, target)
        .header("NHSD-End-User-Organisation-ODS", who.0)
        .header("NHSD-eRS-Business-Function", who.1);
    if who.1 == PROVIDERS_ADMIN.1 { call.header("NHSD-eRS-On-Behalf-Of-User-ID", CLINICIAN) } else { call }
}

pub(crate) fn get(who: Who, target: &str) -> Call {
    call(who, "GET", target)
}

/// A call with a body.
pub(crate) fn post(who: Who, target: &str, body: &Value) -> Call {
    call(who, "POST", target).header("Content-Type", "application/fhir+json").body(body.to_string())
}

/// The same from a version on.
pub(crate) fn from(call: Call, version: &str) -> Call {
    call.header("If-Match", format!("W/\"{version}\""))
}

/// A call of an application.
pub(crate) fn by_application(method: &str, target: &str) -> Call {
    Call { caller: Token::Application("aire-and-wharfe-imaging".to_owned()), ..Call::new(method, target) }
}

pub(crate) fn version(record: &Value) -> String {
    record["meta"]["versionId"].as_str().unwrap_or_default().to_owned()
}

pub(crate) fn id(record: &Value) -> String {
    record["id"].as_str().unwrap_or_default().to_owned()
}

/// State and reason of a referral.
pub(crate) fn state(referral: &Value) -> (String, String) {
    let all = referral["extension"].as_array().into_iter().flatten();
    let found =
        all.into_iter().find(|it| it["url"].as_str().is_some_and(|url| url.ends_with("ReferralState-1")));
    let part = |name: &str| {
        let parts = found.and_then(|found| found["extension"].as_array()).into_iter().flatten();
        let part = parts.into_iter().find(|part| part["url"] == name);
        part.and_then(|part| part["valueCoding"]["code"].as_str()).unwrap_or_default().to_owned()
    };
    (part("state"), part("reason"))
}

fn profiled(name: &str) -> Value {
    json!({ "profile": [format!("https://fhir.nhs.uk/STU3/StructureDefinition/{name}")] })
}

pub(crate) fn parameters(profile: &str, parts: Vec<Value>) -> Value {
    let mut made = json!({ "resourceType": "Parameters", "meta": profiled(profile) });
    made["parameter"] = Value::Array(parts);
    made
}

pub(crate) fn coded(name: &str, list: &str, code: &str) -> Value {
    json!({ "name": name, "valueCoding": { "system": format!("https://fhir.nhs.uk/STU3/CodeSystem/{list}"), "code": code } })
}

pub(crate) fn listed(name: &str, list: &str, code: &str) -> Value {
    let system = format!("https://api.service.nhs.uk/referrals/FHIR/STU3/CodeSystem/{list}");
    json!({ "name": name, "valueCoding": { "system": system, "code": code } })
}

pub(crate) fn text(name: &str, text: &str) -> Value {
    json!({ "name": name, "valueString": text })
}

pub(crate) fn patient(number: &str) -> Value {
    json!({ "name": "patient", "valueIdentifier": { "system": "http://fhir.nhs.net/Id/nhs-number", "value": number } })
}

pub(crate) fn user(name: &str, id: &str) -> Value {
    json!({ "name": name, "valueIdentifier": { "system": "http://fhir.nhs.net/Id/sds-user-id", "value": id } })
}

/// What a search for that specialty has.
pub(crate) fn criteria(specialty: &str, clinic_type: &str) -> Vec<Value> {
    vec![
        coded("priority", "eRS-Priority-1", "ROUTINE"),
        listed("specialty", "SPECIALTY", specialty),
        coded("clinicType", "eRS-ClinicType-1", clinic_type),
        json!({ "name": "ageAndGenderAppropriate", "valueBoolean": true }),
    ]
}

pub(crate) fn skin() -> Vec<Value> {
    criteria("DERMATOLOGY", "ECZEMA_AND_DERMATITIS")
}

pub(crate) fn heart() -> Vec<Value> {
    criteria("CARDIOLOGY", "HEART_FAILURE")
}

pub(crate) fn shortlist(criteria: Vec<Value>, services: &[&str]) -> Value {
    let mut search = parameters("eRS-ServiceSearchCriteria-Parameters-1", criteria);
    search["id"] = json!("criteria");
    let entries: Vec<Value> = services
        .iter()
        .map(|id| json!({ "item": { "identifier": { "system": "http://fhir.nhs.net/Id/ers-service", "value": id } } }))
        .collect();
    json!({ "name": "shortlist", "resource": {
        "resourceType": "List",
        "meta": profiled("eRS-Shortlist-List-1"),
        "contained": [search],
        "extension": [{
            "url": "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-eRS-Shortlist-SearchCriteria-1",
            "valueReference": { "reference": "#criteria" },
        }],
        "status": "current",
        "mode": "snapshot",
        "entry": entries,
    } })
}

pub(crate) fn intention(code: &str, days: u32) -> Vec<Value> {
    vec![
        coded("intentionToAddReferralLetter", "eRS-ReferralLetterIntention-1", code),
        json!({ "name": "firstReminderLetterFollowUpDays", "valueUnsignedInt": days }),
    ]
}

/// The body of A011.
pub(crate) fn creation(criteria: Vec<Value>, services: &[&str]) -> Value {
    let mut parts = vec![patient(PATIENT), shortlist(criteria, services)];
    parts.extend(intention("NEED_TO_ADD_LATER", 7));
    parameters("eRS-CreateReferral-Parameters-1", parts)
}

/// A referral that was just created.
pub(crate) fn created(service: &mut Service, criteria: Vec<Value>, services: &[&str]) -> Value {
    service.ok(&post(REFERRER, "/STU3/ReferralRequest/$ers.createReferral", &creation(criteria, services)))
}

/// A file to attach.
pub(crate) fn attachment(name: &str, kind: &str, url: &str) -> Value {
    json!({ "name": name, "resource": {
        "resourceType": "DocumentReference",
        "meta": profiled("eRS-DocumentReference-1"),
        "status": "current",
        "type": { "coding": [{ "system": "https://fhir.nhs.uk/STU3/CodeSystem/eRS-AttachmentType-1", "code": kind }] },
        "indexed": "2026-03-02T09:00:00Z",
        "description": "What it is about",
        "content": [{ "attachment": { "url": url } }],
    } })
}

/// Uploads a file; its address.
pub(crate) fn upload(service: &mut Service, who: Who, name: &str, referral: Option<&str>) -> String {
    let mut sent = call(who, "POST", "/STU3/Binary")
        .header("Content-Type", "text/plain")
        .header("NHSD-eRS-File-Name", name)
        .body("The rash has not settled.");
    if let Some(ubrn) = referral {
        sent = sent.header("NHSD-eRS-Referral-ID", ubrn);
    }
    let answer = service.send(&sent);
    assert_eq!(answer.status, 201);
    answer.header("Location").unwrap_or_default().to_owned()
}

/// Attaches a letter to a referral; the referral.
pub(crate) fn with_letter(service: &mut Service, referral: &Value) -> Value {
    let ubrn = id(referral);
    let url = upload(service, REFERRER, "letter.txt", Some(&ubrn));
    let letter = attachment("referralLetterFile", "REFERRER", &url);
    let body = parameters("eRS-MaintainReferralLetter-Parameters-1", vec![letter]);
    let target = format!("/STU3/ReferralRequest/{ubrn}/$ers.maintainReferralLetter");
    service.ok(&from(post(REFERRER, &target, &body), &version(referral)))
}

/// The first free slot of a service.
pub(crate) fn first_slot(service: &mut Service, of: &str) -> Value {
    let target = format!(
        "/STU3/Slot?schedule.actor:HealthcareService={of}&appointmentType=ROUTINE&status=free&_count=5&page=1"
    );
    let found = service.ok(&get(REFERRER, &target).header("NHSD-eRS-Comm-Rule-Org", "X26"));
    found["entry"][0]["resource"].clone()
}

/// The body of A016 for a referral at a service.
pub(crate) fn appointment(referral: &Value, service: &str) -> Value {
    let participant = |system: &str, value: &str| json!({ "actor": { "identifier": { "system": system, "value": value } }, "status": "accepted" });
    json!({
        "resourceType": "Appointment",
        "id": "appointment",
        "meta": { "profile": [
            "https://fhir.nhs.uk/STU3/StructureDefinition/eRS-Appointment-1",
            "https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Appointment-1",
        ] },
        "language": "en",
        "description": "e-Referral Appointment",
        "incomingReferral": [{
            "reference": format!("ReferralRequest/{}/_history/{}", id(referral), version(referral)),
        }],
        "participant": [
            participant("http://fhir.nhs.net/Id/ers-service", service),
            participant("http://fhir.nhs.net/Id/nhs-number", referral["subject"]["identifier"]["value"].as_str().unwrap_or_default()),
        ],
    })
}

/// The same in a slot.
pub(crate) fn booking(referral: &Value, service: &str, slot: &Value) -> Value {
    let mut made = appointment(referral, service);
    made["status"] = json!("booked");
    made["start"] = slot["start"].clone();
    made["end"] = slot["end"].clone();
    made["slot"] = json!([{ "reference": format!("Slot/{}", id(slot)) }]);
    made
}

/// The same without one, for a reason.
pub(crate) fn deferral(referral: &Value, service: &str, reason: &str) -> Value {
    let mut made = appointment(referral, service);
    made["status"] = json!("proposed");
    made["reason"] = json!([{ "coding": [{
        "system": "https://fhir.nhs.uk/STU3/CodeSystem/eRS-ReviewReason-1",
        "code": reason,
    }] }]);
    made
}

/// A referral as it is now.
pub(crate) fn read(service: &mut Service, who: Who, ubrn: &str) -> Value {
    service.ok(&get(who, &format!("/STU3/ReferralRequest/{ubrn}")))
}

/// A referral that is booked at a service.
pub(crate) fn booked(service: &mut Service, criteria: Vec<Value>, at: &str) -> Value {
    let referral = created(service, criteria, &[at]);
    let referral = with_letter(service, &referral);
    let slot = first_slot(service, at);
    service.ok(&post(REFERRER, "/STU3/Appointment", &booking(&referral, at, &slot)));
    read(service, REFERRER, &id(&referral))
}

/// The UBRNs on a worklist.
pub(crate) fn worklist(service: &mut Service, who: Who, list: &str) -> Vec<String> {
    let (target, selector) = if list == "ADVICE_AND_GUIDANCE_REQUESTS" {
        ("/STU3/CommunicationRequest/$ers.fetchworklist", "eRS-CommunicationListSelector-1")
    } else {
        ("/STU3/ReferralRequest/$ers.fetchworklist", "eRS-ReferralListSelector-1")
    };
    let system = format!("https://fhir.nhs.uk/STU3/CodeSystem/{selector}");
    let wanted = json!({ "name": "listType", "valueCodeableConcept": { "coding": [{ "system": system, "code": list }] } });
    let found = service.ok(&post(who, target, &parameters("eRS-FetchWorklist-Parameters-1", vec![wanted])));
    let rows = found["entry"].as_array().into_iter().flatten();
    let references = rows.filter_map(|row| row["item"]["reference"].as_str()?.split('/').nth(1));
    references.map(str::to_owned).collect()
}
