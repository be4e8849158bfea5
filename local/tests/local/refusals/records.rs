//! The rows of any record that is read or changed.

use ers_fhir_local::Call;
use ers_fhir_local::state::Availability;
use serde_json::{Value, json};

use super::Row;
use super::creation::{with, without};
use crate::support::*;

/// The rows: referral 1 was just created, with a service that needs letters.
pub(super) const RECORDS: &[Row] = &[
    ("there is no such referral", 404, "", |_| get(REFERRER, "/STU3/ReferralRequest/000049999999")),
    ("it is of another organisation", 422, "NO_RELATIONSHIP", |_| {
        get(Who("A99002", "REFERRING_CLINICIAN"), "/STU3/ReferralRequest/000049900001")
    }),
    ("it is not with the provider yet", 422, "NO_RELATIONSHIP", |_| {
        get(PROVIDER, "/STU3/ReferralRequest/000049900001")
    }),
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
pub(super) fn attached(referral: &Value) -> String {
    let contained = referral["contained"].as_array().expect("it contains something");
    let document =
        contained.iter().find(|it| it["resourceType"] == "DocumentReference").expect("it has a letter");
    document["content"][0]["attachment"]["url"].as_str().unwrap_or_default().to_owned()
}
