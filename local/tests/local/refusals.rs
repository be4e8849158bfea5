//! Every refusal: what is sent, and what it is answered with. A row is a reason of the specification.

use std::collections::BTreeSet;

use ers_fhir_local::seed::ProviderSystem;
use ers_fhir_local::state::Availability;
use ers_fhir_local::{Call, Token};
use serde_json::{Value, json};

use crate::support::*;

type Row = (&'static str, u16, &'static str, fn(&mut Service) -> Call);

fn sent(criteria: Vec<Value>, services: &[&str], change: impl FnOnce(&mut Value)) -> Call {
    let mut body = creation(criteria, services);
    change(&mut body);
    post(REFERRER, "/STU3/ReferralRequest/$ers.createReferral", &body)
}

fn without(body: &mut Value, name: &str) {
    body["parameter"].as_array_mut().expect("it has parameters").retain(|part| part["name"] != name);
}

fn with(body: &mut Value, part: Value) {
    body["parameter"].as_array_mut().expect("it has parameters").push(part);
}

fn named(clinician: &str) -> Vec<Value> {
    vec![
        coded("priority", "eRS-Priority-1", "ROUTINE"),
        user("namedClinician", clinician),
        json!({ "name": "ageAndGenderAppropriate", "valueBoolean": true }),
    ]
}

fn at(ods: &str) -> Vec<Value> {
    let mut criteria = skin();
    let system = "https://directory.spineservices.nhs.uk/STU3/Organization";
    criteria.push(json!({ "name": "organisation", "valueIdentifier": { "system": system, "value": ods } }));
    criteria
}

fn of_patient(place: usize) -> Value {
    let number = &ers_fhir_local::england().patients[place].nhs_number;
    let mut body = creation(skin(), &["20417"]);
    without(&mut body, "patient");
    with(&mut body, patient(number));
    body
}

/// The rows of A011; A010, A021 and A044 share the code behind them.
const CREATION: &[Row] = &[
    ("the patient is nobody", 422, "PATIENT_ERROR", |_| sent(skin(), &["20417"], |body| {
        without(body, "patient");
        with(body, patient("9434765919"));
    })),
    ("the number has a wrong check digit", 422, "INVALID_VALUE", |_| sent(skin(), &["20417"], |body| {
        without(body, "patient");
        with(body, patient("9994827163"));
    })),
    ("the record of the patient cannot be used", 422, "PATIENT_ERROR", |_| {
        post(REFERRER, "/STU3/ReferralRequest/$ers.createReferral", &of_patient(8))
    }),
    ("the patient has no practice", 422, "NO_REG_GP_PRACTICE", |_| {
        post(REFERRER, "/STU3/ReferralRequest/$ers.createReferral", &of_patient(7))
    }),
    ("no patient is named", 422, "MISSING_VALUE", |_| sent(skin(), &["20417"], |body| without(body, "patient"))),
    ("a parameter is not known", 422, "UNEXPECTED_FIELD", |_| {
        sent(skin(), &["20417"], |body| with(body, text("colour", "blue")))
    }),
    ("a value is an array", 422, "INVALID_FHIR_STRUCTURE", |_| {
        sent(skin(), &["20417"], |body| body["parameter"][0]["name"] = json!(["patient"]))
    }),
    ("it is no JSON", 422, "INVALID_FHIR_STRUCTURE", |_| {
        call(REFERRER, "POST", "/STU3/ReferralRequest/$ers.createReferral")
            .header("Content-Type", "application/fhir+json")
            .body("{ \"resourceType\": ")
    }),
    ("a code is not listed", 422, "INVALID_CODE", |_| sent(skin(), &["20417"], |body| {
        without(body, "intentionToAddReferralLetter");
        with(body, coded("intentionToAddReferralLetter", "eRS-ReferralLetterIntention-1", "MAYBE"));
    })),
    ("a specialty is not listed", 422, "INVALID_CODE", |_| sent(criteria("ALCHEMY", "HEART_FAILURE"), &["20417"], |_| {})),
    ("a service is there twice", 422, "DUPLICATE_SERVICE", |_| sent(skin(), &["20417", "20417"], |_| {})),
    ("the shortlist is too long", 422, "TOO_MANY_ITEMS", |_| {
        let ids: Vec<String> = (1..=21).map(|id| id.to_string()).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        sent(skin(), &ids, |_| {})
    }),
    ("a service is nowhere", 422, "REFERENCE_NOT_FOUND", |_| sent(skin(), &["99999"], |_| {})),
    ("a service takes no such request", 422, "INAPPROPRIATE_VALUE", |_| sent(skin(), &["20700"], |_| {})),
    ("the search does not find a service", 422, "SHORTLISTED_SERVICE_NOT_IN_RESULTS", |_| {
        sent(skin(), &["20601"], |_| {})
    }),
    ("a service is not published", 422, "SHORTLISTED_SERVICE_NOT_IN_RESULTS", |_| sent(heart(), &["20607"], |_| {})),
    ("a service is not commissioned for the practice", 422, "SHORTLISTED_SERVICE_NOT_IN_RESULTS", |_| {
        sent(skin(), &["20800"], |_| {})
    }),
    ("a service needs a letter", 422, "INAPPROPRIATE_VALUE", |_| sent(skin(), &["20417"], |body| {
        without(body, "intentionToAddReferralLetter");
        with(body, coded("intentionToAddReferralLetter", "eRS-ReferralLetterIntention-1", "NOT_INTENDING_TO_ADD"));
    })),
    ("the pathway begins tomorrow", 422, "INAPPROPRIATE_VALUE", |_| sent(skin(), &["20417"], |body| {
        with(body, json!({ "name": "eReferralPathwayStart", "valueInstant": "2026-03-03T09:00:00Z" }));
    })),
    ("a clinician names a clinician", 422, "FIELD_NOT_PERMITTED", |_| {
        sent(skin(), &["20417"], |body| with(body, user("referringClinician", "555000111222")))
    }),
    ("an admin names none", 422, "VALUE_IS_REQUIRED", |_| {
        post(REFERRERS_ADMIN, "/STU3/ReferralRequest/$ers.createReferral", &creation(skin(), &["20417"]))
    }),
    ("an admin names nobody", 422, "REFERENCE_NOT_FOUND", |_| by_admin("555000000000")),
    ("an admin names one who has gone", 422, "REFERENCED_USER_IS_NOT_ACTIVE", |_| by_admin("555000888999")),
    ("an admin names one of a provider", 422, "REFERENCED_USER_IS_NOT_RC", |_| by_admin("555000333444")),
    ("an admin names one of another practice", 422, "REFERENCED_USER_NOT_IN_ORG", |_| by_admin("555000555666")),
    ("an admin names one who refers elsewhere", 422, "REFERENCED_USER_IS_NOT_RC_AT_ORG", |_| by_admin("555000222333")),
    ("a search names nobody", 422, "REFERENCE_NOT_FOUND", |_| sent(named("555000000000"), &["20417"], |_| {})),
    ("a search names one who has gone", 422, "REFERENCED_USER_IS_NOT_ACTIVE", |_| {
        sent(named("555000888999"), &["20417"], |_| {})
    }),
    ("a search names one who refers", 422, "REFERENCED_USER_IS_NOT_SPC", |_| {
        sent(named("555000111222"), &["20417"], |_| {})
    }),
    ("a search names a closed organisation", 422, "ORGANISATION_IS_CLOSED", |_| sent(at("A99003"), &["20417"], |_| {})),
    ("a search names a practice", 422, "ORGANISATION_NOT_APPROPRIATE", |_| sent(at("X26"), &["20417"], |_| {})),
    ("a search names no organisation", 422, "REFERENCE_NOT_FOUND", |_| sent(at("ZZZ99"), &["20417"], |_| {})),
    ("a search has an unknown term", 422, "SNOMED_NOT_FOUND", |_| {
        let mut criteria = skin();
        criteria.push(json!({ "name": "clinicalTerm", "valueCoding": { "system": "http://snomed.info/sct", "code": "73211009" } }));
        sent(criteria, &["20417"], |_| {})
    }),
    ("a search says too little", 422, "VALUE_IS_REQUIRED", |_| {
        let mut criteria = skin();
        criteria.remove(2);
        sent(criteria, &["20417"], |_| {})
    }),
    ("a search limits a distance from nowhere", 422, "FIELD_NOT_PERMITTED", |_| {
        let mut criteria = skin();
        criteria.push(json!({ "name": "distanceLimit", "valueUnsignedInt": 30 }));
        sent(criteria, &["20417"], |_| {})
    }),
];

fn by_admin(clinician: &str) -> Call {
    let mut body = creation(skin(), &["20417"]);
    with(&mut body, user("referringClinician", clinician));
    post(REFERRERS_ADMIN, "/STU3/ReferralRequest/$ers.createReferral", &body)
}

/// The rows of who may call, and how.
const ACCESS: &[Row] = &[
    ("the token is no good", 401, "NO_ACCESS", |_| Call {
        caller: Token::Invalid("it has expired"),
        ..get(REFERRER, "/STU3/ReferralRequest/000049900001")
    }),
    ("the token is no good for R4", 401, "ACCESS_DENIED", |_| Call {
        caller: Token::User("555000888999".to_owned()),
        ..get(REFERRER, "/R4/PractitionerRole")
    }),
    ("the organisation is not named", 400, "MISSING_HEADER", |_| {
        Call::new("GET", "/STU3/ReferralRequest/000049900001").header("NHSD-eRS-Business-Function", "REFERRING_CLINICIAN")
    }),
    ("the function is not named", 403, "FORBIDDEN", |_| {
        Call::new("GET", "/STU3/CodeSystem/PRIORITY").header("NHSD-End-User-Organisation-ODS", "X26")
    }),
    ("the function is none", 403, "FORBIDDEN", |_| get(Who("X26", "WIZARD"), "/STU3/CodeSystem/PRIORITY")),
    ("the function is one of an application", 403, "NO_ACCESS", |_| {
        get(Who("R9K", "PROVIDER_AUTHORISED_APPLICATION"), "/STU3/CodeSystem/PRIORITY")
    }),
    ("the function may not", 403, "REC_FORBIDDEN", |_| get(PROVIDER, "/R4/HealthcareService/20417")),
    ("the function may not in STU3", 403, "FORBIDDEN", |_| slots_of(PROVIDER)),
    ("nobody works so there", 403, "NO_ACCESS", |_| {
        get(Who("R9M", "REFERRING_CLINICIAN"), "/STU3/CodeSystem/PRIORITY")
    }),
    ("an admin of a provider acts for nobody", 403, "FORBIDDEN", |_| {
        let mut call = get(PROVIDERS_ADMIN, "/STU3/CodeSystem/PRIORITY");
        call.headers.retain(|(name, _)| name != "NHSD-eRS-On-Behalf-Of-User-ID");
        call
    }),
    ("an admin acts for one whom they may not act for", 403, "FORBIDDEN", |_| {
        let mut call = get(PROVIDERS_ADMIN, "/STU3/CodeSystem/PRIORITY");
        call.headers.retain(|(name, _)| name != "NHSD-eRS-On-Behalf-Of-User-ID");
        call.header("NHSD-eRS-On-Behalf-Of-User-ID", "555000666777")
    }),
    ("a clinician acts for another", 403, "FORBIDDEN", |_| {
        get(PROVIDER, "/STU3/CodeSystem/PRIORITY").header("NHSD-eRS-On-Behalf-Of-User-ID", CLINICIAN)
    }),
    ("an application sends the headers of a user", 403, "FORBIDDEN", |_| {
        by_application("GET", "/STU3/CodeSystem/PRIORITY").header("NHSD-End-User-Organisation-ODS", "R9K")
    }),
    ("an application sends the headers of the gateway", 403, "FORBIDDEN", |_| {
        by_application("GET", "/STU3/CodeSystem/PRIORITY").header("x-ers-ods-code", "R9K")
    }),
    ("an application may not", 403, "FORBIDDEN", |_| by_application("POST", "/STU3/Appointment")),
    ("an application is one of a provider", 403, "REC_FORBIDDEN", |_| by_application("GET", "/R4/HealthcareService/20417")),
    ("there is no such path", 404, "", |_| get(REFERRER, "/STU3/Nothing")),
    ("there is no such path in R4", 404, "REC_NOT_FOUND", |_| get(REFERRER, "/R4/Nothing")),
    ("XML is wanted", 406, "", |_| get(REFERRER, "/STU3/CodeSystem/PRIORITY").header("Accept", "application/fhir+xml")),
    ("XML is wanted of R4", 406, "REC_NOT_ACCEPTABLE", |_| {
        get(REFERRER, "/R4/PractitionerRole").header("Accept", "text/xml")
    }),
    ("a text is sent", 415, "", |_| {
        let target = "/STU3/ReferralRequest/$ers.createReferral";
        call(REFERRER, "POST", target).header("Content-Type", "text/plain").body(creation(skin(), &["20417"]).to_string())
    }),
    ("there is no such list", 404, "", |_| get(REFERRER, "/STU3/CodeSystem/COLOUR")),
    ("there is no such service", 404, "REC_NOT_FOUND", |_| get(REFERRER, "/R4/HealthcareService/1")),
    ("ids of services are none", 400, "REC_BAD_REQUEST", |_| get(REFERRER, "/R4/HealthcareService?_id=a,b")),
    ("the query has no name", 400, "REC_BAD_REQUEST", |_| {
        let mut call = get(PROVIDERS_ADMIN, "/R4/Practitioner");
        call.headers.retain(|(name, _)| name != "NHSD-eRS-On-Behalf-Of-User-ID");
        call
    }),
    ("a UBRN is none", 400, "REC_BAD_REQUEST", |_| get(REFERRER, "/R4/ServiceRequest?identifier=12")),
];

/// The rows of any record that is read or changed: referral 1 was just created, with a service that needs letters.
const RECORDS: &[Row] = &[
    ("there is no such referral", 404, "", |_| get(REFERRER, "/STU3/ReferralRequest/000049999999")),
    ("it is of another organisation", 422, "NO_RELATIONSHIP", |_| {
        get(Who("A99002", "REFERRING_CLINICIAN"), "/STU3/ReferralRequest/000049900001")
    }),
    ("it is not with the provider yet", 422, "NO_RELATIONSHIP", |_| get(PROVIDER, "/STU3/ReferralRequest/000049900001")),
    ("an old version is read", 404, "HISTORY_NOT_SUPPORTED", |_| {
        get(REFERRER, "/STU3/ReferralRequest/000049900001/_history/1")
    }),
    ("it is no advice request", 422, "INVALID_REQUEST_TYPE", |_| {
        get(REFERRER, "/STU3/CommunicationRequest/000049900001")
    }),
    ("there is no such appointment", 404, "", |_| get(REFERRER, "/STU3/Appointment/1")),
    ("the version is missing", 412, "", |_| letters(&[])),
    ("the version is no version", 412, "", |_| letters(&[]).header("If-Match", "3")),
    ("the version of a shortlist is missing", 400, "", |_| new_shortlist(&["20417"])),
    ("the version is old", 409, "", |service| {
        let url = upload(service, REFERRER, "a.txt", Some("000049900001"));
        from(letters(&[&url]), "2")
    }),
    ("somebody else has changed it", 409, "", |service| {
        let url = upload(service, REFERRER, "a.txt", Some("000049900001"));
        Call { is_raced: true, ..from(letters(&[&url]), "3") }
    }),
    ("somebody else is changing it", 423, "", |service| {
        let url = upload(service, REFERRER, "a.txt", Some("000049900001"));
        Call { is_locked: true, ..from(letters(&[&url]), "2") }
    }),
    ("there are no letters", 422, "MISSING_VALUE", |_| from(letters(&[]), "3")),
    ("a letter is nowhere", 422, "REFERENCE_NOT_FOUND", |_| {
        from(letters(&["Binary/9ad9b9a2-5e78-454d-b065-a1c284cc4549"]), "3")
    }),
    ("a letter was uploaded for nothing", 422, "INAPPROPRIATE_VALUE", |service| {
        let url = upload(service, REFERRER, "a.txt", None);
        from(letters(&[&url]), "3")
    }),
    ("two letters have one name", 422, "DUPLICATE_FILENAME", |service| {
        let one = upload(service, REFERRER, "a.txt", Some("000049900001"));
        let two = upload(service, REFERRER, "A.txt", Some("000049900001"));
        from(letters(&[&one, &two]), "3")
    }),
    ("a letter is there twice", 422, "DUPLICATE_FILENAME", |service| {
        let one = upload(service, REFERRER, "a.txt", Some("000049900001"));
        from(letters(&[&one, &one]), "3")
    }),
    ("nothing changes", 422, "NO_CHANGES_DETECTED", |service| {
        let referral = read(service, REFERRER, "000049900001");
        let changed = with_letter(service, &referral);
        let url = attached(&changed);
        from(letters(&[&url]), &version(&changed))
    }),
    ("a letter is too long to be said", 422, "INVALID_VALUE", |service| {
        let url = upload(service, REFERRER, "a.txt", Some("000049900001"));
        let mut letter = attachment("referralLetterFile", "REFERRER", &url);
        letter["resource"]["description"] = json!("x".repeat(201));
        let body = parameters("eRS-MaintainReferralLetter-Parameters-1", vec![letter]);
        from(post(REFERRER, "/STU3/ReferralRequest/000049900001/$ers.maintainReferralLetter", &body), "3")
    }),
    ("a file has no name", 422, "MISSING_VALUE", |_| {
        call(REFERRER, "POST", "/STU3/Binary").header("Content-Type", "text/plain").body("x")
    }),
    ("a file has no extension", 422, "INVALID_VALUE", |_| file("letter", "text/plain", "x")),
    ("a file is empty", 422, "FILE_SIZE_ERROR", |_| file("letter.txt", "text/plain", "")),
    ("a file is called otherwise", 422, "CONFLICTING_VALUES", |_| file("letter.pdf", "text/plain", "x")),
    ("a file is of no type", 415, "", |_| file("letter.exe", "application/x-msdownload", "x")),
    ("a file is for nothing", 422, "INAPPROPRIATE_VALUE", |_| {
        file("letter.txt", "text/plain", "x").header("NHSD-eRS-Referral-ID", "000049999999")
    }),
    ("a file is for no UBRN", 422, "INVALID_VALUE", |_| {
        file("letter.txt", "text/plain", "x").header("NHSD-eRS-Referral-ID", "1")
    }),
    ("a file is attached to nothing", 404, "REC_NOT_FOUND", |service| {
        let url = upload(service, REFERRER, "a.txt", None);
        get(REFERRER, &format!("/R4/{url}"))
    }),
    ("a file is being looked at", 422, "PENDING", |service| {
        let url = fetched(service, "a.txt", None);
        get(REFERRER, &format!("/R4/{url}"))
    }),
    ("a file is dangerous", 422, "THREATS_FOUND", |service| {
        let url = fetched(service, "a.txt", Some(Availability::ThreatsFound));
        service.wait(60);
        get(REFERRER, &format!("/STU3/{url}"))
    }),
    ("a file is not what it says", 422, "VALIDATION_FAILED", |service| {
        let url = fetched(service, "a.txt", Some(Availability::ValidationFailed));
        service.wait(60);
        get(REFERRER, &format!("/R4/{url}"))
    }),
    ("a file is of another organisation", 403, "NO_RELATIONSHIP", |service| {
        let url = fetched(service, "a.txt", None);
        get(Who("A99002", "REFERRING_CLINICIAN"), &format!("/R4/{url}"))
    }),
    ("the patient has no access code", 422, "NO_ACCESS_CODE", |service| {
        let number = ers_fhir_local::england().patients[9].nhs_number.clone();
        let mut body = creation(skin(), &["20583"]);
        without(&mut body, "patient");
        with(&mut body, patient(&number));
        let made = service.ok(&post(REFERRER, "/STU3/ReferralRequest/$ers.createReferral", &body));
        call(REFERRER, "POST", &format!("/STU3/ReferralRequest/{}/$ers.generatePatientLetter", id(&made)))
    }),
];

fn letters(urls: &[&str]) -> Call {
    let letters = urls.iter().map(|url| attachment("referralLetterFile", "REFERRER", url)).collect();
    let body = parameters("eRS-MaintainReferralLetter-Parameters-1", letters);
    post(REFERRER, "/STU3/ReferralRequest/000049900001/$ers.maintainReferralLetter", &body)
}

fn new_shortlist(services: &[&str]) -> Call {
    let mut parts = vec![shortlist(skin(), services)];
    parts.extend(intention("NEED_TO_ADD_LATER", 0));
    let body = parameters("eRS-ChangeShortlist-Parameters-1", parts);
    post(REFERRER, "/STU3/ReferralRequest/000049900001/$ers.changeShortlist", &body)
}

fn file(name: &str, media_type: &str, content: &str) -> Call {
    call(REFERRER, "POST", "/STU3/Binary")
        .header("Content-Type", media_type)
        .header("NHSD-eRS-File-Name", name)
        .body(content)
}

/// Uploads a file and attaches it to referral 1; its address.
fn fetched(service: &mut Service, name: &str, scan: Option<Availability>) -> String {
    let sent = file(name, "text/plain", "x").header("NHSD-eRS-Referral-ID", "000049900001");
    let answer = service.send(&Call { scan, ..sent });
    let url = answer.header("Location").expect("it is somewhere").to_owned();
    let referral = read(service, REFERRER, "000049900001");
    service.ok(&from(letters(&[&url]), &version(&referral)));
    url
}

/// The address of the letter of a referral.
pub(crate) fn attached(referral: &Value) -> String {
    let contained = referral["contained"].as_array().expect("it contains something");
    let document = contained.iter().find(|it| it["resourceType"] == "DocumentReference").expect("it has a letter");
    document["content"][0]["attachment"]["url"].as_str().unwrap_or_default().to_owned()
}

fn slots_of(who: Who) -> Call {
    get(who, "/STU3/Slot")
}

fn slots(change: impl Fn(&str) -> String) -> Call {
    let target = "/STU3/Slot?schedule.actor:HealthcareService=20417&appointmentType=ROUTINE&status=free&_count=5&page=1";
    get(REFERRER, &change(target)).header("NHSD-eRS-Comm-Rule-Org", "X26")
}

/// A referral at these services, and the first slot of one.
fn to_book(service: &mut Service, criteria: Vec<Value>, at: &str) -> (Value, Value) {
    let referral = created(service, criteria, &[at]);
    let slot = first_slot(service, at);
    (referral, slot)
}

fn book(body: &Value) -> Call {
    post(REFERRER, "/STU3/Appointment", body)
}

/// The rows of slots and appointments.
const APPOINTMENTS: &[Row] = &[
    ("a parameter is missing", 400, "MISSING_PARAMETER", |_| slots(|target| target.replace("&page=1", ""))),
    ("the organisation is missing", 400, "MISSING_HEADER", |_| {
        let mut call = slots(str::to_owned);
        call.headers.retain(|(name, _)| name != "NHSD-eRS-Comm-Rule-Org");
        call
    }),
    ("there is no such type", 400, "INVALID_CODE", |_| slots(|target| target.replace("ROUTINE", "SOON"))),
    ("there are too many to a page", 400, "INVALID_VALUE", |_| slots(|target| target.replace("_count=5", "_count=101"))),
    ("there is no such page", 400, "INVALID_VALUE", |_| slots(|target| target.replace("page=1", "page=99"))),
    ("there is no such service", 400, "REFERENCE_NOT_FOUND", |_| slots(|target| target.replace("20417", "1"))),
    ("it is not booked directly", 400, "INVALID_STATE", |_| slots(|target| target.replace("20417", "20583"))),
    ("it is not published", 400, "SERVICE_UNAVAILABLE", |_| slots(|target| target.replace("20417", "20607"))),
    ("there is no such clinician", 400, "INVALID_VALUE", |_| {
        slots(|target| format!("{target}&schedule.actor:Practitioner=555000666777"))
    }),
    ("the referral is old", 409, "", |service| {
        let (referral, slot) = to_book(service, skin(), "20417");
        let mut body = booking(&referral, "20417", &slot);
        body["incomingReferral"][0]["reference"] = json!(format!("ReferralRequest/{}/_history/1", id(&referral)));
        book(&body)
    }),
    ("the referral is nowhere", 422, "REFERENCE_NOT_FOUND", |service| {
        let (referral, slot) = to_book(service, skin(), "20417");
        let mut body = booking(&referral, "20417", &slot);
        body["incomingReferral"][0]["reference"] = json!("ReferralRequest/000049999999/_history/1");
        book(&body)
    }),
    ("the patient is another", 422, "INAPPROPRIATE_VALUE", |service| {
        let (referral, slot) = to_book(service, skin(), "20417");
        let mut body = booking(&referral, "20417", &slot);
        body["participant"][1]["actor"]["identifier"]["value"] =
            json!(ers_fhir_local::england().patients[1].nhs_number);
        book(&body)
    }),
    ("there is no patient", 422, "MISSING_VALUE", |service| {
        let (referral, slot) = to_book(service, skin(), "20417");
        let mut body = booking(&referral, "20417", &slot);
        body["participant"].as_array_mut().expect("there are two").pop();
        book(&body)
    }),
    ("the service is not on the shortlist", 422, "INAPPROPRIATE_VALUE", |service| {
        let (referral, slot) = to_book(service, skin(), "20417");
        book(&booking(&referral, "20418", &slot))
    }),
    ("there is no slot", 422, "MISSING_VALUE", |service| {
        let (referral, slot) = to_book(service, skin(), "20417");
        let mut body = booking(&referral, "20417", &slot);
        body.as_object_mut().expect("it is an object").remove("slot");
        book(&body)
    }),
    ("the slot is nowhere", 422, "REFERENCE_NOT_FOUND", |service| {
        let (referral, slot) = to_book(service, skin(), "20417");
        let mut body = booking(&referral, "20417", &slot);
        body["slot"][0]["reference"] = json!("Slot/1");
        book(&body)
    }),
    ("the slot is of another service", 422, "INAPPROPRIATE_SLOT", |service| {
        let (referral, _) = to_book(service, heart(), "20601");
        let slot = first_slot(service, "20417");
        book(&booking(&referral, "20601", &slot))
    }),
    ("the slot is at another time", 422, "INAPPROPRIATE_SLOT", |service| {
        let (referral, slot) = to_book(service, skin(), "20417");
        let mut body = booking(&referral, "20417", &slot);
        body["end"] = json!("2026-03-09T23:00:00Z");
        book(&body)
    }),
    ("the slot is one of a clinician", 422, "INAPPROPRIATE_SLOT", |service| {
        let (referral, slot) = to_book(service, skin(), "20418");
        book(&booking(&referral, "20418", &slot))
    }),
    ("the slot is taken", 422, "SLOT_NOT_AVAILABLE", |service| {
        let (other, slot) = to_book(service, skin(), "20417");
        service.ok(&book(&booking(&other, "20417", &slot)));
        let referral = created(service, skin(), &["20417"]);
        book(&booking(&referral, "20417", &slot))
    }),
    ("the provider gave the slot away", 422, "SLOT_NOT_AVAILABLE", |service| {
        let (referral, slot) = to_book(service, heart(), "20606");
        book(&booking(&referral, "20606", &slot))
    }),
    ("the provider's system fails", 502, "PAS_RESPONDED_WITH_ERROR", |service| {
        let (referral, slot) = to_book(service, heart(), "20604");
        book(&booking(&referral, "20604", &slot))
    }),
    ("the provider's system is silent", 504, "PAS_NOT_RESPONDING", |service| {
        let (referral, slot) = to_book(service, heart(), "20603");
        book(&booking(&referral, "20603", &slot))
    }),
    ("the service is booked on the telephone", 422, "INVALID_STATE", |service| {
        let referral = created(service, skin(), &["20583"]);
        let slot = first_slot(service, "20417");
        book(&booking(&referral, "20583", &slot))
    }),
    ("it is booked already", 422, "INVALID_REQUEST_STATE", |service| {
        let referral = booked(service, skin(), "20417");
        let slot = first_slot(service, "20417");
        book(&booking(&referral, "20417", &slot))
    }),
    ("there are slots", 422, "SLOTS_CURRENTLY_AVAILABLE", |service| {
        let referral = created(service, skin(), &["20417"]);
        book(&deferral(&referral, "20417", "NO_SLOTS_AT_SERVICE"))
    }),
    ("the slot is free", 422, "THIS_SLOT_IS_AVAILABLE", |service| {
        let (referral, slot) = to_book(service, skin(), "20417");
        let mut body = deferral(&referral, "20417", "SLOT_NOT_AVAILABLE");
        body["slot"] = json!([{ "reference": format!("Slot/{}", id(&slot)) }]);
        book(&body)
    }),
    ("a slot that is not to be had is not named", 422, "MISSING_VALUE", |service| {
        let referral = created(service, skin(), &["20417"]);
        book(&deferral(&referral, "20417", "SLOT_NOT_AVAILABLE"))
    }),
    ("a slot is named for nothing", 422, "INAPPROPRIATE_VALUE", |service| {
        let (referral, slot) = to_book(service, skin(), "20417");
        let mut body = deferral(&referral, "20417", "NO_SLOTS_AT_SERVICE");
        body["slot"] = json!([{ "reference": format!("Slot/{}", id(&slot)) }]);
        book(&body)
    }),
    ("no attempt was left without an answer", 422, "UNABLE_TO_CONFIRM_APPOINTMENT", |service| {
        let referral = created(service, skin(), &["20417"]);
        book(&deferral(&referral, "20417", "BOOKING_ATTEMPT_PROBLEM"))
    }),
    ("the service does no triage", 422, "INAPPROPRIATE_VALUE", |service| {
        let referral = created(service, skin(), &["20417"]);
        book(&deferral(&referral, "20417", "TRIAGE"))
    }),
    ("the comment is too long", 422, "INVALID_VALUE", |service| {
        let referral = created(service, heart(), &["20602"]);
        let mut body = deferral(&referral, "20602", "NO_SLOTS_AT_SERVICE");
        body["comment"] = json!("x".repeat(1001));
        book(&body)
    }),
    ("the appointment is old", 409, "", |service| cancellation(service, "20417", "7", |_| {})),
    ("the reason is missing", 422, "MISSING_VALUE", |service| {
        cancellation(service, "20417", "0", |body| {
            body.as_object_mut().expect("it is an object").remove("reason");
        })
    }),
    ("the reason is of providers", 422, "INAPPROPRIATE_VALUE", |service| {
        cancellation(service, "20417", "0", |body| {
            body["reason"][0]["coding"][0]["code"] = json!("FURTHER_INFORMATION_REQUIRED");
        })
    }),
    ("the reason demands a comment", 422, "MISSING_VALUE", |service| {
        cancellation(service, "20417", "0", |body| {
            body["reason"][0]["coding"][0]["code"] = json!("PATIENT_OTHER_ENGAGEMENT");
        })
    }),
    ("a participant is missing", 422, "MISSING_VALUE", |service| {
        cancellation(service, "20417", "0", |body| {
            body["participant"].as_array_mut().expect("there are two").pop();
        })
    }),
    ("the referral is another", 422, "INAPPROPRIATE_VALUE", |service| {
        cancellation(service, "20417", "0", |body| {
            body["incomingReferral"][0]["reference"] = json!("ReferralRequest/000049900001/_history/1");
        })
    }),
    ("the provider does not cancel", 422, "UNABLE_TO_CANCEL_APPOINTMENT", |service| {
        cancellation(service, "20605", "0", |_| {})
    }),
    ("the provider is silent about it", 504, "PAS_NOT_RESPONDING", |service| Call {
        provider_system: Some(ProviderSystem::Timeout),
        ..cancellation(service, "20417", "0", |_| {})
    }),
    ("the provider fails at it", 502, "PAS_RESPONDED_WITH_ERROR", |service| Call {
        provider_system: Some(ProviderSystem::Error),
        ..cancellation(service, "20417", "0", |_| {})
    }),
];

/// A call that cancels the appointment of a referral that was just booked.
fn cancellation(service: &mut Service, at: &str, version: &str, change: impl FnOnce(&mut Value)) -> Call {
    let criteria = if at == "20417" { skin() } else { heart() };
    let referral = booked(service, criteria, at);
    let reference = referral["extension"].as_array().expect("there are some").iter();
    let mut reference = reference.filter_map(|it| it["valueReference"]["reference"].as_str());
    let target = format!("/STU3/{}", reference.find(|it| it.starts_with("Appointment/")).expect("it is booked"));
    let mut body = service.ok(&get(REFERRER, &target));
    body["status"] = json!("cancelled");
    body["reason"] = json!([{ "coding": [{
        "system": "https://api.service.nhs.uk/referrals/FHIR/STU3/CodeSystem/APPOINTMENT-CANCELLATION-REASON",
        "code": "PATIENT_HOLIDAY",
    }] }]);
    change(&mut body);
    let put = call(REFERRER, "PUT", &target).header("Content-Type", "application/fhir+json").body(body.to_string());
    from(put, version)
}

#[path = "reviews.rs"]
mod reviews;

/// Plays a list of rows, each on a service of its own in which referral 1 was just created; the codes that were answered.
fn play(rows: &[Row]) -> BTreeSet<&'static str> {
    let mut begun = Service::new();
    created(&mut begun, skin(), &["20417"]);
    let (state, now) = (begun.state.clone(), begun.now);
    for (what, status, code, make) in rows {
        (begun.state, begun.now) = (state.clone(), now);
        println!("{what}");
        let call = make(&mut begun);
        let answer = begun.refused(&call);
        assert_eq!(answer, (*status, *code), "{what}");
    }
    rows.iter().map(|(_, _, code, _)| *code).collect()
}

#[test]
fn creation_is_refused() {
    play(CREATION);
}

#[test]
fn access_is_refused() {
    play(ACCESS);
}

#[test]
fn records_are_refused() {
    play(RECORDS);
}

#[test]
fn appointments_are_refused() {
    play(APPOINTMENTS);
}

#[test]
fn reviews_are_refused() {
    play(reviews::REVIEWS);
}

#[test]
fn every_code_of_the_service_is_reached() {
    let rows = [CREATION, ACCESS, RECORDS, APPOINTMENTS, reviews::REVIEWS];
    let reached: BTreeSet<&str> = rows.iter().flat_map(|rows| rows.iter().map(|row| row.2)).collect();
    // What lies outside of the core: asked for as a fault, or by a rate.
    const OUTSIDE: [&str; 4] = ["REC_SERVER_ERROR", "REC_UNAVAILABLE", "SYSTEM_UNAVAILABLE", "TOO_MANY_REQUESTS"];
    let missing: Vec<&str> = ers_fhir_ers::service::errors()
        .iter()
        .map(|error| error.code)
        .filter(|code| !reached.contains(code) && !OUTSIDE.contains(code))
        .collect();
    // No operation of R4 takes a body.
    assert_eq!(missing, ["REC_UNSUPPORTED_MEDIA_TYPE"]);
}
